"""Measures whole processes, in turns: CPU seconds (user and system) and the largest resident set.

Ratios to the bare loop wobble less than seconds, and the smallest of some rounds less than their mean. Where the
generator is not at hand, the bundled captures are measured; they are small, so that starting up is most of it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


@dataclass(frozen=True)
class Cost:
    """Of one run of a program."""

    cpu: float
    megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--profiles", default="chat")
    parser.add_argument("--size", default="30M")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wsreplay-bench-") as scratch:
        loop = Path(scratch, "pcap_loop")
        subprocess.run(["cc", "-O2", "-o", loop, HERE / "pcap_loop.c", "-lpcap"], check=True)
        for capture in captures(asked, Path(scratch)):
            measure(capture, programs(loop, asked.wsreplay, capture), asked.rounds)


def captures(asked: argparse.Namespace, scratch: Path) -> list[Path]:
    if not asked.generator.exists():
        print(f"SKIPPED: no large captures, there is no {asked.generator}; the bundled ones are measured")
        return sorted((REPOSITORY / "Captures").glob("*/capture.pcap*"), key=lambda path: -path.stat().st_size)[:3]
    made = []
    for profile in asked.profiles.split():
        capture = scratch / f"{profile}.pcap"
        command = [sys.executable, "-B", asked.generator, "--profile", profile, "--size", asked.size, "--seed", "1"]
        subprocess.run([*command, "--out", capture], check=True, stdout=subprocess.DEVNULL)
        made.append(capture)
    return made


def programs(loop: Path, wsreplay: Path, capture: Path) -> dict[str, list]:
    every = {
        "pcap_loop": [loop, capture],
        "wsreplay inspect": [wsreplay, "inspect", capture],
        "wsreplay inspect --format json": [wsreplay, "inspect", capture, "--format", "json"],
    }
    if tshark := shutil.which("tshark"):
        fields = [
            part for name in ("tcp.stream", "websocket.opcode", "websocket.payload_length") for part in ("-e", name)
        ]
        every["tshark -Y websocket -T fields"] = [
            tshark,
            "-n",
            "-r",
            capture,
            "-Y",
            "websocket",
            "-T",
            "fields",
            *fields,
        ]
    return every


def measure(capture: Path, every: dict[str, list], rounds: int) -> None:
    costs: dict[str, list[Cost]] = {name: [] for name in every}
    for number in range(rounds):
        for name, command in every.items():
            if name.startswith("tshark") and number > 0:
                continue  # some hundred times the loop: once is enough to see it
            costs[name].append(cost(command))
    print(f"\n{capture.name}, {capture.stat().st_size / 1e6:.0f} MB; the best of {rounds} rounds")
    print(f"  {'':32}{'CPU s':>9}{'to loop':>9}{'MB':>8}")
    yardstick = min(costs["pcap_loop"], key=lambda one: one.cpu).cpu
    for name, measured in costs.items():
        best = min(measured, key=lambda one: one.cpu)
        most = max(one.megabytes for one in measured)
        ratio = f"{best.cpu / yardstick:.1f}" if yardstick > 0 else "-"
        print(f"  {name:32}{best.cpu:>9.3f}{ratio:>9}{most:>8.0f}")


def cost(command: list) -> Cost:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with process.stderr as stream:
        said = stream.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
