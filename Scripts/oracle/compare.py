#!/usr/bin/env python3
"""Compares wsreplay with the nginx of this machine, byte for byte but for the Date header.

python3 Scripts/oracle/compare.py nginx.conf [--requests FILE]     your configuration
python3 Scripts/oracle/compare.py --seed 1 --count 40              random ones

Real nginx runs in a network of its own with echoing RFC 6455 servers behind it. Its upstreams' literal addresses are
played; names cannot be. Without --requests each location gets a handshake and a GET; FILE has JSON lines
{"name": "…", "text": "GET / HTTP/1.1\\nHost: a.test\\n\\n"} (or "base64").

--keep FOLDER keeps configs/, requests/, observations.jsonl, inputs.jsonl (the same without what nginx did:
all that wsreplay gets) and predictions.jsonl. Exit status 0 when all agree, 1 when some do not, 2 when nothing can
be compared. A disagreement that two recordings do not share is only reported.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import random_case
from oracle import sandbox
from oracle.case import Case, read_requests
from oracle.requests import plain_requests
from oracle.score import Disagreement, disagreement, stable_part

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configuration", nargs="?", type=Path)
    parser.add_argument("--requests", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--show", type=int, default=20, help="how many disagreements are printed (20)")
    parser.add_argument("--may-skip", action="store_true", help="exit status 0 where nginx cannot be run")
    parser.add_argument("--record-only", action="store_true", help="observe nginx, ask wsreplay nothing")
    parser.add_argument("--wsreplay", type=Path, default=built_wsreplay())
    asked = parser.parse_args()
    if reason := sandbox.missing():
        print(f"SKIPPED: nothing is compared with nginx, which cannot run here: {reason}")
        sys.exit(0 if asked.may_skip else 2)
    with tempfile.TemporaryDirectory(prefix="wsreplay-oracle-") as temporary:
        folder = asked.keep or Path(temporary)
        if asked.configuration:
            cases = [own_case(asked.configuration, asked.requests)]
            copy_included(asked.configuration, folder)
        else:
            cases = [random_case(seed) for seed in range(asked.seed, asked.seed + asked.count)]
        for case in cases:
            case.write(folder)
        observations = observe(folder, cases)
        if asked.record_only:
            print(f"{len(observations)} observations of {len(cases)} configurations")
            return
        predictions = predict(folder, list(observations.values()), asked.wsreplay)
        sys.exit(report(folder, cases, observations, predictions, asked.show))


def own_case(path: Path, requests: Path | None) -> Case:
    text = path.read_text()
    return Case(path.stem, text, read_requests(requests) if requests else plain_requests(text))


def copy_included(configuration: Path, folder: Path) -> None:
    """Files beside the configuration, which it may include by a relative path."""
    (folder / "configs").mkdir(parents=True, exist_ok=True)
    for path in configuration.resolve().parent.iterdir():
        if path.is_file() and path.suffix not in (".pcap", ".pcapng") and path.name != configuration.name:
            shutil.copy(path, folder / "configs" / path.name)


def observe(folder: Path, cases: list[Case]) -> dict[str, dict]:
    lines = sandbox.record_all(folder, cases)
    (folder / "observations.jsonl").write_text("".join(line + "\n" for line in lines))
    records = [json.loads(line) for line in lines]
    return {record["id"]: record for record in records}


def predict(folder: Path, observations: list[dict], wsreplay: Path | None) -> dict[str, dict]:
    if wsreplay is None or not wsreplay.exists():
        sys.exit("there is no wsreplay: run `swift build --product wsreplay`, or name one with --wsreplay")
    file = folder / "predictions.jsonl"
    inputs = folder / "inputs.jsonl"
    inputs.write_text("".join(json.dumps(without_results(observation)) + "\n" for observation in observations))
    command = [wsreplay, "fidelity", folder, "--observations", inputs, "--predictions", file]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode not in (0, 1, 3) or not file.exists():
        print(ran.stderr.strip() or ran.stdout.strip(), file=sys.stderr)
        sys.exit(2)
    records = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    return {record["id"]: record for record in records}


def without_results(observation: dict) -> dict:
    """What the model gets to see: the inputs and what the backends answered, nothing of what nginx did.

    The attempts are sorted, so that their order does not tell which upstream nginx chose.
    """
    results = {"client_receives_base64": "", "client_receives_at": [], "status": None, "closed_by": None}
    attempts = [{**attempt, "received_base64": ""} for attempt in observation["upstream"]]
    attempts.sort(key=lambda attempt: attempt["address"])
    inputs = {**observation, **results, "error_log": [], "upstream": attempts}
    inputs.pop("close", None)
    if "check_stderr" in observation:
        inputs |= {"check_stderr": "", "check_exit": 0}
    return inputs


def report(folder: Path, cases: list[Case], observations: dict, predictions: dict, show: int) -> int:
    found = [disagreement(seen, predictions.get(name)) for name, seen in observations.items()]
    found = [difference for difference in found if difference]
    unstable = unstable_ids(folder, cases, observations, found)
    real = [difference for difference in found if difference.id not in unstable]
    for difference in real[:show]:
        print(difference)
    if len(real) > show:
        print(f"… and {len(real) - show} more")
    if unstable:
        print(f"{len(unstable)} differ between two recordings of nginx itself and do not count: {', '.join(unstable)}")
    refused = sum("check_stderr" in seen for seen in observations.values())
    counted = len(observations) - len(unstable)
    print(
        f"{counted - len(real)} of {counted} observations agree byte for byte"
        f" ({len(cases)} configurations, {refused} refused by nginx)"
    )
    return 1 if real else 0


def unstable_ids(folder: Path, cases: list[Case], observations: dict, found: list[Disagreement]) -> list[str]:
    """Observations that come out differently when the configurations that disagree are recorded again."""
    configurations = {observations[difference.id]["config"] for difference in found}
    again = [case for case in cases if f"configs/{case.name}.conf" in configurations]
    records = [json.loads(line) for line in sandbox.record_all(folder, again)]
    second = {record["id"]: record for record in records}
    ids = [difference.id for difference in found]
    return [
        name
        for name in ids
        if stable_part(second.get(name, {**observations[name], "status": -1})) != stable_part(observations[name])
    ]


def built_wsreplay() -> Path | None:
    built = [REPOSITORY / ".build" / kind / "wsreplay" for kind in ("release", "debug")]
    return max((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime, default=None)


if __name__ == "__main__":
    main()
