"""The same short session over IPv6, and at the application's own port before there is a proxy."""

from peers.client import open_session
from peers.server import echo, serve_paths, stop
from recorder.recording import BACKEND_PORTS, PROXY_PORT, Recording


async def ipv6() -> None:
    """One client of each family at nginx; the application listens on IPv6 only."""
    server = await serve_paths({"/echo": echo}, host="::1", compression=None)
    for host in ("::1", "127.0.0.1"):
        await talk(host=host)
    await stop(server)


async def direct() -> None:
    server = await serve_paths({"/echo": echo})
    for compression in (None, "deflate"):
        await talk(port=BACKEND_PORTS[0], compression=compression)
    await stop(server)


async def talk(**where) -> None:
    async with open_session("/echo", **where) as client:
        await client.send("hello")
        await client.recv()


RECORDINGS = [
    Recording(case="ipv6", perform=ipv6, ports=(PROXY_PORT, *BACKEND_PORTS), device="any", link_type="LINUX_SLL2"),
    Recording(case="direct", perform=direct, ports=BACKEND_PORTS, through_nginx=False, file_format="pcapng"),
]
