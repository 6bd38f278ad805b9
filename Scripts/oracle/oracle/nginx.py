"""Debian's nginx in a private prefix, with a debug log that says which upstream it tried."""

import asyncio
import contextlib
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

from .addresses import Address

_CONNECT = re.compile(r"\*\d+ connect to (\S+), fd:")
_MESSAGE = re.compile(r"^\S+ \S+ \[(?!debug)(\w+)\] \d+#\d+: (?:\*\d+ )?(.*)$", re.MULTILINE)


def version() -> str:
    """As in a Server header: `nginx/1.22.1`."""
    said = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return said.rpartition(" ")[2].strip()


def check(folder: Path, configuration: str) -> tuple[int, str]:
    """Exit status and text of `nginx -t`, file names relative to the folder."""
    command = ["nginx", "-t", "-p", folder, "-c", folder / configuration, "-g", f"pid {folder}/nginx.pid;"]
    ran = subprocess.run(command, capture_output=True, text=True)
    text = ran.stderr.replace(f"{folder}/", "")
    # Debian's nginx opens its log before it reads the configuration and then writes a date before each line.
    text = re.sub(r"(?m)^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(\w+)\] \d+#\d+: ", r"nginx: [\1] ", text)
    return ran.returncode, text


class Log:
    """The part of nginx's log that one session wrote."""

    def __init__(self, path: Path):
        self.path = path
        self.offset = 0

    def next_part(self) -> str:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            part = file.read()
        self.offset += len(part)
        return part.decode("latin-1")


def tried(log: str) -> list[str]:
    """The addresses that nginx connected to, refused ones included, in order."""
    return _CONNECT.findall(log)


def messages(log: str) -> list[str]:
    return [f"[{level}] {text}" for level, text in _MESSAGE.findall(log)]


@contextlib.asynccontextmanager
async def running(folder: Path, configuration: str, listener: Address) -> AsyncIterator[Log]:
    log = folder / "error.log"
    text = (folder / configuration).read_text()
    # Given beside the file, unless the file says it itself: nginx takes none of these twice.
    beside = {
        "daemon": "off",
        "master_process": "off",
        "pid": f"{folder}/nginx.pid",
        "error_log": f"{log} debug",
    }
    directives = " ".join(f"{name} {value};" for name, value in beside.items() if not re.search(rf"\b{name}\s", text))
    log.touch()
    process = await asyncio.create_subprocess_exec(
        "nginx", "-p", folder, "-c", folder / configuration, "-g", directives, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _wait_for(listener, process)
        lines = Log(log)
        lines.next_part()
        yield lines
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _wait_for(listener: Address, process: asyncio.subprocess.Process) -> None:
    """A bare connection sends no request, so no upstream is chosen by it."""
    for _ in range(200):
        if process.returncode is not None:
            raise RuntimeError("nginx passed its own check and did not start")
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(*listener)
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.02)
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"nginx does not listen at {listener}")
