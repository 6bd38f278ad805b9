"""Every violation that the catalogue of wsreplay knows, planted once at least, with its packet and the end at fault."""

import random
from collections.abc import Callable, Iterator

from cases.case import Case, of_dialogue
from dialogue import PARTIES, Dialogue, Session
from wire import http
from wire.websocket import BINARY, CLOSE, KEY, PING, TEXT, Deflater, accept

_EXTENSIONS = "Sec-WebSocket-Extensions"


def cases() -> Iterator[Case]:
    yield from _requests()
    yield from _responses()
    yield from _frames()
    yield from _messages()
    yield from _compression()
    yield from _closes()
    yield from _bodies()
    yield from _heads()


def _requests() -> Iterator[Case]:
    def answered(name: str, code: str, request: bytes, **how) -> Case:
        dialogue = Dialogue()
        session = dialogue.upgrade(request, violations=((code, "client"),), **how)
        session.message("client", "hello")
        return of_dialogue(f"violation-request-{name}", code, session.bye())

    def two(name: str, value: str) -> list[str]:
        return [f"{name}: {value}"]

    yield answered("method", "ws.request.method", http.request("POST /chat HTTP/1.1"))
    yield answered("version", "ws.request.http-version", http.request("GET /chat HTTP/1.0"))
    yield answered("fragment", "ws.request.target", http.request("GET /chat#here HTTP/1.1"))
    yield answered("no-host", "ws.request.host-missing", http.request(Host=None))
    yield answered("two-hosts", "ws.request.host-repeated", http.request("GET /chat HTTP/1.1", *two("Host", "b")))
    yield answered("connection", "ws.request.connection", http.request(Connection="keep-alive"))
    yield answered("no-connection", "ws.request.connection", http.request(Connection=None))
    yield answered("no-key", "ws.request.key-missing", http.request(Sec_WebSocket_Key=None), accept_valid=False)
    yield answered(
        "two-keys", "ws.request.key-repeated", http.request("GET /chat HTTP/1.1", *two("Sec-WebSocket-Key", KEY))
    )
    yield answered(
        "short-key", "ws.request.key-invalid", http.request(Sec_WebSocket_Key="c2hvcnQ="),
        response=http.response(Sec_WebSocket_Accept=accept("c2hvcnQ=")),
    )  # fmt: skip
    yield answered("no-version", "ws.request.version-missing", http.request(Sec_WebSocket_Version=None))
    yield answered(
        "two-versions", "ws.request.version-repeated",
        http.request("GET /chat HTTP/1.1", *two("Sec-WebSocket-Version", "13")),
    )  # fmt: skip
    yield answered("version-14", "ws.request.version", http.request(Sec_WebSocket_Version="14"))
    yield answered("subprotocols", "ws.request.subprotocol", http.request(Sec_WebSocket_Protocol="chat, chat"))
    yield answered("no-subprotocol", "ws.request.subprotocol", http.request(Sec_WebSocket_Protocol=""))
    yield answered("extensions", "ws.request.extensions", http.request(Sec_WebSocket_Extensions='a; b="c'))
    # Upgrade without "websocket" is no attempt at WebSocket: the exchange is HTTP, its 101 switches to something else.
    dialogue = Dialogue()
    session = dialogue.exchange(http.request(Upgrade="h2c"), http.response(Upgrade="h2c"), status=101)
    session.is_draft, session.complete, session.losses = True, False, ["http.upgrade.other"]
    dialogue.send("server", b"PRI")
    yield of_dialogue("upgrade-h2c", "an upgrade to another protocol, which is not read", dialogue)


