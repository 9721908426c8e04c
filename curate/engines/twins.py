"""Which rows ask and teach the same, decided on their texts, and which only look alike."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.engines.dropping import Twin
from curate.engines.rereading import read_examples, reread
from curate.similarity import Sets, self_join
from curate.similarity.answers import equivalent
from curate.similarity.asks import form_matters
from curate.similarity.boilerplate import common_shingles, discount
from curate.similarity.judge import PairClass, judge, near_key

if TYPE_CHECKING:
    from curate.engines.deduping import Rules
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.similarity.arrays import I64
    from curate.similarity.guard import Difference
    from curate.similarity.join import Pairs
    from curate.similarity.judge import Example

REMOVED = pl.Schema({"row": pl.Int64(), "kept": pl.Int64(), "is_exact": pl.Boolean(), "why": pl.String()})
KEYS = pl.Schema({"row": pl.Int64(), "ask": pl.Binary(), "answer": pl.Binary(), "said": pl.Binary()})

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

    Args:
        seen: the scan.
        rows: what the sketch holds of each row.
        rules: which row to keep.
        engine: where rows are read again.
    """
    candidates = (
        rows.filter(pl.col("block").is_duplicated())["row"] if len(rows) else pl.Series([], dtype=pl.Int64)
    )
    keys = pl.concat([pl.DataFrame(schema=KEYS), *reread(seen, candidates, _keys, engine)])
    ranks = (
        rows.select("row").with_columns(rules.keep.ranks(rows, seen.index).alias("rank"))
        if len(rows)
        else None
    )
    if ranks is None or keys.is_empty():
        return Decided(pl.DataFrame(schema=REMOVED), keys.select("row", "ask"))
    ranked = keys.join(ranks, on="row", how="left").sort("rank")
    same = ranked.with_columns(pl.col("row", "said").first().over("ask", "answer").name.prefix("best_"))
    return _Merging(seen, same, engine).run()


def _keys(rows: list[tuple[int, Example]]) -> pl.DataFrame:
    lines = [(row, *_digests(example)) for row, example in rows]
    return pl.DataFrame(lines, schema=KEYS, orient="row")


def _digests(example: Example) -> tuple[bytes, bytes, bytes]:
    asked, *answers = near_key(example)
    return _hashed(asked), _hashed("\0".join(answers)), _hashed(repr(example))


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class _Merging:
    """From rows with equal keys to rows that go: answers that differ in their frame only are compared as well."""

    def __init__(self, seen: Scan, same: pl.DataFrame, engine: Engine) -> None:
        self._seen = seen
        self._same = same
        self._engine = engine
        self._best = (
            same.unique("best_row", maintain_order=True).group_by("ask", maintain_order=True).agg("best_row")
        )

    def run(self) -> Decided:
        """The decision."""
        contested = self._best.filter(pl.col("best_row").list.len() > 1)
        is_near = (pl.col("row") != pl.col("best_row")) & (pl.col("said") != pl.col("best_said"))
        wanted = [
            contested.filter(pl.col("best_row").list.len() <= MOST_ANSWERS)["best_row"].explode(),
            self._same.filter(is_near)["best_row"],
        ]
        known = read_examples(self._seen, pl.concat(wanted).unique(), self._engine)
        into, conflicts = self._merge(contested["best_row"].to_list(), known)
        moved = pl.DataFrame(
            {"best_row": list(into), "into": list(into.values())},
            schema={"best_row": pl.Int64, "into": pl.Int64},
        )
        removed = (
            self._same.join(moved, on="best_row", how="left", maintain_order="left")
            .with_columns(pl.coalesce("into", "best_row").alias("kept"))
            .filter(pl.col("row") != pl.col("kept"))
            .with_columns(
                ((pl.col("said") == pl.col("best_said")) & pl.col("into").is_null()).alias("is_exact")
            )
        )
        twins, refused = self._compare(removed.filter(~pl.col("is_exact")), known)
        sure = removed.filter(~pl.col("row").is_in(refused)).sort("row")
        twins |= {row: Twin(1.0) for row in sure.filter("is_exact")["row"].to_list()}
        whys = [_why(twins[row]) for row in sure["row"].to_list()]
        told = sure.select("row", "kept", "is_exact", pl.Series("why", whys, pl.String))
        return Decided(told, self._same.select("row", "ask"), conflicts, twins)

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

    def _compare(self, near: pl.DataFrame, known: dict[int, Example]) -> tuple[dict[int, Twin], list[int]]:
        """How each row compares to the one kept for it; those that are not near after all stay."""
        kept_of = dict(near.select("row", "kept").rows())
        twins: dict[int, Twin] = {}
        refused: list[int] = []
        for row, example in (
            line for part in reread(self._seen, near["row"], list, self._engine) for line in part
        ):
            judged = judge(example, known[kept_of[row]])
            if judged.pair.removable:
                twins[row] = Twin(round(judged.similarity, 4), told(judged.differences))
            else:
                refused.append(row)
        return twins, refused


def _teach_the_same(one: Example, two: Example, *, verbatim: bool) -> bool:
    """Whether the answers to one ask are equivalent."""
    asked = "\n".join(turn.text for turn in one.ask)
    return len(one.answers) == len(two.answers) and all(
        equivalent(a, b, asked=asked, verbatim=verbatim)
        for a, b in zip(one.answers, two.answers, strict=True)
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
    pairs = self_join(compared_sets(reps["shingles"]), rules.threshold)
    rows_of = reps["row"].to_numpy()
    variants = len(np.unique(np.concatenate([pairs.i, pairs.j])))
    order = np.lexsort((pairs.j, pairs.i, -pairs.jaccard))
    picked = [(int(rows_of[pairs.j[at]]), int(rows_of[pairs.i[at]])) for at in _spread(order, pairs)]
    known = read_examples(
        seen, pl.Series([row for pair in picked for row in pair], dtype=pl.Int64).unique(), engine
    )
    shown = []
    for row, other in picked:
        judged = judge(known[row], known[other])
        shown.append(Shown(row, other, judged.pair, judged.similarity, told(judged.differences)))
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


def compared_sets(shingles: pl.Series) -> Sets:
    """The sets behind a column of bytes, without what so many rows share that it tells nothing of any."""
    sets = sets_of(shingles)
    return discount(sets, common_shingles(sets)).sets


def sets_of(shingles: pl.Series) -> Sets:
    """The sets behind a column of bytes."""
    sizes = shingles.bin.size().to_numpy().astype(np.int64) // 8
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return Sets(indptr, np.frombuffer(b"".join(shingles.to_list()), np.uint64))
