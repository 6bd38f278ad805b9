"""Random requests for a random configuration, and the plain ones for a configuration that somebody wrote."""

import re
from random import Random

from .addresses import listeners
from .answers import ANSWERS
from .case import Request, with_crlf
from .places import LOCATIONS, SERVERS

#: A masked text frame "Hello": the example of RFC 6455, section 5.7.
HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_HANDSHAKE = f"Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: {_KEY}\nSec-WebSocket-Version: 13\n"
_FURTHER = [
    "Origin: http://app.example.test",
    "Cookie: sid=abc; theme=dark",
    "Cookie: theme=dark",
    "X-Kind: a",
    "X-Kind: bcd",
    "X-Kind: cx",
    "x-lower: y",
    "X_Under: score",
    "X-Forwarded-For: 203.0.113.9",
    "Accept-Encoding: gzip",
    "Sec-WebSocket-Protocol: chat.v1, chat.v2",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    "User-Agent: oracle",
    "Te: trailers",
    "Keep-Alive: timeout=5",
    "Bad Header: x",
    "X-Twice: 1\nX-Twice: 2",
    "Expect-CT: x",
    "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
    "Authorization: Basic YTpi",
    "Referer:  http://app.example.test/ ",
    "X-Forwarded-For: 198.51.100.7, 203.0.113.9, 127.0.0.1",
    "X-Forwarded-For: unknown",
    "X-Forwarded-For: 198.51.100.7:9999",
    "Authorization: Basic bm9ib2R5Og==",
    "Authorization: Bearer x",
    "Expect: 100-continue",
    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
    "User-Agent: Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/5.1 Safari/533",
    "Cookie: sid=one; sid=two, three",
    "Cookie: a=1\nCookie: sid=b",
    "X-Real-IP: 192.0.2.1",
    "Range: bytes=0-3",
    'If-None-Match: "x"',
    "Via: 1.1 other",
    "Proxy-Connection: keep-alive",
    "X-Empty:",
    ": nothing",
    "X-Tab:\tvalue\t",
    "X-Long: " + "l" * 700,
    "Content-Type: text/plain",
    "Sec-WebSocket-Protocol: " + "p" * 300,
    "Transfer-Encoding: identity",
    "Host: second.test",
]
_ODD_HANDSHAKES = [
    _HANDSHAKE.replace("Upgrade\nSec", "keep-alive, Upgrade\nSec"),
    _HANDSHAKE.replace("websocket", "WebSocket"),
    _HANDSHAKE.replace("13", "8"),
    _HANDSHAKE.replace("Connection: Upgrade\n", ""),
    _HANDSHAKE.replace(f"Sec-WebSocket-Key: {_KEY}\n", ""),
    _HANDSHAKE.replace("websocket", "h2c"),
    _HANDSHAKE.replace("Upgrade: websocket\n", "Upgrade: websocket\nUpgrade: websocket\n"),
    _HANDSHAKE.lower().replace(_KEY.lower(), _KEY),
    _HANDSHAKE.replace("websocket", "websocket, h2c"),
    _HANDSHAKE.replace("Connection: Upgrade", "Connection: close, Upgrade"),
    _HANDSHAKE.replace("Connection: Upgrade", "Connection: keep-alive\nConnection: Upgrade"),
    _HANDSHAKE.replace("Upgrade: websocket\n", "Upgrade:\n"),
]
#: Request lines that are seldom or wrong, and what may stand in front of one.
_ODD_LINES = [
    "GET {path} HTTP/1.2",
    "GET {path} HTTP/2.0",
    "GET {path} HTTP/0.9",
    "GET  {path} HTTP/1.1",
    "GET {path}  HTTP/1.1",
    "get {path} HTTP/1.1",
    "GET http://{host}{path} HTTP/1.1",
    "GET http://user@other.test:81{path} HTTP/1.1",
    "GET http://other.test?x=1 HTTP/1.1",
    "GET https:/{path} HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "CONNECT {host}:80 HTTP/1.1",
    "TRACE {path} HTTP/1.1",
    "DELETE {path} HTTP/1.1",
    "PATCH {path} HTTP/1.1",
    "M-SEARCH {path} HTTP/1.1",
    "GET {path}#part HTTP/1.1",
    "GET {path}%00 HTTP/1.1",
    "GET {path}%zz HTTP/1.1",
    "GET {path}/%2e%2e/%2e%2e/%2e%2e HTTP/1.1",
    "GET {path}\"<>\\^`{{|}} HTTP/1.1",
    "GET {path}\u00e9 HTTP/1.1",
    "GET {path}?a=\u00e9&b=%C3%A9+c&&d HTTP/1.1",
    "GET relative HTTP/1.1",
    "GET {path} HTTP/1.1 x",
    "\n\nGET {path} HTTP/1.1",
    "GET {path}/" + "x" * 600 + " HTTP/1.1",
]


