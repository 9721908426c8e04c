"""Leaks: rows of one file that also stand, or are asked, in another.

Files are compared two by two, each row of the later one with all rows of the earlier one, and it is told by the surest
of what they have in common. A near ask may be a variant, which is another example: it is counted, and is no leak.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.engines.between import (
    NEAR_ASK,
    NEAR_ROW,
    SAME_ANSWER,
    SAME_ASK,
    SAME_DOCUMENT,
    SAME_ROW,
    Comparing,
    RowSketch,
    compare,
    places_of,
    taken,
)
from curate.engines.local import choose_engine
from curate.engines.private import shown_text
from curate.engines.scan import refuse_unknown, scan
from curate.formats.fetch import fetch
from curate.formats.sources import discover
from curate.similarity import cross_join

if TYPE_CHECKING:
    from curate.engines.between import Compared, Place
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan
    from curate.formats.fetch import Fetched
    from curate.similarity.arrays import F64, I64, U64

KINDS = (SAME_ROW, SAME_ASK, NEAR_ASK, SAME_ANSWER, NEAR_ROW, SAME_DOCUMENT)
"""What two rows have in common, the surest first; fields follow."""

LEAKS = (SAME_ROW, SAME_ASK)
"""What is a leak: the model has seen what it is asked."""

HEAD = 160
"""Code points of an ask that are shown."""


@dataclass(frozen=True)
class Leak:
    """A row that has something in common with one of an earlier file.

    Attributes:
        row: number over all inputs, from 0.
        place: of the row.
        other: number of the row of the earlier file: the most similar, or the first.
        other_place: its place.
        kind: what they have in common.
        similarity: 1 for what is the same; the Jaccard similarity of word 3-grams for what is near.
    """

    row: int
    place: Place
    other: int
    other_place: Place
    kind: str
    similarity: float


@dataclass(frozen=True)
class Between:
    """Two files.

    Attributes:
        names: of both.
        rows: of both.
        leaks: rows of the second by what they share with the first.
    """

    names: tuple[str, str]
    rows: tuple[int, int]
    leaks: tuple[Leak, ...]

    @property
    def counts(self) -> Counter[str]:
        """Rows of the second file by what they share with the first."""
        return Counter(leak.kind for leak in self.leaks)


@dataclass(frozen=True)
class Leaked:
    """What was found.

    Attributes:
        between: every two files.
        scan: of all.
        preambles: shingles that so many rows share that they were not compared, by comparison.
    """

    between: tuple[Between, ...]
    scan: Scan
    preambles: dict[str, int] = field(default_factory=dict)

    @property
    def rows_leaked(self) -> int:
        """Rows that are the same, or ask the same, as one of an earlier file."""
        return len({leak.row for two in self.between for leak in two.leaks if leak.kind in LEAKS})


def leaks(
    *inputs: object,
    threshold: Fraction = Fraction(7, 10),
    fields: tuple[str, ...] = (),
    plan: Plan | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Leaked:
    """Compare files with each other.

    Args:
        *inputs: two paths or more; globs, folders, or data frames.
        threshold: Jaccard similarity of word 3-grams from which asks, and rows, are near.
        fields: metadata whose values are compared, such as a user.
        plan: encoding, mapping of columns, workers.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: there are not two files, or no row has a field.
        CurateError: an input cannot be read at all.
    """
    plan = replace(plan or Plan(), fields=fields)
    found = discover(inputs)
    if len(found.sources) < 2:  # noqa: PLR2004 (a leak is between two)
        raise UsageError("one file has none to leak into", hint="curate leaks train.jsonl test.jsonl")
    seen = scan(found, (RowSketch(fields=fields),), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    preambles: dict[str, U64] = {}
    with choose_engine(0, None) as inline:
        compared = compare(seen, Comparing(document=True, fields=fields), engine or inline, preambles)
    kinds = (*KINDS, *(f"same {name}" for name in fields))
    pairs = combinations(range(len(seen.opened)), 2)
    between = tuple(_between(seen, compared, files, threshold, kinds) for files in pairs)
    return Leaked(between, seen, {name: len(one) for name, one in preambles.items() if len(one)})


def _between(
    seen: Scan, compared: Compared, files: tuple[int, int], threshold: Fraction, kinds: tuple[str, ...]
) -> Between:
    """What the rows of the second file have in common with those of the first."""
    file = compared.rows["file"].to_numpy()
    left, right = (np.flatnonzero(file == one) for one in files)
    known: dict[int, tuple[int, str, float]] = {}
    for kind in kinds:
        if kind in compared.keys:
            ours, theirs, similarity = _by_key(compared, kind, file, files)
        elif kind in compared.sets:
            ours, theirs, similarity = _by_join(compared, kind, (left, right), threshold)
        else:
            continue
        for one, two, alike in zip(ours.tolist(), theirs.tolist(), similarity.tolist(), strict=True):
            known.setdefault(two, (one, kind, alike))
    numbers = compared.rows["row"].to_numpy()
    at = pl.Series(numbers[np.array(sorted({*known, *(one for one, _, _ in known.values())}), np.int64)])
    places = places_of(seen, at)
    found = [
        Leak(
            int(numbers[two]),
            places[int(numbers[two])],
            int(numbers[one]),
            places[int(numbers[one])],
            kind,
            alike,
        )
        for two, (one, kind, alike) in sorted(known.items())
    ]
    names = tuple(seen.opened[one].source.name for one in files)
    return Between((names[0], names[1]), (len(left), len(right)), tuple(found))


def _by_key(compared: Compared, kind: str, file: I64, files: tuple[int, int]) -> tuple[I64, I64, F64]:
    """Each row of the second file with the first row of the first that has the same key."""
    rows, keys = compared.keys[kind]
    lines = pl.DataFrame({"place": rows, "key": keys, "file": file[rows]})
    firsts = lines.filter(pl.col("file") == files[0]).unique("key", keep="first", maintain_order=True)
    both = lines.filter(pl.col("file") == files[1]).join(firsts, on="key", how="inner", maintain_order="left")
    return both["place_right"].to_numpy(), both["place"].to_numpy(), np.ones(len(both))


def _by_join(
    compared: Compared, kind: str, rows: tuple[I64, I64], threshold: Fraction
) -> tuple[I64, I64, F64]:
    """Each row of the second file with the most similar one of the first, by the exact join."""
    left, right = rows
    sets = compared.sets[kind]
    pairs = cross_join(taken(sets, left), taken(sets, right), threshold)
    order = np.lexsort((pairs.i, -pairs.jaccard, pairs.j))
    firsts = order[np.unique(pairs.j[order], return_index=True)[1]]
    return left[pairs.i[firsts]], right[pairs.j[firsts]], pairs.jaccard[firsts]


def examples(done: Leaked, plan: Plan, most: int) -> list[tuple[Leak, str]]:
    """For every two files some leaks of each kind, with what the row asks: masked, then cut."""
    shown: list[Leak] = []
    for two in done.between:
        for kind in two.counts:
            shown += [leak for leak in two.leaks if leak.kind == kind][:most]
    wanted = done.scan.index.filter(pl.col("row").is_in([leak.row for leak in shown]))
    known: dict[int, Fetched] = {}
    for (file,), rows in wanted.group_by("file", maintain_order=True):
        known |= fetch(done.scan.opened[int(str(file))], rows)
    texts = [
        shown_text(known[leak.row].texts("prompt") or known[leak.row].texts("target"), plan) for leak in shown
    ]
    cut = [text if len(text) <= HEAD else text[:HEAD] + "…" for text in texts]
    return list(zip(shown, cut, strict=True))
