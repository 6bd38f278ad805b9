"""The servers behind the proxy: they answer as RFC 6455 asks, echo through the tunnel, and write it all down."""

import asyncio
import base64
import contextlib
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .addresses import Address, text_of
from .answers import ANSWERS, Answer

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d+)")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:[ \t]*chunked")
_CLOSE = re.compile(rb"(?im)^connection:[ \t]*(.*\b)?close\b")
_WISH = re.compile(rb"(?im)^x-answer:[ \t]*([a-z0-9-]+)")
_KEY = re.compile(rb"(?im)^sec-websocket-key:[ \t]*(\S+)")


@dataclass
class Attempt:
    """One request that reached a backend, and what became of it."""

    address: str
    reused: bool
    received: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)
    answered_at: list[list[int]] = field(default_factory=list)
    closed_first_by: str = "proxy"


class Backend:
    """One server. `attempts` is shared by all servers of a recording and is in order of arrival."""

    def __init__(self, address: Address, attempts: list[Attempt], clock: Callable[[], int]):
        self.address = address
        self.attempts = attempts
        self.clock = clock
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        self.server = await asyncio.start_server(self.serve, *self.address)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            requests = 0
            while await self.exchange(reader, writer, reused=requests > 0):
                requests += 1
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reused: bool) -> bool:
        """Whether another request may follow on the connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        attempt = Attempt(text_of(self.address), reused, received=bytearray(head))
        self.attempts.append(attempt)
        attempt.received += await body(head, reader)
        answer = answer_to(head)
        is_asked_to = bool(_CLOSE.search(head)) or b"HTTP/1.0\r\n" in head.split(b"\n", 1)[0] + b"\n"
        if is_asked_to and not answer.opens_tunnel and not answer.closes:
            # As servers do. One that leaves and does not say so makes nginx's next request a matter of luck.
            answer = answer.saying_close()
        if answer.data:
            await self.send(attempt, writer, answer.data)
        if answer.opens_tunnel:
            await self.echo(attempt, reader, writer)
            return False
        leaves = answer.closes or is_asked_to
        if leaves:
            attempt.closed_first_by = "backend"
        return not leaves

    async def echo(self, attempt: Attempt, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            attempt.received += data
            await self.send(attempt, writer, data)

    async def send(self, attempt: Attempt, writer: asyncio.StreamWriter, data: bytes) -> None:
        attempt.answered += data
        attempt.answered_at.append([self.clock(), len(data)])
        writer.write(data)
        await writer.drain()


async def body(head: bytes, reader: asyncio.StreamReader) -> bytes:
    if length := _LENGTH.search(head):
        return await reader.readexactly(int(length[1]))
    if not _CHUNKED.search(head):
        return b""
    data = b""
    while not data.endswith(b"0\r\n\r\n"):
        data += await reader.readuntil(b"\r\n")
    return data


def answer_to(head: bytes) -> Answer:
    """What a header `X-Answer` asks for; otherwise as a conformant server: 101, 426, 400, or a page."""
    if (wish := _WISH.search(head)) and wish[1].decode() in ANSWERS:
        answer = ANSWERS[wish[1].decode()]
        return answer.without_body() if head.startswith(b"HEAD ") else answer
    if not re.search(rb"(?im)^upgrade:[ \t]*websocket", head):
        return ANSWERS["page"].without_body() if head.startswith(b"HEAD ") else ANSWERS["page"]
    if not re.search(rb"(?im)^connection:[ \t]*(.*\b)?upgrade\b", head) or b" HTTP/1.1\r\n" not in head:
        return ANSWERS["bad-request"]
    if not re.search(rb"(?im)^sec-websocket-version:[ \t]*13\r?$", head):
        return ANSWERS["other-version"]
    key = _KEY.search(head)
    if not key or not head.startswith(b"GET "):
        return ANSWERS["bad-request"]
    accept = base64.b64encode(hashlib.sha1(key[1] + _GUID).digest())
    lines = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return Answer(lines + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n", opens_tunnel=True)


def stopwatch() -> Callable[[], int]:
    """Milliseconds since now."""
    began = time.monotonic()
    return lambda: round((time.monotonic() - began) * 1000)
