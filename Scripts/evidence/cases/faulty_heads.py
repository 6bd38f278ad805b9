"""Every violation that opening handshakes and other heads and bodies can hold, with its packet and the end at fault."""

from collections.abc import Iterator

from cases.case import Case, of_dialogue
from dialogue import Dialogue
from wire import http
from wire.websocket import KEY, accept

_EXTENSIONS = "Sec-WebSocket-Extensions"


def cases() -> Iterator[Case]:
    yield from _requests()
    yield from _responses()
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
