"""What stands around a handshake: other exchanges, odd heads, the PROXY protocol, CONNECT, drafts."""

from collections.abc import Callable, Iterator

from cases.case import Case, of_dialogue
from dialogue import Dialogue
from wire import http
from wire.ip import packed
from wire.websocket import frame


def cases() -> Iterator[Case]:
    yield from _interim()
    yield from _before()
    yield from _refusals()
    yield from _odd_heads()
    yield from _first_frames()
    yield from _drafts()
    yield from _proxy_protocol()
    yield from _connect()


def _case(name: str, shows: str, build: Callable[[Dialogue], None], ended_by: str = "client", **how) -> Case:
    dialogue = Dialogue()
    build(dialogue)
    return of_dialogue(f"http-{name}", shows, dialogue, ended_by=ended_by, **how)


def _talk(dialogue: Dialogue, *arguments, **how) -> None:
    session = dialogue.upgrade(*arguments, **how)
    session.message("client", "hello")
    session.message("server", "hello yourself")
    session.bye()


def _interim() -> Iterator[Case]:
    early = http.head("HTTP/1.1 103 Early Hints", ["Link: </a.css>; rel=preload"])
    go_on = http.head("HTTP/1.1 100 Continue")
    yield _case("100-before-101", "100 (Continue) before the 101", lambda it: _talk(it, interim=(go_on,)))
    yield _case(
        "103-before-101",
        "several interim responses before the 101",
        lambda it: _talk(it, interim=(early, go_on, early)),
    )

    def expecting(dialogue: Dialogue) -> None:
        head = http.head("POST /a HTTP/1.1", ["Host: a", "Expect: 100-continue", "Content-Length: 5"])
        dialogue.exchange(head, go_on)
        dialogue.sends.append(("client", b"12345"))
        dialogue.sends.append(("server", http.ok(b"thanks")))
        _talk(dialogue)

    yield _case("expect", "a body that waits for 100 (Continue), then a session", expecting)


def _before() -> Iterator[Case]:
    def kept_alive(dialogue: Dialogue) -> None:
        dialogue.exchange(http.get("/"), http.ok(b"page"))
        dialogue.exchange(http.get("/none"), http.head("HTTP/1.1 204 No Content"), status=204)
        dialogue.exchange(http.get("/old"), http.head("HTTP/1.1 304 Not Modified", ["Content-Length: 999"]), status=304)
        head = http.head("HEAD / HTTP/1.1", ["Host: a"])
        dialogue.exchange(head, http.head("HTTP/1.1 200 OK", ["Content-Length: 999"]))
        _talk(dialogue)

    def chunked(dialogue: Dialogue) -> None:
        head = http.head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"])
        tail = http.chunked(b"GET / HTTP/1.1\r\n\r\n" * 9, 7, ("Expires: 0", "X: y"), ';name="a;b"')
        dialogue.exchange(http.get("/"), head + tail)
        dialogue.exchange(http.get("/again"), head + http.chunked(b""))
        _talk(dialogue)

    def bodies(dialogue: Dialogue) -> None:
        """Bodies that look like heads."""
        page = http.request() + http.response()
        post = http.head("POST / HTTP/1.1", ["Host: a", f"Content-Length: {len(page)}"]) + page
        dialogue.exchange(post, http.ok(page))
        head = http.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked"])
        dialogue.exchange(head + http.chunked(page, 11), http.ok(page))
        _talk(dialogue)

    def pipelined(dialogue: Dialogue) -> None:
        """All requests in one segment, all responses in another."""
        for number, target in enumerate(("/1", "/2", "/3")):
            dialogue.exchange(http.get(target), joined=number > 0)
        session = dialogue.upgrade(joined=True)
        answer = dialogue.sends.pop()
        dialogue.send("server", http.ok(b"1") + http.ok(b"22") + http.ok() + answer[1])
        session.message("client", "hello")
        session.bye()

    def until_close(dialogue: Dialogue) -> None:
        dialogue.exchange(http.get("/"), http.head("HTTP/1.0 200 OK") + b"GET / HTTP/1.1\r\n\r\n" * 3)

    def body_in_upgrade(dialogue: Dialogue) -> None:
        """A handshake with a body of its own, which the tunnel begins behind."""
        _talk(dialogue, http.request("GET /chat HTTP/1.1", "Content-Length: 4") + b"body")

    yield _case("kept-alive", "responses without bodies on a kept-alive connection", kept_alive)
    yield _case("chunked", "chunked bodies with extensions and trailers", chunked)
    yield _case("bodies", "bodies that hold whole handshakes", bodies)
    yield _case("pipelined", "a handshake pipelined behind three requests", pipelined)
    yield _case("until-close", "a body up to the end of the connection", until_close)
    yield _case("body-in-upgrade", "a handshake with a body", body_in_upgrade)


