"""From the cells of a column to keys that sort: numbers, or dates and times as exports write them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import polars as pl

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOCK = r"(?:[T, ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?)?"
_HALF = r"\s*(?:([AaPp])\.?[Mm]\.?)?"
_ZONE = r"\s*(?:Z|UTC|([+-]\d{2}):?(\d{2}))?$"

FORMS = {
    "year-month-day": (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", "ymd"),
    "day.month.year": (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", "dmy"),
    "day/month/year": (r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})", "dmy"),
    "month/day/year": (r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})", "mdy"),
}
"""Patterns of dates, and the order of their groups; between equals the first is taken."""

SLASHED = ("day/month/year", "month/day/year")
"""Forms between which nothing decides where no number is above 12."""


def order_keys(
    cells: pl.Series, name: str, form: str = "", groups: pl.Series | None = None
) -> tuple[pl.Series, tuple[str, ...]]:
    """A number for each cell, null where there is none, by the form that most cells have; and what to say of it.

    Args:
        cells: texts; null where a row has none.
        name: of the column, for what is said.
        form: the order of day, month and year, where the user says it: one of ``DATES``.
        groups: what each row belongs to; all to one if None.

    Raises:
        UsageError: dates may mean two things, and the order of the rows depends on which.
    """
    if not name:
        return pl.Series("key", [None] * len(cells), pl.Float64), ()
    texts = cells.str.strip_chars()
    forms = {} if form else {"number": texts.cast(pl.Float64, strict=False)}
    forms |= {
        one: _times(texts, pattern, order) for one, (pattern, order) in FORMS.items() if form in ("", order)
    }
    best = max(forms, key=lambda one: forms[one].count())
    keys = forms[best]
    told = []
    if not form and best == "day/month/year" and keys.count() == forms["month/day/year"].count() > 0:
        if groups is None:
            groups = pl.Series([0] * len(cells))
        best = _decide(texts, {one: forms[one] for one in SLASHED}, groups, name)
        keys = forms[best]
        told.append(f"'{name}' is read as {best}")
    odd = texts.count() - keys.count()
    if odd:
        told.append(f"{odd:,} cells of '{name}' are no time or number: their lines stay where they are")
    return keys.alias("key"), tuple(told)


def _decide(texts: pl.Series, forms: Mapping[str, pl.Series], groups: pl.Series, name: str) -> str:
    """Which of two readings is meant: the one that the clock of the cells or the order of the rows tells.

    Raises:
        UsageError: neither tells, and it makes a difference.
    """
    day_first, month_first = forms
    if texts.str.contains(r"(?i)\d\s*[ap]\.?m").any():
        return month_first
    orders = {form: _order(keys, groups) for form, keys in forms.items()}
    if orders[day_first].equals(orders[month_first]):
        return day_first
    stands = _order(pl.Series([0.0] * len(texts)), groups)
    agreeing = [form for form, order in orders.items() if order.equals(stands)]
    if agreeing:
        return agreeing[0]
    raise UsageError(
        f"the dates in '{name}' may be day/month or month/day, and the order of the lines depends on it",
        hint=f"say which: --order-by {shlex.quote(name + ':dmy')} or --order-by {shlex.quote(name + ':mdy')}",
    )


def _order(keys: pl.Series, groups: pl.Series) -> pl.Series:
    """The numbers of the rows, sorted within each group as its lines will be."""
    frame = pl.DataFrame({"group": groups, "key": keys, "row": pl.int_range(len(keys), eager=True)})
    frame = frame.filter(pl.col("group").is_not_null())
    return frame.with_columns(pl.col("key").forward_fill().over("group")).sort("group", "key", "row")["row"]


def _times(texts: pl.Series, pattern: str, order: str) -> pl.Series:
    """Seconds since 1970, in UTC where the cell says its zone; null where the cell is no such time."""
    found = texts.str.extract_groups(pattern + _CLOCK + _HALF + _ZONE)
    fields = [pl.col(name) for name in found.struct.fields]
    year, month, day = (fields[order.index(letter)] for letter in "ymd")
    hour, minute, second, half, zone, zone_minute = fields[3:]
    date = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    hours = hour.cast(pl.Float64)
    afternoon = half.str.to_lowercase().eq("p").cast(pl.Float64) * 12
    hours = pl.when(half.is_null()).then(hours).otherwise(hours % 12 + afternoon).fill_null(0)
    seconds = hours * 3600 + minute.cast(pl.Float64).fill_null(0) * 60
    seconds += second.str.replace(",", ".", literal=True).cast(pl.Float64).fill_null(0)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    away = (zone.cast(pl.Float64).abs() * 3600 + zone_minute.cast(pl.Float64) * 60) * sign
    days = date.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Float64) * 86_400
    return found.struct.unnest().select((days + seconds - away.fill_null(0)).alias("key")).to_series()
