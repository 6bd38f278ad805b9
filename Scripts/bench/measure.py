"""Measures whole processes, in turns: CPU seconds (user and system), wall time and the largest resident set.

Ratios to the bare loop wobble less than seconds, and the smallest of some rounds less than their mean. Where the
generator is not at hand, the bundled captures are measured; they are small, so that starting up is most of it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


# What `inspect` may cost on the chat profile, at 300 MB and more: times the loop's CPU, and megabytes.
GOAL = {"cpu": 3.5, "megabytes": 64}
# Peers that take hundreds of times the loop's time, and memory with every packet, are measured up to here.
SLOW_PEERS_UP_TO = 50e6


@dataclass(frozen=True)
class Cost:
    """Of one run of a program."""

    cpu: float
    wall: float
    megabytes: float


@dataclass(frozen=True)
class Program:
    """A command to measure; a slow one is run once, and on small captures only."""

    name: str
    command: list
    is_slow: bool = False
    has_goal: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--profiles", default="chat")
    parser.add_argument("--sizes", default="30M 300M")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wsreplay-bench-") as scratch:
        loop = Path(scratch, "pcap_loop")
        subprocess.run(["cc", "-O2", "-o", loop, HERE / "pcap_loop.c", "-lpcap"], check=True)
        for capture in captures(asked, Path(scratch)):
            measure(capture, programs(loop, asked.wsreplay, capture, Path(scratch)), asked.rounds)
            if capture.is_relative_to(scratch):
                capture.unlink()


def captures(asked: argparse.Namespace, scratch: Path) -> Iterator[Path]:
    if asked.generator is None or not asked.generator.exists():
        print(f"SKIPPED: no large captures, there is no {asked.generator}; the bundled ones are measured")
        yield from sorted((REPOSITORY / "Captures").glob("*/capture.pcap*"), key=lambda path: -path.stat().st_size)[:3]
        return
    for profile in asked.profiles.split():
        for size in asked.sizes.split():
            capture = scratch / f"{profile}-{size}.pcap"
            command = [sys.executable, "-B", asked.generator, "--profile", profile, "--size", size, "--seed", "1"]
            subprocess.run([*command, "--out", capture], check=True, stdout=subprocess.DEVNULL)
            yield capture


def programs(loop: Path, wsreplay: Path, capture: Path, scratch: Path) -> list[Program]:
    inspect = [wsreplay, "inspect", capture]
    fields = [part for name in ("tcp.stream", "websocket.opcode", "websocket.payload_length") for part in ("-e", name)]
    every = [
        Program("pcap_loop", [loop, capture]),
        Program("wsreplay inspect", inspect, has_goal=capture.name.startswith("chat")),
        Program("wsreplay inspect --jobs 1", [*inspect, "--jobs", "1"], has_goal=capture.name.startswith("chat")),
        Program("wsreplay inspect --format json", [*inspect, "--format", "json"]),
        Program("tcpdump -w /dev/null", ["tcpdump", "-r", capture, "-w", "/dev/null"]),
        Program("tcpflow -o FOLDER", ["tcpflow", "-r", capture, "-o", scratch / "flows"], is_slow=True),
        Program(
            "tshark -Y websocket -T fields",
            ["tshark", "-n", "-r", capture, "-Y", "websocket", "-T", "fields", *fields],
            is_slow=True,
        ),
    ]
    return [one for one in every if isinstance(one.command[0], Path) or shutil.which(one.command[0])]


def measure(capture: Path, every: list[Program], rounds: int) -> None:
    size = capture.stat().st_size
    skipped = [one.name for one in every if one.is_slow and size > SLOW_PEERS_UP_TO]
    costs: dict[str, list[Cost]] = {one.name: [] for one in every if one.name not in skipped}
    for number in range(rounds):
        for one in every:
            if one.name in costs and not (one.is_slow and number > 0):
                costs[one.name].append(cost(one.command))
    print(f"\n{capture.name}, {size / 1e6:.0f} MB; the best of {rounds} rounds")
    print(f"  {'':32}{'CPU s':>9}{'to loop':>9}{'goal':>7}{'wall s':>9}{'MB':>7}{'goal':>6}")
    yardstick = min(costs["pcap_loop"], key=lambda one: one.cpu).cpu
    for one in every:
        if one.name in costs:
            print(row(one, costs[one.name], yardstick))
    if skipped:
        print(f"  left out beyond {SLOW_PEERS_UP_TO / 1e6:.0f} MB: {', '.join(skipped)}")


def row(program: Program, measured: list[Cost], yardstick: float) -> str:
    cpu, wall = min(one.cpu for one in measured), min(one.wall for one in measured)
    ratio = f"{cpu / yardstick:.1f}" if yardstick > 0 else "-"
    goals = GOAL if program.has_goal else {"cpu": "", "megabytes": ""}
    megabytes = max(one.megabytes for one in measured)
    return (
        f"  {program.name:32}{cpu:>9.3f}{ratio:>9}{goals['cpu']:>7}{wall:>9.3f}{megabytes:>7.0f}"
        f"{goals['megabytes']:>6}"
    )


def cost(command: list) -> Cost:
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with process.stderr as stream:
        said = stream.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
