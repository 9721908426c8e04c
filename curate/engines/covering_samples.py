"""The rows that a coverage report shows: read a second time, masked, then cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.coverage_report import Sample
from curate.core.report import Excerpt, Place
from curate.engines.examples import key_of
from curate.engines.private import shown_text
from curate.formats.fetch import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curate.core.plan import Plan
    from curate.engines.scan import Scan
    from curate.formats.fetch import Fetched

PROMPT, TARGET = 200, 160
"""Code points of a prompt and of an answer that are shown."""


@dataclass(frozen=True)
class Samples:
    """Rows by their number over all inputs, as they are shown."""

    known: dict[int, Sample]

    def of(self, rows: Iterable[int]) -> tuple[Sample, ...]:
        """Some of them."""
        return tuple(self.known[row] for row in rows)


def read_samples(scan: Scan, rows: Iterable[int], plan: Plan) -> Samples:
    """Read some rows again.

    Args:
        scan: what was read.
        rows: their numbers.
        plan: what may be shown.
    """
    wanted = pl.Series("row", sorted(set(rows)), dtype=pl.Int64)
    places = _places(scan, wanted)
    fetched: dict[int, Fetched] = {}
    if plan.show_text:
        for (file,), lines in places.group_by("file", maintain_order=True):
            fetched |= fetch(scan.opened[int(str(file))], lines)
    return Samples(
        {
            row: Sample(_place(scan, row, file, line, key_of(content, nth)), *_texts(fetched.get(row), plan))
            for row, file, line, content, nth in places.select(
                "row", "file", "line", "hash", "occurrence"
            ).iter_rows()
        }
    )


def _places(scan: Scan, rows: pl.Series) -> pl.DataFrame:
    """The index lines of some rows, with the occurrence number of their content."""
    chosen = pl.col("row").is_in(rows.implode())
    same = scan.index.join(scan.index.filter(chosen).select("hash").unique(), on="hash", how="semi")
    counted = same.sort("row").with_columns(pl.col("row").cum_count().over("hash").alias("occurrence"))
    return counted.filter(chosen)


def _place(scan: Scan, row: int, file: int, line: int | None, key: str) -> Place:
    return Place(scan.opened[file].source.name, line, row - scan.first_rows[file] + 1, key)


def _texts(row: Fetched | None, plan: Plan) -> tuple[Excerpt | None, Excerpt | None]:
    if row is None:
        return None, None
    return _head(row.texts("prompt"), PROMPT, plan), _head(row.texts("target"), TARGET, plan)


def _head(text: str, most: int, plan: Plan) -> Excerpt:
    return Excerpt(shown_text(text, plan)[:most], cut_after=len(text) > most)
