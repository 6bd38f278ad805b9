"""What nginx makes of sessions when its configuration, or one of its servers, is not as it should be.

Both legs are captured: the upstream leg is what shows the reason.
"""

from peers.client import open_session
from peers.raw import RawClient, opening_handshake
from peers.server import echo, serve_paths, stop
from recorder.recording import BACKEND_PORTS, PROXY_PORT, Recording

BOTH_LEGS = (PROXY_PORT, *BACKEND_PORTS)


async def handshakes_in_vain() -> None:
    server = await serve_paths({"/echo": echo}, compression=None)
    for _ in range(2):
        client = await RawClient.connect()
        await client.request(opening_handshake("/echo"))
        await client.close()
    await stop(server)


async def one_server_down() -> None:
    """Nobody listens on the second port, so the kernel refuses there and nginx goes on to the next server."""
    server = await serve_paths({"/echo": echo}, compression=None)
    for _ in range(4):
        async with open_session("/echo") as client:
            await client.send("hello")
            await client.recv()
    await stop(server)


RECORDINGS = [
    Recording(case="no-upgrade-both-legs", perform=handshakes_in_vain, ports=BOTH_LEGS),
    Recording(case="one-server-down", perform=one_server_down, ports=BOTH_LEGS, nanoseconds=True),
]
