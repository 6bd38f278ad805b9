"""Ordinary HTTP on the same listener, and on the very connection that is upgraded later."""

import asyncio

from aiohttp import web

from peers.raw import RawClient, opening_handshake
from recorder.recording import Recording

HOST = "Host: app.example.test\n"


async def http_beside() -> None:
    runner = await serve()
    client = await RawClient.connect()
    await client.request(f"GET /status HTTP/1.1\n{HOST}")
    await client.request(f"GET /unchanged HTTP/1.1\n{HOST}If-None-Match: \"v1\"\n")
    await client.request(f"HEAD /status HTTP/1.1\n{HOST}")
    await client.request(f"POST /echo HTTP/1.1\n{HOST}Content-Type: text/plain\nContent-Length: 11\n", b"hello there")
    await client.request(f"GET /chunks HTTP/1.1\n{HOST}")
    await client.request(f"GET /missing HTTP/1.1\n{HOST}")
    await upgrade(client)
    await upgrade(await RawClient.connect())
    closing = await RawClient.connect()
    await closing.request(f"GET /status HTTP/1.1\n{HOST}Connection: close\n")
    await closing.close()
    await asyncio.sleep(0.2)
    await runner.cleanup()


async def upgrade(client: RawClient) -> None:
    await client.request(opening_handshake("/socket"))
    await client.send_frame(1, b"hello")
    await client.read(len(b"\x81\x05hello"))
    await client.send_frame(8, (1000).to_bytes(2, "big"))
    await client.read_to_end()
    await client.close()


async def serve() -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/status", lambda _: answer(web.json_response({"ok": True})))
    app.router.add_get("/unchanged", lambda _: answer(web.Response(status=304, headers={"ETag": '"v1"'})))
    app.router.add_post("/echo", echo_body)
    app.router.add_get("/chunks", in_chunks)
    app.router.add_get("/socket", echo_messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 3000).start()
    return runner


async def answer(response: web.Response) -> web.Response:
    return response


async def echo_body(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def in_chunks(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for part in (b"first ", b"second ", b"third"):
        await response.write(part)
        await asyncio.sleep(0.05)
    return response


async def echo_messages(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


RECORDINGS = [Recording(case="http-beside-websocket", perform=http_beside)]
