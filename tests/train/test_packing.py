from __future__ import annotations

import random

import pytest
from curate_train.packing import one_each, pack_lengths
from hypothesis import given
from hypothesis import strategies as st


def log_normal(count: int, seed: int) -> list[int]:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    return [min(512, max(8, round(dice.lognormvariate(5.0, 0.7)))) for _ in range(count)]


@given(st.lists(st.integers(1, 64)), st.integers(0, 9))
def test_every_document_stands_once_and_no_sequence_is_too_long(lengths: list[int], seed: int) -> None:
    packed = pack_lengths(lengths, 64, seed)
    assert sorted(one for pack in packed.packs for one in pack) == list(range(len(lengths)))
    assert all(0 < sum(lengths[one] for one in pack) <= 64 for pack in packed.packs)
    assert packed.tokens == sum(lengths)


@given(st.lists(st.integers(1, 64), min_size=1))
def test_as_few_sequences_as_best_fit_found_by_looking_at_all(lengths: list[int]) -> None:
    gaps: list[int] = []
    for length in sorted(lengths, reverse=True):
        fitting = [gap for gap in gaps if gap >= length]
        gap = min(fitting, default=64)
        if fitting:
            gaps.remove(gap)
        gaps.append(gap - length)
    assert len(pack_lengths(lengths, 64).packs) == len(gaps)


def test_the_seed_decides_the_order_and_nothing_else() -> None:
    lengths = log_normal(500, seed=1)
    assert pack_lengths(lengths, 512, 3) == pack_lengths(lengths, 512, 3)
    assert pack_lengths(lengths, 512, 3).packs != pack_lengths(lengths, 512, 4).packs


@pytest.mark.parametrize("seed", range(3))
def test_log_normal_lengths_fill_the_sequences(seed: int) -> None:
    assert pack_lengths(log_normal(1000, seed), 512).fill >= 0.93


def test_what_does_not_fit_is_an_error_and_never_cut() -> None:
    with pytest.raises(ValueError, match="65 tokens"):
        pack_lengths([3, 65], 64)
    with pytest.raises(ValueError, match="0 tokens"):
        pack_lengths([0], 64)


def test_without_packing_each_document_is_a_sequence() -> None:
    assert one_each([3, 4], 8).packs == ((0,), (1,))
    assert one_each([3, 4], 8).fill == 7 / 16
    assert one_each([], 8).fill == 0