def _refusals() -> Iterator[Case]:
    def refused(status: str, *lines: str) -> Callable[[Dialogue], None]:
        def build(dialogue: Dialogue) -> None:
            answer = http.head(f"HTTP/1.1 {status}", [*lines, "Content-Length: 2"]) + b"no"
            dialogue.exchange(http.request(), answer, status=int(status[:3]), kind="websocket")
            _talk(dialogue)

        return build

    yield _case(
        "426",
        "a refusal, then a handshake that is answered",
        refused("426 Upgrade Required", "Sec-WebSocket-Version: 13"),
    )
    yield _case("401", "a refusal without credentials", refused("401 Unauthorized", "WWW-Authenticate: Basic"))
    yield _case("redirect", "a redirect", refused("302 Found", "Location: /other"))

    def held(dialogue: Dialogue) -> None:
        """What the client sent behind a handshake that is refused is the next request."""
        dialogue.exchange(
            http.request() + http.get("/next"), http.head("HTTP/1.1 403 Forbidden", ["Content-Length: 0"]),
            status=403, kind="websocket",
        )  # fmt: skip
        dialogue.sends.append(("server", http.ok(b"next")))
        following = Dialogue().exchange(http.get("/next"))
        following.dialogue = dialogue
        dialogue.sessions.append(following)

    yield _case("refused-pipelined", "a request pipelined behind a handshake that is refused", held)

    def unanswered(dialogue: Dialogue) -> None:
        dialogue.exchange(http.request(), status=None, kind="websocket", losses=("http.request.unanswered",))

    yield _case("unanswered", "a handshake that nobody answers", unanswered)


def _odd_heads() -> Iterator[Case]:
    def folded(dialogue: Dialogue) -> None:
        request = http.request(
            "GET /chat HTTP/1.1", "X-Long: one\r\n\t two\r\n three", Connection="keep-alive,\r\n Upgrade"
        )
        _talk(dialogue, request, violations=(("http.head.obs-fold", "client"),))

    def bare(dialogue: Dialogue) -> None:
        _talk(
            dialogue, http.request(end="\n"), http.response(end="\n"),
            violations=(("http.head.bare-lf", "client"), ("http.head.bare-lf", "server")),
        )  # fmt: skip

    def absolute(dialogue: Dialogue) -> None:
        _talk(dialogue, http.request("GET http://chat.example.test/chat?a=b%20c HTTP/1.1"))

    def cased(dialogue: Dialogue) -> None:
        """Names and tokens in other cases, lists over several lines, empty members."""
        request = http.head(
            "GET /chat HTTP/1.1",
            [
                "HOST: a", "uPGRADE:WebSocket", "connection: keep-alive", "CONNECTION: ,, upgrade ,",
                "sec-websocket-key:\t dGhlIHNhbXBsZSBub25jZQ== ", "SEC-WEBSOCKET-VERSION: 13",
                "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: superchat, v2",
            ],
        )  # fmt: skip
        response = http.response(Upgrade="WEBSOCKET", Connection="upgrade, keep-alive", Sec_WebSocket_Protocol="v2")
        _talk(dialogue, request, response, subprotocol="v2")

    def large(dialogue: Dialogue) -> None:
        """A cookie of many segments."""
        _talk(dialogue, http.request("GET /chat HTTP/1.1", "Cookie: " + "c=" + "0123456789" * 3000))

    yield _case("obs-fold", "header values folded over several lines", folded)
    yield _case("bare-lf", "lines that end with LF alone", bare)
    yield _case("absolute-form", "a target in absolute form", absolute)
    yield _case("cases", "names and tokens in any case, lists over several lines", cased)
    yield _case("large-head", "a head of 30 kB over many segments", large)
    yield _case("head-bytewise", "heads in segments of one byte", _talk, mss=1)

    def no_reason(dialogue: Dialogue) -> None:
        _talk(dialogue, None, http.response(start="HTTP/1.1 101 "))

    yield _case("no-reason", "a 101 without a reason", no_reason)


