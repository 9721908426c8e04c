"""A schema suite from data as it is: what all of its rows have in common, which the next delivery must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from curate.engines.canonical import META, canonical_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.engines.scan import Scan

FEW = 20
"""A column with at most so many values is a set; what is not seen yet is then a fault."""

ROOM = 1.25
"""How much longer than the longest of today an answer may be."""

SEEN = ("layout", "last_role", "roles")
"""Columns that may be sets."""


def suggest_suite(scan: Scan, name: str, fields: Sequence[str] = ()) -> dict[str, Any]:
    """A suite that the data passes.

    Args:
        scan: of the data.
        name: of the suite.
        fields: metadata fields that must be there with the values seen, if they are few.
    """
    metadata = tuple(META + field for field in fields)
    columns = ("target", "prompt", "rejected", "target_tokens", "turns", *SEEN, *metadata)
    frame = canonical_frame(scan, columns)
    told = [
        *_always(frame),
        *(one for column in (*SEEN, *metadata) for one in _set(frame, column)),
        *_bounds(frame),
    ]
    return {"name": name, "expectations": told, "meta": {"great_expectations_version": "1.6"}}


def _expect(kind: str, why: str, severity: str = "critical", **arguments: object) -> dict[str, Any]:
    return {"type": f"expect_{kind}", "kwargs": arguments, "meta": {"notes": why}, "severity": severity}


def _always(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    yield _expect("table_row_count_to_be_between", "An empty file is a broken export.", min_value=1)
    for column in ("target", "prompt", "rejected"):
        if frame.height and not frame[column].null_count():
            yield _expect("column_values_to_not_be_null", f"Every row had a {column}.", column=column)
    if frame.height and not frame.filter(pl.col("target").str.len_chars() == 0).height:
        yield _expect(
            "column_value_lengths_to_be_between", "No answer was empty.", column="target", min_value=1
        )


def _set(frame: pl.DataFrame, column: str) -> Iterator[dict[str, Any]]:
    values = sorted(frame[column].drop_nulls().unique().to_list())
    if column.startswith(META) and not frame[column].null_count():
        yield _expect("column_values_to_not_be_null", "Every row had the field.", column=column)
    if 0 < len(values) <= FEW:
        yield _expect(
            "column_values_to_be_in_set", "What was seen.", "warning", column=column, value_set=values
        )


def _bounds(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for column in ("target_tokens", "turns"):
        most = frame[column].max()
        if isinstance(most, int):
            bound = int(most * ROOM) + 1
            why = f"The most was {most}; a quarter more is allowed."
            yield _expect("column_values_to_be_between", why, "warning", column=column, max_value=bound)
