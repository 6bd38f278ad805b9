"""Sends a case's requests through nginx, one after the other, and writes observations, one JSON object a request."""

import asyncio
import json
import sys
from pathlib import Path

from . import nginx
from .addresses import Address, backends, listeners, text_of
from .backend import Attempt, Backend, stopwatch
from .case import Case, Request, encoded, read_case
from .client import TUNNEL_BYTES_AT, Session, run

#: Nothing listens here: a configuration that names it has an upstream that is down.
REFUSED_PORT = 13009
_DATE = r"(?im)^date: [A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT"
_FIRST_CLIENT_PORT = 20001


def main() -> None:
    """`record.py FOLDER CASE OUT`: inside the sandbox, one case with a fresh nginx."""
    folder, name, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    case = read_case(folder, name)
    observations = asyncio.run(record(folder, case))
    out.write_text("".join(json.dumps(observation) + "\n" for observation in observations))


async def record(folder: Path, case: Case) -> list[dict]:
    configuration = f"configs/{case.name}.conf"
    exit_status, text = nginx.check(folder, configuration)
    product = nginx.version()
    if exit_status != 0:
        return [refusal(case, product, configuration, exit_status, text)]
    listener = listeners(case.configuration)[0]
    clock = stopwatch()
    attempts: list[Attempt] = []
    servers = [Backend(address, attempts, clock) for address in backends(case.configuration)]
    for server in servers:
        if server.address[1] != REFUSED_PORT:
            await server.start()
    live = {text_of(server.address) for server in servers if server.server}
    observations = []
    async with nginx.running(folder, configuration, listener) as log:
        for number, request in enumerate(case.requests, 1):
            attempts.clear()
            local = ("::1" if ":" in listener[0] else "127.0.0.1", _FIRST_CLIENT_PORT + number - 1)
            began = clock()
            session = await run(listener, local, request, clock)
            await asyncio.sleep(0.02)  # lets nginx write its log and the backends see the end
            lines = log.next_part()
            tries = in_order(list(attempts), nginx.tried(lines), live)
            record = observation(case, number, request, listener, local, began, session, tries)
            record |= {"proxy": product, "error_log": nginx.messages(lines)}
            observations.append(record)
    return observations


def in_order(reached: list[Attempt], tried: list[str], live: set[str]) -> list[tuple[Attempt, str]]:
    """The attempts that reached a backend, and between them those that only nginx knows of, with their outcomes."""
    merged: list[tuple[Attempt, str]] = []
    for address in tried:
        if address not in live:
            merged.append((Attempt(address, reused=False), "refused"))
            continue
        while reached:
            attempt = reached.pop(0)
            merged.append((attempt, "answered" if attempt.answered else "no-answer"))
            if attempt.address == address and not attempt.reused:
                break
    merged += [(attempt, "answered" if attempt.answered else "no-answer") for attempt in reached]
    return merged


def observation(
    case: Case,
    number: int,
    request: Request,
    listener: Address,
    local: Address,
    began: int,
    session: Session,
    tries: list[tuple[Attempt, str]],
) -> dict:
    sends = [{"at_ms": 0, "base64": encoded(request.head)}]
    if request.after_upgrade:
        sends.append({"at_ms": round(TUNNEL_BYTES_AT * 1000), "base64": encoded(request.after_upgrade)})
    return {
        "id": f"or.{case.name}.{number:02}-{request.name}",
        "config": f"configs/{case.name}.conf",
        "listen": text_of(listener),
        "client_address": text_of(local),
        "started_at_ms": began,
        "client_sends": sends,
        "upstream": [upstream(attempt, outcome, began) for attempt, outcome in tries],
        "client_receives_base64": encoded(session.received),
        "client_receives_at": [[at - began, count] for at, count in session.received_at],
        "status": session.status,
        "closed_by": session.closed_by,
        "close": {"how": session.how, "at_ms": session.ended_at - began},
        "volatile": [{"in": "client", "regex": _DATE}],
        "backends": {},
        "tags": ["oracle"],
        "notes": "",
    }


def upstream(attempt: Attempt, outcome: str, began: int) -> dict:
    record = {
        "address": attempt.address,
        "received_base64": encoded(attempt.received),
        "answered_base64": encoded(attempt.answered),
        "outcome": outcome,
        "request": 0,
    }
    if outcome != "refused":
        record["answered_at"] = [[at - began, count] for at, count in attempt.answered_at]
        record["closed_first_by"] = attempt.closed_first_by
        record["script"] = script_of(attempt)
    if attempt.reused:
        record["reused"] = True
    return record


def script_of(attempt: Attempt) -> str:
    """What the backend did, as `wsreplay fidelity` knows it: without a script it closed before it read anything."""
    if attempt.answered:
        return "ws"
    return "close" if attempt.closed_first_by == "backend" else "hang"


def refusal(case: Case, product: str, configuration: str, exit_status: int, text: str) -> dict:
    return {
        "id": f"or.{case.name}.00-check",
        "proxy": product,
        "config": configuration,
        "check_exit": exit_status,
        "check_stderr": text,
        "client_sends": [],
        "upstream": [],
        "client_receives_base64": "",
        "closed_by": None,
        "status": None,
        "notes": "",
        "tags": ["config-error"],
        "volatile": [],
    }


if __name__ == "__main__":
    main()