def _responses() -> Iterator[Case]:
    def answer(name: str, code: str, response: bytes, *, request: bytes | None = None, **how) -> Case:
        dialogue = Dialogue()
        session = dialogue.upgrade(request, response, violations=((code, "server"),), **how)
        session.message("client", "hello")
        return of_dialogue(f"violation-response-{name}", code, session.bye())

    start = "HTTP/1.1 101 Switching Protocols"
    offering = http.request(Sec_WebSocket_Extensions="permessage-deflate; server_no_context_takeover")
    deflate = {"extensions": ("permessage-deflate",)}
    yield answer("version", "ws.response.http-version", http.response(start="HTTP/1.0 101 Switching Protocols"))
    yield answer("no-upgrade", "ws.response.upgrade", http.response(Upgrade=None))
    yield answer("two-upgrades", "ws.response.upgrade", http.response(Upgrade="websocket, h2c"))
    yield answer("connection", "ws.response.connection", http.response(Connection="close"))
    yield answer(
        "no-accept", "ws.response.accept-missing", http.response(Sec_WebSocket_Accept=None), accept_valid=False
    )
    yield answer(
        "two-accepts", "ws.response.accept-repeated",
        http.response(f"Sec-WebSocket-Accept: {accept(KEY)}", start=start), accept_valid=False,
    )  # fmt: skip
    yield answer(
        "accept", "ws.response.accept", http.response(Sec_WebSocket_Accept=accept("other")), accept_valid=False
    )
    yield answer(
        "extensions", "ws.response.extensions", http.response(Sec_WebSocket_Extensions="=1"), extensions=("=1",)
    )
    yield answer(
        "not-offered",
        "ws.response.extension-not-offered",
        http.response(f"{_EXTENSIONS}: permessage-deflate"),
        **deflate,
    )
    yield answer(
        "twice", "ws.response.extension-repeated", request=http.request(Sec_WebSocket_Extensions="permessage-deflate"),
        response=http.response(f"{_EXTENSIONS}: permessage-deflate, permessage-deflate"),
        extensions=("permessage-deflate",) * 2,
    )  # fmt: skip
    for name, parameters in (
        ("not-granted", ""), ("window-not-offered", "; server_no_context_takeover; client_max_window_bits=10"),
        ("parameter-unknown", "; server_no_context_takeover; level=9"),
        ("parameter-twice", "; server_no_context_takeover; server_no_context_takeover"),
        ("window-7", "; server_no_context_takeover; server_max_window_bits=7"),
    ):  # fmt: skip
        response = http.response(f"{_EXTENSIONS}: permessage-deflate{parameters}")
        yield answer(f"deflate-{name}", "ws.response.deflate-parameters", response, request=offering, **deflate)
    chosen = http.response(Sec_WebSocket_Protocol="chat")
    yield answer("subprotocol", "ws.response.subprotocol-not-offered", chosen, subprotocol="chat")
    yield answer(
        "two-subprotocols", "ws.response.subprotocol-repeated", request=http.request(Sec_WebSocket_Protocol="a, b"),
        response=http.response("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"), subprotocol="a",
    )  # fmt: skip


def _of_both(name: str, code: str, plant: Callable[[Session, str], None], deflate: str | None = None) -> Iterator[Case]:
    """The same violation by either end, between messages that are as they should be."""
    for party in PARTIES:
        dialogue = Dialogue()
        session = dialogue.upgrade(offer=deflate and _offer(deflate), answer=deflate)
        if deflate:
            session.deflaters = {end: Deflater() for end in PARTIES}
        session.message(party, "before")
        plant(session, party)
        if not session.closes[party]:
            session.message(party, "behind")
            session.bye()
        yield of_dialogue(f"violation-{name}-{party}", f"{code} by the {party}", dialogue)


def _offer(answer: str) -> str:
    """An offer that the answer fits."""
    return answer.replace("client_max_window_bits=9", "client_max_window_bits")


def _planted(code: str, opcode: int, payload: bytes = b"", **how) -> Callable[[Session, str], None]:
    def plant(session: Session, party: str) -> None:
        session.frame(party, opcode, payload, violates=code, **how)
        if opcode in (TEXT, BINARY) and how.get("fin", True):
            session.told(party, opcode, payload)

    return plant


