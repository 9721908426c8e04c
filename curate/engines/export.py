"""Every finding as a frame, with what the engine knows about its row: for files, never for the screen."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.errors import UsageError
from curate.engines.advice import advice_on
from curate.engines.examples import key_of
from curate.engines.private import shown_pointer, shown_text
from curate.formats.keep_cuts import Cursor
from curate.formats.keep_output import whole
from curate.formats.stream import decoded_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from curate.core.plan import Plan
    from curate.engines.scan import Scan

COLUMNS = (
    *("check", "severity", "file", "line", "row", "key", "at", "start", "end", "byte_start", "byte_end"),
    *("message", "help", "evidence", "related", "fix", "fingerprint"),
)
"""``start, end``: the span in code points; ``byte_start, byte_end``: the row in the decoded
file; ``related``: the other row's key."""


def all_findings(scan: Scan, plan: Plan) -> pl.DataFrame:
    """All findings in the order of check, row and place, with the columns ``COLUMNS``."""
    advice = advice_on(scan, plan)
    frames = [
        scan.found[check.name].with_columns(
            check=pl.lit(check.name),
            severity=pl.lit(check.severity.value),
            help=pl.lit(advice(check).mend),
        )
        for check in scan.judges
        if check.name in scan.found
    ]
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    keyed = named_rows(scan)
    together = pl.concat(frames).join(keyed, on="row", how="left", maintain_order="left")
    together = together.with_columns(scan.by_row(("line", "number", "key", "byte_start", "byte_end")))
    together = together.join(
        keyed.select(pl.col("row").alias("related"), pl.col("key").alias("related_key")),
        on="related",
        how="left",
        maintain_order="left",
    )
    prints = [
        _fingerprint(*cells) for cells in together.select("check", "key", "at", "start", "end").iter_rows()
    ]
    named = together.with_columns(
        pl.Series("fingerprint", prints, pl.String),
        pl.col("number").alias("row"),
        pl.col("related_key").alias("related"),
    )
    named = named.with_columns(
        _each(named["message"], lambda text: shown_text(text, plan)),
        _each(named["at"], lambda at: shown_pointer(at, plan)),
        *(_each(named[name], lambda text: shown_text(text, plan)) for name in ("evidence", "fix")),
    )
    if not plan.show_text:
        named = named.with_columns(pl.lit(None, pl.String).alias(name) for name in ("evidence", "fix"))
    return named.select(COLUMNS)


def _each(texts: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Each different text is changed once: there are few."""
    known = {text: change(text) for text in texts.drop_nulls().unique().to_list()}
    return texts.replace(known) if known else texts


def named_rows(scan: Scan) -> pl.DataFrame:
    """Every row with its file's name, its number in the file (from 1) and its key."""
    names = [one.source.name for one in scan.opened]
    index = scan.index.with_columns(pl.col("row").cum_count().over("hash").alias("occurrence"))
    keys = [
        key_of(content, occurrence) for content, occurrence in index.select("hash", "occurrence").iter_rows()
    ]
    files = pl.DataFrame(
        {"file": range(len(names)), "name": names, "offset": scan.first_rows},
        schema_overrides={"file": pl.Int32},
    )
    return (
        index.with_columns(pl.Series("key", keys, pl.String))
        .join(files, on="file", how="left", maintain_order="left")
        .select(
            "row",
            pl.col("name").alias("file"),
            "line",
            (pl.col("row") - pl.col("offset") + 1).alias("number"),
            "key",
            pl.col("start").alias("byte_start"),
            pl.col("end").alias("byte_end"),
        )
    )


def _fingerprint(*cells: object) -> str:
    """Stays the same when lines move; changes with the row's content."""
    text = "\0".join(map(str, cells))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def write_findings(scan: Scan, plan: Plan, path: Path) -> None:
    """Write all findings in the format of the path's suffix.

    Raises:
        UsageError: the suffix is none of .jsonl, .csv and .parquet.
    """
    writers = {".jsonl": "write_ndjson", ".csv": "write_csv", ".parquet": "write_parquet"}
    if path.suffix not in writers:
        raise UsageError(
            f"cannot write findings as '{path.suffix}'", where=str(path), hint="use .jsonl, .csv or .parquet"
        )
    with whole(path) as file:
        getattr(all_findings(scan, plan), writers[path.suffix])(file)


class UnreadRecord(NamedTuple):
    """A record that cannot be read: its file, number over all inputs, number in the file from 1, place, why, bytes."""

    file: str
    row: int
    number: int
    line: int | None
    start: int
    end: int
    reason: str
    raw: bytes


def unread_records(scan: Scan) -> Iterator[UnreadRecord]:
    """The quarantine with its bytes, which are read again, one record at a time; they are those of the decoded file."""
    for opened, first in zip(scan.opened, scan.first_rows, strict=True):
        bad = scan.quarantine.filter(pl.col("file") == opened.index)
        cursor = Cursor(decoded_blocks(opened.source, opened.survey.encoding) if opened.survey else ())
        for row, line, start, end, reason in bad.select("row", "line", "start", "end", "reason").iter_rows():
            raw = cursor.read(start, end)
            yield UnreadRecord(opened.source.name, row, row - first + 1, line, start, end, reason, raw)


def write_quarantine(scan: Scan, path: Path) -> None:
    """Write the unreadable records: place, reason and bytes (as base64, for they may be no text).

    Raises:
        UsageError: it cannot be written.
    """
    with whole(path) as there, there.open("w", encoding="utf-8") as out:
        for one in unread_records(scan):
            entry = {
                "file": one.file,
                "line": one.line,
                "row": one.number,
                "bytes": [one.start, one.end],
                "reason": one.reason,
                "base64": base64.b64encode(one.raw).decode(),
            }
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
