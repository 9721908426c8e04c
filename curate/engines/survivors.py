"""Which row of a group stays: a declared policy, and where that leaves a choice, the content of the rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from curate.core.errors import UsageError
from curate.text.private import mask
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from typing import Self

HINT = "say first, last, longest, shortest, newest:FIELD, oldest:FIELD, highest:FIELD, lowest:FIELD, or FIELD=VALUE"
_PLAIN = ("first", "last", "longest", "shortest")
_BY_FIELD = {"newest": True, "oldest": False, "highest": True, "lowest": False}
"""Whether the greatest value comes first."""

_TIMES = "understood are numbers, or dates and times as in ISO 8601: 2024-05-31, 2024-05-31T18:00:00+02:00"
_MOST = 40
_LISTED = 5
"""Characters of a value in a message, and values that are listed."""


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
            UsageError: no row has the field, or its values are not what the rule compares or asks for.
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
        column = rows[f"meta.{self.field}"].cast(pl.String)
        if len(rows) and column.null_count() == len(rows):
            raise UsageError(f"no row has the field '{self.field}' by which one is to be kept", hint=HINT)
        if self.rule == "value":
            return pl.lit(self._is_value(column)), True
        compared = self._numbers(column) if self.rule in ("highest", "lowest") else self._moments(column)
        return pl.lit(compared), _BY_FIELD[self.rule]

    def _is_value(self, column: pl.Series) -> pl.Series:
        found = (column == self.value).fill_null(value=False)
        if len(column) and not found.any():
            counted = (
                column.drop_nulls().value_counts(name="n").sort("n", column.name, descending=[True, False])
            )
            names = ", ".join(map(_shown, counted[column.name].head(_LISTED)))
            raise UsageError(
                f"no row has '{self.value}' in the field '{self.field}'", hint=f"most often it holds {names}"
            )
        return found

    def _numbers(self, column: pl.Series) -> pl.Series:
        """The values as numbers; null where a value is none, so that such a row comes last."""
        ranks = _ranked({value: _number(value) for value in column.drop_nulls().unique()})
        if not ranks and len(column):
            example = column.drop_nulls()[0]
            raise UsageError(
                f"no row has a number in the field '{self.field}', but for example {_shown(example)}",
                hint=HINT,
            )
        return column.replace_strict(ranks, default=None, return_dtype=pl.Int64)

    def _moments(self, column: pl.Series) -> pl.Series:
        """The values in the order of time: all of them numbers, or all of them dates and times.

        Raises:
            UsageError: a value is neither, or some are numbers and others dates, which have no common scale.
        """
        values = column.drop_nulls().unique(maintain_order=True).to_list()
        read = {value: _number(value) for value in values}
        if any(number is None for number in read.values()):
            read = {value: _moment(value) for value in values}
        for value, moment in read.items():
            if moment is None:
                is_mixed = _number(value) is not None
                raise UsageError(
                    f"the field '{self.field}' has {_shown(value)}, which is no time"
                    + (", beside values that are no numbers" if is_mixed else ""),
                    hint=_TIMES,
                )
        return column.replace_strict(_ranked(read), default=None, return_dtype=pl.Int64)


def _shown(value: str) -> str:
    """A value in a message, masked before it is cut."""
    text = visible_name(mask(value))
    return f"'{text if len(text) <= _MOST else text[:_MOST] + '…'}'"


def _ranked(values: dict[str, float | None]) -> dict[str, int]:
    """The rank of each value that has a number; exact, where a float of polars would round a long one."""
    found = {value: number for value, number in values.items() if number is not None}
    ranks = {number: rank for rank, number in enumerate(sorted(set(found.values())))}
    return {value: ranks[number] for value, number in found.items()}


def _number(text: str) -> float | None:
    """A number as it stands there: an integer of any length, or a finite float."""
    for kind in (int, float):
        try:
            number: float = kind(text)
        except ValueError:
            continue
        return number if isinstance(number, int) or math.isfinite(number) else None
    return None


def _moment(text: str) -> int | None:
    """Microseconds since 1970; a time without an offset is one of UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
