"""The pairs of rows whose vectors point the same way: exact, all pairs, in numpy.

The matrix of cosines is gone through tile by tile. Its products in single precision only preselect: each pair that may
reach the threshold is computed again in double precision by itself, so what is found does not depend on the tiles or
on how a library of linear algebra adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from curate.similarity.arrays import F32, F64, I64

NEAREST = 10
"""Nearest rows of a row that are kept: every row of a large family would pair with every other."""

ROWS, COLUMNS = 1024, 8192
"""A tile: 32 MiB of single-precision products."""

SLACK = 1e-4
"""More than a product of two vectors of length 1 is off in single precision."""


class Close(NamedTuple):
    """Pairs ``i < j``, sorted, and their cosines, in double precision."""

    i: I64
    j: I64
    cosine: F64


def close_pairs(vectors: F32, threshold: float, nearest: int = NEAREST) -> Close:
    """All pairs with a cosine of at least ``threshold`` in which one is among the nearest of the other.

    Args:
        vectors: one a row, of length 1 or 0; one of length 0 is near nothing.
        threshold: a cosine, above 0 and at most 1.
        nearest: rows of which a row is paired with, at most; equal cosines go by the number of the row.

    Raises:
        UsageError: the threshold is no such cosine.
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"{threshold} is no cosine above 0 and up to 1", hint="0.85, for instance")
    found = [_of_rows(vectors, start, threshold, nearest) for start in range(0, len(vectors), ROWS)]
    if not found:
        return _empty()
    i, j, cosine = (np.concatenate(column) for column in zip(*found, strict=True))
    low, high = np.minimum(i, j), np.maximum(i, j)
    _, first = np.unique(low * len(vectors) + high, return_index=True)
    return Close(low[first], high[first], cosine[first])


def _empty() -> Close:
    return Close(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def _of_rows(vectors: F32, start: int, threshold: float, nearest: int) -> Close:
    """The nearest of some rows; they are trimmed after each tile, so that a row never holds more than it needs."""
    block = vectors[start : start + ROWS]
    kept = _empty()
    for left in range(0, len(vectors), COLUMNS):
        products = block @ vectors[left : left + COLUMNS].T
        at, column = np.nonzero(products >= threshold - SLACK)
        i, j = at + start, column + left
        i, j = i[i != j], j[i != j]
        cosine = np.einsum("ij,ij->i", vectors[i], vectors[j], dtype=np.float64, casting="safe")
        reached = cosine >= threshold
        tile = Close(i[reached], j[reached], cosine[reached])
        kept = _trimmed(Close(*(np.concatenate(both) for both in zip(kept, tile, strict=True))), nearest)
    return kept


def _trimmed(found: Close, nearest: int) -> Close:
    """At most so many of each row ``i``, the nearest first."""
    order = np.lexsort((found.j, -found.cosine, found.i))
    i, j, cosine = (column[order] for column in found)
    rank = np.arange(len(i)) - np.searchsorted(i, i)
    kept = rank < nearest
    return Close(i[kept], j[kept], cosine[kept])
