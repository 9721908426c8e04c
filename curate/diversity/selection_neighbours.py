"""The nearest rows of every row, by cosine, without comparing all pairs.

An inverted file (Jégou, Douze & Schmid 2011, "Product Quantization for Nearest Neighbor Search", without the
quantisation): rows are dealt into cells by spherical k-means (Dhillon & Modha 2001), and a row is compared with those
of its own cell and of the cells around it. Small data has so few cells that all pairs are compared. What is missed are
neighbours that are far away by then; nobody's figure rests on them: :mod:`curate.diversity.selection_measures` takes
its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    F32 = NDArray[np.float32]
    I64 = NDArray[np.int64]

PROBES = 16
"""Cells that a row is compared with; up to so many there are, all pairs are."""

ROUNDS = 4
"""Of k-means: cells need not be good, only of bounded size."""

TILE = 1024
"""Rows that are compared at once."""


class Neighbours(NamedTuple):
    """Who is near whom, as lists of edges in the order of ``row``, its nearest first.

    Attributes:
        row: the row.
        near: one of the rows nearest to it.
        cosine: of the two, above 0.
    """

    row: I64
    near: I64
    cosine: F32


def nearest(space: F32, k: int) -> Neighbours:
    """The ``k`` nearest other rows of every row; rows of length 0 have none, and are nobody's.

    Args:
        space: one line a row, of length 1 or 0. The result depends on the order of the lines only by how equal
            cosines are told apart (the line that comes first is nearer).
        k: how many, at least 1.
    """
    real = np.flatnonzero(np.einsum("ij,ij->i", space, space) > 0)
    vectors = np.ascontiguousarray(space[real])
    parts = [_nearest_of(vectors, rows, around, k) for rows, around in _cells(vectors)]
    if not parts:
        return Neighbours(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    row = np.concatenate([part.row for part in parts])
    order = np.argsort(row, kind="stable")
    near = np.concatenate([part.near for part in parts])[order]
    return Neighbours(real[row[order]], real[near], np.concatenate([part.cosine for part in parts])[order])


def _cells(vectors: F32) -> Iterator[tuple[I64, I64]]:
    """For each cell, a tile of its rows and all rows around them."""
    count = max(1, round(len(vectors) ** 0.5)) if len(vectors) else 0
    if count <= PROBES:
        everything = np.arange(len(vectors))
        yield from ((rows, everything) for rows in _tiles(everything))
        return
    centres, cell = _centres(vectors, count)
    members = [np.flatnonzero(cell == number) for number in range(len(centres))]
    near = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :PROBES]
    for number, rows in enumerate(members):
        around = np.sort(np.concatenate([members[other] for other in near[number]]))
        yield from ((tile, around) for tile in _tiles(rows))


def _tiles(rows: I64) -> Iterator[I64]:
    for start in range(0, len(rows), TILE):
        yield rows[start : start + TILE]


def _centres(vectors: F32, count: int) -> tuple[F32, I64]:
    """Spherical k-means from evenly spread rows; a cell that is left empty goes."""
    centres = vectors[np.linspace(0, len(vectors) - 1, count).astype(np.int64)]
    cell = np.zeros(len(vectors), np.int64)
    for _ in range(ROUNDS):
        for tile in _tiles(np.arange(len(vectors))):
            cell[tile] = np.argmax(vectors[tile] @ centres.T, axis=1)
        order = np.argsort(cell, kind="stable")
        used, starts = np.unique(cell[order], return_index=True)
        sums = np.add.reduceat(vectors[order], starts, axis=0)
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        cell = np.searchsorted(used, cell)
    return centres, cell


def _nearest_of(vectors: F32, rows: I64, around: I64, k: int) -> Neighbours:
    """The nearest of a tile; its cells hold each row itself, which is not its own neighbour."""
    cosines = np.round(
        vectors[rows] @ vectors[around].T, 4
    )  # equal vectors have equal cosines, whatever the tile
    cosines[np.arange(len(rows)), np.searchsorted(around, rows)] = -1
    width = cosines.shape[1]
    least = np.partition(cosines, width - k, axis=1)[:, width - k] if k < width else np.zeros(len(rows))
    i, j = np.nonzero((cosines >= least[:, None]) & (cosines > 0))
    cosine = cosines[i, j]
    order = np.lexsort((j, -cosine, i))
    i, j, cosine = i[order], j[order], cosine[order]
    kept = np.arange(len(i)) - np.searchsorted(i, i) < k
    return Neighbours(rows[i[kept]], around[j[kept]], cosine[kept])
