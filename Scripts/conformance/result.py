"""What a comparison comes to."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Agreement:
    """How many cases agree, and what to print about it."""

    agree: int
    cases: int
    lines: list[str] = field(default_factory=list)
