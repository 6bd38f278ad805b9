"""The `websockets` library's client, coming in at the proxy."""

from websockets.asyncio.client import connect


def open_session(path: str, *, name: str = "app.example.test", host: str = "127.0.0.1", port: int = 8080, **options):
    """Asks for `name`, connects to `host`: nobody resolves the names of a recording."""
    settings = {"ping_interval": None, "close_timeout": 3, "proxy": None, "compression": None, **options}
    return connect(f"ws://{name}:{port}{path}", host=host, port=port, **settings)
