#!/usr/bin/env python3
"""Damages captures at random, and expects of wsreplay results or a clear error, in bounded time and memory.

python3 Scripts/evidence/damage.py --wsreplay PROGRAM [--seed N] [--count N] [--keep FOLDER]

Each number from the seed on is one damaged capture, the same in every run: a bundled or generated one, cut behind a
packet or inside one, with bytes changed, or with packets lost, doubled and swapped. Whatever it is, the ledgers of what
is read must close: packets and bytes in = packets and bytes accounted for. A failure names the number that shows it.
"""

import argparse
import gzip
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from check import REPOSITORY
from generate import generate
from measure import run
from records import Records
from truth import ledger_faults

#: What a capture of less than a megabyte may take.
MEBIBYTES, SECONDS = 200, 60


@dataclass(frozen=True)
class Trial:
    """One damaged capture."""

    seed: int
    capture: str
    damage: str
    path: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="damaged captures that show a failure are copied there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wsreplay-damage-") as scratch:
        folder = Path(scratch)
        captures = sorted((REPOSITORY / "Captures").glob("*/capture.pcap*")) + generate(folder / "generated")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            seeds = range(asked.seed, asked.seed + asked.count)
            failed = sum(
                pool.map(lambda seed: fails(asked.wsreplay, damaged(seed, captures, folder), asked.keep), seeds)
            )
    print(f"{asked.count - failed} of {asked.count} damaged captures end as they should (seeds from {asked.seed})")
    sys.exit(1 if failed else 0)


def damaged(seed: int, captures: list[Path], folder: Path) -> Trial:
    chance = random.Random(seed)
    capture = chance.choice(captures)
    is_compressed = capture.suffix == ".gz"
    data = gzip.decompress(capture.read_bytes()) if is_compressed else capture.read_bytes()
    damage = chance.choice(DAMAGES)
    data = damage(data, chance)
    if is_compressed:
        data = gzip.compress(data, 1, mtime=0)
        if chance.random() < 0.3:
            data = flip(data, chance)
    path = folder / f"damaged-{seed}{''.join(capture.suffixes[-2:])}"
    path.write_bytes(data)
    name = capture.parent.name if capture.stem == "capture" else capture.name
    return Trial(seed, name, damage.__name__, path)


def fails(wsreplay: Path, trial: Trial, keep: Path | None) -> bool:
    problem = problem_with(wsreplay, trial.path)
    if problem:
        print(f"seed {trial.seed}, {trial.capture}, {trial.damage}: {problem}", flush=True)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / trial.path.name).write_bytes(trial.path.read_bytes())
    trial.path.unlink()
    return problem is not None


def problem_with(wsreplay: Path, capture: Path) -> str | None:
    try:
        ended = run([wsreplay, "inspect", capture, "--frames", "--format", "json"], SECONDS)
    except subprocess.TimeoutExpired:
        return f"it took more than {SECONDS} s"
    if ended.status not in (0, 1, 2, 3):
        return f"exit status {ended.status}, which must never be"
    if ended.mebibytes > MEBIBYTES:
        return f"it took {ended.mebibytes:.0f} MiB"
    document = ended.document
    if document is None or "captures" not in document:
        return None if ended.status == 2 and ended.errors.strip() else f"no result and no error, status {ended.status}"
    faults = ledger_faults(document["captures"][0])
    return faults[0] if faults else None


def cut(data: bytes, chance: random.Random) -> bytes:
    """Ends behind a packet."""
    records = Records(data)
    return records.joined(records.packets[: chance.randint(0, len(records.packets))])


def cut_inside(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Up to eight bytes become others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= chance.randint(1, 255)
    return bytes(changed)


def flip_inside(data: bytes, chance: random.Random) -> bytes:
    """The same behind the headers of the packets, so that most of the file is read."""
    records = Records(data)
    packets = list(records.packets)
    for _ in range(chance.randint(1, 8)):
        number = chance.randrange(len(packets))
        changed = bytearray(packets[number])
        changed[chance.randrange(min(28, len(changed) - 1), len(changed) - 4 * records.is_pcapng)] ^= chance.randint(
            1, 255
        )
        packets[number] = bytes(changed)
    return records.joined(packets)


def mix(data: bytes, chance: random.Random) -> bytes:
    """Packets lost, doubled and swapped."""
    records = Records(data)
    packets = list(records.packets)
    for _ in range(chance.randint(1, 6)):
        if len(packets) < 3:
            break
        number = chance.randrange(len(packets) - 1)
        match chance.randrange(4):
            case 0:
                del packets[number]
            case 1:
                packets.insert(number, packets[number])
            case 2:
                packets[number], packets[number + 1] = packets[number + 1], packets[number]
            case 3:
                packets.insert(chance.randrange(len(packets)), packets.pop(number))
    return records.joined(packets)


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, cut_inside, flip, flip_inside, mix)


if __name__ == "__main__":
    main()
