"""Writes the score into Documentation/fidelity.md, between the two marks: what agrees, by area and by version.

The page has no date and no time: the same truth and the same model give the same page.
"""

import re
from pathlib import Path

from misses import KnownMiss
from result import Agreement

PAGE = Path(__file__).resolve().parent.parent.parent / "Documentation" / "fidelity.md"
BEGIN = "<!-- What follows is written by `make conformance ARGUMENTS=--document`. -->\n"
END = "<!-- The end of what is written by it. -->\n"
#: The version of an observations file without one in its name.
FIRST_VERSION = "1.22.1"


def page_with(found: dict[str, Agreement], known: list[KnownMiss]) -> str:
    """The page as it is to be."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{scores(found)}\n{misses(known)}\n{END}{after}"


def cases(page: str) -> list[str]:
    """How many cases of each kind the score on a page is about."""
    return re.findall(r" of (\d+)", page.partition(BEGIN)[2].partition(END)[0])


def scores(found: dict[str, Agreement]) -> str:
    versions = {version_of(name): agreement for name, agreement in found.items() if name.startswith("observations")}
    lines = [row("area", *versions), row("---", *["---:" for _ in versions])]
    for area in sorted({area for agreement in versions.values() for area in agreement.areas}):
        lines.append(row(area, *[fraction(*agreement.areas.get(area, (0, 0))) for agreement in versions.values()]))
    totals = [f"**{fraction(agreement.agree, agreement.cases)}**" for agreement in versions.values()]
    lines.append(row("**all**", *totals))
    if configurations := found.get("configurations"):
        lines += ["", f"Configurations of real applications: {fraction(configurations.agree, configurations.cases)}."]
    return "\n".join(lines) + "\n"


def misses(known: list[KnownMiss]) -> str:
    """Those of a proxy: captures have no place on this page."""
    lines = [row("known miss", "of", "why"), row("---", "---", "---")]
    lines += [row(f"`{miss.case}`", of(miss), miss.reason) for miss in known if miss.comparison != "captures"]
    return "\n".join(lines) + "\n"


def of(miss: KnownMiss) -> str:
    if miss.comparison == "configurations":
        return "configurations"
    return "every version" if "*" in miss.comparison else version_of(miss.comparison)


def version_of(comparison: str) -> str:
    return comparison.removeprefix("observations").removeprefix("-") or FIRST_VERSION


def fraction(agree: int, cases: int) -> str:
    return f"{agree} of {cases}"


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
