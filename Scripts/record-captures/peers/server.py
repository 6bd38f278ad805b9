"""The `websockets` library's server, with a handler for each path."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Handler = Callable[[ServerConnection], Awaitable[None]]


async def serve_paths(handlers: Mapping[str, Handler], *, port: int = 3000, host: str = "127.0.0.1", **options) -> Server:
    """Starts the server. Its own keepalive pings are off: they would come at their own time, not the recording's."""

    async def handle(connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):  # an end without a close frame is what some recordings are for
            await handlers[connection.request.path.split("?")[0]](connection)

    return await serve(handle, host, port, **{"ping_interval": None, "close_timeout": 3, **options})


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def stop(*servers: Server) -> None:
    """Lets the peers finish what they do first: no recording ends with a connection that its server cut."""
    await asyncio.sleep(0.2)
    for server in servers:
        server.close()
        await server.wait_closed()
