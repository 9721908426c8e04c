"""From what is missing to what to write: kinds of rows, how many of each, and in which order.

A share is of all rows, and new rows make more of them: to bring 40 of 1,000 rows to 5 %, 11 more are needed, not 10.
The list is therefore the least fixed point: so many rows that the minima hold once they are written.

Where a row can serve several cells, the list joins these cells: it takes the cell that lacks the largest part of its
minimum, adds every other one that lacks rows and can share them, and asks for as many rows as the first of them to be
filled. For the sums of a table (so many of each task, so many of each language) this is the shortest list there is; in
general it need not be, and a lower bound is told beside it (:mod:`curate.core.coverage_apart`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from curate.core.coverage_apart import are_apart, heaviest_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from curate.core.coverage_plan import CellPlan

ROUNDS = 300
"""Steps towards the fixed point; it is nearly always reached in a few, for the first step jumps."""


class Kind(NamedTuple):
    """So many rows that are in all of these cells."""

    cells: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class Missing:
    """What there is to write.

    Attributes:
        by_cell: rows to write for each cell.
        total: all rows, those to write included; the number of which shares are taken.
        kinds: in order of work.
        at_least: no shorter list closes all gaps.
        is_disjoint: whether no row can serve two of the cells that lack rows.
        closes: whether all gaps are closed then.
    """

    by_cell: tuple[int, ...]
    total: int
    kinds: tuple[Kind, ...]
    at_least: int
    is_disjoint: bool
    closes: bool


def deficits(cells: Sequence[CellPlan], counts: Sequence[int], total: int) -> tuple[int, ...]:
    """Rows that each cell lacks, if there are ``total`` rows."""
    return tuple(
        max(0, cell.minimum.least(total) - count) if cell.minimum is not None else 0
        for cell, count in zip(cells, counts, strict=True)
    )


def what_is_missing(
    cells: Sequence[CellPlan], counts: Sequence[int], total: int, multiple: Collection[str]
) -> Missing:
    """What there is to write.

    Args:
        cells: of the contract.
        counts: rows in each.
        total: all rows.
        multiple: facets that may give a row several values.
    """
    lack = deficits(cells, counts, total)
    kinds, of = kinds_of(cells, lack, total), total
    more, closes = _jump(cells, counts, total, lack, multiple), True
    for _ in range(ROUNDS):
        if more is None:
            break
        of = total + more
        lack = deficits(cells, counts, of)
        kinds = kinds_of(cells, lack, of)
        written = sum(kind.rows for kind in kinds)
        if written <= more:
            break
        more = written
    else:
        more = None
    if more is None:
        lack, of, closes = deficits(cells, counts, total), total, False
        kinds = kinds_of(cells, lack, total)
    bound, _ = heaviest_apart(cells, lack, multiple)
    return Missing(lack, of, kinds, int(bound), all(len(kind.cells) == 1 for kind in kinds), closes)


def _jump(
    cells: Sequence[CellPlan],
    counts: Sequence[int],
    total: int,
    lack: Sequence[int],
    multiple: Collection[str],
) -> int | None:
    """A number of rows that is needed at least: the gaps of cells that are pairwise apart, solved for the new total.

    From n rows, x more are needed: sum of max(share (n + x), rows) - count over these cells = x. None if no x does.
    """
    _, chosen = heaviest_apart(cells, lack, multiple)
    bounds = [(cells[at].minimum, counts[at]) for at in chosen if lack[at]]
    shares = sum(bound.share or 0.0 for bound, _ in bounds if bound is not None)
    gap = sum(
        (bound.share or 0.0) * total + (bound.rows or 0) - count
        for bound, count in bounds
        if bound is not None
    )
    if shares >= 1.0 - 1e-9 and gap > 0:
        return None
    return max(0, int(gap / (1.0 - shares))) if gap > 0 else 0


def kinds_of(cells: Sequence[CellPlan], lack: Sequence[int], total: int) -> tuple[Kind, ...]:
    """Kinds of rows that fill all cells, those first that lack the largest part of their minimum.

    No kind asks for two values of one facet, not even where a row may have both: nobody can be told to write 200 rows
    that are about acupuncture, symptoms and risk at once.
    """
    left = list(lack)
    order = sorted(range(len(cells)), key=lambda at: (-relative(cells[at], lack[at], total), -lack[at], at))
    open_ = [at for at in order if left[at] > 0]
    kinds = []
    while open_:
        chosen: list[int] = []
        for at in open_:
            if not any(are_apart(cells[at], cells[one], ()) for one in chosen):
                chosen.append(at)
        rows = min(left[at] for at in chosen)
        kinds.append(Kind(tuple(chosen), rows))
        for at in chosen:
            left[at] -= rows
        open_ = [at for at in open_ if left[at] > 0]
    return tuple(kinds)


def relative(cell: CellPlan, lack: int, total: int) -> float:
    """The part of its minimum that a cell lacks."""
    least = cell.minimum.least(total) if cell.minimum is not None else 0
    return lack / least if least else 0.0
