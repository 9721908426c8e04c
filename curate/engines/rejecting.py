"""The list of rows to send back to whoever delivered them: where they are and what is wrong, without their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from curate.engines.export import named_rows
from curate.engines.private import HIDDEN, shown_text
from curate.engines.rereading import parts
from curate.formats.keep_output import whole
from curate.formats.parse import parse_chunk
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.plan import Plan
    from curate.core.report import Report
    from curate.engines.scan import Scan

COLUMNS = pl.Schema(
    {
        "file": pl.String,
        "line": pl.Int64,  # 1-based; empty where the container has no lines, or the data as a whole is at fault
        "row": pl.Int64,  # 1-based number of the record in its file
        "key": pl.String,  # of the row's content; empty for a record that cannot be read
        "id": pl.String,  # the row's own, masked; empty where it has none
        "check": pl.String,
        "message": pl.String,
    }
)
"""A line for a row and a check."""

QUARANTINE = "quarantine"
"""Stands for a check where a record cannot be read."""

LONGEST, WORDS = 60, 6
"""Code points and words of an id; what is longer is prose, and stays here."""

FORMULA = ("=", "+", "-", "@")
"""What begins a formula in a spreadsheet (CWE-1236); an apostrophe before it makes it text."""


def rejected(scan: Scan, report: Report, plan: Plan) -> pl.DataFrame:
    """The rows for which the gate fails, with the columns ``COLUMNS``, in the order of files and rows.

    Args:
        scan: what was found; of several findings of a check in a row, the first is told.
        report: says which problems block.
        plan: how private ids and messages are.
    """
    blocking = [one.check for one in report.problems if one.blocks and one.check in scan.found]
    frames = [
        scan.found[name]
        .unique("row", keep="first", maintain_order=True)
        .select("row", "message", check=pl.lit(name))
        for name in blocking
    ]
    found = pl.concat(
        [pl.DataFrame(schema={"row": pl.Int64, "message": pl.String, "check": pl.String}), *frames]
    )
    named = named_rows(scan).with_columns(pl.col("row").alias("nth"), pl.col("number").alias("row"))
    lines = (
        found.rename({"row": "nth"})
        .join(named, on="nth")
        .join(_ids(scan, found["row"]), on="nth", how="left")
    )
    records = _unread(scan) if report.quarantine_blocks else lines.clear()
    together = pl.concat([lines, records], how="diagonal").sort("nth", "check")
    together = together.with_columns(scan.by_row(("line", "row", "key", "id"))).select(*COLUMNS)
    return together.with_columns(
        pl.col("file").map_elements(_cell, pl.String),
        pl.col("id").map_elements(lambda given: _cell(_id(given, plan)), pl.String),
        pl.col("message").map_elements(lambda text: _cell(shown_text(text, plan)), pl.String),
    )


def write_rejects(scan: Scan, report: Report, plan: Plan, path: Path) -> int:
    """Write the list as CSV, with its header even if nothing is to be sent back; how many lines there are.

    Raises:
        UsageError: it cannot be written.
    """
    lines = rejected(scan, report, plan)
    with whole(path) as there:
        lines.write_csv(there)
    return len(lines)


def _ids(scan: Scan, rows: pl.Series) -> pl.DataFrame:
    """The ids of flagged rows, which are read a second time."""
    given = [
        (part.rows[row], one)
        for part in parts(scan, rows.unique())
        for row, one in parse_chunk(part.chunk).batch.rows.select("row", "id").iter_rows()
        if row in part.rows
    ]
    return pl.DataFrame(given, schema={"nth": pl.Int64, "id": pl.String}, orient="row")


_UNREAD = ("file", "line", "row", "message", "check")


def _unread(scan: Scan) -> pl.DataFrame:
    """The records that cannot be read."""
    names = [one.source.name for one in scan.opened]
    lines = [
        (row, names[file], line, row - scan.first_rows[file] + 1, reason, QUARANTINE)
        for row, file, line, reason in scan.quarantine.select("row", "file", "line", "reason").iter_rows()
    ]
    schema = pl.Schema({"nth": pl.Int64} | {name: COLUMNS[name] for name in _UNREAD})
    return pl.DataFrame(lines, schema=schema, orient="row")


def _id(given: str, plan: Plan) -> str:
    is_prose = len(given) > LONGEST or len(given.split()) > WORDS
    return HIDDEN if is_prose else shown_text(given, plan)


def _cell(text: str) -> str:
    told = visible_name(text)
    return f"'{told}" if told.startswith(FORMULA) else told
