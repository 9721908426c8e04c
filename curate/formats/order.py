"""From the cells of a column to keys that sort: numbers, or dates and times as exports write them."""

from __future__ import annotations

import polars as pl

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


def order_keys(cells: pl.Series, name: str) -> tuple[pl.Series, tuple[str, ...]]:
    """A number for each cell, null where there is none, by the form that most cells have; and what to say of it.

    Args:
        cells: texts; null where a row has none.
        name: of the column, for what is said.
    """
    if not name:
        return pl.Series("key", [None] * len(cells), pl.Float64), ()
    texts = cells.str.strip_chars()
    forms = {"number": texts.cast(pl.Float64, strict=False)}
    forms |= {form: _times(texts, pattern, order) for form, (pattern, order) in FORMS.items()}
    best = max(forms, key=lambda form: forms[form].count())
    keys = forms[best]
    told = []
    if best == "day/month/year" and keys.count() == forms["month/day/year"].count() and keys.count():
        if texts.str.contains(r"(?i)\d\s*[ap]\.?m").any():
            keys, best = forms["month/day/year"], "month/day/year"
        told.append(f"'{name}' is read as {best}")
    odd = texts.count() - keys.count()
    if odd:
        told.append(f"{odd:,} cells of '{name}' are no time or number: their lines stay where they are")
    return keys.alias("key"), tuple(told)


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
