"""Which rows ask and teach the same, decided on their texts, and which only look alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.engines.dropping import Twin
from curate.engines.rereading import as_they_are, read_examples, reread
from curate.similarity import Pairs, kernels, self_join
from curate.similarity.answers import equivalent
from curate.similarity.asks import form_matters
from curate.similarity.boilerplate import common_shingles, discount
from curate.similarity.cells import sets_of
from curate.similarity.judge import PairClass, judge, near_differences, near_key
from curate.text.fold import digest

if TYPE_CHECKING:
    from fractions import Fraction

    from curate.engines.deduping import Rules
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.similarity.arrays import I64
    from curate.similarity.guard import Difference
    from curate.similarity.judge import Example

REMOVED = pl.Schema({"row": pl.Int64(), "kept": pl.Int64(), "is_exact": pl.Boolean(), "why": pl.String()})
KEYS = pl.Schema({"row": pl.Int64(), "ask": pl.Binary(), "answer": pl.Binary()})
EXACT_TWIN = Twin(1.0)

MOST_ANSWERS = 20
"""Answers to one ask that are compared with each other; an ask with more is an open one."""

MOST_SHOWN = 5
"""Pairs of a kind that are shown."""

ENOUGH = 10_000
"""Rows in the most similar pairs among which pairs to show are looked for."""


@dataclass(frozen=True)
class Decided:
    """Which rows go.

    Attributes:
        removed: of the schema ``REMOVED``.
        asks: ``row, ask`` of the rows that share their block with others, where the ask has been read.
        conflicts: asks with answers that are not equivalent.
        twins: how removed rows compare to those that are kept for them.
    """

    removed: pl.DataFrame
    asks: pl.DataFrame
    conflicts: int = 0
    twins: dict[int, Twin] = field(default_factory=dict)


class Shown(NamedTuple):
    """A pair with its texts: the row, the other, what they are to each other, and how they differ."""

    row: int
    other: int
    kind: PairClass
    similarity: float
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Alike:
    """What looks alike and is kept.

    Attributes:
        variants: rows with another one whose ask is similar and not the same; None if they were not looked for.
        kinds: of a sample of such pairs, by class.
        shown: the most similar of them.
    """

    variants: int | None
    kinds: Counter[str]
    shown: tuple[Shown, ...]


def decide(seen: Scan, rows: pl.DataFrame, rules: Rules, engine: Engine) -> Decided:
    """Find the rows that are near another one that is kept.

    Copies are known by 128 bits of what they say. Of each set of copies the best is read again, where it shares its
    block with others.

    Args:
        seen: the scan.
        rows: what the sketch holds of each row.
        rules: which row to keep.
        engine: where rows are read again.
    """
    if rows.is_empty():
        return Decided(pl.DataFrame(schema=REMOVED), pl.DataFrame(schema=KEYS).select("row", "ask"))
    ranked = rows.select(
        "row", "block", "said", "said_too", rules.keep.ranks(rows, seen.index).alias("rank")
    ).sort("rank")
    ranked = ranked.with_columns(pl.col("row").first().over("said", "said_too").alias("copy_of"))
    best = ranked.filter(pl.col("row") == pl.col("copy_of"))
    keys = pl.concat(
        [
            pl.DataFrame(schema=KEYS),
            *reread(seen, best.filter(pl.col("block").is_duplicated())["row"], _keys, engine),
        ]
    )
    same = best.select("row").join(keys, on="row", how="inner", maintain_order="left")
    same = same.with_columns(pl.col("row").first().over("ask", "answer").alias("best_row"))
    into, conflicts, twins = _Merging(seen, same, engine).run()
    return _decided(ranked, into, Decided(pl.DataFrame(), same.select("row", "ask"), conflicts, twins))


def _keys(rows: list[tuple[int, Example]]) -> pl.DataFrame:
    return pl.DataFrame([(row, *digests(example)) for row, example in rows], schema=KEYS, orient="row")


def digests(example: Example) -> tuple[bytes, bytes]:
    """128 bits of the canonical ask, and of the canonical answers."""
    asked, *answers = near_key(example)
    return digest(asked), digest("\0".join(answers))


def _decided(ranked: pl.DataFrame, into: dict[int, int], known: Decided) -> Decided:
    """Every row that goes: copies go with the best of them, and are near where that one is."""
    moved = pl.DataFrame(
        {"copy_of": list(into), "into": list(into.values())}, schema={"copy_of": pl.Int64, "into": pl.Int64}
    )
    gone = (
        ranked.join(moved, on="copy_of", how="left")
        .select(
            "row",
            "copy_of",
            pl.coalesce("into", "copy_of").alias("kept"),
            pl.col("into").is_null().alias("is_exact"),
        )
        .filter(pl.col("row") != pl.col("kept"))
        .sort("row")
    )
    twins = {
        row: EXACT_TWIN if is_exact else known.twins[copy_of]
        for row, copy_of, is_exact in gone.select("row", "copy_of", "is_exact").iter_rows()
    }
    whys = pl.Series("why", [_why(twins[row]) for row in gone["row"].to_list()], pl.String)
    return replace(known, removed=gone.select("row", "kept", "is_exact", whys), twins=twins)


class _Merging:
    """From rows with equal keys to rows that go: answers that differ in their frame only are compared as well."""

    def __init__(self, seen: Scan, same: pl.DataFrame, engine: Engine) -> None:
        """``same``: of rows that are no copies of each other, best first: ``row, ask, answer, best_row``."""
        self._seen = seen
        self._same = same
        self._engine = engine

    def run(self) -> tuple[dict[int, int], int, dict[int, Twin]]:
        """For each row that goes the one that is kept, the asks with several answers, and how rows compare."""
        best = (
            self._same.unique("best_row", maintain_order=True)
            .group_by("ask", maintain_order=True)
            .agg("best_row")
        )
        contested = best.filter(pl.col("best_row").list.len() > 1)
        wanted = [
            contested.filter(pl.col("best_row").list.len() <= MOST_ANSWERS)["best_row"].explode(),
            self._same.filter(pl.col("row") != pl.col("best_row"))["best_row"],
        ]
        known = read_examples(self._seen, pl.concat(wanted).unique(), self._engine)
        moved, conflicts = self._merge(contested["best_row"].to_list(), known)
        kept_of = {
            row: moved.get(best_row, best_row)
            for row, best_row in self._same.select("row", "best_row").iter_rows()
            if row != moved.get(best_row, best_row)
        }
        twins = self._compare(kept_of, known, moved)
        return {row: kept for row, kept in kept_of.items() if row in twins}, conflicts, twins

    def _merge(self, contested: list[list[int]], known: dict[int, Example]) -> tuple[dict[int, int], int]:
        """Which best rows are near to a better one, and how many asks keep several answers."""
        into: dict[int, int] = {}
        conflicts = 0
        for best in contested:
            if len(best) > MOST_ANSWERS:
                conflicts += 1
                continue
            kept = [best[0]]
            asked = known[best[0]].ask
            form = any(form_matters(turn.text) for turn in asked)
            for row in best[1:]:
                twin = next((k for k in kept if _teach_the_same(known[row], known[k], verbatim=form)), None)
                if twin is None:
                    kept.append(row)
                else:
                    into[row] = twin
            conflicts += len(kept) > 1
        return into, conflicts

    def _compare(
        self, kept_of: dict[int, int], known: dict[int, Example], moved: dict[int, int]
    ) -> dict[int, Twin]:
        """How each row compares to the one that is kept for it; without those that are not near after all.

        Rows with the keys of the kept one are near. Where only the best of them was compared with another's best,
        each is judged for itself.
        """
        twins: dict[int, Twin] = {}
        unsure = set(moved.values())
        near = pl.Series(list(kept_of), dtype=pl.Int64)
        for part in reread(self._seen, near, as_they_are, self._engine):
            for row, example in part:
                kept = known[kept_of[row]]
                if kept_of[row] not in unsure or judge(example, kept, why=False).pair.removable:
                    twins[row] = Twin(1.0, told(near_differences(example, kept)))
        return twins


def _teach_the_same(one: Example, two: Example, *, verbatim: bool) -> bool:
    """Whether the answers to one ask are equivalent."""
    return len(one.answers) == len(two.answers) and all(
        equivalent(a, b, verbatim=verbatim) for a, b in zip(one.answers, two.answers, strict=True)
    )


def told(differences: list[Difference]) -> tuple[tuple[str, str, str], ...]:
    """Differences as the ledger holds them."""
    return tuple((str(one.kind), one.left, one.right) for one in differences)


def _why(twin: Twin) -> str:
    kinds = dict.fromkeys(kind for kind, _, _ in twin.differences)
    what = ", ".join(kinds) or "the frame of the answer"
    return f"asks and answers the same as a row that is kept; what differs: {what}"


def alike(seen: Scan, rows: pl.DataFrame, decided: Decided, rules: Rules, engine: Engine) -> Alike:
    """Rows that are similar and are kept."""
    if not rules.variants or not rules.guard or rows.is_empty():
        return Alike(None if not rules.variants else 0, Counter(), ())
    kept = rows.join(decided.removed, on="row", how="anti").join(
        decided.asks, on="row", how="left", maintain_order="left"
    )
    first_of_ask = pl.col("ask").is_null() | pl.col("ask").is_first_distinct()
    reps = kept.filter(first_of_ask)
    pairs = similar(reps["shingles"], rules.threshold)
    rows_of = reps["row"].to_numpy()
    variants = len(np.unique(np.concatenate([pairs.i, pairs.j])))
    order = np.lexsort((pairs.j, pairs.i, -pairs.jaccard))
    picked = [
        (int(rows_of[pairs.j[at]]), int(rows_of[pairs.i[at]]), float(pairs.jaccard[at]))
        for at in _spread(order, pairs)
    ]
    known = read_examples(
        seen, pl.Series([row for pair in picked for row in pair[:2]], dtype=pl.Int64).unique(), engine
    )
    shown = []
    for row, other, similarity in picked:
        judged = judge(known[row], known[other])
        shown.append(Shown(row, other, judged.pair, similarity, told(judged.differences)))
    return Alike(variants, Counter(str(one.kind) for one in shown), tuple(shown))


def _spread(order: I64, pairs: Pairs) -> list[int]:
    """The most similar pairs, none with a row that was in an earlier one: a family is shown once."""
    seen: set[int] = set()
    chosen: list[int] = []
    for at in order.tolist():
        pair = {int(pairs.i[at]), int(pairs.j[at])}
        if seen.isdisjoint(pair):
            chosen.append(at)
        seen |= pair
        if len(chosen) == MOST_SHOWN or len(seen) > ENOUGH:
            break
    return chosen


def similar(shingles: pl.Series, threshold: Fraction) -> Pairs:
    """The pairs of rows whose sets are similar both as they are and without what very many rows share.

    A preamble before every prompt would make all of them similar; without their common words, "What is gout?" and "Who
    is at risk for gout?" would be the same. Neither is a variant of the other.
    """
    sets = sets_of(shingles)
    pairs = self_join(discount(sets, common_shingles(sets)).sets, threshold)
    shared = kernels.load().intersections(sets, sets, pairs.i, pairs.j)
    sizes = sets.sizes()
    union = sizes[pairs.i] + sizes[pairs.j] - shared
    found = np.flatnonzero(shared * threshold.denominator >= threshold.numerator * union)
    return Pairs(pairs.i[found], pairs.j[found], shared[found], union[found], pairs.first)
