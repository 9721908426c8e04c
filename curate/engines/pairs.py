"""Pairs of rows to show: removed rows beside those that are kept for them, and variants beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.engines.local import InlineEngine
from curate.engines.private import shown_text
from curate.engines.rereading import read_examples

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.engines.deduping import Deduped
    from curate.similarity.judge import Example

HEAD = 100
MOST_DIFFERENCES = 4
MOST_OF_ONE = 60
"""Characters of an ask, differences of a pair, and characters of a difference that are shown."""


class Pair(NamedTuple):
    """A pair as it is shown.

    Attributes:
        kind: what the rows are to each other.
        place: of the row, ``file:line`` or ``file:row``.
        other: place of the row that it is compared with.
        similarity: of the asks, 0 to 1.
        differences: kind, what stands in the row, what in the other; cut and masked.
        head: the beginning of the ask, masked.
        is_removed: whether the row goes.
    """

    kind: str
    place: str
    other: str
    similarity: float
    differences: tuple[tuple[str, str, str], ...]
    head: str
    is_removed: bool


def pairs_of(done: Deduped, plan: Plan, most: int) -> list[Pair]:
    """Some pairs of each kind: near duplicates that go, and variants that stay."""
    near = done.decided.removed.filter(~pl.col("is_exact")).head(most)
    twins = done.decided.twins
    lines = [
        ("removed", row, kept, twins[row].similarity, twins[row].differences, True)
        for row, kept in near.select("row", "kept").iter_rows()
    ]
    lines += [
        (f"kept, {one.kind.replace('_', ' ')}", one.row, one.other, one.similarity, one.differences, False)
        for one in done.alike.shown[:most]
    ]
    known = read_examples(done.scan, pl.Series([line[1] for line in lines], dtype=pl.Int64), InlineEngine())
    place = _Places(done)
    return [
        Pair(
            kind,
            place(row),
            place(other),
            similarity,
            _short(differences, plan),
            _head(known[row], plan),
            is_removed,
        )
        for kind, row, other, similarity, differences, is_removed in lines
    ]


class _Places:
    def __init__(self, done: Deduped) -> None:
        self._scan = done.scan

    def __call__(self, row: int) -> str:
        line = self._scan.index.row(by_predicate=pl.col("row") == row, named=True)
        name = self._scan.opened[line["file"]].source.name
        number = line["line"] if line["line"] is not None else row - self._scan.first_rows[line["file"]] + 1
        return f"{name}:{number}"


def _short(differences: tuple[tuple[str, str, str], ...], plan: Plan) -> tuple[tuple[str, str, str], ...]:
    shown = [
        (kind, _cut(here, MOST_OF_ONE, plan), _cut(there, MOST_OF_ONE, plan))
        for kind, here, there in differences
    ]
    rest = len(shown) - MOST_DIFFERENCES
    return (*shown[:MOST_DIFFERENCES], *([(f"and {rest} more", "", "")] if rest > 0 else []))


def _head(example: Example, plan: Plan) -> str:
    return _cut(example.ask[-1].text if example.ask else "", HEAD, plan)


def _cut(text: str, most: int, plan: Plan) -> str:
    shown = shown_text(text, plan).replace("\n", "⏎")
    return shown if len(shown) <= most else shown[:most] + "…"
