"""Runs Debian's nginx with a case's configuration, exactly as the file is."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from .recording import PROXY_PORT


@contextlib.asynccontextmanager
async def nginx(configuration: Path) -> AsyncIterator[Path]:
    """Yields the error log. Only what the machine dictates is given beside the file: the foreground, the pid's place."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "error.log")
        process = await asyncio.create_subprocess_exec(*_command(configuration, folder, f"error_log {log} info;"))
        try:
            await wait_for_port(PROXY_PORT)
            yield log
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def check(configuration: Path) -> str:
    """What `nginx -t` says about the configuration."""
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *_command(configuration, folder), "-t", stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
    return said.decode()


def _command(configuration: Path, folder: str, more: str = "") -> list[str]:
    directives = f"daemon off; pid {folder}/nginx.pid; {more}"
    return ["nginx", "-p", folder, "-c", str(configuration.resolve()), "-g", directives]


async def wait_for_port(port: int) -> None:
    """A bare connection sends no request, so nginx's round robin has not moved when the recording starts."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")
