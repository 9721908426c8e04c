"""The joins find exactly what brute force finds, whatever the kernels, thresholds and order of rows."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.core.errors import UsageError
from curate.similarity import (
    Pairs,
    Sets,
    ShingleStore,
    containment,
    cross_join,
    join,
    plain,
    self_join,
    shingle,
    with_copies,
)
from tests.similarity import oracle
from tests.similarity.corpora import near_texts

if TYPE_CHECKING:
    from pathlib import Path

    from curate.similarity.kernels import Kernels

THRESHOLDS = [Fraction(1, 2), Fraction(7, 10), Fraction(4, 5), Fraction(9, 10), Fraction(1)]
Found = dict[tuple[int, int], int]


def as_sets(members: list[list[int]]) -> Sets:
    """Sets of given hashes."""
    indptr = np.cumsum([0, *(len(set(row)) for row in members)])
    values = np.array([value for row in members for value in sorted(set(row))], np.uint64)
    return Sets(indptr.astype(np.int64), values)


def found(pairs: Pairs) -> Found:
    return {
        (i, j): shared
        for i, j, shared in zip(pairs.i.tolist(), pairs.j.tolist(), pairs.shared.tolist(), strict=True)
    }


@pytest.mark.parametrize("t", THRESHOLDS)
@pytest.mark.parametrize("n", [1, 3])
def test_a_self_join_is_what_brute_force_finds(both: Kernels, n: int, t: Fraction) -> None:
    assert both
    texts = near_texts(n, 300)
    pairs = with_copies(self_join(shingle(pl.Series(texts, dtype=pl.String), n), t))
    expected = oracle.all_pairs(oracle.number(texts, n), None, t)
    assert found(pairs) == expected
    assert len(expected) > 20


@pytest.mark.parametrize("t", THRESHOLDS)
def test_a_cross_join_is_what_brute_force_finds(both: Kernels, t: Fraction) -> None:
    assert both
    texts = near_texts(17, 400)
    left, right = texts[::3], [*texts[1::3], *texts[::6]]
    numbers: dict[tuple[str, ...], int] = {}
    sets = [shingle(pl.Series(side, dtype=pl.String), 2) for side in (left, right)]
    expected = oracle.all_pairs(oracle.number(left, 2, numbers), oracle.number(right, 2, numbers), t)
    assert found(cross_join(sets[0], sets[1], t)) == expected
    assert len(expected) > 20


members = st.lists(st.lists(st.integers(0, 12), max_size=9), max_size=14)


@settings(deadline=None)  # the machine may be busy
@given(members, st.fractions(Fraction(1, 20), 1, max_denominator=20))
def test_any_small_collection_is_joined_exactly(rows: list[list[int]], t: Fraction) -> None:
    unique = [sorted(set(row)) for row in rows]
    assert found(with_copies(self_join(as_sets(unique), t))) == oracle.all_pairs(unique, None, t)


@settings(deadline=None)  # the machine may be busy
@given(members, members, st.fractions(Fraction(1, 20), 1, max_denominator=20))
def test_any_two_small_collections_are_joined_exactly(
    left: list[list[int]], right: list[list[int]], t: Fraction
) -> None:
    one, other = ([sorted(set(row)) for row in side] for side in (left, right))
    assert found(cross_join(as_sets(one), as_sets(other), t)) == oracle.all_pairs(one, other, t)


def test_pairs_at_the_threshold_itself_are_found(both: Kernels) -> None:
    """7 of 10 at .7, where binary fractions are a trap; and one member less is not."""
    assert both
    rows = [list(range(100 * k, 100 * k + 10)) for k in range(3)]
    near = [row[:7] for row in rows] + [row[:6] for row in rows]
    pairs = self_join(as_sets(rows + near), 0.7)
    assert found(pairs) == {(k, k + 3): 7 for k in range(3)} | {(k + 3, k + 6): 6 for k in range(3)}
    assert pairs.jaccard.tolist() == [0.7] * 3 + [6 / 7] * 3


def test_members_that_are_everywhere_do_not_hide_pairs(both: Kernels) -> None:
    """Counters that are full go on in the overflow; positions are bounded by what their type holds."""
    assert both
    draw = random.Random(5)  # noqa: S311 (not for secrets)
    common = [draw.getrandbits(64) for _ in range(30)]
    rows = [
        [*common[: draw.randint(20, 30)], *(draw.getrandbits(64) for _ in range(draw.randint(0, 6)))]
        for _ in range(600)
    ]
    unique = [sorted(set(row)) for row in rows]
    assert found(with_copies(self_join(as_sets(unique), 0.8))) == oracle.all_pairs(
        unique, None, Fraction(4, 5)
    )


def test_long_rows_are_joined(both: Kernels) -> None:
    assert both
    draw = random.Random(6)  # noqa: S311 (not for secrets)
    base = sorted(draw.getrandbits(64) for _ in range(300_000))
    rows = [base, base[:240_000], base[:239_999], base[200_000:]]
    assert found(self_join(as_sets(rows), 0.8)) == {(0, 1): 240_000, (1, 2): 239_999}


def test_rows_without_tokens_are_near_nothing(both: Kernels) -> None:
    assert both
    sets = shingle(pl.Series(["", None, "?!", "", "one", "one"]), 3)
    pairs = self_join(sets, 0.5)
    assert found(pairs) == {(4, 5): 1}
    assert pairs.first.tolist() == [0, 1, 2, 3, 4, 4]
    assert found(cross_join(sets, sets, 0.5)) == {(4, 4): 1, (4, 5): 1, (5, 4): 1, (5, 5): 1}


def test_copies_make_as_many_edges_as_they_are() -> None:
    rows = [[1, 2, 3]] * 500 + [[1, 2, 3, 4]] * 500
    pairs = self_join(as_sets(rows), 0.7)
    assert len(pairs) == 499 + 499 + 1
    assert set(zip(pairs.i.tolist(), pairs.j.tolist(), strict=True)) == {
        *((0, k) for k in range(1, 501)),
        *((500, k) for k in range(501, 1000)),
    }
    assert len(with_copies(pairs)) == 1000 * 999 // 2


def test_pairs_are_sorted_and_both_kernels_give_the_same(
    monkeypatch: pytest.MonkeyPatch, compiled: Kernels
) -> None:
    assert compiled
    sets = shingle(pl.Series(near_texts(8, 500), dtype=pl.String), 2)
    monkeypatch.setenv("CURATE_KERNELS", "compiled")
    fast = self_join(sets, 0.7)
    monkeypatch.setenv("CURATE_KERNELS", "numpy")
    slow = self_join(sets, 0.7)
    for name in ("i", "j", "shared", "union", "first"):
        assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes()
    places = list(zip(fast.i.tolist(), fast.j.tolist(), strict=True))
    assert places == sorted(set(places))
    assert all(i < j for i, j in places)


@pytest.mark.parametrize("room", [1, 50])
def test_matches_that_do_not_fit_are_taken_up_again(
    monkeypatch: pytest.MonkeyPatch, compiled: Kernels, room: int
) -> None:
    assert compiled
    sets = shingle(pl.Series(near_texts(4, 300), dtype=pl.String), 1)
    whole = self_join(sets, 0.5)
    monkeypatch.setattr("curate.similarity.compiled.MATCH_ROOM", room)
    assert found(self_join(sets, 0.5)) == found(whole)
    assert len(whole) > 300


def test_kernels_give_equal_bytes(monkeypatch: pytest.MonkeyPatch, compiled: Kernels) -> None:
    texts = near_texts(2, 800, words=20, vocabulary=60)
    sets = shingle(pl.Series(texts, dtype=pl.String), 1)
    first = join.first_rows(sets)
    order = join.by_size(sets, first)
    assert compiled.fingerprints(sets).tobytes() == plain.fingerprints(sets).tobytes()
    for small_bits in (4, 16):
        one, other = (kernels.count([sets, sets], small_bits, 3) for kernels in (compiled, plain))
        assert (one.small.tobytes(), one.overflow.tobytes()) == (
            other.small.tobytes(),
            other.overflow.tobytes(),
        )
        assert bool(one.overflow.any()) == (small_bits == 4)
        keys, same = (kernels.prefixes(sets, order, one, Fraction(7, 10)) for kernels in (compiled, plain))
        for name in ("indptr", "keys", "positions"):
            assert getattr(keys, name).tobytes() == getattr(same, name).tobytes()
    monkeypatch.setattr(plain, "BLOCK", 64)
    assert compiled.fingerprints(sets).tobytes() == plain.fingerprints(sets).tobytes()
    i, j = np.repeat(order, 2)[:500], np.tile(order, 2)[:500]
    assert (
        compiled.intersections(sets, sets, i, j).tobytes() == plain.intersections(sets, sets, i, j).tobytes()
    )


def test_fingerprints_that_clash_cost_no_pair(monkeypatch: pytest.MonkeyPatch, compiled: Kernels) -> None:
    rows = [[1, 2], [1, 3], [1, 2], [1, 3], [9]]
    monkeypatch.setattr(compiled, "fingerprints", lambda sets: np.zeros(len(sets), np.uint64))
    monkeypatch.setenv("CURATE_KERNELS", "compiled")
    assert found(with_copies(self_join(as_sets(rows), 0.9))) == {(0, 2): 2, (1, 3): 2}


def test_sets_on_disk_are_joined_alike(both: Kernels, tmp_path: Path) -> None:
    assert both
    texts = pl.Series(near_texts(19, 300), dtype=pl.String)
    store = ShingleStore(2, budget=0, folder=tmp_path)
    store.add(texts)
    assert found(self_join(store.sets(), 0.7)) == found(self_join(shingle(texts, 2), 0.7))


def test_containment_is_the_share_of_the_left(both: Kernels) -> None:
    assert both
    sets = as_sets([[1, 2, 3, 4], [2, 3], [], [9]])
    i, j = np.array([0, 1, 2, 3]), np.array([1, 0, 0, 0])
    assert containment(sets, sets, i, j).tolist() == [0.5, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("t", [0, -0.1, 1.01, Fraction(1, 10**7), float("nan"), float("inf")])
def test_a_threshold_is_a_similarity(t: float | Fraction) -> None:
    with pytest.raises(UsageError, match="no similarity"):
        self_join(as_sets([[1]]), t)


def test_nothing_joins_to_nothing(both: Kernels) -> None:
    assert both
    for rows in ([], [[]], [[1]]):
        assert len(self_join(as_sets(rows), 0.8)) == 0
        assert len(cross_join(as_sets(rows), as_sets([]), 0.8)) == 0
        assert len(with_copies(self_join(as_sets(rows), 0.8))) == 0
