"""Which row of a group stays: a declared policy, and where that leaves a choice, the content of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from typing import Self

HINT = "say first, last, longest, shortest, newest:FIELD, oldest:FIELD, highest:FIELD, lowest:FIELD, or FIELD=VALUE"
_PLAIN = ("first", "last", "longest", "shortest")
_BY_FIELD = {"newest": True, "oldest": False, "highest": True, "lowest": False}
"""Whether the greatest value comes first."""


@dataclass(frozen=True)
class Policy:
    """The rule by which one row of a group is kept.

    Attributes:
        rule: ``first`` or ``last`` in the order of the inputs, ``longest`` or ``shortest`` answer, ``newest``,
            ``oldest``, ``highest``, ``lowest`` by a field, or ``value`` for rows whose field has it.
        field: of the row's metadata.
        value: as text.
    """

    rule: str = "first"
    field: str = ""
    value: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """A policy as it is written on the command line.

        Raises:
            UsageError: it is none.
        """
        if text in _PLAIN:
            return cls(text)
        rule, colon, name = text.partition(":")
        if colon and rule in _BY_FIELD and name:
            return cls(rule, name)
        name, equals, value = text.partition("=")
        if equals and name and value:
            return cls("value", name, value)
        raise UsageError(f"'{text}' does not say which row to keep", hint=HINT)

    def __str__(self) -> str:
        if self.rule == "value":
            return f"{self.field}={self.value}"
        return f"{self.rule}:{self.field}" if self.field else self.rule

    def ranks(self, rows: pl.DataFrame, index: pl.DataFrame) -> pl.Series:
        """The rank of each row, 0 for the one that is kept before all others; no two are the same.

        Args:
            rows: ``row``, ``length`` and the metadata, as the sketch gives them.
            index: of the scan: ``row`` and ``hash``.

        Raises:
            UsageError: no row has the field.
        """
        hashed = rows.join(index.select("row", "hash"), on="row", how="left", maintain_order="left")
        by, descending = self._order(rows)
        keys = [pl.col("row")] if self.rule in ("first", "last") else [by, pl.col("hash"), pl.col("row")]
        flags = [self.rule == "last"] if len(keys) == 1 else [descending, False, False]
        order = hashed.select(pl.arg_sort_by(*keys, descending=flags, nulls_last=True)).to_series()
        return pl.DataFrame({"at": order, "rank": range(len(order))}).sort("at")["rank"]

    def _order(self, rows: pl.DataFrame) -> tuple[pl.Expr, bool]:
        if not self.field:
            return pl.col("length"), self.rule == "longest"
        column = pl.col(f"meta.{self.field}")
        if rows.select(column.is_null().all()).item() and len(rows):
            raise UsageError(f"no row has the field '{self.field}' by which one is to be kept", hint=HINT)
        if self.rule == "value":
            return (column == self.value).fill_null(value=False), True
        if self.rule in ("highest", "lowest"):
            return column.cast(pl.Float64, strict=False), _BY_FIELD[self.rule]
        return column, _BY_FIELD[self.rule]
