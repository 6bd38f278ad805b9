"""Checks the cases against real nginx: sends it the captured handshakes and looks at both of its sides.

    python3 Scripts/record-captures/observe.py [CASE…]

For each case it prints what first reached the application and what the client was answered, with four
makes of application, and says where the expectations of `case.yaml` about the status, the upstream
request's headers or a refused configuration are not what nginx does. Exit status 1 if there are any.
"""

import argparse
import asyncio
import logging
import subprocess
import sys
from pathlib import Path

from recorder import sandbox
from recorder.nginx import check, nginx
from recorder.paths import CAPTURES

MAKES = ("conformant", "websockets", "aiohttp", "tornado")
ADDRESSES = (("127.0.0.1", 3000), ("127.0.0.1", 3001), ("::1", 3000))
LISTENER = "8080"


def main() -> None:
    parser = argparse.ArgumentParser(description="Checks the cases against real nginx.")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    asked = parser.parse_args().cases
    sandbox.enter()
    logging.disable(logging.WARNING)  # refusals are expected, and printed here anyway
    cases = [folder.parent for folder in sorted(CAPTURES.glob("*/case.yaml")) if not asked or folder.parent.name in asked]
    wrong = sum(asyncio.run(observe(case)) for case in cases)
    sys.exit(f"{wrong} expectations are not what nginx does" if wrong else 0)


async def observe(folder: Path) -> int:
    import yaml  # there only inside the sandbox

    from expectations import disagreements

    case = yaml.safe_load((folder / "case.yaml").read_text())
    configuration = folder / case["proxy"][0]
    print(f"\n{folder.name}")
    if said := await check(configuration):
        print("  " + said.strip().replace("\n", "\n  ").replace(f"{folder}/", ""))
    seen = {"configuration": said}
    if "test failed" not in said:
        seen["exchanges"] = await exchange(folder, case, configuration)
    if "verbatim" in (behaviour["answer"] for behaviour in case.get("backends", {}).values()):
        seen["status"] = "the capture's"  # whatever arrives, so the application here says nothing about it
    problems = disagreements(case["expect"], seen)
    for problem in problems:
        print(f"  WRONG {problem}")
    return len(problems)


async def exchange(folder: Path, case: dict, configuration: Path) -> list[dict]:
    """One record for each handshake, of the run with the conformant application; the other makes are only printed."""
    from peers.application import Conformant, running

    refused = {name for name, behaviour in case.get("backends", {}).items() if behaviour["answer"] == "refuse"}
    addresses = [(host, port) for host, port in ADDRESSES if f"{host}:{port}" not in refused]
    requests = [request for capture in case["captures"] for request in handshakes(folder / capture, "at" in case)]
    seen: list[dict] = []
    for make in MAKES:
        conformant = Conformant()
        async with running(make, conformant, addresses), nginx(configuration):
            for target, request in requests:
                conformant.heads.clear()
                status = await status_of(request)
                seen.append({"make": make, "target": target, "status": status, "upstream": list(conformant.heads)})
    show(seen)
    return [exchange for exchange in seen if exchange["make"] == "conformant"]


def show(seen: list[dict]) -> None:
    for head in seen[0]["upstream"]:
        print("    > " + head.strip().replace("\r\n", "\n    > "))
    for make in MAKES:
        answers = [f"{exchange['target']} {exchange['status']}" for exchange in seen if exchange["make"] == make]
        print(f"  {make}: {', '.join(answers)}")


def handshakes(capture: Path, before_there_was_a_proxy: bool) -> list[tuple[str, bytes]]:
    command = ["tshark", "-r", str(capture), "-Y", "http.request && http.upgrade", "-T", "fields", "-E", "separator=/t"]
    for port in ("3000", "3001"):
        command += ["-d", f"tcp.port=={port},http"]
    for name in ("tcp.dstport", "http.request.uri", "tcp.payload"):
        command += ["-e", name]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in text.splitlines()]
    return [
        (target, bytes.fromhex(payload.replace(":", "")))
        for port, target, payload in lines
        if before_there_was_a_proxy or port == LISTENER
    ]


async def status_of(request: bytes) -> int | None:
    """None if there is no answer within the client's patience."""
    from peers.raw import RawClient

    client = await RawClient.connect()
    try:
        return (await client.send(request))[0]
    except (asyncio.TimeoutError, asyncio.IncompleteReadError):
        return None
    finally:
        await client.close()


if __name__ == "__main__":
    main()
