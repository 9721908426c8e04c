"""Greedy choice: against plain greedy, against the best choice there is, and its neighbours against all pairs."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from curate.diversity import selection_neighbours
from curate.diversity.selection import FEWEST, MOST, WORTH, Choice, Graph, grow, neighbourhood
from curate.diversity.selection_measures import Ground
from curate.diversity.selection_neighbours import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

RNG = np.random.default_rng(7)


def points(rows: int, dimensions: int = 6, clusters: int = 0) -> NDArray[np.float32]:
    """Vectors of length 1, in clusters if any are asked for."""
    made = RNG.normal(size=(rows, dimensions))
    if clusters:
        made = 0.4 * made + 2 * RNG.normal(size=(clusters, dimensions))[RNG.integers(clusters, size=rows)]
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def chosen(graph: Graph, size: int) -> Choice:
    choice = Choice(graph)
    grow(choice, range(len(graph.openings)), size)
    return choice


def test_lazy_is_plain_greedy() -> None:
    graph = Graph.of(points(80, clusters=5), RNG.integers(20, size=80), 12)
    plain = Choice(graph)
    for _ in range(12):
        rest = [row for row in range(80) if row not in plain.chosen]
        plain.take(max(rest, key=lambda row: (plain.gain(row), -row)))
    assert chosen(graph, 12).chosen == plain.chosen


@pytest.mark.parametrize("seed", range(4))
def test_it_keeps_what_the_theorem_promises(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = Graph.of(points(12), rng.integers(5, size=12), 3)

    def value(rows: tuple[int, ...]) -> float:
        choice = Choice(graph)
        for row in rows:
            choice.take(row)
        return choice.value

    best = max(value(rows) for rows in combinations(range(12), 3))
    assert chosen(graph, 3).value >= (1 - 1 / np.e) * best


def test_gains_never_grow() -> None:
    graph = Graph.of(points(40), RNG.integers(9, size=40), 8)
    choice, before = Choice(graph), np.full(40, np.inf)
    for row in RNG.permutation(40)[:10]:
        gains = np.array([choice.gain(one) for one in range(40)])
        assert (gains <= before + 1e-7).all()
        before = gains
        choice.take(int(row))


def test_the_value_is_the_sum_of_gains() -> None:
    graph = Graph.of(points(30), RNG.integers(9, size=30), 30)
    choice, total = Choice(graph), 0.0
    for row in range(30):
        total += choice.gain(row)
        choice.take(row)
    assert choice.value == pytest.approx(total, abs=1e-5)
    assert choice.value == pytest.approx(1 + WORTH, abs=1e-5)


def test_who_is_refused_is_not_taken() -> None:
    choice = Choice(Graph.of(points(30), np.zeros(30, np.int64), 5))
    grow(choice, range(30), 5, lambda row: row % 2 == 0)
    assert len(choice.chosen) == 5
    assert all(row % 2 == 0 for row in choice.chosen)


def test_neighbours_of_small_data_are_those_of_all_pairs() -> None:
    space = points(120)
    space[5] = 0
    found = nearest(space, 4)
    cosines = np.round(space @ space.T, 4)
    np.fill_diagonal(cosines, -1)
    for row in range(120):
        wanted = [other for other in np.argsort(-cosines[row], kind="stable")[:4] if cosines[row, other] > 0]
        assert found.near[found.row == row].tolist() == ([] if row == 5 else wanted)
    assert 5 not in found.near


def test_in_cells_most_neighbours_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    space = points(1500, 12, clusters=40)
    monkeypatch.setattr(selection_neighbours, "PROBES", 12)
    some = nearest(space, 5)
    monkeypatch.setattr(selection_neighbours, "PROBES", 1500)
    every = nearest(space, 5)
    pairs = [set(zip(one.row.tolist(), one.near.tolist(), strict=True)) for one in (some, every)]
    assert len(pairs[0] & pairs[1]) > 0.9 * len(pairs[1])


def test_the_neighbourhood_follows_the_share_that_is_taken() -> None:
    assert neighbourhood(55_185, 2_000) == 28
    assert neighbourhood(100, 50) == FEWEST
    assert neighbourhood(10**6, 10) == MOST
    assert neighbourhood(3, 1) == 2


def test_all_rows_cover_all_and_a_draw_covers_what_chance_gives() -> None:
    space = points(3000, 8)
    ground = Ground(space, 10, 3000)
    assert ground.standing(range(3000)) == pytest.approx((1.0, 1.0), abs=1e-5)
    draws = [np.random.default_rng(seed).choice(3000, 300, replace=False) for seed in range(5)]
    assert np.mean([ground.standing(draw).coverage for draw in draws]) == pytest.approx(1 - 0.9**11, abs=0.02)


def test_coverage_of_two_places() -> None:
    space = np.array([[1, 0]] * 6 + [[0, 1]] * 4 + [[0, 0]] * 2, np.float32)
    ground = Ground(space, 3)
    assert len(ground) == 10
    assert ground.standing([0]) == pytest.approx((0.6, 0.6))
    assert ground.standing([7, 1]) == pytest.approx((1.0, 1.0))


def test_nothing_known_of_any_row() -> None:
    space = np.zeros((8, 3), np.float32)
    assert Ground(space, 3).standing([1]) == (0.0, 0.0)
    assert len(chosen(Graph.of(space, np.arange(8), 3), 3).chosen) == 3
