"""A required field is missing.

Why     A row without its source or its licence cannot be cleared for use, nor traced and taken out when somebody
        asks for it.
Mend    Fill the field in where the rows come from, or set the rows aside:
        `curate drop {files} --select require -o {out}`.
Limits  Certain by definition: the field is not there, or it is null, NaN, empty or white space. Whether what it
        holds is true, nobody looks at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found

if TYPE_CHECKING:
    from collections.abc import Iterable

FAMILY = "require"
NOTHING = ["", "[]", "{}", "nan"]
"""What a field says that says nothing; ``nan`` is how data frames write a cell that is empty."""


def name_of(field: str) -> str:
    """The name of the check for a field, fit for a command line: ``require.source``."""
    plain = re.sub(r"[^\w.]+", "-", field).strip("-")
    return f"{FAMILY}.{plain}"


@dataclass(frozen=True)
class RequiredField(RowCheck):
    """Made by the plan, one for each field of ``[require]``; so it has no file of its own."""

    severity: Severity = Severity.ERROR
    field: str = ""

    @property
    def name(self) -> str:
        """After its field: each has a budget of its own."""
        return name_of(self.field)

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each row without the field."""
        held = pl.col(f"meta.{self.field}").fill_null("").str.strip_chars()
        return found(batch.rows.filter(held.is_in(NOTHING)), f"the row has no '{self.field}'", at="")


def required(fields: Iterable[str]) -> tuple[RequiredField, ...]:
    """A check for each field."""
    return tuple(RequiredField(field=name) for name in fields)
