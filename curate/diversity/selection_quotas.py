"""Whether a sample can keep the bounds of cells, and how many rows of which kind it needs for that.

Rows that lie in the same cells are of one **kind**: for bounds they are interchangeable. So the question is a small
integer program with two numbers a kind, solved exactly by HiGHS (Huangfu & Hall 2018), which comes with scipy: the rows
that fill the minima, as few as possible, and the rows that fill the sample up to its size. What cannot be reached is
found by the same program, in which each bound may be missed at a price above everything else.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from curate.core.errors import MissingExtraError
from curate.diversity.spaces import EXTRA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    I64 = NDArray[np.int64]


class Bounds(NamedTuple):
    """Of one cell: at least ``minimum`` rows of the sample are in it, and at most ``maximum``."""

    minimum: int = 0
    maximum: int | None = None


class Lack(NamedTuple):
    """What cannot be reached: of a cell (its number), or of the sample as a whole (None), so many rows."""

    cell: int | None
    rows: int


@dataclass(frozen=True)
class Quotas:
    """What a sample must hold.

    Attributes:
        kinds: the kind of each row.
        cells: by kind, whether it lies in each cell.
        needed: by kind, the rows that fill the minima.
        further: by kind, rows that then fill the sample, where caps leave no other way.
        lacks: what cannot be reached; ``needed`` and ``further`` reach the rest.
    """

    kinds: I64
    cells: Bools
    needed: I64
    further: I64
    lacks: tuple[Lack, ...] = ()


def quotas(member: Bools, bounds: Sequence[Bounds], size: int) -> Quotas:
    """How a sample of ``size`` rows keeps all bounds, if it can.

    Args:
        member: by row and cell, whether the row is in the cell.
        bounds: by cell.
        size: rows of the sample, at most as many as there are.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    solver = _solver()
    cells, kinds, counts = np.unique(member, axis=0, return_inverse=True, return_counts=True)
    count, width = len(cells), len(bounds)
    both = np.hstack([cells.T, cells.T]).astype(float)
    minima = np.array([one.minimum for one in bounds], dtype=float)
    maxima = np.array([np.inf if one.maximum is None else one.maximum for one in bounds])
    short = np.hstack(
        [np.eye(width), np.zeros((width, 1))]
    )  # what each cell misses; the last is what the sample does
    filling = np.hstack([cells.T, np.zeros((width, count)), short])
    held = np.hstack([both, np.zeros((width, width + 1))])
    whole = np.concatenate([np.ones(2 * count), np.zeros(width), [1.0]])[None]
    there = np.hstack([np.eye(count), np.eye(count), np.zeros((count, width + 1))])
    price = float(size + 1)
    solved = solver.milp(
        np.concatenate([np.ones(count), np.zeros(count), np.full(width, price), [price]]),
        integrality=np.ones(2 * count + width + 1),
        bounds=solver.Bounds(0, np.inf),
        constraints=[
            solver.LinearConstraint(filling, minima, np.inf),
            solver.LinearConstraint(held, -np.inf, maxima),
            solver.LinearConstraint(whole, size, size),
            solver.LinearConstraint(there, -np.inf, counts),
        ],
    )
    numbers = np.round(solved.x).astype(np.int64)
    missing = numbers[2 * count :].tolist()
    lacks = [Lack(cell if cell < width else None, rows) for cell, rows in enumerate(missing) if rows]
    return Quotas(kinds.reshape(-1), cells, numbers[:count], numbers[count : 2 * count], tuple(lacks))


def _solver() -> Any:  # noqa: ANN401 (an untyped package)
    """The optimisers of scipy, loaded when they are needed."""
    if importlib.util.find_spec("scipy") is None:
        raise MissingExtraError("keeping a contract in a sample", EXTRA)
    return importlib.import_module("scipy.optimize")
