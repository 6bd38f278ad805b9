"""Four makes of WebSocket application, to see how each answers what a proxy made of a handshake."""

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator

from aiohttp import web

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketHandler
from websockets.asyncio.server import serve

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Conformant:
    """Answers 101 to a valid opening handshake (RFC 6455, section 4.2.1) and otherwise what section 4.2.2 suggests.

    It is the default backend of the model, written a second time, and keeps every head that it got.
    """

    def __init__(self) -> None:
        self.heads: list[str] = []

    async def serve(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._handle, host, port)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            writer.write(answer(head))
            await writer.drain()
        writer.close()


def answer(head: str) -> bytes:
    request_line, *lines = head.strip().split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        name = name.lower()
        headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()

    def tokens(name: str) -> list[str]:
        return [token.strip().lower() for token in headers.get(name, "").split(",")]

    if "websocket" not in tokens("upgrade") or headers.get("sec-websocket-version") != "13":
        return b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
    key = headers.get("sec-websocket-key", "")
    method, _, version = request_line.split(" ")
    if method != "GET" or version != "HTTP/1.1" or "upgrade" not in tokens("connection") or len(key) != 24:
        return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"


@contextlib.asynccontextmanager
async def running(make: str, conformant: Conformant, addresses: list[tuple[str, int]]) -> AsyncIterator[None]:
    """The same application at each of the addresses. All but the conformant one end a session as soon as it is open."""
    async with contextlib.AsyncExitStack() as stack:
        for host, port in addresses:
            if make == "conformant":
                server = await conformant.serve(host, port)
                stack.callback(server.close)
            elif make == "websockets":
                await stack.enter_async_context(serve(lambda connection: connection.close(), host, port))
            elif make == "aiohttp":
                runner = web.AppRunner(_aiohttp_application(), access_log=None)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                await web.TCPSite(runner, host, port).start()
            elif make == "tornado":
                tornado = HTTPServer(Application([(".*", TornadoHandler)]))
                tornado.listen(port, host)
                stack.callback(tornado.stop)
        yield


def _aiohttp_application() -> web.Application:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close()
        return socket

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


class TornadoHandler(WebSocketHandler):
    """As it comes: `check_origin` compares the host in Origin with Host and answers 403 if they differ."""

    def open(self) -> None:
        self.close()