def random_requests(random: Random, configuration: str, count: int = 9) -> list[Request]:
    """Mostly for the servers and locations that the configuration has."""
    hosts = _examples(SERVERS, r"\bserver_name (.+);", configuration)
    paths = _examples(LOCATIONS, r"\blocation (.+) \{", configuration)
    return [_random_request(random, random.choice(hosts), random.choice(paths)) for _ in range(count)]


def _examples(places: dict[str, list[str]], pattern: str, configuration: str) -> list[str]:
    there = [example for name in re.findall(pattern, configuration) for example in places.get(name, [])]
    anywhere = [example for examples in places.values() for example in examples]
    return there * 4 + anywhere


def plain_requests(configuration: str) -> list[Request]:
    """A handshake and a GET for each server name and each location that can be told from the words."""
    port = listeners(configuration)[0][1]
    names = [name for text in re.findall(r"\bserver_name\s+([^;]+);", configuration) for name in text.split()]
    hosts = [name for name in names if re.fullmatch(r"[\w.-]+", name) and name != "_"] or ["example.test"]
    paths = [path for path in re.findall(r"\blocation\s+(?:=\s*|\^~\s*)?(/[^\s{]*)", configuration)] or ["/"]
    requests = []
    for host in list(dict.fromkeys(hosts))[:3]:
        host_line = host if port == 80 else f"{host}:{port}"
        for path in list(dict.fromkeys([*paths, "/"]))[:8]:
            for kind, lines in (("ws", _HANDSHAKE), ("get", "")):
                head = with_crlf(f"GET {path} HTTP/1.1\nHost: {host_line}\n{lines}\n")
                name = f"{kind}{re.sub('[^a-z0-9]+', '-', path.lower()).rstrip('-')}"
                requests.append(Request(name, head, HELLO if lines else b""))
    return requests


def _random_request(random: Random, host: str, path: str) -> Request:
    further = random.sample(_FURTHER, random.choice([0, 0, 1, 2, 4]))
    kinds = {"ws": 44, "odd": 8, "get": 12, "answer": 14, "post": 4, "head": 3, "old": 4}
    kinds |= {"line": 6, "wsbody": 3, "chunks": 3, "twice": 3}
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    if kind in ("ws", "odd"):
        lines = _HANDSHAKE if kind == "ws" else random.choice(_ODD_HANDSHAKES)
        fields = [f"Host: {host}", *lines.strip("\n").split("\n"), *further]
        return _request(kind, "GET", path, "1.1", fields, "", HELLO)
    if kind == "wsbody":
        body = random.choice(["", "some=body", "x" * 40])
        fields = [f"Host: {host}", *_HANDSHAKE.strip("\n").split("\n"), f"Content-Length: {len(body)}", *further]
        return _request(kind, random.choice(["GET", "POST"]), path, "1.1", fields, body, HELLO)
    if kind == "line":
        line = random.choice(_ODD_LINES).format(path=path, host=host)
        lines = random.choice(["", _HANDSHAKE]).strip("\n").split("\n")
        fields = [*random.choice([[f"Host: {host}"], [f"Host: {host}"], []]), *filter(None, lines), *further]
        return Request(kind, with_crlf("".join(field + "\n" for field in [line, *fields]) + "\n"), HELLO)
    fields = [f"Host: {host}", *further]
    if random.random() < 0.2:
        fields.append(random.choice(["Connection: close", "Connection: keep-alive"]))
    if kind == "answer":
        fields.append(f"X-Answer: {random.choice(sorted(ANSWERS))}")
    if kind == "chunks":
        body = "5\r\nsome=\r\n4;ext=1\r\nbody\r\n0\r\n" + random.choice(["", "X-Trailer: t\r\n"]) + "\r\n"
        return _request(kind, "POST", path, "1.1", [*fields, "Transfer-Encoding: chunked"], body)
    if kind == "twice":
        one = _request(kind, "GET", path, "1.1", fields)
        return Request(kind, one.head + one.head)
    if kind == "post":
        return _request(kind, "POST", path, "1.1", [*fields, "Content-Length: 9"], "some=body")
    if kind == "old":
        return _request(kind, "GET", path, "1.0", fields if random.random() < 0.5 else [])
    return _request(kind, "HEAD" if kind == "head" else "GET", path, "1.1", fields)


def _request(
    name: str, method: str, path: str, version: str, fields: list[str], body: str = "", then: bytes = b""
) -> Request:
    head = "".join(line + "\n" for line in [f"{method} {path} HTTP/{version}", *fields]) + "\n"
    return Request(name, with_crlf(head) + body.encode(), then)
