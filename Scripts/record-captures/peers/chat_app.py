"""A chat room as people build it: one aiohttp application with the page and the socket.

Several applications may share a room, as the processes behind a load balancer share a broker.
"""

import asyncio
import json
from pathlib import Path

from aiohttp import WSMsgType, web

PAGES = Path(__file__).parent / "pages"
PROTOCOLS = ("chat.v1",)


class Room:
    def __init__(self) -> None:
        self._members: dict[str, web.WebSocketResponse] = {}
        self._changed = asyncio.Condition()

    async def join(self, name: str, socket: web.WebSocketResponse) -> None:
        self._members[name] = socket
        await self.tell_all({"type": "joined", "name": name})
        await self._announce_change()

    async def leave(self, name: str) -> None:
        del self._members[name]
        await self.tell_all({"type": "left", "name": name})
        await self._announce_change()

    async def tell_all(self, message: dict) -> None:
        for socket in self._members.values():
            await socket.send_str(json.dumps(message, ensure_ascii=False))

    async def show_others(self, picture: bytes, sender: str) -> None:
        for name, socket in self._members.items():
            if name != sender:
                await socket.send_bytes(picture)

    async def until(self, members: set[str]) -> None:
        """Waits until exactly these are in the room."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: set(self._members) == members), timeout=20)

    async def _announce_change(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def serve_chat(room: Room, port: int) -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/", lambda _: page("chat.html"))
    app.router.add_get("/bye", lambda _: page("bye.html"))
    app.router.add_get("/chat.js", lambda _: page("chat.js"))
    app.router.add_get("/chat", lambda request: converse(request, room))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def page(name: str) -> web.FileResponse:
    return web.FileResponse(PAGES / name)


async def converse(request: web.Request, room: Room) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(protocols=PROTOCOLS, timeout=3)
    await socket.prepare(request)
    name = (await socket.receive_json())["name"]
    await room.join(name, socket)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await room.show_others(message.data, name)
        elif "buy now" in message.data:
            await socket.close(code=4001, message=b"kicked by moderator")
        else:
            await room.tell_all({"type": "said", "name": name, "text": json.loads(message.data)["text"]})
    await room.leave(name)
    return socket