def _frames() -> Iterator[Case]:
    for party, code in (("client", "ws.frame.unmasked"), ("server", "ws.frame.masked")):
        dialogue = Dialogue()
        session = dialogue.upgrade()
        session.frame(party, TEXT, b"Hello", masked=party == "server", violates=code)
        session.told(party, TEXT, b"Hello")
        yield of_dialogue(f"violation-{code.removeprefix('ws.frame.')}", code, session.bye())
    for opcode in (3, 7, 11, 15):
        yield from _of_both(
            f"opcode-{opcode}", "ws.frame.reserved-opcode", _planted("ws.frame.reserved-opcode", opcode, b"?")
        )
    for bit, rsv in ((1, 4), (2, 2), (3, 1)):
        code = f"ws.frame.rsv{bit}"

        def plant(session: Session, party: str, code: str = code, rsv: int = rsv) -> None:
            session.frame(party, TEXT, b"a", rsv=rsv, violates=code)
            # Nobody knows what the bit means, so that the message is counted and not read.
            session.told_digest(party, TEXT, 1, None)

        yield from _of_both(f"rsv{bit}", code, plant)
        yield from _of_both(f"rsv{bit}-ping", code, _planted(code, PING, rsv=rsv))
    for size, length in ((2, 5), (8, 5), (8, 300)):
        yield from _of_both(
            f"length-{length}-in-{size}", "ws.frame.length-not-minimal",
            _planted("ws.frame.length-not-minimal", BINARY, bytes(length), length_bytes=size),
        )  # fmt: skip
    for party in PARTIES:
        dialogue = Dialogue()
        session = dialogue.upgrade()
        session.message(party, "before")
        dialogue.send(
            party, bytes([0x82, (party == "client") << 7 | 127, 0x80, 0, 0, 0, 0, 0, 0, 5]) + b"\x37\xfa\x21\x3d?"
        )
        session.violates("ws.frame.length-top-bit", party)
        session.complete, session.losses = False, ["ws.frame.unreadable"]
        yield of_dialogue(f"violation-length-top-bit-{party}", "ws.frame.length-top-bit", dialogue)
    too_long = "ws.control.too-long"
    yield from _of_both("control-too-long", too_long, _planted(too_long, PING, bytes(126)))
    yield from _of_both(
        "control-fragmented", "ws.control.fragmented", _planted("ws.control.fragmented", PING, fin=False)
    )
    yield from _of_both(
        "control-compressed",
        "ws.control.compressed",
        _planted("ws.control.compressed", PING, b"a", rsv=4),
        "permessage-deflate",
    )


def _messages() -> Iterator[Case]:
    def interrupted(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"given up", fin=False)
        session.frame(party, TEXT, b"new", violates="ws.message.interrupted")
        session.told(party, TEXT, b"new")

    stray = "ws.message.stray-continuation"
    yield from _of_both("stray-continuation", stray, _planted(stray, 0, b"?"))
    yield from _of_both("interrupted", "ws.message.interrupted", interrupted)
    for name, payload in (
        ("byte", b"A\xffA"),
        ("cut", b"A\xc3"),
        ("surrogate", b"\xed\xa0\x80"),
        ("overlong", b"\xc0\x80"),
    ):
        yield from _of_both(f"utf8-{name}", "ws.message.utf8", _planted("ws.message.utf8", TEXT, payload))

    def across(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"\xed", fin=False)
        session.ping(party)
        session.frame(party, 0, b"\xa0", fin=False)
        session.frame(party, 0, b"\x80", violates="ws.message.utf8")
        session.told(party, TEXT, b"\xed\xa0\x80")

    yield from _of_both("utf8-across-fragments", "ws.message.utf8", across)


def _compression() -> Iterator[Case]:
    deflate = "permessage-deflate"

    def continued(session: Session, party: str) -> None:
        data = session.deflaters[party].message(b"Hello")
        session.frame(party, TEXT, data[:3], fin=False, rsv=4)
        session.frame(party, 0, data[3:], rsv=4, violates="ws.message.compressed-continuation")
        session.told(party, TEXT, b"Hello")

    def invalid(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"\xff\xff\xff", rsv=4, violates="ws.deflate.invalid")
        session.told_digest(party, TEXT, 0, None)

    def unfinished(session: Session, party: str) -> None:
        """All bytes are there, and the last block has no end."""
        session.frame(party, BINARY, Deflater().message(b"Hello")[:-1], rsv=4, violates="ws.deflate.unfinished")
        session.told(party, BINARY, b"Hello")

    def too_far(session: Session, party: str) -> None:
        noise = random.Random(3).randbytes(600)
        session.frame(party, BINARY, Deflater().message(noise * 2), rsv=4, violates="ws.deflate.window")
        session.told(party, BINARY, noise * 2)

    yield from _of_both("compressed-continuation", "ws.message.compressed-continuation", continued, deflate)
    yield from _of_both("deflate-invalid", "ws.deflate.invalid", invalid, deflate)
    yield from _of_both("deflate-unfinished", "ws.deflate.unfinished", unfinished, deflate)
    windows = "; client_max_window_bits=9; server_max_window_bits=9"
    yield from _of_both("deflate-window", "ws.deflate.window", too_far, deflate + windows)


