"""A chat with three members: a Chromium page, a `websockets` client and an aiohttp client.

Each step waits for the one before, because who speaks first decides what the frames are.
"""

import asyncio
import json

from aiohttp import ClientSession, WSMsgType
from websockets.asyncio.client import ClientConnection

from peers.browser import browser
from peers.chat_app import Room, serve_chat
from peers.client import open_session
from recorder.recording import BACKEND_PORTS, PROXY_PORT, Recording

NAME = "chat.example.test"
PAGE = f"http://{NAME}:{PROXY_PORT}/"
LONG_STORY = "Once upon a time a proxy forgot a header. " * 12


async def chat() -> None:
    room = Room()
    servers = [await serve_chat(room, port) for port in BACKEND_PORTS]
    async with browser(PAGE):
        await room.until({"anna"})
        await talk_and_leave(room)
        await room.until(set())
        await asyncio.sleep(1)  # the browser still loads the page that it left for
    for server in servers:
        await server.cleanup()


async def talk_and_leave(room: Room) -> None:
    async with open_session("/chat", name=NAME, subprotocols=["chat.v1"], origin=PAGE.rstrip("/")) as ben:
        await send(ben, {"type": "join", "name": "ben"})
        await hear(ben, "hello ben")
        await (await ben.ping(b"still there?"))
        await send(ben, {"type": "say", "text": LONG_STORY})
        await hear(ben, "Once upon a time")
        await be_kicked(room)
        while isinstance(await ben.recv(), str):
            pass  # until anna's picture comes
        await ben.close(1000, "good night")


async def be_kicked(room: Room) -> None:
    url = f"http://127.0.0.1:{PROXY_PORT}/chat"
    async with ClientSession(headers={"Host": f"{NAME}:{PROXY_PORT}"}) as session:
        async with session.ws_connect(url, compress=15, protocols=["chat.v1"], autoping=True) as chloe:
            await chloe.send_json({"type": "join", "name": "chloe"})
            await room.until({"anna", "ben", "chloe"})
            while "hello chloe" not in (await chloe.receive_str()):
                pass
            await chloe.send_json({"type": "say", "text": "watches, buy now!!!"})
            while (await chloe.receive()).type is WSMsgType.TEXT:
                pass
    await room.until({"anna", "ben"})


async def send(connection: ClientConnection, message: dict) -> None:
    await connection.send(json.dumps(message, ensure_ascii=False))


async def hear(connection: ClientConnection, text: str) -> None:
    while text not in await connection.recv():
        pass


RECORDINGS = [
    Recording(case="chat", perform=chat),
    Recording(case="chat-both-legs", perform=chat, ports=(PROXY_PORT, *BACKEND_PORTS)),
]
