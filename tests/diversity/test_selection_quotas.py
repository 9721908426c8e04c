"""Bounds of cells in a sample: whether they can be kept, against trying every sample there is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from curate.diversity.selection_quotas import Bounds, Lack, quotas


def is_kept(member: np.ndarray, rows: tuple[int, ...], bounds: list[Bounds]) -> bool:
    counts = member[list(rows)].sum(axis=0)
    return all(
        one.minimum <= count and (one.maximum is None or count <= one.maximum)
        for one, count in zip(bounds, counts, strict=True)
    )


@pytest.mark.parametrize("seed", range(60))
def test_it_is_possible_exactly_if_some_sample_does_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    member = rng.random((9, 3)) < 0.5
    size = int(rng.integers(2, 7))
    bounds = []
    for _ in range(3):
        low = int(rng.integers(0, 4))
        bounds.append(Bounds(low, None if rng.random() < 0.5 else low + int(rng.integers(0, 3))))
    possible = any(is_kept(member, rows, bounds) for rows in combinations(range(9), size))
    found = quotas(member, bounds, size)
    assert possible == (not found.lacks)
    if possible:
        both = found.needed + found.further
        assert both.sum() == size
        assert (both <= np.bincount(found.kinds, minlength=len(both))).all()
        inside = found.cells.T @ both
        assert all(one.minimum <= count for one, count in zip(bounds, inside, strict=True))
        assert all(
            one.maximum is None or count <= one.maximum for one, count in zip(bounds, inside, strict=True)
        )


def test_what_is_missing_is_named() -> None:
    member = np.array([[True, False]] * 3 + [[False, True]] * 5)
    assert quotas(member, [Bounds(5), Bounds(2)], 8).lacks == (Lack(0, 2),)
    assert quotas(member, [Bounds(0, 1), Bounds(0, 2)], 8).lacks == (Lack(None, 5),)


def test_a_row_in_two_cells_serves_both() -> None:
    member = np.array([[True, True]] * 4 + [[True, False]] * 4 + [[False, True]] * 4)
    assert quotas(member, [Bounds(4), Bounds(4)], 10).needed.sum() == 4
