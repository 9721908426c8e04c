"""The coverage contract as a gate: a cell that is out of its bounds blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.report import Example
from curate.gates.unmet import Told, unmet
from curate.gates.waivers import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.coverage_report import Cell
    from curate.core.report import Problem, Report

OUT_OF_BOUNDS = "coverage.cells"


def out_of_bounds(cells: Sequence[Cell], report: Report) -> tuple[Problem, ...]:
    """One problem for all cells of the contract that have too few rows, or too many; none if none has.

    Args:
        cells: of the contract, counted.
        report: of the same rows.
    """
    broken = [cell for cell in cells if cell.is_out]
    if not broken:
        return ()
    missing, surplus = sum(cell.deficit for cell in broken), sum(cell.surplus for cell in broken)
    told = [f"lack {missing:,} rows"] * bool(missing) + [f"have {surplus:,} too many"] * bool(surplus)
    return (
        unmet(
            OUT_OF_BOUNDS,
            Told(
                title=f"The data does not cover what the plan asks for: cells {' and '.join(told)}",
                why="What a model sees too rarely it does not learn, and what it sees too often it does everywhere.",
                mend="curate coverage with this plan lists the cells, and how many rows of which kind to write next.",
            ),
            [Example(place_of(cell.place, report), cell.told) for cell in broken],
            of=len(cells),
            about="cell",
        ),
    )
