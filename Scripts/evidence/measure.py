"""Runs a program, and says what came of it and what it took."""

import json
import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """CPU seconds of user and system, and the largest resident set in MiB."""

    status: int
    output: bytes
    errors: bytes
    seconds: float
    mebibytes: float

    @property
    def document(self) -> dict | None:
        """The output as JSON; None where it is none."""
        try:
            return json.loads(self.output)
        except ValueError:
            return None


def run(command: list, seconds: float | None = None) -> Run:
    """Runs a program to its end, or for so many seconds, when it is killed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        clock = threading.Timer(seconds, process.kill) if seconds else None
        if clock:
            clock.start()
        _, status, usage = os.wait4(process.pid, 0)
        if clock:
            clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == -9 and clock:
            raise subprocess.TimeoutExpired(command, seconds)
        output.seek(0)
        errors.seek(0)
        used = usage.ru_utime + usage.ru_stime
        return Run(process.returncode, output.read(), errors.read(), used, usage.ru_maxrss / 1024)
