"""Which cells can share a row: the heaviest set of cells apart, against brute force."""

from __future__ import annotations

import random
from itertools import combinations

from curate.core.coverage_apart import are_apart, heaviest_apart
from curate.core.coverage_plan import NO_VALUE, CellPlan


def cell(**where: str) -> CellPlan:
    return CellPlan(tuple(where.items()))


def test_another_value_of_a_facet_keeps_cells_apart() -> None:
    assert are_apart(cell(task="code"), cell(task="question", language="en"), ())
    assert not are_apart(cell(task="code"), cell(language="en"), ())
    assert not are_apart(cell(clause="a"), cell(clause="b"), {"clause"})
    assert are_apart(cell(clause="a"), cell(clause=NO_VALUE), {"clause"})


def test_the_heaviest_set_is_that_of_brute_force() -> None:
    rng = random.Random(3)  # noqa: S311 (repeatable)
    for _ in range(60):
        cells = [
            cell(**{facet: rng.choice("abc") for facet in rng.sample(("x", "y", "z"), rng.randint(1, 2))})
            for _ in range(7)
        ]
        weights = [rng.randint(0, 9) for _ in cells]
        total, chosen = heaviest_apart(cells, weights, {"z"})
        assert total == sum(weights[at] for at in chosen) == brute(cells, weights)
        assert all(are_apart(cells[a], cells[b], {"z"}) for a, b in combinations(chosen, 2))


def brute(cells: list[CellPlan], weights: list[int]) -> int:
    sets = (chosen for size in range(len(cells) + 1) for chosen in combinations(range(len(cells)), size))
    return max(
        sum(weights[at] for at in chosen)
        for chosen in sets
        if all(are_apart(cells[a], cells[b], {"z"}) for a, b in combinations(chosen, 2))
    )


def test_a_large_table_is_no_trouble() -> None:
    cells = [cell(x=str(a), y=str(b)) for a in range(20) for b in range(20)]
    assert heaviest_apart(cells, [1] * 400, ())[0] == 400
