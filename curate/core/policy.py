"""What a gate asks for beside its checks: metadata, a number of rows, and findings that somebody answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from datetime import date

TOO_FEW = "require.minimum-rows"
"""The name under which too few rows are told."""


@dataclass(frozen=True)
class Require:
    """What must be there.

    Attributes:
        fields: metadata that every row must have, each by its name, a path with dots, or a pointer (RFC 6901).
        rows: at least so many rows that can be read; 0 for any number.
    """

    fields: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Waiver:
    """Findings that somebody answers for until a day. What several conditions name must meet all of them.

    Attributes:
        check: a check, or a family of them.
        owner: who answers for it.
        reason: why the findings may stay.
        until: the last day on which it holds.
        rows: keys of the rows; empty for any.
        file: a glob over names of inputs; empty for any.
        pattern: an expression that the words at fault, without the space around them, match entirely; None for any.
        place: where the plan says so, as ``file:line``; empty if it is no file's.
    """

    check: str
    owner: str
    reason: str
    until: date
    rows: tuple[str, ...] = ()
    file: str = ""
    pattern: re.Pattern[str] | None = None
    place: str = ""

    def covers(self, check: str) -> bool:
        """Whether it is about a check; a family's name stands for all its checks."""
        return check == self.check or check.startswith(f"{self.check}.")

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.until
