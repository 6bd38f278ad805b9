"""A client that sends exactly the bytes that it is given, for what libraries refuse to send."""

import asyncio
import base64
import os
import re

HOST = "127.0.0.1"
PORT = 8080


class RawClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, host: str = HOST, port: int = PORT) -> "RawClient":
        return cls(*await asyncio.open_connection(host, port))

    async def request(self, head: str, body: bytes = b"") -> tuple[int, str]:
        """Sends a request, reads one whole answer (by its length) and gives its status and head."""
        return await self.send(head.replace("\n", "\r\n").encode() + b"\r\n" + body)

    async def send(self, request: bytes) -> tuple[int, str]:
        self._writer.write(request)
        await self._writer.drain()
        head = (await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), timeout=8)).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        without_body = request.startswith(b"HEAD ") or status in (101, 204, 304)
        if not without_body:
            await self._read_body(head)
        return status, head

    async def _read_body(self, head: str) -> None:
        if length := re.search(r"(?im)^content-length: *(\d+)", head):
            await self._reader.readexactly(int(length.group(1)))
        elif re.search(r"(?im)^transfer-encoding: *chunked", head):
            await self._reader.readuntil(b"0\r\n\r\n")

    async def send_frame(self, opcode: int, payload: bytes) -> None:
        """A short masked frame; RFC 6455, section 5.2."""
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._writer.write(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked)
        await self._writer.drain()

    async def read(self, count: int) -> bytes:
        return await asyncio.wait_for(self._reader.readexactly(count), timeout=8)

    async def read_to_end(self) -> bytes:
        return await asyncio.wait_for(self._reader.read(), timeout=8)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


def opening_handshake(target: str, *, version: int = 13, host: str = "app.example.test", more: str = "") -> str:
    """The head of a request that asks for WebSocket; RFC 6455, section 4.1."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {target} HTTP/1.1\nHost: {host}\nUpgrade: websocket\nConnection: Upgrade\n"
        f"Sec-WebSocket-Key: {key}\nSec-WebSocket-Version: {version}\n{more}"
    )
