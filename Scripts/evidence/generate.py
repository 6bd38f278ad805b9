#!/usr/bin/env python3
"""Writes captures of every kind with the truth about each, known by construction.

python3 Scripts/evidence/generate.py FOLDER [NAME…]

FOLDER gets NAME.pcap (or .pcapng, .gz) and NAME.json: what it shows, and what `wsreplay inspect --frames --format json`
must find in it. The same bytes in every run. A NAME that ends in * stands for all that start with what is before it.
"""

import argparse
import json
from fnmatch import fnmatchcase
from pathlib import Path

import catalogue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args()
    print(f"{len(generate(asked.folder, asked.names))} captures in {asked.folder}")


def generate(folder: Path, names: list[str] | tuple[str, ...] = ()) -> list[Path]:
    """Writes the captures and their truth; the paths of the captures."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for case in catalogue.every():
        if names and not any(fnmatchcase(case.name, name) for name in names):
            continue
        if case.name in written:
            raise SystemExit(f"two cases are called {case.name}")
        path = folder / case.file_name
        path.write_bytes(case.data)
        truth = {"capture": case.file_name, "shows": case.shows, **case.truth}
        (folder / f"{case.name}.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
        written[case.name] = path
    return list(written.values())


if __name__ == "__main__":
    main()
