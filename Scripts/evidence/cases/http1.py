"""What stands around a handshake: other exchanges, interim responses, refusals, odd heads, the first frames."""

from collections.abc import Callable, Iterator

from cases.case import Case, of_built
from dialogue import Dialogue
from wire import http


def cases() -> Iterator[Case]:
    yield from _interim()
    yield from _before()
    yield from _refusals()
    yield from _odd_heads()
    yield from _first_frames()


def _interim() -> Iterator[Case]:
    early = http.head("HTTP/1.1 103 Early Hints", ["Link: </a.css>; rel=preload"])
    go_on = http.head("HTTP/1.1 100 Continue")
    yield of_built("100-before-101", "100 (Continue) before the 101", lambda it: it.talk(interim=(go_on,)))
    yield of_built(
        "103-before-101",
        "several interim responses before the 101",
        lambda it: it.talk(interim=(early, go_on, early)),
    )

    def expecting(dialogue: Dialogue) -> None:
        head = http.head("POST /a HTTP/1.1", ["Host: a", "Expect: 100-continue", "Content-Length: 5"])
        dialogue.exchange(head, go_on)
        dialogue.sends.append(("client", b"12345"))
        dialogue.sends.append(("server", http.ok(b"thanks")))
        dialogue.talk()

    yield of_built("expect", "a body that waits for 100 (Continue), then a session", expecting)


def _before() -> Iterator[Case]:
    def kept_alive(dialogue: Dialogue) -> None:
        dialogue.exchange(http.get("/"), http.ok(b"page"))
        dialogue.exchange(http.get("/none"), http.head("HTTP/1.1 204 No Content"), status=204)
        dialogue.exchange(http.get("/old"), http.head("HTTP/1.1 304 Not Modified", ["Content-Length: 999"]), status=304)
        head = http.head("HEAD / HTTP/1.1", ["Host: a"])
        dialogue.exchange(head, http.head("HTTP/1.1 200 OK", ["Content-Length: 999"]))
        dialogue.talk()

    def chunked(dialogue: Dialogue) -> None:
        head = http.head("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"])
        tail = http.chunked(b"GET / HTTP/1.1\r\n\r\n" * 9, 7, ("Expires: 0", "X: y"), ';name="a;b"')
        dialogue.exchange(http.get("/"), head + tail)
        dialogue.exchange(http.get("/again"), head + http.chunked(b""))
        dialogue.talk()

    def bodies(dialogue: Dialogue) -> None:
        """Bodies that look like heads."""
        page = http.request() + http.response()
        post = http.head("POST / HTTP/1.1", ["Host: a", f"Content-Length: {len(page)}"]) + page
        dialogue.exchange(post, http.ok(page))
        head = http.head("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked"])
        dialogue.exchange(head + http.chunked(page, 11), http.ok(page))
        dialogue.talk()

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
        dialogue.talk(http.request("GET /chat HTTP/1.1", "Content-Length: 4") + b"body")

    yield of_built("kept-alive", "responses without bodies on a kept-alive connection", kept_alive)
    yield of_built("chunked", "chunked bodies with extensions and trailers", chunked)
    yield of_built("bodies", "bodies that hold whole handshakes", bodies)
    yield of_built("pipelined", "a handshake pipelined behind three requests", pipelined)
    yield of_built("until-close", "a body up to the end of the connection", until_close)
    yield of_built("body-in-upgrade", "a handshake with a body", body_in_upgrade)


def _refusals() -> Iterator[Case]:
    def refused(status: str, *lines: str) -> Callable[[Dialogue], None]:
        def build(dialogue: Dialogue) -> None:
            answer = http.head(f"HTTP/1.1 {status}", [*lines, "Content-Length: 2"]) + b"no"
            dialogue.exchange(http.request(), answer, status=int(status[:3]), kind="websocket")
            dialogue.talk()

        return build

    yield of_built(
        "426",
        "a refusal, then a handshake that is answered",
        refused("426 Upgrade Required", "Sec-WebSocket-Version: 13"),
    )
    yield of_built("401", "a refusal without credentials", refused("401 Unauthorized", "WWW-Authenticate: Basic"))
    yield of_built("redirect", "a redirect", refused("302 Found", "Location: /other"))

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

    yield of_built("refused-pipelined", "a request pipelined behind a handshake that is refused", held)

    def unanswered(dialogue: Dialogue) -> None:
        dialogue.exchange(http.request(), status=None, kind="websocket", losses=("http.request.unanswered",))

    yield of_built("unanswered", "a handshake that nobody answers", unanswered)


def _odd_heads() -> Iterator[Case]:
    def folded(dialogue: Dialogue) -> None:
        request = http.request(
            "GET /chat HTTP/1.1", "X-Long: one\r\n\t two\r\n three", Connection="keep-alive,\r\n Upgrade"
        )
        dialogue.talk(request, violations=(("http.head.obs-fold", "client"),))

    def bare(dialogue: Dialogue) -> None:
        dialogue.talk(
            http.request(end="\n"), http.response(end="\n"),
            violations=(("http.head.bare-lf", "client"), ("http.head.bare-lf", "server")),
        )  # fmt: skip

    def absolute(dialogue: Dialogue) -> None:
        dialogue.talk(http.request("GET http://chat.example.test/chat?a=b%20c HTTP/1.1"))

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
        dialogue.talk(request, response, subprotocol="v2")

    def large(dialogue: Dialogue) -> None:
        """A cookie of many segments."""
        dialogue.talk(http.request("GET /chat HTTP/1.1", "Cookie: " + "c=" + "0123456789" * 3000))

    def targets(dialogue: Dialogue) -> None:
        dialogue.exchange(http.head("OPTIONS * HTTP/1.1", ["Host: a"]), http.ok())
        for target in ("//", "/?", "/a/../%2e%2e/b;c=d", "/Gr\u00fc\u00dfe", '/"<>|{}', "a/relative/one"):
            dialogue.exchange(http.get(target), http.ok())
        dialogue.talk(http.request("GET /chat?x=%00&y=\u00ff HTTP/1.1"))

    yield of_built("odd-targets", "targets that servers see and RFC 3986 does not allow", targets)
    yield of_built("obs-fold", "header values folded over several lines", folded)
    yield of_built("bare-lf", "lines that end with LF alone", bare)
    yield of_built("absolute-form", "a target in absolute form", absolute)
    yield of_built("cases", "names and tokens in any case, lists over several lines", cased)
    yield of_built("large-head", "a head of 30 kB over many segments", large)
    yield of_built("head-bytewise", "heads in segments of one byte", Dialogue.talk, mss=1)

    def no_reason(dialogue: Dialogue) -> None:
        dialogue.talk(None, http.response(start="HTTP/1.1 101 "))

    yield of_built("no-reason", "a 101 without a reason", no_reason)


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

    yield of_built("frame-with-101", "frames in the segment of the 101", with_the_101)
    # The packet of a frame that waited is where it lies, not where the answer is.
    yield of_built("frame-before-101", "a frame before the 101", before_the_101)
    yield of_built("frame-with-request", "a frame in the segment of the request", with_the_request)
