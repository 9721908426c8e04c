"""What editors share: texts as checks see them, because an editor may ask one, and offers from plain lines."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from curate.core.batch import NOTES, ROWS, TURNS, Batch
from curate.fixing.editor import OFFERS, Offered, Safety


def as_batch(texts: pl.DataFrame) -> Batch:
    """Texts as a batch without rows; every one is spoken, in the order in which they stand.

    Args:
        texts: lines with ``row``, ``at``, ``part``, ``role`` and ``text``, those of a row together.
    """
    turns = texts.select(
        "row",
        pl.int_range(pl.len(), dtype=pl.Int32).over("row").alias("turn"),
        "role",
        "part",
        pl.lit("text").alias("kind"),
        "text",
        "at",
    )
    return Batch(
        pl.DataFrame(schema=ROWS),
        pl.concat([pl.DataFrame(schema=TURNS), turns], how="diagonal"),
        pl.DataFrame(schema=NOTES),
    )


class Line(NamedTuple):
    """An offer of one of curate's own editors, as in ``OFFERS``."""

    row: int
    at: str
    start: int
    end: int
    after: str
    check: str
    message: str
    safety: str = Safety.AUTO.value
    engine: str = ""


def offered(lines: list[Line]) -> Offered:
    """The lines as offers; each is a warning, and declares nothing."""
    made = pl.DataFrame(lines, schema={name: OFFERS[name] for name in Line._fields}, orient="row")
    rest = {"rule": "", "severity": "warning", "declares": ""}
    return Offered(
        made.with_columns(**{name: pl.lit(value) for name, value in rest.items()}).select(OFFERS.names())
    )
