#!/usr/bin/env python3
"""Generates captures whose truth is known by construction, and compares `wsreplay inspect` with it.

python3 Scripts/evidence/check.py --wsreplay PROGRAM [NAME…] [--keep FOLDER]

For each capture: sessions, heads, frames, messages, closes, violations with their packets, losses; and the ledger:
every packet and every byte of payload has one place. With all captures, every code of the ViolationCatalogue must have
been planted in one of them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generate import generate
from measure import run
from truth import differences

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SECONDS = 60
#: A captured request without `Upgrade: websocket` is no attempt at WebSocket; only one that is predicted can lack it.
NEVER_CAPTURED = {"ws.request.upgrade"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="the captures stay there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wsreplay-evidence-") as temporary:
        captures = generate(asked.keep or Path(temporary), asked.names)
        truths = {
            path: json.loads((path.parent / f"{path.name.split('.pcap')[0]}.json").read_text()) for path in captures
        }
        wrong = 0
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda path: inspected(asked.wsreplay, path), captures)
        for (path, truth), result in zip(truths.items(), results, strict=True):
            problems = differences(truth, *result)
            wrong += bool(problems)
            for problem in problems[:8]:
                print(f"{path.name} ({truth['shows']}): {problem}")
    unplanted = [] if asked.names else sorted(catalogue_codes() - NEVER_CAPTURED - planted_codes(truths.values()))
    for code in unplanted:
        print(f"no capture has the violation {code}")
    sessions = sum(len(truth.get("sessions") or []) for truth in truths.values())
    print(f"{len(truths) - wrong} of {len(truths)} generated captures are read as they were made ({sessions} sessions)")
    sys.exit(1 if wrong or unplanted or not truths else 0)


def inspected(wsreplay: Path, capture: Path) -> tuple[int, dict | None]:
    try:
        ended = run([wsreplay, "inspect", capture, "--frames", "--format", "json"], SECONDS)
    except subprocess.TimeoutExpired:
        return -1, None
    return ended.status, ended.document


def catalogue_codes() -> set[str]:
    """The codes of all violations, as the Swift sources write them."""
    violations = (REPOSITORY / "Sources/WebSocketWire/Findings/ViolationCatalogue.swift").read_text()
    oddities = (REPOSITORY / "Sources/HTTPWire/HeadOddity.swift").read_text()
    return set(re.findall(r'rule\(\s*"([a-z0-9.-]+)"', violations)) | set(
        re.findall(r'case \w+ = "(http\.[^"]+)"', oddities)
    )


def planted_codes(truths) -> set[str]:
    return {
        violation["code"]
        for truth in truths
        for session in truth.get("sessions") or []
        for violation in session.get("violations", [])
    }


if __name__ == "__main__":
    main()
