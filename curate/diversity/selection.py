"""Choosing rows that together stand for all of them: greedy maximisation of a submodular function.

The value of a choice S is the sum of two parts, of which the first counts twice as much:

- **Facility location** (Krause & Golovin 2014, "Submodular Function Maximization"): how near every row is to the
  chosen row nearest to it, on average: 1/n * sum over i of max over j in S of w(i, j). The similarity w is the cosine
  where j is among the k nearest rows of i, 1 for i itself, and 0 elsewhere, so that a choice gains by being somebody's
  neighbour and not by lying in the middle of everything.
- **Features covered**: how many different openings (first words of the prompt) the choice holds, out of as many as it
  could, times ``WORTH``. Each new opening then adds as much as half a row's fair share of the first part; were it a
  whole one, rows that begin oddly would push out rows that stand for many (``benchmarks/bars/sample_coverage.py``).

Both are monotone and submodular, and so is their sum. Greedy choice then reaches at least 1 - 1/e = 63 % of the best
value that any choice of that size has (Nemhauser, Wolsey & Fisher 1978); under quotas, which are a partition matroid,
at least 1/2 (Fisher, Nemhauser & Wolsey 1978). Gains only ever shrink, so a stale gain is an upper bound, and most are
never computed again (Minoux 1978, "Accelerated greedy algorithms"): the choice is the same as that of plain greedy.
Equal gains go by the order of the rows: put them in an order of their content first.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from curate.diversity.selection_neighbours import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from numpy.typing import NDArray

    F32 = NDArray[np.float32]
    I64 = NDArray[np.int64]

FEWEST, MOST = 5, 64
"""Bounds of the neighbourhood; five is that of Naeem et al. 2020, and 64 bounds memory (12 bytes a pair)."""

WORTH = 0.5
"""What all openings together are worth, against 1 for standing for every row."""


def neighbourhood(rows: int, size: int) -> int:
    """How many nearest rows a row's neighbourhood holds: as many as each of ``size`` chosen rows stands for."""
    return min(max(FEWEST, round(rows / max(size, 1))), MOST, max(rows - 1, 1))


class Growing(Protocol):
    """What grows row by row: what a row adds never becomes more.

    Attributes:
        chosen: rows in the order in which they were taken.
    """

    chosen: list[int]

    def gain(self, row: int) -> float:
        """What a row would add."""

    def take(self, row: int) -> None:
        """Choose a row."""


@dataclass(frozen=True)
class Graph:
    """What rows add, alone and together: whom each serves, and how well.

    Attributes:
        starts: by row, where its part of the next two begins; one more for the end.
        served: rows in whose neighbourhood it is, and itself.
        weights: how near it is to each, over the number of rows.
        openings: of each row's prompt, as numbers.
        new: what a new opening adds.
    """

    starts: I64
    served: I64
    weights: F32
    openings: I64
    new: float

    @classmethod
    def of(cls, space: F32, openings: I64, size: int) -> Self:
        """The graph for a choice of ``size`` rows.

        Args:
            space: one line a row, of length 1, or 0 for a row of which nothing is known.
            openings: of each row's prompt, as numbers; equal ones are the same.
            size: how many rows are to be chosen, at least 1.
        """
        rows = len(space)
        found = nearest(space, neighbourhood(rows, size))
        serving = np.concatenate([np.arange(rows), found.near])
        order = np.argsort(serving, kind="stable")
        served = np.concatenate([np.arange(rows), found.row])[order]
        weights = np.concatenate([np.ones(rows, np.float32), found.cosine])[order]
        weights = (weights / max(rows, 1)).astype(np.float32)
        starts = np.searchsorted(serving[order], np.arange(rows + 1))
        return cls(starts, served, weights, openings, WORTH / max(min(size, len(np.unique(openings))), 1))


class Choice:
    """A choice of rows that grows.

    Args:
        graph: of the rows.

    Attributes:
        chosen: rows in the order in which they were taken.
    """

    def __init__(self, graph: Graph) -> None:
        self.chosen: list[int] = []
        self._graph = graph
        self._best = np.zeros(len(graph.openings), np.float32)
        self._held: set[int] = set()

    def gain(self, row: int) -> float:
        """What a row would add to the value."""
        served, weights = self._of(row)
        over = weights - self._best[served]
        is_new = int(self._graph.openings[row]) not in self._held
        return float(over[over > 0].sum()) + self._graph.new * is_new

    def take(self, row: int) -> None:
        """Choose a row."""
        served, weights = self._of(row)
        self._best[served] = np.maximum(self._best[served], weights)
        self._held.add(int(self._graph.openings[row]))
        self.chosen.append(row)

    @property
    def value(self) -> float:
        """Of the rows chosen so far, from 0 to 1 + ``WORTH``."""
        return float(self._best.sum(dtype=np.float64)) + self._graph.new * len(self._held)

    def _of(self, row: int) -> tuple[I64, F32]:
        part = slice(self._graph.starts[row], self._graph.starts[row + 1])
        return self._graph.served[part], self._graph.weights[part]


def grow(
    choice: Growing, rows: Iterable[int], most: int, admit: Callable[[int], bool] = lambda _: True
) -> None:
    """Take up to ``most`` further rows, at each step one that adds most.

    Args:
        choice: what is there already.
        rows: that may be taken.
        most: how many to take; fewer are if none is left.
        admit: asked of a row before it is taken, and expected to count those it lets in; whoever is refused once is
            not asked about again.
    """
    heap = [(-choice.gain(row), row) for row in rows]
    heapq.heapify(heap)
    left = most
    while heap and left > 0:
        _, row = heapq.heappop(heap)
        fresh = (-choice.gain(row), row)
        if heap and heap[0] < fresh:
            heapq.heappush(heap, fresh)
        elif admit(row):
            choice.take(row)
            left -= 1