def _closes() -> Iterator[Case]:
    def short(session: Session, party: str) -> None:
        session.frame(party, CLOSE, b"\x03", violates="ws.close.length")
        session.closes[party] = [None, ""]

    yield from _of_both("close-1-byte", "ws.close.length", short)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535):

        def plant(session: Session, party: str, code: int = code) -> None:
            session.close(party, code, violates="ws.close.code")

        yield from _of_both(f"close-{code}", "ws.close.code", plant)

    def unreadable(session: Session, party: str) -> None:
        session.frame(party, CLOSE, b"\x03\xe8\xc0\x80", violates="ws.close.utf8")
        session.closes[party] = [1000, "\ufffd\ufffd"]

    yield from _of_both("close-utf8", "ws.close.utf8", unreadable)

    def more(session: Session, party: str) -> None:
        session.close(party)
        session.dialogue.send(party, b"\x81\x80" + bytes(4) if party == "client" else b"\x81\x00")
        session.violates("ws.close.data-after", party)

    yield from _of_both("data-after-close", "ws.close.data-after", more)


def _bodies() -> Iterator[Case]:
    both = http.head("POST / HTTP/1.1", ["Host: a", "Content-Length: 3", "Transfer-Encoding: chunked"]) + http.chunked(
        b"abc"
    )
    code = "http.body.length-and-chunked"
    yield _exchange("length-and-chunked", code, "client", both, http.ok())
    for name, code, request in (
        (
            "length",
            "http.body.content-length",
            http.head("POST / HTTP/1.1", ["Host: a", "Content-Length: 3, 4"]) + b"abc",
        ),
        (
            "coding",
            "http.body.transfer-coding",
            http.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: gzip"]) + b"abc",
        ),
        (
            "chunk",
            "http.body.chunk",
            http.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked"]) + b"zz\r\n",
        ),
    ):
        yield _exchange(f"body-{name}", code, "client", request, http.ok(), losses=("http.body.unreadable",))
    for name, code, response in (
        ("length", "http.body.content-length", http.head("HTTP/1.1 200 OK", ["Content-Length: -1"])),
        (
            "chunk",
            "http.body.chunk",
            http.head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"]) + b"2\r\nabc\r\n0\r\n\r\n",
        ),
    ):
        losses = ("http.body.unreadable",)
        yield _exchange(f"response-body-{name}", code, "server", http.get("/"), response, losses=losses)


def _exchange(name: str, code: str, party: str, request: bytes, response: bytes, losses: tuple[str, ...] = ()) -> Case:
    dialogue = Dialogue()
    dialogue.exchange(request, response, violations=((code, party),), losses=losses)
    return of_dialogue(f"violation-{name}", code, dialogue)


def _heads() -> Iterator[Case]:
    def odd(name: str, request: bytes, party: str = "client", response: bytes | None = None, **known) -> Case:
        """`known` corrects what of the start line cannot be read off its bytes."""
        dialogue = Dialogue()
        code = f"http.head.{name}"
        session = dialogue.upgrade(request, response, violations=((code, party),))
        if "start_line" in known:
            session.start_line = known["start_line"]
        session.message("client", "hello")
        return of_dialogue(f"violation-head-{name}-{party}", code, session.bye())

    start = "GET /chat HTTP/1.1"
    lines = http.request()
    yield odd("bare-lf", lines.replace(b"\r\nUpgrade", b"\nUpgrade"))
    yield odd("bare-cr", http.request(start, "X: a\rb"))
    yield odd("leading-empty-lines", b"\r\n\r\n" + lines)
    yield odd(
        "start-line-whitespace", lines.replace(b"GET /chat", b"GET  /chat"), start_line=("GET", "/chat", "HTTP/1.1")
    )
    yield odd(
        "missing-reason-space", lines, "server", http.response(start="HTTP/1.1 101"),
    )  # fmt: skip
    yield odd("whitespace-before-first-field", lines.replace(b"Host:", b" X: y\r\nHost:"))
    yield odd("obs-fold", http.request(start, "X: a\r\n b"))
    yield odd("whitespace-before-colon", http.request(start, "X : a"))
    yield odd("missing-colon", http.request(start, "what is this"))
    yield odd("invalid-field-name", http.request(start, "X(y): a"))
    yield odd("control-character", http.request(start, "X: a\x00b"))
    yield odd("obs-fold", lines, "server", http.response("X: a\r\n\tb"))
    dialogue = Dialogue()
    session = dialogue.exchange(
        b"GET /old\r\n", b"<p>no head</p>", status=None, violations=(("http.head.version-0.9", "client"),),
        losses=("http.response.no-head",),
    )  # fmt: skip
    session.complete = False
    yield of_dialogue("violation-head-version-0.9", "http.head.version-0.9", dialogue)
