"""Silences: longer than a short `proxy_read_timeout`, just within it, and one that a heartbeat fills."""

import asyncio
import contextlib

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from peers.client import open_session
from peers.server import echo, serve_paths, stop
from recorder.recording import BACKEND_PORTS, PROXY_PORT, Recording

SILENCE = 5.0
SHORT_SILENCE = 2.0


async def idle_at_the_application() -> None:
    """The application itself on the port that nginx will have: nobody cuts the silence."""
    await perform(PROXY_PORT)


async def idle_through_nginx() -> None:
    await perform(BACKEND_PORTS[0])


async def perform(backend_port: int) -> None:
    server = await serve_paths({"/silent": echo, "/short": echo, "/heartbeat": listen}, port=backend_port)
    async with asyncio.TaskGroup() as together:
        for session in (silence("/silent", SILENCE), silence("/short", SHORT_SILENCE), heartbeat()):
            together.create_task(session)
            await asyncio.sleep(0.1)  # so that the order in the file is this one
    await stop(server)


async def silence(path: str, seconds: float) -> None:
    async with open_session(path) as client:
        await client.send("before the silence")
        await client.recv()
        await asyncio.sleep(seconds)
        with contextlib.suppress(ConnectionClosed):  # through nginx that is what the recording is for
            await client.send("after the silence")
            await client.recv()


async def heartbeat() -> None:
    """Only the client speaks, once a second. nginx's documentation speaks of the server's data; either counts."""
    async with open_session("/heartbeat") as client:
        for _ in range(int(SILENCE)):
            await client.send("I am here")
            await asyncio.sleep(1)


async def listen(connection: ServerConnection) -> None:
    async for _ in connection:
        pass


RECORDINGS = [
    Recording(case="idle", perform=idle_at_the_application, through_nginx=False),
    Recording(case="idle-cut-by-nginx", perform=idle_through_nginx, ports=(PROXY_PORT, *BACKEND_PORTS)),
]
