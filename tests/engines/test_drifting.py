"""Drift: the two measures against worked examples, and what chance alone makes of them."""

from __future__ import annotations

import random
from collections import Counter
from math import log, log2, sqrt

import pytest

from curate.engines.drifting import OTHERS, shift


def test_the_index_is_that_of_the_books() -> None:
    moved = shift({"a": 50_000, "b": 50_000}, {"a": 70_000, "b": 30_000})
    assert moved.psi == pytest.approx(0.2 * log(0.7 / 0.5) - 0.2 * log(0.3 / 0.5), abs=1e-4)
    assert moved.reading == "shifted"
    assert {one.value for one in moved.moved} == {"a", "b"}


def test_the_distance_goes_from_nothing_to_one() -> None:
    assert shift({"a": 5, "b": 5}, {"a": 50, "b": 50}).distance == pytest.approx(0.0)
    assert shift({"a": 9}, {"b": 9}).distance == pytest.approx(1.0)
    assert shift({"a": 100}, {"a": 50, "b": 50}).distance == pytest.approx(
        sqrt(0.5 * log2(4 / 3) + 0.25 * log2(4 / 3))
    )


def test_the_distance_is_that_of_scipy() -> None:
    distance = pytest.importorskip("scipy.spatial.distance")
    rng = random.Random(2)  # noqa: S311 (repeatable)
    for _ in range(20):
        before, now = ({value: rng.randint(20, 300) for value in "abcdef"} for _ in range(2))
        p, q = ([counts[value] / sum(counts.values()) for value in "abcdef"] for counts in (before, now))
        assert shift(before, now).distance == pytest.approx(distance.jensenshannon(p, q, 2))


def test_a_value_that_is_new_gives_a_finite_index() -> None:
    moved = shift({"a": 100}, {"a": 50, "b": 50})
    assert 0.25 < moved.psi < 10
    assert moved.reading == "moved far"
    assert moved.moved[0].value == "b"


def test_nothing_against_nothing_has_not_moved() -> None:
    assert shift({}, {}).psi == 0.0
    assert shift({"a": 3}, {"a": 4}).reading == "within chance"


def test_rare_values_are_taken_together() -> None:
    many = {f"v{number}": 1 for number in range(500)}
    moved = shift(many | {"a": 500}, many | {"a": 500})
    assert {one.value for one in moved.moved} == {OTHERS, "a"}
    assert moved.psi == pytest.approx(0.0)


def test_what_chance_makes_of_it_is_seldom_more_than_told() -> None:
    rng = random.Random(1)  # noqa: S311 (repeatable)
    over, runs = 0, 400
    for _ in range(runs):
        before, now = (Counter(rng.choices("abcdef", (5, 4, 3, 2, 2, 1), k=n)) for n in (600, 900))
        moved = shift(before, now)
        over += moved.psi > moved.chance
    assert 0.02 < over / runs < 0.09, "one in twenty is what it promises"
