"""Subprotocol negotiation: chosen, not offered, none in common, and offered but not echoed."""

from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection
from websockets.typing import Subprotocol

from peers.client import open_session
from peers.server import echo, serve_paths, stop
from recorder.recording import Recording

OFFERS = {
    "/graphql": ["graphql-transport-ws", "graphql-ws"],
    "/mqtt": ["mqtt"],
    "/none-offered": None,
    "/none-in-common": ["soap"],
    "/token": ["graphql-ws", "bearer." + "eyJhbGciOiJub25lIn0" * 8],
}
"""The last is how browsers smuggle a token into a handshake, whose headers a page cannot set."""

SPOKEN = ("graphql-ws", "mqtt")


async def subprotocols() -> None:
    server = await serve_paths(dict.fromkeys(OFFERS, echo), select_subprotocol=select, compression=None)
    for path, offered in OFFERS.items():
        async with open_session(path, subprotocols=offered) as client:
            await client.send("hello")
            await client.recv()
    await stop(server)


def select(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Agrees to none rather than refuse: the client must then decide; RFC 6455, section 4.1."""
    return next((name for name in offered if name in SPOKEN), None)


RECORDINGS = [Recording(case="subprotocols", perform=subprotocols, file_format="pcapng")]
