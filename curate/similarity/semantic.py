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
    from collections.abc import Sequence

    from curate.similarity.arrays import F64, I64
    from curate.similarity.embedding import F32

NEAREST = 10
"""Nearest rows of a row that are kept: every row of a large family would pair with every other."""

ROWS, COLUMNS = 1024, 8192
"""A tile: 32 MiB of single-precision products."""

SLICE = 16_384
"""Pairs that are computed again at once."""

SLACK = 1e-4
"""More than twice what a product of two vectors of length 1 is off in single precision."""


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
        nearest: how many of a row's nearest it is paired with, at least 1; equal cosines go by the number of the row.

    Raises:
        UsageError: the threshold is no such cosine.
    """
    refuse_no_cosine(threshold)
    found = joined([_of_rows(vectors, start, threshold, nearest) for start in range(0, len(vectors), ROWS)])
    low, high = np.minimum(found.i, found.j), np.maximum(found.i, found.j)
    _, first = np.unique(low * len(vectors) + high, return_index=True)
    return Close(low[first], high[first], found.cosine[first])


def refuse_no_cosine(threshold: float) -> None:
    """Refuse a threshold that is no cosine above 0, before anything is computed for it.

    Raises:
        UsageError: it is none.
    """
    if not 0 < threshold <= 1:
        raise UsageError(f"{threshold} is no cosine above 0 and up to 1", hint="0.85, for instance")


def joined(parts: Sequence[Close]) -> Close:
    """All pairs of some parts, one part after the other."""
    none = Close(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    together = [none, *parts]
    return Close(
        np.concatenate([part.i for part in together]),
        np.concatenate([part.j for part in together]),
        np.concatenate([part.cosine for part in together]),
    )


def _of_rows(vectors: F32, start: int, threshold: float, nearest: int) -> Close:
    """The nearest of some rows; they are trimmed after each tile, so that a row never holds more than it needs."""
    kept = joined([])
    for left in range(0, len(vectors), COLUMNS):
        i, j = _preselected(vectors, (start, left), threshold, nearest)
        cosine = _cosines(vectors, i, j)
        reached = cosine >= threshold
        tile = Close(i[reached], j[reached], cosine[reached])
        kept = _trimmed(joined([kept, tile]), nearest)
    return kept


def _preselected(vectors: F32, corner: tuple[int, int], threshold: float, nearest: int) -> tuple[I64, I64]:
    """The pairs of a tile that may reach the threshold and be among the nearest of their row."""
    start, left = corner
    products = vectors[start : start + ROWS] @ vectors[left : left + COLUMNS].T
    height, width = products.shape
    itself = np.arange(max(start, left), min(start + height, left + width))
    products[itself - start, itself - left] = -1
    hits = products >= threshold - SLACK
    many = np.flatnonzero(hits.sum(axis=1) > nearest)
    if len(many):
        least = np.partition(products[many], width - nearest, axis=1)[:, width - nearest]
        hits[many] &= products[many] >= least[:, None] - SLACK
    row, column = np.nonzero(hits)
    return row + start, column + left


def _cosines(vectors: F32, i: I64, j: I64) -> F64:
    """Each by itself; in slices, as rows that are nearly one leave many pairs to compare."""
    cosines = np.zeros(len(i))
    for at in range(0, len(i), SLICE):
        left, right = vectors[i[at : at + SLICE]], vectors[j[at : at + SLICE]]
        cosines[at : at + SLICE] = (left.astype(np.float64) * right).sum(axis=1)
    return cosines


def _trimmed(found: Close, nearest: int) -> Close:
    """At most so many of each row ``i``, the nearest first."""
    order = np.lexsort((found.j, -found.cosine, found.i))
    i, j, cosine = found.i[order], found.j[order], found.cosine[order]
    kept = np.arange(len(i)) - np.searchsorted(i, i) < nearest
    return Close(i[kept], j[kept], cosine[kept])
