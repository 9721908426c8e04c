"""What differs between two versions of data: rows that came, rows that went, and rows that were edited.

Rows are the same if their content is (their key). Of the others, a removed and an added row are one edited row if their
texts are near, by the Jaccard similarity of their word pairs; the nearest are paired first.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.engines.between import Place, places_of
from curate.engines.examples import key_of
from curate.engines.private import shown_text
from curate.engines.scan import all_chunks, refuse_unknown, scan
from curate.formats.parse import parse_chunk
from curate.formats.sources import discover
from curate.similarity import cross_join, shingle
from curate.text.word_diff import word_diff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.core.pairs import Piece
    from curate.core.plan import Plan
from curate.engines.scan import Scan

NEAR = Fraction(2, 5)
"""Similarity of the word pairs of a removed and an added row from which they are one row that was edited."""

NGRAM = 2

AROUND = 40
"""Characters of a common stretch that are shown beside a difference."""


@dataclass(frozen=True)
class Row:
    """A row of one of the two versions, and its texts by pointer."""

    place: Place
    key: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class EditedText:
    """A text before and after: pieces that only one of the two has, and what stands around them."""

    at: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class EditedRow:
    """A row that was edited, with the texts that differ; none if only fields without text do."""

    before: Row
    after: Row
    texts: tuple[EditedText, ...]


@dataclass(frozen=True)
class Difference:
    """What differs.

    Attributes:
        same: rows that are in both.
        removed: rows that are only in the first.
        added: rows that are only in the second.
        edited: rows that are near.
    """

    same: int
    removed: tuple[Row, ...]
    added: tuple[Row, ...]
    edited: tuple[EditedRow, ...]


def diff(one: object, other: object, plan: Plan) -> Difference:
    """What differs between two versions of data, whatever their containers.

    Args:
        one: a path, glob, folder, or data frame: the version before.
        other: the version after.
        plan: how both are read.

    Raises:
        CurateError: one of them cannot be read at all.
    """
    seen = [_scan(data, plan) for data in (one, other)]
    keyed = [_keyed(each) for each in seen]
    before, after = (
        mine.filter(~pl.col("key").is_in(theirs["key"].implode())) for mine, theirs in (keyed, keyed[::-1])
    )
    gone, came = (_rows(each, only) for each, only in zip(seen, (before, after), strict=True))
    pairs = _pairs(gone, came)
    paired = ({i for i, _ in pairs}, {j for _, j in pairs})
    return Difference(
        len(keyed[0]) - len(before),
        tuple(row for at, row in enumerate(gone) if at not in paired[0]),
        tuple(row for at, row in enumerate(came) if at not in paired[1]),
        tuple(EditedRow(gone[i], came[j], tuple(_edited(gone[i], came[j], plan))) for i, j in sorted(pairs)),
    )


def _scan(data: object, plan: Plan) -> Scan:
    seen = scan(discover([data]), (), plan)
    refuse_unknown(seen.opened, seen.tallies, plan)
    return seen


def _keyed(seen: Scan) -> pl.DataFrame:
    """``row, key`` of every row."""
    index = seen.index.select("row", "hash", pl.col("row").cum_count().over("hash").alias("occurrence"))
    keys = [key_of(content, number) for _, content, number in index.iter_rows()]
    return index.select("row", pl.Series("key", keys, pl.String))


def _rows(seen: Scan, wanted: pl.DataFrame) -> list[Row]:
    """Some rows with their texts, read a second time."""
    places = places_of(seen, wanted["row"])
    texts: dict[int, dict[str, str]] = {row: {} for row in wanted["row"]}
    for chunk, first in zip(
        all_chunks(seen.opened) if texts else (), seen.starts if texts else (), strict=True
    ):
        turns = parse_chunk(chunk).batch.turns.select(pl.col("row") + first, "at", "text")
        for row, at, text in turns.filter(pl.col("row").is_in(wanted["row"].implode())).iter_rows():
            if text is not None:
                texts[row][at] = text
    return [Row(places[row], key, texts[row]) for row, key in wanted.iter_rows()]


def _pairs(gone: list[Row], came: list[Row]) -> list[tuple[int, int]]:
    """The rows that are one, each in one pair: the nearest first, then in the order of the rows."""
    if not gone or not came:
        return []
    sets = [
        shingle(pl.Series(["\n".join(row.texts.values()) for row in rows], dtype=pl.String), NGRAM)
        for rows in (gone, came)
    ]
    found = cross_join(sets[0], sets[1], NEAR)
    order = np.lexsort((found.j, found.i, -found.jaccard))
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for i, j in zip(found.i[order].tolist(), found.j[order].tolist(), strict=True):
        if i not in taken[0] and j not in taken[1]:
            pairs.append((i, j))
            taken[0].add(i)
            taken[1].add(j)
    return pairs


def _edited(before: Row, after: Row, plan: Plan) -> Iterator[EditedText]:
    """The texts that differ, as they may be shown; one that the other row lacks is compared with nothing."""
    for at in dict.fromkeys([*before.texts, *after.texts]):
        old, new = before.texts.get(at, ""), after.texts.get(at, "")
        if old != new:
            left, right = word_diff(shown_text(old, plan), [shown_text(new, plan)], AROUND)
            yield EditedText(at, left, right[0] or ())
