"""Compares wsreplay with recorded truth, prints for each kind how many cases agree, and fails where it became worse.

python3 Scripts/conformance/compare.py FOLDER --wsreplay PROGRAM [--only NAME…] [--show N] [--update]

FOLDER may hold any of
    captures/   captures/*, truth/NAME.json, check_inspect.py        what is in a capture
    nginx/      configs/*, observations*.jsonl, check_model.py       what real proxies did
    needs/      configs/*.conf, configs/GOLDEN.tsv                 configurations of people, and what nginx made of them
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from configurations import compare_configurations
from lint import compare_lint
from result import Agreement

AGREED = Path(__file__).resolve().parent / "agreed.tsv"


@dataclass(frozen=True)
class Comparison:
    """A kind of comparison, and the part of the folder that it needs."""

    name: str
    needs: Path
    run: Callable[[], Agreement]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--show", type=int, default=15, help="how many disagreements of each kind are printed (15)")
    parser.add_argument("--update", action="store_true", help="write the numbers of this run to agreed.tsv")
    asked = parser.parse_args()
    known = read_agreed()
    found: dict[str, Agreement] = {}
    with tempfile.TemporaryDirectory(prefix="wsreplay-conformance-") as scratch:
        for comparison in comparisons(asked.folder, asked.wsreplay.resolve(), Path(scratch), asked.show):
            if asked.only and comparison.name not in asked.only:
                continue
            if not comparison.needs.exists():
                print(f"\n== {comparison.name}: SKIPPED, there is no {comparison.needs}")
                continue
            print(f"\n== {comparison.name}", flush=True)
            began = time.monotonic()
            agreement = comparison.run()
            found[comparison.name] = agreement
            print("\n".join(agreement.lines))
            print(f"({time.monotonic() - began:.0f} s)")
    print()
    worse = [name for name, agreement in found.items() if summed_up(name, agreement, known.get(name))]
    if asked.update:
        write_agreed({**known, **found})
    elif worse:
        sys.exit(f"worse than {AGREED.name} says: {', '.join(worse)}")
    if not found:
        sys.exit(f"nothing to compare with in {asked.folder}")


def summed_up(name: str, now: Agreement, before: Agreement | None) -> bool:
    """Prints the line of a comparison; whether fewer agree than before. Another number of cases is another truth."""
    line = f"AGREE {now.agree:>5} of {now.cases:>5}  {name}"
    if before is None or before.cases != now.cases:
        print(f"{line}  (no earlier number to compare with)")
        return False
    print(line + ("" if now.agree == before.agree else f"  (before: {before.agree})"))
    return now.agree < before.agree


def comparisons(folder: Path, wsreplay: Path, scratch: Path, show: int) -> list[Comparison]:
    captures, nginx, needs = folder / "captures", folder / "nginx", folder / "needs" / "configs"
    every = [Comparison("captures", captures, lambda: compare_captures(captures, wsreplay, scratch, show))]
    every += [
        Comparison(observations.stem, nginx, lambda path=observations: compare_proxy(path, wsreplay, scratch, show))
        for observations in sorted(nginx.glob("observations*.jsonl"))
    ]
    every.append(Comparison("configurations", needs, lambda: compare_configurations(needs, wsreplay, show)))
    every.append(Comparison("lint", needs, lambda: compare_lint(needs, wsreplay, show)))
    return every


def compare_captures(folder: Path, wsreplay: Path, scratch: Path, show: int) -> Agreement:
    """Every session of every capture: heads, frames, messages, closes."""
    out = scratch / "inspect"
    out.mkdir()
    failed = []
    for truth in sorted((folder / "truth").glob("*.json")):
        capture = next((folder / "captures").glob(f"{truth.stem}.pcap*"), None) or capture_named(folder, truth)
        command = [wsreplay, "inspect", capture, "--frames", "--format", "json"]
        with (out / truth.name).open("wb") as file:
            ran = subprocess.run(command, stdout=file, stderr=subprocess.PIPE)
        if ran.returncode not in (0, 1, 2, 3):
            failed.append(f"{capture.name}: exit status {ran.returncode}, which must never be")
        if not (out / truth.name).stat().st_size:
            (out / truth.name).write_text('{"captures": []}')
    text = checked([sys.executable, "-B", folder / "check_inspect.py", "--dir", folder / "truth", out, "-q"])
    agree, cases = counted(text, r"(\d+) of (\d+) sessions agree")
    return Agreement(agree, cases, failed + shortened(text.splitlines()[:-1], show))


def capture_named(folder: Path, truth: Path) -> Path:
    name = re.search(r'"capture": *"([^"]+)"', truth.read_text())
    return folder / "captures" / (name[1] if name else truth.stem)


def compare_proxy(observations: Path, wsreplay: Path, scratch: Path, show: int) -> Agreement:
    """Every observation of a real proxy: upstreams tried, bytes on both sides, status, who closed."""
    predictions = scratch / f"predictions-{observations.stem}.jsonl"
    command = [wsreplay, "fidelity", observations.parent, "--observations", observations, "--predictions", predictions]
    ran = subprocess.run(command, capture_output=True, text=True)
    if not predictions.exists():
        predictions.touch()
    checker = [sys.executable, "-B", observations.parent / "check_model.py", observations, predictions]
    text = checked([*checker, "--show", str(show)]) if predictions.stat().st_size else ""
    if not text:
        cases = sum(1 for line in observations.open() if line.strip())
        return Agreement(0, cases, [f"no predictions: {ran.stderr.strip() or ran.returncode}"])
    agree, cases = counted(text, r"(\d+) of (\d+) observations agree")
    return Agreement(agree, cases, text.splitlines()[:-1])


def shortened(lines: list[str], show: int) -> list[str]:
    return lines if len(lines) <= show else [*lines[:show], f"… and {len(lines) - show} more lines (--show)"]


def checked(command: list) -> str:
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        sys.exit(f"{command[2]}: {ran.stderr.strip()}")
    return ran.stdout


def counted(text: str, pattern: str) -> tuple[int, int]:
    match = re.search(pattern, text)
    if not match:
        sys.exit(f"the checker prints no `{pattern}`")
    return int(match[1]), int(match[2])


def read_agreed() -> dict[str, Agreement]:
    rows = [line.split("\t") for line in AGREED.read_text().splitlines()[1:]] if AGREED.exists() else []
    return {name: Agreement(int(agree), int(cases)) for name, agree, cases in rows}


def write_agreed(every: dict[str, Agreement]) -> None:
    rows = [f"{name}\t{every[name].agree}\t{every[name].cases}\n" for name in sorted(every)]
    AGREED.write_text("comparison\tagree\tcases\n" + "".join(rows))


if __name__ == "__main__":
    main()
