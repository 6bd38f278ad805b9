"""Compares wsreplay with recorded truth: how many cases of each kind agree, and which do not.

python3 Scripts/conformance/compare.py FOLDER --wsreplay PROGRAM [--only NAME…] [--show N] [--document]

Fails where a case differs that known-misses.tsv does not name, where one agrees that it names, and where the score in
Documentation/fidelity.md is not that of this run; --document writes it.

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

import scores
from configurations import compare_configurations
from lint import compare_lint
from misses import FILE, mended_misses, new_misses, read_known
from result import Agreement


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
    parser.add_argument("--document", action="store_true", help="write the score into Documentation/fidelity.md")
    asked = parser.parse_args()
    found: dict[str, Agreement] = {}
    with tempfile.TemporaryDirectory(prefix="wsreplay-conformance-") as scratch:
        for comparison in comparisons(asked.folder, asked.wsreplay.resolve(), Path(scratch)):
            if asked.only and comparison.name not in asked.only:
                continue
            if not comparison.needs.exists():
                print(f"\n== {comparison.name}: SKIPPED, there is no {comparison.needs}")
                continue
            print(f"\n== {comparison.name}", flush=True)
            began = time.monotonic()
            found[comparison.name] = comparison.run()
            print("\n".join(shown(found[comparison.name], asked.show)))
            print(f"({time.monotonic() - began:.0f} s)")
    print()
    if not found:
        sys.exit(f"nothing to compare with in {asked.folder}")
    problems = judged(found)
    if not asked.only:
        problems += documented(found, asked.document)
    if problems:
        sys.exit("\n".join(problems))


def shown(agreement: Agreement, show: int) -> list[str]:
    """The areas, and the first of the cases that differ."""
    lines = [f"    {area:<28} {agree} of {cases}" for area, (agree, cases) in sorted(agreement.areas.items())]
    differing = [f"    DIFFER {case}: {what}" for case, what in agreement.misses.items()]
    return lines + shortened(differing, show)


def judged(found: dict[str, Agreement]) -> list[str]:
    """Prints the sum of each comparison; what is not as known-misses.tsv says."""
    known, problems = read_known(), []
    for name, agreement in found.items():
        print(f"AGREE {agreement.agree:>5} of {agreement.cases:>5}  {name}")
        problems += [f"new miss in {name}: {case}" for case in new_misses(name, agreement, known)]
        for case in mended_misses(name, agreement, known):
            problems.append(f"mended in {name}: {case}. Take its row out of {FILE.name}")
    return problems


def documented(found: dict[str, Agreement], write: bool) -> list[str]:
    page, committed = scores.page_with(found, read_known()), scores.PAGE.read_text()
    if write:
        scores.PAGE.write_text(page)
    elif scores.cases(page) != scores.cases(committed):
        print(f"{scores.PAGE.name} is about other cases than this folder holds: not compared")
    elif page != committed:
        return [f"{scores.PAGE.name} has another score than this run: write it with --document"]
    return []


def comparisons(folder: Path, wsreplay: Path, scratch: Path) -> list[Comparison]:
    captures, nginx, needs = folder / "captures", folder / "nginx", folder / "needs" / "configs"
    every = [Comparison("captures", captures, lambda: compare_captures(captures, wsreplay, scratch))]
    every += [
        Comparison(path.stem, nginx, lambda path=path: compare_proxy(path, wsreplay, scratch))
        for path in sorted(nginx.glob("observations*.jsonl"), key=lambda path: path.stem)
    ]
    every.append(Comparison("configurations", needs, lambda: compare_configurations(needs, wsreplay)))
    every.append(Comparison("lint", needs, lambda: compare_lint(needs, wsreplay)))
    return every


def compare_captures(folder: Path, wsreplay: Path, scratch: Path) -> Agreement:
    """Every session of every capture: heads, frames, messages, closes."""
    out = scratch / "inspect"
    out.mkdir()
    misses: dict[str, str] = {}
    for truth in sorted((folder / "truth").glob("*.json")):
        capture = next((folder / "captures").glob(f"{truth.stem}.pcap*"), None) or capture_named(folder, truth)
        command = [wsreplay, "inspect", capture, "--frames", "--format", "json"]
        with (out / truth.name).open("wb") as file:
            ran = subprocess.run(command, stdout=file, stderr=subprocess.PIPE)
        if ran.returncode not in (0, 1, 2, 3):
            misses[capture.name] = f"exit status {ran.returncode}, which must never be"
        if not (out / truth.name).stat().st_size:
            (out / truth.name).write_text('{"captures": []}')
    text = checked([sys.executable, "-B", folder / "check_inspect.py", "--dir", folder / "truth", out, "-q"])
    _, cases = counted(text, r"(\d+) of (\d+) sessions agree")
    return Agreement(cases, misses | differing_sessions(text))


def differing_sessions(text: str) -> dict[str, str]:
    """From the checker's lines: a capture's name, and below it `DIFFER CLIENT > SERVER TARGET: what`."""
    misses, capture = {}, ""
    for line in text.splitlines():
        if match := re.match(r"    DIFFER (\S+ > \S+) .*?: (.*)", line):
            misses[f"{capture} {match[1]}"] = match[2]
        elif match := re.match(r"(\S+) +\d+ of \d+$", line):
            capture = match[1]
    return misses


def capture_named(folder: Path, truth: Path) -> Path:
    name = re.search(r'"capture": *"([^"]+)"', truth.read_text())
    return folder / "captures" / (name[1] if name else truth.stem)


def compare_proxy(observations: Path, wsreplay: Path, scratch: Path) -> Agreement:
    """Every observation of a real proxy: upstreams tried, bytes on both sides, status, who closed."""
    predictions = scratch / f"predictions-{observations.stem}.jsonl"
    command = [wsreplay, "fidelity", observations.parent, "--observations", observations, "--predictions", predictions]
    ran = subprocess.run(command, capture_output=True, text=True)
    if not predictions.exists() or not predictions.stat().st_size:
        sys.exit(f"no predictions for {observations}: {ran.stderr.strip() or ran.returncode}")
    checker = [sys.executable, "-B", observations.parent / "check_model.py", observations, predictions]
    text = checked([*checker, "--show", "1000000"])
    _, cases = counted(text, r"(\d+) of (\d+) observations agree")
    misses = dict(re.findall(r"^(\S+): (.*)$", text, re.MULTILINE))
    areas = re.findall(r"^(\S+) +(\d+) +(\d+)  +[\d.]+%", text, re.MULTILINE)
    return Agreement(cases, misses, {area: (int(agree), int(total)) for area, total, agree in areas})


def shortened(lines: list[str], show: int) -> list[str]:
    return lines if len(lines) <= show else [*lines[:show], f"    … and {len(lines) - show} more (--show)"]


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


if __name__ == "__main__":
    main()
