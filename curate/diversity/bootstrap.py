"""What a measure is for a fixed number of rows, and how much that depends on which ones.

Most measures of variety change with the number of rows alone, so files compare only at equal numbers. Rows are drawn
several times, without replacement (with it, copies would be made, which is what several measures count); the estimate
is the mean over the draws, and the interval holds the middle 95 % of them.

It is an interval of the value of *so many rows drawn from this file* (Politis & Romano 1994, "Large sample confidence
regions based on subsamples under minimal assumptions"; here not rescaled to all rows). At most half of the rows are
drawn: for draws of one half the spread is about that of the whole file's value over other files of its kind (J. Shao &
C. F. J. Wu 1989, "A general theory for jackknife variance estimation"). It says nothing of a bias in the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIZE = 1000
"""Rows of a draw."""

RESAMPLES = 20
MIDDLE = (0.025, 0.975)


class Estimate(NamedTuple):
    """The mean over the draws, and the bounds of their middle 95 %."""

    value: float
    low: float
    high: float


def draws(rows: int, size: int = SIZE, resamples: int = RESAMPLES, seed: int = 0) -> list[NDArray[np.int64]]:
    """Places of the rows of each draw, in the order in which they were drawn.

    Args:
        rows: how many there are.
        size: how many are drawn, but never more than half of them (of two or more).
        resamples: how many draws.
        seed: of the generator; each draw is independent of how many there are.
    """
    drawn = min(size, max(1, rows // 2)) if rows else 0
    return [
        np.random.default_rng([seed, number]).permutation(rows)[:drawn].astype(np.int64)
        for number in range(resamples)
    ]


def estimate(values: Sequence[float]) -> Estimate:
    """The estimate from the values of the draws; bounds are interpolated linearly between them."""
    low, high = np.quantile(values, MIDDLE)
    return Estimate(float(np.mean(values)), float(low), float(high))
