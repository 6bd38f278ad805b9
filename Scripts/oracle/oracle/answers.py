"""What a backend may answer; a request asks for one with a header `X-Answer: NAME`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The bytes, and what the backend does after them."""

    data: bytes
    closes: bool = False
    opens_tunnel: bool = False

    def without_body(self) -> "Answer":
        head, _, _ = self.data.partition(b"\r\n\r\n")
        return Answer(head + b"\r\n\r\n", self.closes) if head else self

    def saying_close(self) -> "Answer":
        return Answer(self.data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1), self.closes)


def _answer(status: str, *lines: str, body: str = "", length: bool = True, closes: bool = False) -> Answer:
    head = [f"HTTP/1.1 {status}", *lines]
    if length:
        head.append(f"Content-Length: {len(body)}")
    return Answer(("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1"), closes)


# Each is there for something that nginx does with a response: header filters, redirects, bodies, failures.
ANSWERS = {
    "page": _answer("200 OK", "Content-Type: text/html", body="<p>hello</p>\n"),
    "bad-request": _answer("400 Bad Request", "Content-Type: text/plain", body="no handshake\n"),
    "other-version": _answer("426 Upgrade Required", "Upgrade: websocket", "Sec-WebSocket-Version: 13", body=""),
    "not-found": _answer("404 Not Found", "Content-Type: text/plain", body="nothing here\n"),
    "error": _answer("500 Internal Server Error", "Content-Type: text/plain", body="sorry\n"),
    "unavailable": _answer("503 Service Unavailable", "Retry-After: 3", body="later\n"),
    "empty": _answer("204 No Content", "X-Note: nothing", length=False),
    "own-reason": _answer("299 Quite Fine", body="fine\n"),
    "many-headers": _answer(
        "200 OK",
        "Server: app/1",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT",
        "X-Powered-By: magic",
        "Set-Cookie: a=1; Path=/",
        "Set-Cookie: b=2",
        "x-lower: Case",
        "Cache-Control: no-store",
        "X-Accel-Buffering: no",
        "Content-Type: text/plain; charset=utf-8",
        body="many\n",
    ),
    "redirect-path": _answer("302 Found", "Location: /login?next=%2Fws", body=""),
    "redirect-upstream": _answer("301 Moved Permanently", "Location: http://127.0.0.1:13000/login", body=""),
    "redirect-group": _answer("302 Found", "Location: http://app/login", body=""),
    "redirect-away": _answer("302 Found", "Location: https://sso.example.test/", body=""),
    "until-close": _answer("200 OK", "Content-Type: text/plain", body="until the end\n", length=False, closes=True),
    "http10": Answer(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold\n", closes=True),
    "chunked": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
    ),
    "garbage": Answer(b"this is not HTTP\r\n\r\n", closes=True),
    "silence": Answer(b"", closes=True),
}
