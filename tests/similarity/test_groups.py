"""Which rows stay: as taking them one by one would say, and nothing but ranks decides."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.similarity import Groups, Pairs, groups, keep_nearest, ranked, self_join, shingle, with_copies
from tests.similarity.corpora import near_texts


def graph(rows: int, edges: list[tuple[int, int, int]]) -> Pairs:
    """Pairs that share so many of 100."""
    unique = sorted({(min(i, j), max(i, j)): shared for i, j, shared in edges if i != j}.items())
    i, j = (np.array([pair[side] for pair, _ in unique], np.int64) for side in (0, 1))
    shared = np.array([shared for _, shared in unique], np.int64)
    return Pairs(i, j, shared, np.full(len(i), 100), np.arange(rows))


def one_by_one(pairs: Pairs, rank: np.ndarray) -> list[int]:
    """The definition: by rank, a row is kept unless it is near a kept one; it goes with the most similar."""
    near: dict[int, dict[int, float]] = {}
    for i, j, similarity in zip(pairs.i.tolist(), pairs.j.tolist(), pairs.jaccard.tolist(), strict=True):
        near.setdefault(i, {})[j] = similarity
        near.setdefault(j, {})[i] = similarity
    stays: set[int] = set()
    for row in np.argsort(rank).tolist():
        if not stays & near.get(row, {}).keys():
            stays.add(row)
    return [
        row
        if row in stays
        else min(stays & near[row].keys(), key=lambda other, row=row: (-near[row][other], rank[other]))
        for row in range(len(rank))
    ]


edges = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19), st.integers(70, 100)), max_size=60)


@settings(deadline=None)  # the machine may be busy
@given(edges, st.permutations(range(20)), st.sampled_from([0, 1, 64]))
def test_rounds_decide_as_one_by_one(
    found: list[tuple[int, int, int]], order: list[int], rounds: int
) -> None:
    pairs, rank = graph(20, found), np.array(order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "ROUNDS", rounds)
        decided = keep_nearest(pairs, rank)
    assert decided.kept.tolist() == one_by_one(pairs, rank)
    similarity = {
        (i, j): s for i, j, s in zip(pairs.i.tolist(), pairs.j.tolist(), pairs.jaccard.tolist(), strict=True)
    }
    for row, kept in enumerate(decided.kept.tolist()):
        assert decided.similarity[row] == (1 if row == kept else similarity[min(row, kept), max(row, kept)])


def test_a_chain_is_no_group() -> None:
    """Each is near the next only: every other one stays, and the ranks run along the chain."""
    pairs = graph(10_000, [(k, k + 1, 90) for k in range(9_999)])
    decided = keep_nearest(pairs, np.arange(10_000))
    assert decided.removed().tolist() == list(range(1, 10_000, 2))
    assert decided.sizes().sum() == 10_000


def test_copies_follow_the_best_of_them() -> None:
    texts = pl.Series(["a b c d e", "x", "a b c d e", "x", "a b c d f", "y"])
    pairs = self_join(shingle(texts, 1), 0.6)
    decided = keep_nearest(pairs, np.array([5, 4, 3, 1, 2, 0]))
    assert decided.kept.tolist() == [4, 3, 4, 3, 4, 5]
    assert decided.similarity.tolist() == [4 / 6, 1, 4 / 6, 1, 1, 1]


def test_copies_through_their_first_row_are_as_all_pairs() -> None:
    sets = shingle(pl.Series(near_texts(21, 500), dtype=pl.String), 2)
    pairs = self_join(sets, 0.7)
    rank = np.array(random.Random(1).sample(range(500), 500))  # noqa: S311 (not for secrets)
    whole = with_copies(pairs)
    decided = keep_nearest(pairs, rank)
    assert len(whole) > len(pairs)
    assert decided.kept.tolist() == keep_nearest(whole, rank, np.ones(len(whole), np.bool_)).kept.tolist()
    assert decided.kept.tolist() == one_by_one(whole, rank)


def test_only_chosen_pairs_remove() -> None:
    pairs = graph(3, [(0, 1, 90), (1, 2, 90)])
    assert keep_nearest(pairs, np.arange(3), pairs.j == 2).kept.tolist() == [0, 1, 1]


def test_the_order_of_rows_does_not_matter() -> None:
    texts = [text or f"row {at}" for at, text in enumerate(near_texts(22, 400))]
    texts = sorted(set(texts))
    results: list[dict[str, str]] = []
    for seed in range(4):
        order = random.Random(seed).sample(texts, len(texts))  # noqa: S311 (not for secrets)
        pairs = self_join(shingle(pl.Series(order), 2), 0.7)
        decided: Groups = keep_nearest(pairs, ranked([-len(text) for text in order], order))
        results.append({order[row]: order[kept] for row, kept in enumerate(decided.kept.tolist())})
    assert all(result == results[0] for result in results)
    assert any(text != kept for text, kept in results[0].items())


def test_ranks_go_by_columns_in_turn() -> None:
    assert ranked([2, 1, 2, 1], ["b", "b", "a", "b"]).tolist() == [3, 0, 2, 1]
    assert ranked([2, 1, 2, 1], ["b", "b", "a", "b"], descending=[True]).tolist() == [1, 2, 0, 3]
