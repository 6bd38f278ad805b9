"""Message heads (RFC 9112 §2.1), opening handshakes among them (RFC 6455 §4)."""

from wire.websocket import KEY, accept

REQUEST_FIELDS = {
    "Host": "chat.example.test",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}
RESPONSE_FIELDS = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept(KEY)}


def head(start: str, lines: list[str] | tuple[str, ...] = (), end: str = "\r\n") -> bytes:
    return end.join([start, *lines, "", ""]).encode("latin-1")


def get(target: str, *lines: str) -> bytes:
    return head(f"GET {target} HTTP/1.1", ["Host: chat.example.test", *lines])


def ok(body: bytes = b"", *lines: str) -> bytes:
    return head("HTTP/1.1 200 OK", [*lines, f"Content-Length: {len(body)}"]) + body


def chunked(body: bytes, size: int = 5, trailer: tuple[str, ...] = (), extension: str = "") -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(f"{len(part):x}{extension}\r\n".encode() + part + b"\r\n" for part in parts)
    return chunks + b"0\r\n" + "".join(f"{line}\r\n" for line in trailer).encode() + b"\r\n"


def request(start: str = "GET /chat HTTP/1.1", *extra: str, end: str = "\r\n", **changed: str | None) -> bytes:
    """An opening handshake; keywords change or (None) remove a field, with _ for -."""
    return head(start, [*_fields(REQUEST_FIELDS, changed), *extra], end)


def response(
    *extra: str, start: str = "HTTP/1.1 101 Switching Protocols", end: str = "\r\n", **changed: str | None
) -> bytes:
    return head(start, [*_fields(RESPONSE_FIELDS, changed), *extra], end)


def _fields(fields: dict[str, str], changed: dict[str, str | None]) -> list[str]:
    fields = {**fields, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return [f"{name}: {value}" for name, value in fields.items() if value is not None]
