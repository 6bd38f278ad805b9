"""What a recording is: which case it fills, what is listened to, and the session to perform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

PROXY_PORT = 8080
BACKEND_PORTS = (3000, 3001)


@dataclass(frozen=True)
class Recording:
    case: str
    perform: Callable[[], Awaitable[None]]
    """Starts the backends, plays the clients' part and returns when every connection is closed."""

    ports: tuple[int, ...] = (PROXY_PORT,)
    """Only these ports are captured: the client leg alone, or the backends' ports as well."""

    through_nginx: bool = True
    """False: the capture is taken at the application, before there is a proxy."""

    device: str = "lo"
    link_type: str | None = None
    file_format: str = "pcap"
    nanoseconds: bool = False
    time_limit: float = 60
