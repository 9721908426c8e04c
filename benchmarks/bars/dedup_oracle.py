"""The joins against brute force on real rows: another tokeniser, tuples of strings, all pairs counted.

Row recall is the share of the rows with a similar partner for which MinHash finds one, too. Groups are compared
between row orders and numbers of workers, as sets of texts.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import polars as pl

from benchmarks.bar import Outcome, needs_data, real_data
from benchmarks.near_corpus import real_texts
from curate.similarity import (
    Pairs,
    Sets,
    bands_for,
    keep_nearest,
    lsh_join,
    ranked,
    self_join,
    shingle,
    with_copies,
)
from tests.similarity import oracle

ROWS = 30_000
SEED = 5
THRESHOLDS = (Fraction(7, 10), Fraction(8, 10), Fraction(9, 10))
GRAMS = (3, 5)
ORDERS = 3
WORKERS = (1, 2, 5)
ROW_RECALL = 0.995


class Score(NamedTuple):
    """Shares of pairs and rows in [0, 1], and how many pairs there are."""

    precision: float
    recall: float
    rows: float
    pairs: int


def run() -> list[Outcome]:
    """Both paths, for each threshold and length of shingles."""
    folder = real_data()
    if folder is None:
        return [needs_data("near-duplicate joins against brute force", "recall = precision = 1.0")]
    texts = random.Random(SEED).sample(real_texts(folder), ROWS)  # noqa: S311 (not for secrets)
    outcomes = []
    for n in GRAMS:
        numbers = oracle.number(texts, n)
        lowest = oracle.all_pairs(numbers, None, THRESHOLDS[0])
        sets = shingle(pl.Series(texts), n)
        for t in THRESHOLDS:
            truth = {
                pair: shared
                for pair, shared in lowest.items()
                if shared >= t * (len(numbers[pair[0]]) + len(numbers[pair[1]]) - shared)
            }
            outcomes += _scored(sets, n, t, truth)
    return [*outcomes, *(_stable(texts, name) for name in ("exact", "MinHash"))]


def _scored(sets: Sets, n: int, t: Fraction, truth: dict[tuple[int, int], int]) -> list[Outcome]:
    exact = _score(self_join(sets, t), truth)
    hashed = _score(lsh_join(sets, t), truth)
    banding = bands_for(t)
    where = f"{n}-grams, t = {float(t)}, {ROWS:,} real rows"
    predicted = f"{banding.bands}×{banding.rows}, predicted pair recall {banding.recall(float(t)):.3f}"
    return [
        Outcome(
            f"exact join: {where}",
            f"precision {exact.precision:.6g}, recall {exact.recall:.6g} of {exact.pairs:,} pairs",
            "both 1.0",
            exact.precision == exact.recall == 1 and exact.pairs > 0,
        ),
        Outcome(
            f"MinHash ({predicted}): {where}",
            f"precision {hashed.precision:.6g}, row recall {hashed.rows:.4f}",
            f"1.0, ≥ {ROW_RECALL}",
            hashed.precision == 1 and hashed.rows >= ROW_RECALL,
        ),
    ]


def _score(found: Pairs, truth: dict[tuple[int, int], int]) -> Score:
    whole = with_copies(found)
    said = dict(zip(zip(whole.i.tolist(), whole.j.tolist(), strict=True), whole.shared.tolist(), strict=True))
    right = sum(truth.get(pair) == shared for pair, shared in said.items())
    rows = {row for pair in truth for row in pair}
    seen = {row for pair in said for row in pair}
    return Score(
        right / max(len(said), 1),
        right / max(len(truth), 1),
        len(rows & seen) / max(len(rows), 1),
        len(truth),
    )


def _stable(texts: list[str], path: str) -> Outcome:
    """Groups of distinct texts (equal ones cannot be told apart), the longest kept, for each order and worker count."""
    distinct = sorted(set(texts))
    groups = set()
    for seed in range(ORDERS):
        order = random.Random(seed).sample(distinct, len(distinct))  # noqa: S311 (not for secrets)
        rank = ranked([-len(text) for text in order], order)
        for workers in WORKERS:
            sets = shingle(pl.Series(order), GRAMS[-1], workers=workers)
            pairs = self_join(sets, THRESHOLDS[1]) if path == "exact" else lsh_join(sets, THRESHOLDS[1])
            kept = keep_nearest(pairs, rank).kept
            groups.add(
                frozenset(
                    (order[row], order[kept[row]]) for row in np.flatnonzero(kept != np.arange(len(kept)))
                )
            )
    removed = len(next(iter(groups)))
    return Outcome(
        f"{path} path: groups for {ORDERS} row orders × {len(WORKERS)} worker counts",
        f"{len(groups)} result, {removed:,} rows removed",
        "one result",
        len(groups) == 1 and removed > 0,
    )
