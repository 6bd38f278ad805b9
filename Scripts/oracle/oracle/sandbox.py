"""Runs the recording of a case in a network of its own: the configuration's ports are free and its addresses are there.

As root or, where the kernel allows it, as anybody (a user namespace). nginx's log and state folders are
hidden behind empty ones, so that the machine's own nginx is left alone.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .addresses import backends, listeners
from .case import Case

#: Sessions mostly wait, so more of them than there are cores run side by side.
SIDE_BY_SIDE = 8
#: A case has at most some dozens of sessions of a fraction of a second.
LONGEST = 120

_PREPARE = """
set -e
ip link set lo up
for address in $1; do ip address add "$address" dev lo; done
shift
for folder in /var/log/nginx /var/lib/nginx; do
    if [ -d $folder ]; then mount -t tmpfs tmpfs $folder; fi
done
exec "$@"
"""


def missing() -> str | None:
    """Why nothing can be recorded on this machine; None when it can."""
    for program in ("nginx", "unshare", "ip"):
        if not shutil.which(program, path=_path()):
            return f"{program} is not installed"
    ran = subprocess.run([*_unshare(), "true"], capture_output=True, text=True)
    return None if ran.returncode == 0 else f"no private network can be made: {ran.stderr.strip()}"


def record_all(folder: Path, cases: list[Case]) -> list[str]:
    """The observations of all cases as JSON lines, in the order of the cases."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return [line for lines in pool.map(lambda case: _record(folder, case), cases) for line in lines]


def _record(folder: Path, case: Case) -> list[str]:
    # The prefix is the case's own: nginx writes its log there.
    prefix = folder / "prefixes" / case.name
    shutil.rmtree(prefix, ignore_errors=True)
    case.write(prefix)
    for extra in (folder / "configs").iterdir():
        if extra.is_file() and not (prefix / "configs" / extra.name).exists() and extra.suffix != ".conf":
            shutil.copy(extra, prefix / "configs" / extra.name)
    out = prefix / "observations.jsonl"
    scripts = Path(__file__).resolve().parent.parent
    command = [*_unshare(), "sh", "-c", _PREPARE, "sh", " ".join(_more_addresses(case)), sys.executable, "-B", "-m"]
    command += ["oracle.record", str(prefix.resolve()), case.name, str(out.resolve())]
    ran = subprocess.run(
        command, cwd=scripts, env={**os.environ, "PATH": _path()}, capture_output=True, text=True, timeout=LONGEST
    )
    if ran.returncode != 0:
        raise RuntimeError(f"{case.name}: {ran.stderr.strip()}")
    return out.read_text().splitlines()


def _more_addresses(case: Case) -> list[str]:
    """What is not loopback is put onto the loopback device, so that any literal upstream can be played."""
    hosts = {host for host, _ in [*backends(case.configuration), *listeners(case.configuration)]}
    return sorted(
        f"{host}/{128 if ':' in host else 32}" for host in hosts if not host.startswith("127.") and host != "::1"
    )


def _unshare() -> list[str]:
    return ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
