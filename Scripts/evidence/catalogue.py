"""All cases."""

from collections.abc import Iterator

from cases import (
    carriers,
    connections,
    faulty_heads,
    formats,
    http1,
    losses,
    messages,
    probes,
    transport,
    violations,
    wrappings,
)
from cases.case import Case

_MODULES = (
    formats, carriers, transport, connections, losses, http1, wrappings, faulty_heads, messages, violations, probes,
)  # fmt: skip


def every() -> Iterator[Case]:
    for module in _MODULES:
        yield from module.cases()
