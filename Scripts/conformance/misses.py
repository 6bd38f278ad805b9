"""The known misses: cases in which wsreplay is known to disagree with the truth, each with its reason.

known-misses.tsv has a row for each: the comparison (`observations*` stands for every version), the case, the reason.
A miss that has no row is new; a row without its miss was mended and must go.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from result import Agreement

FILE = Path(__file__).resolve().parent / "known-misses.tsv"


@dataclass(frozen=True)
class KnownMiss:
    comparison: str
    case: str
    reason: str

    def covers(self, comparison: str) -> bool:
        return fnmatchcase(comparison, self.comparison)


def read_known() -> list[KnownMiss]:
    rows = [line.split("\t") for line in FILE.read_text().splitlines()[1:] if line.strip()]
    return [KnownMiss(*row) for row in rows]


def new_misses(comparison: str, agreement: Agreement, known: list[KnownMiss]) -> list[str]:
    expected = {miss.case for miss in known if miss.covers(comparison)}
    return [case for case in agreement.misses if case not in expected]


def mended_misses(comparison: str, agreement: Agreement, known: list[KnownMiss]) -> list[str]:
    return [miss.case for miss in known if miss.covers(comparison) and miss.case not in agreement.misses]
