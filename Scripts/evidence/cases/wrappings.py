"""Handshakes of the drafts before RFC 6455, and those behind a PROXY header and inside a CONNECT tunnel."""

from collections.abc import Callable, Iterator

from cases.case import Case, of_built
from dialogue import Dialogue
from wire import http
from wire.ip import packed
from wire.websocket import frame, masking_key


def cases() -> Iterator[Case]:
    yield from _drafts()
    yield from _proxy_protocol()
    yield from _connect()


def _drafts() -> Iterator[Case]:
    def hixie(number: int) -> Callable[[Dialogue], None]:
        def build(dialogue: Dialogue) -> None:
            keys = [
                "Sec-WebSocket-Key1: 18x 6]8vM;54 *(5:  {   U1]8  z [  8",
                "Sec-WebSocket-Key2: 1_ tx7X d  <  nw  334J702) 7]o}` 0",
            ]
            request = http.head(
                "GET /chat HTTP/1.1",
                [
                    "Host: a",
                    "Connection: Upgrade",
                    "Upgrade: WebSocket",
                    "Origin: http://a",
                    *(keys if number == 76 else []),
                ],
            )
            response = http.head(
                "HTTP/1.1 101 WebSocket Protocol Handshake",
                [
                    "Upgrade: WebSocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Origin: http://a",
                    "Sec-WebSocket-Location: ws://a/chat",
                ],
            )
            session = dialogue.exchange(
                request + (b"Tm[K T2u" if number == 76 else b""),
                response + (b"fQJ,fN/4F4!~K~MH" if number == 76 else b""),
                status=101,
                kind="websocket",
                losses=("ws.draft",),
            )
            session.is_draft = True
            dialogue.send("client", b"\x00hello\xff")
            dialogue.send("server", b"\x00hello yourself\xff")

        return build

    def early_hybi(dialogue: Dialogue) -> None:
        request = http.request(Sec_WebSocket_Version="4", Sec_WebSocket_Origin="http://a")
        session = dialogue.exchange(request, http.response(), status=101, kind="websocket", losses=("ws.draft",))
        session.is_draft = True
        dialogue.send("client", frame(4, b"hello", key=masking_key(2)))

    def late_hybi(dialogue: Dialogue) -> None:
        """Frames are those of RFC 6455; only the number differs."""
        dialogue.talk(http.request(Sec_WebSocket_Version="8"), violations=(("ws.request.version", "client"),))

    yield of_built("hixie-75", "Hixie-75 is named, not misread", hixie(75))
    yield of_built("hixie-76", "Hixie-76 (hybi-00) is named, not misread", hixie(76))
    yield of_built("hybi-04", "hybi-04 is named, not misread", early_hybi)
    yield of_built("hybi-08", "hybi-08 frames like RFC 6455", late_hybi)


def _proxy_protocol() -> Iterator[Case]:
    def after(preamble: bytes) -> Callable[[Dialogue], None]:
        def build(dialogue: Dialogue) -> None:
            dialogue.send("client", preamble)
            dialogue.talk()

        return build

    def binary(command: int, family: int, addresses: bytes, more: bytes = b"") -> bytes:
        signature = bytes.fromhex("0d0a0d0a000d0a515549540a")
        return signature + bytes([0x20 | command, family]) + len(addresses + more).to_bytes(2, "big") + addresses + more

    four = packed("203.0.113.7") + packed("10.2.0.2") + (51000).to_bytes(2, "big") + (80).to_bytes(2, "big")
    six = packed("2001:db8::7") + packed("2001:db8::2") + (51000).to_bytes(2, "big") + (80).to_bytes(2, "big")
    for name, shows, preamble in (
        ("v1", "version 1, TCP4", b"PROXY TCP4 203.0.113.7 10.2.0.2 51000 80\r\n"),
        ("v1-tcp6", "version 1, TCP6", b"PROXY TCP6 2001:db8::7 2001:db8::2 51000 80\r\n"),
        ("v1-unknown", "version 1, UNKNOWN", b"PROXY UNKNOWN\r\n"),
        ("v2", "version 2, TCP over IPv4", binary(1, 0x11, four)),
        ("v2-tcp6", "version 2, TCP over IPv6", binary(1, 0x21, six)),
        ("v2-local", "version 2, LOCAL", binary(0, 0, b"")),
        (
            "v2-options",
            "version 2 with a CRC32C and padding",
            binary(1, 0x11, four, bytes.fromhex("03000400000000040003000000")),
        ),
    ):
        yield of_built(f"proxy-{name}", f"the PROXY protocol, {shows}", after(preamble))
        yield of_built(
            f"proxy-{name}-bytewise", f"the PROXY protocol, {shows}, in segments of one byte", after(preamble), mss=1
        )


def _connect() -> Iterator[Case]:
    def inside(dialogue: Dialogue) -> None:
        request = http.head("CONNECT chat.example.test:80 HTTP/1.1", ["Host: chat.example.test:80"])
        dialogue.exchange(request, http.head("HTTP/1.1 200 Connection established"))
        dialogue.talk()

    def refused(dialogue: Dialogue) -> None:
        request = http.head("CONNECT chat.example.test:80 HTTP/1.1", ["Host: chat.example.test:80"])
        answer = http.head("HTTP/1.1 407 Proxy Authentication Required", ["Content-Length: 0"])
        dialogue.exchange(request, answer, status=407)
        dialogue.exchange(request, http.head("HTTP/1.1 200 OK", ["Content-Length: 10"]))
        dialogue.talk()

    yield of_built("connect", "a handshake inside a CONNECT tunnel", inside)
    yield of_built("connect-refused", "a CONNECT that is refused first", refused)
