"""What somebody else found in the rows: a schema suite, for instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.finding import Severity


@dataclass(frozen=True)
class Outside:
    """What somebody else found.

    Attributes:
        name: under which it is shown.
        title: what it is.
        why: why it matters.
        severity: an error blocks unless the plan gives it a budget.
        rows: numbers of the rows that show it, over all inputs; empty for the data as a whole.
    """

    name: str
    title: str
    why: str
    severity: Severity
    rows: tuple[int, ...]
