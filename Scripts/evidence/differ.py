#!/usr/bin/env python3
"""Compares wsreplay with tshark, connection by connection: requests, statuses, and the frames of both ends.

python3 Scripts/evidence/differ.py --wsreplay PROGRAM [--generated] [--captures FOLDER] [NAME…]

The bundled captures are compared; with --generated those of generate.py, too, and with --captures those in a folder.
Each disagreement must have a line in explained.tsv that says who is right and why, and each line there must be needed:
an unexplained disagreement fails, and so does an explanation of nothing, or a ledger that does not close.
"""

import argparse
import csv
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import tshark
from check import REPOSITORY, inspected
from generate import generate
from truth import ledger_faults

EXPLAINED = Path(__file__).resolve().parent / "explained.tsv"
#: Messages of more bytes than tshark dissects in a time that anybody has.
LARGEST = 20_000_000


@dataclass(frozen=True)
class Disagreement:
    """`what` is one of requests, statuses, client frames, server frames, error."""

    capture: str
    stream: int
    what: str
    tshark: str
    wsreplay: str

    def __str__(self) -> str:
        return (
            f"{self.capture}, TCP stream {self.stream}: {self.what}\n"
            f"    tshark   {self.tshark[:300]}\n    wsreplay {self.wsreplay[:300]}"
        )


@dataclass(frozen=True)
class Explanation:
    """Who is right and why, about captures whose names match."""

    capture: str
    what: str
    right: str
    why: str

    def covers(self, disagreement: Disagreement) -> bool:
        return fnmatchcase(disagreement.capture, self.capture) and fnmatchcase(disagreement.what, self.what)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only captures of these names")
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--generated", action="store_true")
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--show", type=int, default=20, help="how many unexplained disagreements are printed (20)")
    asked = parser.parse_args()
    if tshark.program() is None:
        print("SKIPPED: nothing is compared with tshark, which is not here")
        return
    with tempfile.TemporaryDirectory(prefix="wsreplay-differ-") as scratch:
        captures = {f"bundled/{path.parent.name}": path for path in sorted((REPOSITORY / "Captures").glob("*/*.pcap*"))}
        if asked.generated:
            captures |= {f"generated/{path.name.split('.pcap')[0]}": path for path in generate(Path(scratch))}
        if asked.captures:
            files = (path for path in sorted(asked.captures.iterdir()) if path.suffix != ".keys")
            captures |= {f"shared/{path.name}": path for path in files if path.stat().st_size < LARGEST}
        if asked.names:
            captures = {
                name: path for name, path in captures.items() if any(fnmatchcase(name, one) for one in asked.names)
            }
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            compared = list(pool.map(lambda one: compare(asked.wsreplay, *one), captures.items()))
    sys.exit(report(compared, set(captures), read_explained(), asked.show))


def report(
    compared: list[tuple[int, list[Disagreement]]], captures: set[str], explained: list[Explanation], show: int
) -> int:
    found = [disagreement for _, disagreements in compared for disagreement in disagreements]
    unexplained = [one for one in found if not any(explanation.covers(one) for explanation in explained)]
    for disagreement in unexplained[:show]:
        print(disagreement)
    if len(unexplained) > show:
        print(f"… and {len(unexplained) - show} more (--show)")
    # Lines about captures that were not compared in this run say nothing.
    asked = [one for one in explained if any(fnmatchcase(name, one.capture) for name in captures)]
    useless = [one for one in asked if not any(one.covers(disagreement) for disagreement in found)]
    for explanation in useless:
        print(f"{EXPLAINED.name}: nothing disagrees any more: {explanation.capture}, {explanation.what}")
    streams = sum(count for count, _ in compared)
    places = {(one.capture, one.stream) for one in found}
    print(
        f"{streams - len(places)} of {streams} connections in {len(compared)} captures agree with tshark"
        f" {tshark.version()}; {len(found) - len(unexplained)} disagreements are explained,"
        f" {len(unexplained)} are not"
    )
    return 1 if unexplained or useless or not compared else 0


def compare(wsreplay: Path, name: str, capture: Path) -> tuple[int, list[Disagreement]]:
    """How many connections there are, and what differs."""
    status, document = inspected(wsreplay, capture)
    read = document["captures"][0] if document and "captures" in document else None
    sessions = read["sessions"] if read else []
    ours: dict[int, list[dict]] = {}
    for session in sessions:
        ours.setdefault(session["tcpStream"], []).append(session)
    ports = {int(session["server"].rpartition(":")[2]) for session in sessions}
    try:
        theirs = tshark.streams(capture, ports)
    except OSError as error:
        return 1, [Disagreement(name, -1, "error", str(error), f"exit status {status}, {len(sessions)} sessions")]
    numbers = sorted(ours.keys() | theirs.keys())
    found = [Disagreement(name, -1, "error", "", fault) for fault in (ledger_faults(read) if read else [])]
    for number in numbers:
        mine, other = of_wsreplay(ours.get(number, [])), of_tshark(theirs.get(number, tshark.Stream()))
        found += [
            Disagreement(name, number, what, _shown(other[what], mine[what]), _shown(mine[what], other[what]))
            for what in mine
            if mine[what] != other[what]
        ]
    return len(numbers), found


def of_wsreplay(sessions: list[dict]) -> dict[str, list]:
    return {
        "requests": [session["request"]["method"] for session in sessions],
        "statuses": [session["response"]["status"] for session in sessions if session["response"]],
    } | {
        f"{party} frames": [
            (frame["opcode"], frame["fin"], frame["masked"], frame["length"])
            for session in sessions
            for frame in session["frames"]
            if frame["direction"] == party
        ]
        for party in ("client", "server")
    }


def of_tshark(stream: tshark.Stream) -> dict[str, list]:
    """Interim responses are left out: `inspect` lists the response that counts."""
    frames = {
        party: [
            (frame.opcode, frame.fin, frame.masked, frame.length)
            for sender, frames in stream.frames.items()
            if (sender in stream.clients) == (party == "client")
            for frame in frames
        ]
        for party in ("client", "server")
    }
    return {
        "requests": stream.requests,
        "statuses": [status for status in stream.statuses if status == 101 or status >= 200],
        "client frames": frames["client"],
        "server frames": frames["server"],
    }


def _shown(one: list, other: list) -> str:
    """A list from its first difference on."""
    same = next((number for number, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(one), len(other)) if same is None else same
    return f"{len(one)}" + (f", number {start + 1} on: {one[start : start + 6]}" if start < len(one) else "")


def read_explained() -> list[Explanation]:
    with EXPLAINED.open(newline="") as file:
        return [Explanation(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


if __name__ == "__main__":
    main()
