"""How sessions end: with each kind of close code from either side, without a code, and without a close frame."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from socket import SO_LINGER, SOL_SOCKET

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection

from peers.client import open_session
from peers.raw import RawClient, opening_handshake
from peers.server import Handler, echo, serve_paths, stop
from recorder.recording import Recording

BY_CLIENT = {1000: "", 1001: "the page is left", 3000: "unauthorized", 4001: "signed out"}
BY_SERVER = {1000: "that is all", 1001: "shutting down", 1008: "not allowed here", 1011: "the database is gone", 4408: "slow"}


async def closes() -> None:
    ends: dict[str, Handler] = {f"/server/{code}": closing_with(code, reason) for code, reason in BY_SERVER.items()}
    ends |= {f"/client/{code}": echo for code in BY_CLIENT}
    ends |= {"/client/no-code": echo, "/client/vanishes": echo, "/client/resets": echo}
    ends |= {"/server/vanishes": vanish, "/server/resets": reset}
    server = await serve_paths(ends, compression=None)

    for code, reason in BY_CLIENT.items():
        await converse(f"/client/{code}", lambda client, code=code, reason=reason: client.close(code, reason))
    for path in sorted(path for path in ends if path.startswith("/server/")):
        await converse(path, lambda client: client.wait_closed())
    await close_without_code()
    await converse("/client/vanishes", vanish)
    await converse("/client/resets", reset)
    await stop(server)


async def converse(path: str, end: Callable[[ClientConnection], Awaitable[None]]) -> None:
    async with open_session(path) as client:
        await client.send("hello")
        await client.recv()
        await end(client)
    await asyncio.sleep(0.1)  # one session after the other, so that the order in the file is the order here


def closing_with(code: int, reason: str) -> Handler:
    async def handle(connection: ServerConnection) -> None:
        await connection.send(await connection.recv())
        await connection.close(code, reason)

    return handle


async def close_without_code() -> None:
    """A close frame may be empty; RFC 6455, section 5.5.1. The API of `websockets` always sends a code."""
    client = await RawClient.connect()
    await client.request(opening_handshake("/client/no-code"))
    await client.send_frame(1, b"hello")
    await client.read(len(b"\x81\x05hello"))
    await client.send_frame(8, b"")
    await client.read_to_end()
    await client.close()


async def vanish(connection: ClientConnection | ServerConnection) -> None:
    """TCP ends in order, WebSocket does not: what a killed process leaves behind."""
    await answer_once(connection)
    connection.transport.close()


async def reset(connection: ClientConnection | ServerConnection) -> None:
    """Without lingering the kernel sends RST where it would send FIN."""
    await answer_once(connection)
    socket = connection.transport.get_extra_info("socket")
    socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    connection.transport.abort()


async def answer_once(connection: ClientConnection | ServerConnection) -> None:
    if isinstance(connection, ServerConnection):
        await connection.send(await connection.recv())
        await asyncio.sleep(0.1)


RECORDINGS = [Recording(case="closes", perform=closes)]
