"""permessage-deflate (RFC 7692) in the forms that its parameters allow, and messages of all three length forms."""

import random

from aiohttp import ClientSession
from websockets.asyncio.server import ServerConnection, serve
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory as Offer,
    ServerPerMessageDeflateFactory as Agreement,
)

from peers.client import open_session
from peers.server import echo, stop
from recorder.recording import Recording

SENTENCE = "The quick brown fox jumps over the lazy dog. "


async def compression() -> None:
    server = await serve(route, "127.0.0.1", 3000, extensions=[Agreement()], compression=None, ping_interval=None)
    forgetful = await serve(
        route, "127.0.0.1", 3001, compression=None, ping_interval=None,
        extensions=[Agreement(server_no_context_takeover=True, client_no_context_takeover=True)],
    )  # fmt: skip
    await with_context_takeover()
    await without_context_takeover()
    await lengths()
    await in_fragments()
    await from_aiohttp()
    await stop(server, forgetful)


async def with_context_takeover() -> None:
    """The second copy of a sentence shrinks to a few bytes, readable only by who kept the window."""
    async with open_session("/takeover", extensions=[Offer(client_max_window_bits=True)]) as client:
        for _ in range(3):
            await client.send(SENTENCE)
            await client.recv()
        await client.send(b"")
        await client.recv()


async def without_context_takeover() -> None:
    offer = Offer(server_no_context_takeover=True, client_no_context_takeover=True)
    async with open_session("/no-takeover", extensions=[offer]) as client:
        for _ in range(3):
            await client.send(SENTENCE)
            await client.recv()


async def lengths() -> None:
    """A compressed frame of 16-bit and one of 64-bit length: noise does not shrink. And 200 kB that shrink to little."""
    noise = random.Random(7692).randbytes(70_000)
    async with open_session("/lengths", extensions=[Offer(client_max_window_bits=True)]) as client:
        for message in (noise[:1_000], noise, SENTENCE * 4_500):
            await client.send(message)
            await client.recv()


async def in_fragments() -> None:
    """RSV1 stands on the first fragment only; RFC 7692, section 6.1."""
    async with open_session("/fragments", extensions=[Offer(client_max_window_bits=True)]) as client:
        await client.send([SENTENCE, SENTENCE, "The end."])
        await client.recv()


async def from_aiohttp() -> None:
    """Another implementation, with a smaller window."""
    url = "http://127.0.0.1:8080/aiohttp"
    async with ClientSession() as session, session.ws_connect(url, compress=9) as client:
        for _ in range(2):
            await client.send_str(SENTENCE)
            await client.receive_str()


async def route(connection: ServerConnection) -> None:
    if connection.request.path == "/lengths":
        async for message in connection:
            await connection.send(str(len(message)))
    else:
        await echo(connection)


RECORDINGS = [Recording(case="compression", perform=compression)]
