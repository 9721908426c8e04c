"""Which cells of a contract can share a row, and what follows for the least number of rows that fills them all.

Two cells are **apart** if they ask for different values of a facet of which every row has one value at most. Rows
that fill cells which are pairwise apart are different rows, so the sum over any such set is a lower bound; the best
bound is the heaviest set, which is found by branch and bound (it is the maximum weight independent set of the graph
of cells that can share a row).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.coverage_plan import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from curate.core.coverage_plan import CellPlan

STEPS = 5_000
"""Nodes of the search; beyond, the best set found so far stands, and the bound is a bound still."""


def are_apart(one: CellPlan, other: CellPlan, multiple: Collection[str]) -> bool:
    """Whether no row can be in both.

    Args:
        one: a cell.
        other: another one.
        multiple: facets that may give a row several values; those keep no cells apart.
    """
    values = other.values
    for facet, value in one.where:
        there = values.get(facet, value)
        if there != value and (facet not in multiple or NO_VALUE in (there, value)):
            return True
    return False


def heaviest_apart(
    cells: Sequence[CellPlan], weights: Sequence[float], multiple: Collection[str]
) -> tuple[float, tuple[int, ...]]:
    """The set of cells that are pairwise apart with the largest sum of weights.

    Args:
        cells: what there is to choose from.
        weights: of each, not below 0.
        multiple: facets that may give a row several values.

    Returns:
        The sum, and the numbers of the chosen cells.
    """
    order = sorted(range(len(cells)), key=lambda at: (-weights[at], at))
    best = 0.0
    chosen: tuple[int, ...] = ()
    waiting: list[tuple[tuple[int, ...], float, list[int]]] = [((), 0.0, order)]
    for _ in range(STEPS):
        if not waiting:
            break
        taken, weight, left = waiting.pop()
        if weight > best:
            best, chosen = weight, taken
        if not left or weight + sum(weights[at] for at in left) <= best:
            continue
        first, *others = left
        beside = [at for at in others if are_apart(cells[first], cells[at], multiple)]
        if len(beside) < len(others):
            waiting.append((taken, weight, others))
        waiting.append(((*taken, first), weight + weights[first], beside))
    return best, tuple(sorted(chosen))
