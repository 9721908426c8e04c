"""The work list: it closes all gaps, it sums to what is missing, and it is as short as can be where cells are apart."""

from __future__ import annotations

import random

import pytest

from curate.core.coverage_plan import Bound, CellPlan
from curate.engines.covering_work import deficits, what_is_missing


def cell(minimum: float, **where: str) -> CellPlan:
    bound = Bound(rows=minimum) if isinstance(minimum, int) else Bound(share=minimum)
    return CellPlan(tuple(where.items()), bound)


def test_cells_apart_sum_to_what_is_missing() -> None:
    cells = [cell(10, task="code"), cell(20, task="question"), cell(5, task="rewrite")]
    missing = what_is_missing(cells, (4, 0, 9), 100, ())
    assert missing.by_cell == (6, 20, 0)
    assert [(kind.cells, kind.rows) for kind in missing.kinds] == [((1,), 20), ((0,), 6)]
    assert missing.at_least == 26
    assert missing.is_disjoint
    assert missing.closes


def test_shares_are_of_all_rows_that_there_are_then() -> None:
    missing = what_is_missing([cell(0.05, task="code")], (40,), 1000, ())
    assert missing.by_cell == (11,), "51 of 1,011 rows are 5 %, 50 of 1,010 are not"
    assert missing.total == 1011


def test_no_smaller_number_would_do_for_a_share() -> None:
    for count in range(0, 100, 7):
        (rows,) = what_is_missing([cell(0.37, task="code")], (count,), 400, ()).by_cell
        assert count + rows >= 0.37 * (400 + rows) - 1e-9
        assert rows == 0 or count + rows - 1 < 0.37 * (400 + rows - 1)


def test_a_row_that_serves_two_cells_is_written_once() -> None:
    cells = [cell(30, task="code"), cell(50, language="de"), cell(10, task="rewrite")]
    missing = what_is_missing(cells, (0, 0, 0), 100, ())
    assert sum(kind.rows for kind in missing.kinds) == missing.at_least == 50
    assert not missing.is_disjoint


def test_minima_that_leave_no_room_are_said_so() -> None:
    cells = [cell(0.5, language="en"), cell(0.5, language="de")]
    missing = what_is_missing(cells, (50, 40), 100, ())
    assert not missing.closes
    assert missing.by_cell == (0, 10), "what is missing at today's number of rows"


@pytest.mark.parametrize("seed", range(40))
def test_once_it_is_written_nothing_is_missing(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    facets = {"task": "abcd", "language": "xyz", "clause": "pq"}
    cells, total = [], rng.randint(0, 300)
    for _ in range(rng.randint(1, 8)):
        chosen = rng.sample(sorted(facets), rng.randint(1, 2))
        minimum = rng.randint(0, 60) if rng.random() < 0.6 else rng.choice((0.02, 0.05, 0.11))
        cells.append(cell(minimum, **{facet: rng.choice(facets[facet]) for facet in chosen}))
    counts = [rng.randint(0, total // 4) for _ in cells]
    missing = what_is_missing(cells, counts, total, {"clause"})
    written = sum(kind.rows for kind in missing.kinds)
    after = [
        count + sum(kind.rows for kind in missing.kinds if at in kind.cells)
        for at, count in enumerate(counts)
    ]
    assert missing.closes
    assert deficits(cells, after, total + written) == (0,) * len(cells)
    assert missing.at_least <= written <= sum(missing.by_cell)
    if missing.is_disjoint:
        assert written == sum(missing.by_cell)


def test_nobody_is_asked_for_rows_with_two_values_of_one_facet() -> None:
    cells = [cell(200, clause="remedy"), cell(120, clause="term"), cell(50, language="de")]
    missing = what_is_missing(cells, (0, 0, 0), 1000, {"clause"})
    assert [(kind.cells, kind.rows) for kind in missing.kinds] == [((0, 2), 50), ((0,), 150), ((1,), 120)]
    assert missing.at_least < sum(kind.rows for kind in missing.kinds)
