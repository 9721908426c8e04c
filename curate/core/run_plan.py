"""What ``curate run`` does: which steps, and what becomes of the rows that a check flags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.core.errors import UsageError
from curate.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = ("repair", "drop", "dedup", "fix")
"""The steps that change data, in the only order in which they are made."""

MEND, DROP, REPAIR, KEEP = ACTIONS = ("mend", "drop", "repair", "keep")
"""What may become of a row with a finding.

``mend``    it is repaired, and dropped if the fault is still there.
``drop``    it is dropped, and nothing is repaired for this check.
``repair``  it is repaired where a repair is offered, and kept in any case.
``keep``    it stays as it is.
"""

USUAL = {Severity.ERROR: MEND, Severity.WARNING: REPAIR, Severity.INFO: KEEP}
"""What is done where the plan does not say: only what blocks costs a row."""


@dataclass(frozen=True)
class SplitPlan:
    """How what is left is dealt, in the words of ``curate split``; ``ratio`` is ``90/5/5``."""

    ratio: str
    by: tuple[str, ...] = ("near",)
    stratify: str = ""
    seed: int = 0


@dataclass(frozen=True)
class RunPlan:
    """The plan of a run.

    Attributes:
        steps: of ``STEPS``; their order is fixed.
        policy: from a check, a family or a severity to one of ``ACTIONS``; the closest name decides.
        split: how rows are dealt; None if they are not.
    """

    steps: tuple[str, ...] = STEPS
    policy: Mapping[str, str] = field(default_factory=dict)
    split: SplitPlan | None = None

    def action(self, check: str, severity: Severity) -> str:
        """What becomes of rows with a finding of a check."""
        return next(
            (self.policy[name] for name in _names(check, severity) if name in self.policy), USUAL[severity]
        )

    def is_told(self, check: str, severity: Severity) -> bool:
        """Whether the plan itself says what becomes of them."""
        return any(name in self.policy for name in _names(check, severity))


def _names(check: str, severity: Severity) -> tuple[str, str, str]:
    return check, check.partition(".")[0], severity.value


def read_steps(words: str) -> tuple[str, ...]:
    """``repair,drop`` as steps in their order.

    Raises:
        UsageError: a word is no step, or there is none.
    """
    names = [word.strip() for word in words.split(",") if word.strip()]
    for name in names:
        if name not in STEPS:
            raise UsageError(f"there is no step '{name}'", hint=f"one of: {', '.join(STEPS)}")
    if not names:
        raise UsageError("a run without steps does nothing", hint=f"some of: {', '.join(STEPS)}")
    return tuple(step for step in STEPS if step in names)


WHOLE, SMALL = 100, 10
"""Shares of a split are percent and add up to 100, or are all below 10, as in 8/1/1."""


def read_ratio(words: str, most: int = 3) -> str:
    """The shares of two or three splits, or of more, as they are written: ``90/5/5``.

    Raises:
        UsageError: they are written otherwise, or are a slip of the pen: 90/20 are percent of nothing.
    """
    parts = words.split("/")
    if not 2 <= len(parts) <= most or not all(part.isdecimal() and int(part) for part in parts):  # noqa: PLR2004
        raise UsageError(f"'{words}' is not like 90/5/5", hint="write two or three shares above 0")
    shares = [int(part) for part in parts]
    if max(shares) >= SMALL and sum(shares) != WHOLE:
        raise UsageError(
            f"the shares {words} add up to {sum(shares)}, not to {WHOLE}",
            hint="write percent, as 90/5/5, or shares below 10, as 8/1/1",
        )
    return words
