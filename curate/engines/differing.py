"""What differs between two versions of data: rows that came, rows that went, and rows that were edited.

Rows are the same if their content is (their key). Of the others, a removed and an added row are one edited row if their
texts are near, by the Jaccard similarity of their word pairs; the nearest are paired first. A short row has too few
pairs to be near anything: what is left is paired by its place between the same two rows, if it shares some words.
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
from curate.text.placeholders import STANDING
from curate.text.private import blocks
from curate.text.word_diff import word_diff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.core.pairs import Piece
    from curate.core.plan import Plan
    from curate.engines.scan import Scan

NEAR = Fraction(2, 5)
"""Similarity of the word pairs of a removed and an added row from which they are one row that was edited."""

NGRAM = 2

ALIKE = Fraction(1, 4)
"""Similarity of the words of a removed and an added row in the same place from which they are one."""

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
    gaps = _gaps(keyed, (before, after), pairs)
    pairs += _in_place(gone, came, gaps)
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


def _gaps(
    keyed: Sequence[pl.DataFrame], only: Sequence[pl.DataFrame], pairs: Sequence[tuple[int, int]]
) -> tuple[dict[int, str], dict[int, str]]:
    """Of each removed and each added row that has no pair, by its number, the key of the known row before it.

    Known are the rows that both versions have, and those that are paired, by the key of the one before.
    """
    known = [dict.fromkeys(each["key"].to_list(), "") for each in keyed]
    both = known[0].keys() & known[1].keys()
    keys = [each["key"].to_list() for each in only]
    names = ({keys[0][i]: keys[0][i] for i, _ in pairs}, {keys[1][j]: keys[0][i] for i, j in pairs})
    found: list[dict[int, str]] = []
    for each, mine, named in zip(keyed, keys, names, strict=True):
        numbers = {key: at for at, key in enumerate(mine)}
        last, gaps = "", dict[int, str]()
        for key in each["key"]:
            if key in both or key in named:
                last = named.get(key, key)
            else:
                gaps[numbers[key]] = last
        found.append(gaps)
    return found[0], found[1]


def _in_place(
    gone: Sequence[Row], came: Sequence[Row], gaps: tuple[dict[int, str], dict[int, str]]
) -> list[tuple[int, int]]:
    """Rows without a pair that stand in the same place, as many in both versions, and share some words."""
    sides: list[dict[str, list[int]]] = []
    for each in gaps:
        by_gap: dict[str, list[int]] = {}
        for at, before in each.items():
            by_gap.setdefault(before, []).append(at)
        sides.append(by_gap)
    return [
        (i, j)
        for before, mine in sides[0].items()
        if len(mine) == len(sides[1].get(before, ()))
        for i, j in zip(mine, sides[1][before], strict=True)
        if _alike(gone[i], came[j])
    ]


def _alike(one: Row, other: Row) -> bool:
    """Whether two rows have the same fields with text, and share some of their words."""
    here, there = ({word for text in row.texts.values() for word in text.split()} for row in (one, other))
    return one.texts.keys() == other.texts.keys() and len(here & there) >= ALIKE * max(len(here | there), 1)


def _edited(before: Row, after: Row, plan: Plan) -> Iterator[EditedText]:
    """The texts that differ, as they may be shown; one that the other row lacks is compared with nothing."""
    for at in dict.fromkeys([*before.texts, *after.texts]):
        old, new = before.texts.get(at, ""), after.texts.get(at, "")
        if old != new:
            left, right = word_diff(shown_text(old, plan), [shown_text(new, plan)], AROUND)
            if not plan.show_pii and _placeholders(new) - _placeholders(old):
                left = tuple(one._replace(text=blocks(one.text)) if one.is_changed else one for one in left)
            yield EditedText(at, left, right[0] or ())


def _placeholders(text: str) -> set[str]:
    """The placeholders of a text: where new ones stand, what went was personal, whatever its shape."""
    return {hit[0] for hit in STANDING.finditer(text)}