def _first_frames() -> Iterator[Case]:
    def with_the_101(dialogue: Dialogue) -> None:
        session = dialogue.upgrade()
        session.message("server", "first", joined=True)
        session.ping("server", b"second", joined=True)
        session.bye()

    def before_the_101(dialogue: Dialogue) -> None:
        """A client that does not wait for the answer."""
        session = dialogue.upgrade()
        answer = dialogue.sends.pop()
        session.message("client", "too early")
        dialogue.sends.append(answer)
        session.message("server", "never mind")
        session.bye()

    def with_the_request(dialogue: Dialogue) -> None:
        session = dialogue.upgrade()
        answer = dialogue.sends.pop()
        session.message("client", "in one segment", joined=True)
        dialogue.sends.append(answer)
        session.bye()

    yield _case("frame-with-101", "frames in the segment of the 101", with_the_101)
    # The packet of a frame that waited is where it lies, not where the answer is.
    yield _case("frame-before-101", "a frame before the 101", before_the_101)
    yield _case("frame-with-request", "a frame in the segment of the request", with_the_request)


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
        dialogue.send("client", frame(4, b"hello", masked=True))

    def late_hybi(dialogue: Dialogue) -> None:
        """Frames are those of RFC 6455; only the number differs."""
        _talk(dialogue, http.request(Sec_WebSocket_Version="8"), violations=(("ws.request.version", "client"),))

    yield _case("hixie-75", "Hixie-75 is named, not misread", hixie(75))
    yield _case("hixie-76", "Hixie-76 (hybi-00) is named, not misread", hixie(76))
    yield _case("hybi-04", "hybi-04 is named, not misread", early_hybi)
    yield _case("hybi-08", "hybi-08 frames like RFC 6455", late_hybi)


def _proxy_protocol() -> Iterator[Case]:
    def after(preamble: bytes) -> Callable[[Dialogue], None]:
        def build(dialogue: Dialogue) -> None:
            dialogue.send("client", preamble)
            _talk(dialogue)

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
        yield _case(f"proxy-{name}", f"the PROXY protocol, {shows}", after(preamble))
        yield _case(
            f"proxy-{name}-bytewise", f"the PROXY protocol, {shows}, in segments of one byte", after(preamble), mss=1
        )


def _connect() -> Iterator[Case]:
    def inside(dialogue: Dialogue) -> None:
        request = http.head("CONNECT chat.example.test:80 HTTP/1.1", ["Host: chat.example.test:80"])
        dialogue.exchange(request, http.head("HTTP/1.1 200 Connection established"))
        _talk(dialogue)

    def refused(dialogue: Dialogue) -> None:
        request = http.head("CONNECT chat.example.test:80 HTTP/1.1", ["Host: chat.example.test:80"])
        answer = http.head("HTTP/1.1 407 Proxy Authentication Required", ["Content-Length: 0"])
        dialogue.exchange(request, answer, status=407)
        dialogue.exchange(request, http.head("HTTP/1.1 200 OK", ["Content-Length: 10"]))
        _talk(dialogue)

    yield _case("connect", "a handshake inside a CONNECT tunnel", inside)
    yield _case("connect-refused", "a CONNECT that is refused first", refused)
