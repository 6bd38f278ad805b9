"""Runs a script again with the pinned peers and in a network of its own.

The ports are fixed, because the configurations name them. A private network namespace makes
sure that they are free, that nothing but the recording is on the loopback device, and that a
browser cannot call home into the capture. A private mount of nginx's log folder keeps the
machine's own logs as they are.
"""

import os
import subprocess
import sys
import venv

from .paths import SCRIPTS, VENV

_INSIDE = "WSREPLAY_RECORDING_SANDBOX"

_PREPARE = """
set -e
ip link set lo up
if [ -d /var/log/nginx ]; then mount -t tmpfs tmpfs /var/log/nginx; fi
exec "$@"
"""


def enter() -> None:
    """Returns only inside the sandbox; outside, replaces this process by one that is inside."""
    if os.environ.get(_INSIDE):
        return
    if os.geteuid() != 0:
        sys.exit("Recording needs root: tcpdump listens on a device, and a network namespace is made.")
    python = _python_with_peers()
    command = ["unshare", "--net", "--mount", "sh", "-c", _PREPARE, "sh", python, *sys.argv]
    os.execvpe(command[0], command, {**os.environ, _INSIDE: "1"})


def _python_with_peers() -> str:
    """The interpreter of the virtual environment that holds exactly the pinned peers."""
    requirements = SCRIPTS / "requirements.txt"
    installed = VENV / "requirements.installed"
    python = VENV / "bin" / "python"
    if not installed.exists() or installed.read_bytes() != requirements.read_bytes():
        venv.create(VENV, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        installed.write_bytes(requirements.read_bytes())
    return str(python)
