"""Rows that hang together: the connected components of pairs and of equal keys.

Labels sink along edges until nothing changes, and each round every row points to the label of its label (Shiloach &
Vishkin 1982, "An O(log n) parallel connectivity algorithm"; Zhang, Azad & Hu 2020, "FastSV"). A component's label is
its lowest row, so that nothing depends on the order of edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from curate.similarity.arrays import I64


def components(count: int, i: I64, j: I64) -> I64:
    """For each of ``count`` rows the lowest row of its component; ``i`` and ``j`` are the ends of edges."""
    label: I64 = np.arange(count)
    while len(i):
        low = np.minimum(label[i], label[j])
        np.minimum.at(label, label[i], low)
        np.minimum.at(label, label[j], low)
        label = _settled(label)
        apart = label[i] != label[j]
        i, j = i[apart], j[apart]
    return label


def _settled(label: I64) -> I64:
    """Every row points to the end of its chain."""
    while not np.array_equal(label, further := label[label]):
        label = further
    return label


def equal_keys(keys: NDArray[np.generic], rows: I64 | None = None) -> tuple[I64, I64]:
    """Edges from the first of the rows that share a key to each other one.

    Args:
        keys: one a line.
        rows: of each line, where a row has several keys or none; the line's own number if None.
    """
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    heads: I64 = first[inverse]
    apart = np.flatnonzero(heads != np.arange(len(keys)))
    return (heads[apart], apart) if rows is None else (rows[heads[apart]], rows[apart])
