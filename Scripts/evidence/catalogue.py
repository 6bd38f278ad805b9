"""All cases."""

from collections.abc import Iterator

from cases import carriers, formats, http1, messages, probes, transport, violations
from cases.case import Case


def every() -> Iterator[Case]:
    for module in (formats, carriers, transport, http1, messages, violations, probes):
        yield from module.cases()
