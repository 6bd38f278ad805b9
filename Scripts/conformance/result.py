"""What a comparison comes to."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Agreement:
    """How many cases there are, and which of them do not agree."""

    cases: int
    #: By the name of the case: the first thing that differs.
    misses: dict[str, str]
    #: By area: how many cases agree, and of how many. A case may be in several areas.
    areas: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def agree(self) -> int:
        return self.cases - len(self.misses)
