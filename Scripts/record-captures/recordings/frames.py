"""Every kind of frame that RFC 6455, section 5 knows, uncompressed, each in a session of its own path."""

import os
from collections.abc import AsyncIterator

from websockets.asyncio.server import ServerConnection

from peers.client import open_session
from peers.server import echo, serve_paths, stop
from recorder.recording import Recording

LENGTH_16_BITS = 126, 5_000
"""Lengths in the 16-bit form; 126 is the smallest that needs it."""

LENGTH_64_BITS = 65_536
"""The smallest length that needs the 64-bit form."""


async def frames() -> None:
    server = await serve_paths(
        {"/text": echo, "/binary": echo, "/fragments": answer_in_fragments, "/ping": ping_back, "/lengths": echo},
        compression=None,
    )
    async with open_session("/text") as client:
        for text in ("hello", "", "grüße 👋"):
            await client.send(text)
            await client.recv()
    async with open_session("/binary") as client:
        await client.send(bytes(range(256))[:125])
        await client.recv()
    await fragments()
    await pings()
    async with open_session("/lengths", max_size=None) as client:
        for length in (*LENGTH_16_BITS, LENGTH_64_BITS):
            await client.send(b"\xa5" * length)
            await client.recv()
    await stop(server)


async def fragments() -> None:
    """The client puts a ping between two fragments, which section 5.4 allows for control frames only."""
    async with open_session("/fragments") as client:
        await client.send(["one ", "two ", "three"])
        await client.recv()

        async def parts() -> AsyncIterator[str]:
            yield "before the ping, "
            await client.ping(b"between")
            yield "after the ping"

        await client.send(parts())
        await client.recv()


async def answer_in_fragments(connection: ServerConnection) -> None:
    async for message in connection:
        middle = len(message) // 2
        await connection.send([message[:middle], message[middle:]])


async def pings() -> None:
    """Pings from both sides, empty and with the most payload that a control frame may have."""
    async with open_session("/ping") as client:
        await (await client.ping(b""))
        await (await client.ping(b"p" * 125))
        await client.pong(b"unasked")  # section 5.5.3: a one-way heartbeat
        await client.send("your turn")
        await client.recv()


async def ping_back(connection: ServerConnection) -> None:
    await connection.recv()
    await (await connection.ping(os.urandom(4)))
    await connection.send("done")
    await connection.wait_closed()


RECORDINGS = [Recording(case="frames", perform=frames)]
