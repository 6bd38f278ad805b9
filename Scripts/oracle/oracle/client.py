"""A client that sends raw bytes and writes down what comes back, and who leaves first."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from .addresses import Address
from .case import Request

#: The client leaves when nothing has come for this long: then the proxy would have kept the connection.
QUIET = 0.25
#: When the bytes that follow a 101 are sent.
TUNNEL_BYTES_AT = 0.09
#: No session lasts longer.
PATIENCE = 5.0


@dataclass
class Session:
    """What a client saw."""

    received: bytearray = field(default_factory=bytearray)
    received_at: list[list[int]] = field(default_factory=list)
    closed_by: str = "client"
    how: str = "close"
    ended_at: int = 0

    @property
    def status(self) -> int | None:
        parts = bytes(self.received[:16]).split(b" ")
        return int(parts[1]) if len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit() else None

    @property
    def switched(self) -> bool:
        """Whether the head of a 101 is there, be it behind a 100."""
        heads = bytes(self.received).split(b"\r\n\r\n")[:-1]
        return any(head.startswith(b"HTTP/1.1 101 ") for head in heads)


async def run(listener: Address, local: Address, request: Request, clock: Callable[[], int]) -> Session:
    """One session from a fixed local address, so that what nginx says about its client is the same each time."""
    session = Session()
    try:
        reader, writer = await asyncio.open_connection(*listener, local_addr=local)
    except OSError:
        session.closed_by = "none"
        return session
    writer.write(request.head)
    more = request.after_upgrade
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    sends_at = loop.time() + TUNNEL_BYTES_AT
    while loop.time() < end:
        switched = session.switched
        wait = max(0.0, sends_at - loop.time()) if more and switched else QUIET
        try:
            data = await asyncio.wait_for(reader.read(65536), wait)
        except TimeoutError:
            if not (more and switched):
                break
            writer.write(more)
            more = b""
            continue
        except ConnectionError:
            session.closed_by, session.how = "proxy", "rst"
            break
        if not data:
            session.closed_by, session.how = "proxy", "fin"
            break
        session.received += data
        session.received_at.append([clock(), len(data)])
    session.ended_at = clock()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return session
