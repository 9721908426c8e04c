"""A few findings of each problem, with what a reader needs to see: fetched, masked, then cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from curate.core.report import Example, Excerpt, Place, Problem
from curate.engines.private import shown_pointer, shown_text
from curate.formats.fetch import Fetched, fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.engines.scan import Scan

SHOWN = 3
BEFORE, AFTER = 160, 240
PROMPT = 280


def show_examples(problems: Sequence[Problem], scan: Scan, plan: Plan) -> list[Problem]:
    """The problems with their examples."""
    chosen = {problem.check: _spread(scan.found[problem.check]) for problem in problems}
    wanted = pl.concat(
        [pl.Series("row", [], pl.Int64), *[f[c] for f in chosen.values() for c in ("row", "related")]]
    )
    places = _places(scan, wanted.drop_nulls().unique())
    fetched: dict[int, Fetched] = {}
    for (file,), rows in places.group_by("file", maintain_order=True):
        fetched |= fetch(scan.opened[int(str(file))], rows)
    show = _Show(scan, plan, fetched, {row["row"]: row for row in places.iter_rows(named=True)})
    return [
        replace(problem, examples=tuple(show.example(f) for f in chosen[problem.check].iter_rows(named=True)))
        for problem in problems
    ]


def _spread(found: pl.DataFrame) -> pl.DataFrame:
    """The first, the middle and the last of the flagged rows, in the check's own order."""
    rows = found.unique("row", keep="first", maintain_order=True)
    if len(rows) <= SHOWN:
        return rows
    return rows[sorted({0, len(rows) // 2, len(rows) - 1})]


def _places(scan: Scan, rows: pl.Series) -> pl.DataFrame:
    """The index lines of some rows, with the occurrence number of their content."""
    index = scan.index
    hashes = index.filter(pl.col("row").is_in(rows.implode()))["hash"].unique()
    same = index.filter(pl.col("hash").is_in(hashes.implode()))
    counted = same.with_columns(pl.col("row").cum_count().over("hash").alias("occurrence"))
    return counted.filter(pl.col("row").is_in(rows.implode())).sort("row")


def key_of(content: int, occurrence: int) -> str:
    """A row's key: its content hash, and from the second occurrence on its number."""
    return f"{content:016x}" if occurrence == 1 else f"{content:016x}.{occurrence}"


@dataclass(frozen=True)
class _Show:
    scan: Scan
    plan: Plan
    fetched: dict[int, Fetched]
    places: dict[int, dict[str, int]]

    def example(self, finding: dict[str, object]) -> Example:
        """One finding with its texts."""
        row = int(str(finding["row"]))
        at = str(finding["at"] or "")
        start, end = finding["start"], finding["end"]
        span = (int(str(start)), int(str(end))) if start is not None else None
        known = self.fetched[row]
        related = finding["related"]
        other = int(str(related)) if related is not None else None
        text = known.text_at(at) if at else None
        return Example(
            place=self._place(row, at, span),
            message=shown_text(str(finding["message"]), self.plan),
            evidence=shown_text(str(finding["evidence"] or ""), self.plan) if self.plan.show_text else "",
            prompt=self._head(known.texts("prompt")),
            text=self._around(text, span) if text is not None else self._unread(known),
            target=self._head(known.texts("target")) if not known.is_target(at) else None,
            related=self._place(other, "", None) if other is not None else None,
            related_text=self._head(self.fetched[other].texts("target")) if other is not None else None,
        )

    def _place(self, row: int, at: str, span: tuple[int, int] | None) -> Place:
        index = self.places[row]
        extent = (index["start"], index["end"])
        inner = self.fetched[row].span_bytes(at, *span) if span else None
        opened = self.scan.opened[index["file"]]
        if inner is not None:
            extent = (index["start"] + inner[0], index["start"] + inner[1])
        first = self.scan.first_rows[index["file"]]
        key = key_of(index["hash"], index["occurrence"])
        return Place(
            opened.source.name,
            index["line"],
            row - first + 1,
            key,
            shown_pointer(at, self.plan),
            span,
            extent if opened.survey else None,
        )

    def _unread(self, known: Fetched) -> Excerpt | None:
        """The source of a row that has no turns: nothing else can show what it is."""
        return self._head(known.raw.decode("utf-8", "replace")) if known.batch.turns.is_empty() else None

    def _head(self, text: str) -> Excerpt | None:
        if not self.plan.show_text:
            return None
        return Excerpt(shown_text(text, self.plan)[:PROMPT], cut_after=len(text) > PROMPT)

    def _around(self, text: str, span: tuple[int, int] | None) -> Excerpt | None:
        if not self.plan.show_text:
            return None
        if span is None:
            return self._head(text)
        low, high = (
            max(0, span[0] - BEFORE),
            min(len(text), max(span[0] + AFTER, min(span[1], span[0] + 2 * AFTER))),
        )
        mark = (span[0] - low, min(span[1], high) - low)
        return Excerpt(
            shown_text(text, self.plan)[low:high], mark, cut_before=low > 0, cut_after=high < len(text)
        )
