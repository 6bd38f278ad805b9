#!/usr/bin/env python3
"""Writes random configurations and requests; the same seed gives the same bytes.

python3 Scripts/oracle/generate.py --seed 1 --count 40 --out FOLDER

FOLDER/configs/NAME.conf and FOLDER/requests/NAME.jsonl; NAME holds the seed, so one case can be made again alone:
`--seed SEED+N --count 1` is the (N+1)-th of `--seed SEED`.
"""

import argparse
from pathlib import Path
from random import Random

from oracle.case import Case
from oracle.configuration import configuration
from oracle.requests import random_requests


def random_case(seed: int) -> Case:
    # Version 2 of seeding by text is the same on every Python from 3.2 on.
    random = Random(f"wsreplay oracle {seed}")
    text = configuration(random)
    return Case(f"seed{seed:05}", text, random_requests(random, text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    for seed in range(asked.seed, asked.seed + asked.count):
        random_case(seed).write(asked.out)


if __name__ == "__main__":
    main()
