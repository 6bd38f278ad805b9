"""People's configurations through `wsreplay try`, against what nginx and a strict application made of them.

GOLDEN.tsv says for each: the handshake's target, what the client saw, the upstream's port, and the request line,
Host, Connection and Upgrade that reached the upstream. A configuration that nginx refuses has no row; those whose
file name is in REFUSED must be refused.
"""

import base64
import csv
import json
import subprocess
from pathlib import Path

from result import Agreement

#: `nginx -t` fails for these.
REFUSED = {"map-in-server.broken", "shiny.broken", "upstream-missing.broken", "upstream-server-keyword.broken"}
#: The host and the port that the handshakes were recorded with.
AUTHORITY = "app.test:18080"
#: What an application of its own mind answered. `try` has a conformant one, so the status says nothing here.
APPLICATIONS_OWN = {"403", "505", "301"}


def compare_configurations(folder: Path, wsreplay: Path) -> Agreement:
    with (folder / "GOLDEN.tsv").open(newline="") as file:
        rows = {row["config"]: row for row in csv.DictReader(file, delimiter="\t")}
    misses = {}
    names = sorted([*rows, *(name for name in REFUSED if (folder / f"{name}.conf").exists())])
    for name in names:
        target = rows[name]["client request"] if name in rows else "/"
        exit_status, session, said = tried(wsreplay, folder / f"{name}.conf", target)
        if name in rows:
            problem = difference(rows[name], session) or (said if session is None else None)
        else:
            problem = None if exit_status == 2 else f"nginx refuses it, wsreplay ends with {exit_status}"
        if problem is not None:
            misses[name] = problem
    return Agreement(len(names), misses)


def tried(wsreplay: Path, configuration: Path, target: str) -> tuple[int, dict | None, str]:
    command = [wsreplay, "try", f"ws://{AUTHORITY}{target}", "--proxy", configuration, "--format", "json"]
    # The version that the rows were recorded with.
    ran = subprocess.run([*command, "--proxy-version", "1.22.1"], capture_output=True, text=True)
    try:
        sessions = json.loads(ran.stdout).get("sessions") or []
    except ValueError:
        sessions = []
    first_line = (ran.stderr.strip() or "no output").splitlines()[0]
    return ran.returncode, sessions[0] if sessions else None, f"exit status {ran.returncode}: {first_line}"


def difference(row: dict, session: dict | None) -> str | None:
    """The first thing that differs from the row; None where nothing does."""
    if session is None:
        return None
    attempts = session["hops"][-1]["upstream"]
    recorded = {
        "upstream port": row["upstream port"],
        "upstream request line": row["upstream request line"],
        "upstream Host": row["upstream Host"],
        "upstream Connection": row["upstream Connection"],
        "upstream Upgrade": row["upstream Upgrade"],
    }
    predicted = dict(zip(recorded, upstream_parts(attempts), strict=True))
    status = row["client sees"].split(" ")[1]
    if row["upstream port"] == "-" and status == "502":
        # The request went to a TLS server, which closed: what nginx sent was not recorded.
        return None if attempts else "nothing is sent upstream"
    if row["upstream port"] == "-" or status not in APPLICATIONS_OWN:
        recorded["status"], predicted["status"] = status, str(session.get("status"))
    for what, value in recorded.items():
        if value != predicted[what]:
            return f"{what} is {predicted[what]!r}, nginx {value!r}"
    return None


def upstream_parts(attempts: list[dict]) -> tuple[str, str, str, str, str]:
    """Port, request line, Host, Connection, Upgrade of the request that was answered; `-` for what is not there."""
    if not attempts:
        return ("-",) * 5
    attempt = attempts[-1]
    head = base64.b64decode(attempt["request"]).decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    fields = [line.partition(":") for line in head[1:]]
    values = [
        ", ".join(value.strip() for name, _, value in fields if name.lower() == wanted) or "-"
        for wanted in ("host", "connection", "upgrade")
    ]
    return (attempt["address"].rpartition(":")[2], head[0], *values)
