"""Captures packets while a block runs."""

import asyncio
import contextlib
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

from .recording import Recording

_SETTLE = 1.0
"""Seconds that the kernel and the sniffer get to hand over the last packets."""


@contextlib.asynccontextmanager
async def sniff(recording: Recording, file: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*_command(recording, file), stderr=asyncio.subprocess.PIPE)
    try:
        await asyncio.wait_for(_until_listening(process.stderr), timeout=15)
        yield
        await asyncio.sleep(_SETTLE)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = await process.communicate()
    _refuse_losses(said.decode())


_BUFFER = "16384"
"""KiB. The default is too little for a burst when every packet is handed over at once."""


def _command(recording: Recording, file: Path) -> list[str]:
    ports = " or ".join(f"tcp port {port}" for port in recording.ports)
    if recording.file_format == "pcapng":
        return ["dumpcap", "-n", "-i", recording.device, "-s", "0", "-f", ports, "-w", str(file)]
    command = ["tcpdump", "-i", recording.device, "-s", "0", "-B", _BUFFER, "--immediate-mode", "-U"]
    command += ["-Z", "root", "-w", str(file)]
    if recording.link_type:
        command += ["-y", recording.link_type]
    if recording.nanoseconds:
        command += ["--time-stamp-precision", "nano"]
    return [*command, ports]


async def _until_listening(said: asyncio.StreamReader) -> None:
    """tcpdump says `listening on`, dumpcap names its file as soon as it captures."""
    while line := await said.readline():
        if b"listening on" in line or line.startswith(b"File:"):
            return
    raise RuntimeError("the sniffer ended before it listened")


def _refuse_losses(said: str) -> None:
    """A capture with holes is not what it claims to be."""
    lost = re.search(r"(\d+) packets dropped by kernel|received/dropped on interface .*: \d+/(\d+)", said)
    if lost and int(lost.group(1) or lost.group(2)):
        raise RuntimeError(f"packets were lost: {said}")
