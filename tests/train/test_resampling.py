"""Intervals hold what they promise, and randomisation claims no more than its level."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from curate_train.metrics.resampling import Difference, Groups, difference, estimate, ratio


def shares(values: np.ndarray) -> np.ndarray:
    return np.stack([values, np.ones(len(values))], axis=1)


def test_an_interval_of_the_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(size=400)
    made = estimate(shares(values), ratio, Groups.make(list(range(400))))
    reach = 1.96 * values.std() / 20
    assert made.value == pytest.approx(values.mean())
    assert made.low == pytest.approx(values.mean() - reach, abs=0.02)
    assert made.high == pytest.approx(values.mean() + reach, abs=0.02)


def test_copies_of_a_row_are_no_further_observations() -> None:
    values = np.random.default_rng(2).normal(size=40)
    alone = estimate(shares(values), ratio, Groups.make(list(range(40))))
    copied = np.repeat(values, 25)
    together = estimate(shares(copied), ratio, Groups.make([at // 25 for at in range(1000)]))
    by_row = estimate(shares(copied), ratio, Groups.make(list(range(1000))))
    assert together == pytest.approx(alone)
    assert by_row.high - by_row.low < (alone.high - alone.low) / 3


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    covered = 0
    draw = np.random.default_rng(3)
    for trial in range(200):
        centres = draw.normal(size=50)
        values = np.repeat(centres, 3) + draw.normal(scale=0.3, size=150)
        labels = [at // 3 for at in range(150)]
        made = estimate(shares(values), ratio, Groups.make(labels, samples=300, seed=trial))
        covered += made.low <= 0 <= made.high
    assert 178 <= covered <= 199  # 95 %, less a little for percentile intervals of 50 groups


def test_one_group_has_no_interval_and_nothing_has_no_figure() -> None:
    assert estimate(shares(np.ones(5)), ratio, Groups.make(["a"] * 5)) == (1.0, None, None)
    assert estimate(np.zeros((5, 2)), ratio, Groups.make(list(range(5)))).value is None
    assert estimate(np.zeros((0, 2)), ratio, Groups.make([])).value is None


def test_randomisation_equals_the_exact_permutation_test() -> None:
    first, second = np.array([0.1, 0.4, 0.3, 0.9, 0.2, 0.5]), np.array([0.5, 0.6, 0.2, 1.0, 0.6, 0.7])
    made = difference(shares(first), shares(second), ratio, Groups.make(list(range(6)), samples=20_000))
    gap = second - first
    extreme = [
        abs(np.dot(sign, gap)) >= abs(gap.sum()) - 1e-12 for sign in itertools.product((1, -1), repeat=6)
    ]
    assert made.value == pytest.approx(gap.mean())
    assert made.p == pytest.approx(np.mean(extreme), abs=0.01)


def test_no_difference_is_shown_about_as_rarely_as_the_level_says() -> None:
    draw = np.random.default_rng(4)
    shown = 0
    for trial in range(200):
        one, two = draw.normal(size=(2, 60))
        shown += difference(
            shares(one), shares(two), ratio, Groups.make(list(range(60)), samples=300, seed=trial)
        ).is_shown
    assert shown <= 18


def test_a_plain_difference_is_shown() -> None:
    first = np.random.default_rng(5).normal(size=100)
    made = difference(shares(first), shares(first + 0.1), ratio, Groups.make(list(range(100))))
    assert made.is_shown
    assert made.low == pytest.approx(0.1)
    assert not difference(shares(first), shares(first), ratio, Groups.make(list(range(100)))).is_shown
    assert not Difference(0.5, None, None, None).is_shown
