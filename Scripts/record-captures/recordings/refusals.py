"""Handshakes that the application refuses, each on its own connection but for the 426 and the retry after it."""

from http import HTTPStatus

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from peers.raw import RawClient, opening_handshake
from peers.server import echo, serve_paths, stop
from recorder.recording import Recording

REFUSALS = {
    "/members": (HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="chat"'}),
    "/admin": (HTTPStatus.FORBIDDEN, {}),
    "/old": (HTTPStatus.FOUND, {"Location": "/login?next=/old"}),
    "/nowhere": (HTTPStatus.NOT_FOUND, {}),
    "/full": (HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"}),
}


async def refusals() -> None:
    server = await serve_paths({"/version": echo}, compression=None, process_request=refuse)
    for path in REFUSALS:
        client = await RawClient.connect()
        await client.request(opening_handshake(path))
        await client.close()
    await without_key()
    await old_version_then_retry()
    await stop(server)


def refuse(connection: ServerConnection, request: Request) -> Response | None:
    """`websockets` itself answers 400 to another version; RFC 6455, section 4.4 asks for 426 and the header."""
    if request.headers.get("Sec-WebSocket-Version") != "13":
        response = connection.respond(HTTPStatus.UPGRADE_REQUIRED, "Version 13, please.\n")
        response.headers["Upgrade"] = "websocket"
        response.headers["Sec-WebSocket-Version"] = "13"
        return response
    if request.path not in REFUSALS:
        return None
    status, headers = REFUSALS[request.path]
    response = connection.respond(status, f"{status.phrase}\n")
    for name, value in headers.items():
        response.headers[name] = value
    return response


async def without_key() -> None:
    client = await RawClient.connect()
    head = opening_handshake("/no-key")
    await client.request("".join(line for line in head.splitlines(True) if not line.startswith("Sec-WebSocket-Key")))
    await client.close()


async def old_version_then_retry() -> None:
    """nginx keeps the client's connection after the 426, so the retry comes on the same one."""
    client = await RawClient.connect()
    await client.request(opening_handshake("/version", version=8))
    await client.request(opening_handshake("/version"))
    await client.send_frame(1, b"at last")
    await client.read(len(b"\x81\x07at last"))
    await client.send_frame(8, (1000).to_bytes(2, "big"))
    await client.read_to_end()
    await client.close()


RECORDINGS = [Recording(case="refusals", perform=refusals)]
