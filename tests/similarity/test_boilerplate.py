from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curate.similarity import boilerplate
from curate.similarity.arrays import Sets
from curate.similarity.boilerplate import common_shingles, discount

if TYPE_CHECKING:
    import pytest


def csr(*rows: set[int]) -> Sets:
    indptr = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
    return Sets(indptr, np.array([h for row in rows for h in sorted(row)], np.uint64))


def back(sets: Sets) -> list[set[int]]:
    return [set(sets[row].tolist()) for row in range(len(sets))]


def test_a_preamble_is_left_out() -> None:
    sets = csr(*({1, 2, 3, 100 + i} for i in range(30)))
    common = common_shingles(sets)
    assert common.tolist() == [1, 2, 3]
    left = discount(sets, common)
    assert back(left.sets) == [{100 + i} for i in range(30)]
    assert left.share.tolist() == [0.75] * 30
    assert not left.whole.any()


def test_a_row_that_is_nothing_but_preamble_stays_whole_and_is_marked() -> None:
    sets = csr({1, 2}, set(), *({1, 2, 100 + i} for i in range(30)))
    left = discount(sets, common_shingles(sets))
    assert back(left.sets)[:3] == [{1, 2}, set(), {100}]
    assert left.whole.tolist() == [True, *[False] * 31]


def test_copies_of_a_row_count_once() -> None:
    sets = csr(*[{1, 2, 3}] * 500, *({10 + i} for i in range(30)))
    assert common_shingles(sets).tolist() == []


def test_a_small_group_is_not_boilerplate() -> None:
    assert common_shingles(csr(*({1, 2, 100 + i} for i in range(19)))).tolist() == []


@given(st.lists(st.sets(st.integers(0, 40)), max_size=40), st.sets(st.integers(0, 40)))
def test_discount_is_set_difference(rows: list[set[int]], common: set[int]) -> None:
    left = discount(csr(*rows), np.array(sorted(common), np.uint64))
    assert back(left.sets) == [row - common or row for row in rows]
    assert left.whole.tolist() == [bool(row) and row <= common for row in rows]


@given(st.lists(st.sets(st.integers(0, 30), min_size=1), max_size=60), st.randoms())
def test_common_shingles_do_not_depend_on_the_order_of_rows(rows: list[set[int]], dice: object) -> None:
    expected = common_shingles(csr(*rows), least=3).tolist()
    dice.shuffle(rows)  # type: ignore[attr-defined]
    assert common_shingles(csr(*rows), least=3).tolist() == expected
    counts = {h: sum(h in row for row in set(map(frozenset, rows))) for h in range(31)}
    assert expected == [h for h, count in counts.items() if count >= 3]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = csr(*({1, 2, 3, *range(100, 100 + i % 7)} for i in range(90)), set(), {1, 2, 3})
    common = common_shingles(sets, least=4)
    left = discount(sets, common)
    monkeypatch.setattr(boilerplate, "_BLOCK", 5)
    assert common_shingles(sets, least=4).tolist() == common.tolist()
    small = discount(sets, common)
    assert back(small.sets) == back(left.sets)
    assert small.whole.tolist() == left.whole.tolist()
    assert small.share.tolist() == left.share.tolist()


def test_a_sample_finds_a_preamble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boilerplate, "SAMPLE", 500)
    assert common_shingles(csr(*({1, 2, 100 + i} for i in range(2000)))).tolist() == [1, 2]
