"""What somebody else looks for in the rows: an expectation of a schema suite, for instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curate.core.manual import Manual

if TYPE_CHECKING:
    from curate.core.finding import Severity


@dataclass(frozen=True)
class Outside:
    """What somebody else looked for; what it found stands among the findings of a scan, under its name.

    Attributes:
        name: under which it is shown, and by which a plan gives it a budget.
        severity: an error blocks unless the plan gives it a budget.
        title: what it is.
        why: why it matters.
        about: ``row``, or ``table`` for the data as a whole.
    """

    name: str
    severity: Severity
    title: str
    why: str
    about: str = "row"

    @property
    def manual(self) -> Manual:
        """Its page."""
        mend = "Mend the rows, or the suite that asks for it."
        return Manual(self.title, self.why, mend, limits="", harm="", command="")
