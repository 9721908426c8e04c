"""Shingles that so many rows share that they tell nothing about any: preambles, templates, disclaimers.

They are found by document frequency and left out of the sets before similarity is measured, so that two rows under one
system prompt are as similar as what they say besides it. The time is linear in the shingles, but for the sort of a
sample; the memory beyond the result is that of one block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate.similarity import kernels
from curate.similarity.arrays import Sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from curate.similarity.arrays import F64, I64, U64

SHARE = 0.001
"""Share of the distinct rows from which a shingle is common."""

LEAST = 20
"""Distinct rows from which a shingle can be common: fewer may be a group of near duplicates."""

SAMPLE = 200_000
"""Distinct rows whose shingles are counted; beyond it a sample stands for all, drawn by content, not by place."""

_BLOCK = 1 << 20
"""Shingles that are looked at in one go: few enough that the memory of one block serves the next."""

_MOST_BITS = 20
"""Last bits of a shingle by which it is counted first."""


@dataclass(frozen=True, eq=False)
class Discounted:
    """Sets without common shingles.

    Attributes:
        sets: what is left of each row.
        whole: the rows that held nothing else: they keep all that they had.
        share: of each row, the share of its shingles that are common (0 to 1; 0 for a row without shingles).
    """

    sets: Sets
    whole: NDArray[np.bool_]
    share: F64


def common_shingles(sets: Sets, *, share: float = SHARE, least: int = LEAST) -> U64:
    """The shingles that stand in many distinct rows, sorted.

    Copies of a row count once, so that a row which was copied a thousand times does not become its own boilerplate.

    Args:
        sets: one a row.
        share: of the distinct rows, how many make a shingle common (0 to 1).
        least: and in rows.
    """
    signatures = kernels.load().fingerprints(sets)
    filled = np.flatnonzero(sets.sizes())
    rows = filled[np.unique(signatures[filled], return_index=True)[1]]
    every = max(1, -(-len(rows) // SAMPLE))
    if every > 1:
        rows = rows[signatures[rows] % np.uint64(every) == 0]
    wanted = np.zeros(len(sets), np.bool_)
    wanted[rows] = True
    return _frequent(sets, wanted, max(least / every, share * len(rows), 2))


def _frequent(sets: Sets, wanted: NDArray[np.bool_], least: float) -> U64:
    """The shingles of the wanted rows that stand in at least so many of them, sorted.

    They are counted by their last bits first, which spares nearly all of them from being sorted.
    """
    buckets = 1 << min(_MOST_BITS, len(sets.values).bit_length())
    counts = np.zeros(buckets, np.int64)
    for values in _picked(sets, wanted):
        counts += np.bincount(_bucket(values, buckets), minlength=buckets)
    many = counts >= least
    picked = _picked(sets, wanted)
    kept = [np.empty(0, np.uint64), *(values[many[_bucket(values, buckets)]] for values in picked)]
    found, frequency = np.unique(np.concatenate(kept), return_counts=True)
    return found[frequency >= least]


def _bucket(values: U64, buckets: int) -> I64:
    return (values & np.uint64(buckets - 1)).astype(np.int64)


def discount(sets: Sets, common: U64) -> Discounted:
    """The sets without ``common`` (sorted); a row that would become empty stays whole and is marked."""
    sizes = sets.sizes()
    counts, share, whole = np.array(sizes), np.zeros(len(sets)), np.zeros(len(sets), np.bool_)
    values = np.empty(len(sets.values), np.uint64)  # memory that nothing is written to is never taken
    row, filled = 0, 0
    for block in _blocks(sets):
        here = slice(row, row + len(block))
        is_common = _are_in(block.values, common)
        before = _starts(is_common)
        shared = before[block.indptr[1:]] - before[block.indptr[:-1]]
        whole[here] = (shared == sizes[here]) & (sizes[here] > 0)
        counts[here] -= np.where(whole[here], 0, shared)
        share[here] = shared / np.maximum(sizes[here], 1)
        kept = block.values[~is_common | np.repeat(whole[here], sizes[here])]
        values[filled : filled + len(kept)] = kept
        row, filled = row + len(block), filled + len(kept)
    return Discounted(Sets(_starts(counts), values[:filled]), whole, share)


def _blocks(sets: Sets) -> Iterator[Sets]:
    """The rows in order, some at a time."""
    row, rows = 0, len(sets)
    while row < rows:
        last = int(np.searchsorted(sets.indptr, sets.indptr[row] + _BLOCK, side="right")) - 1
        last = min(max(last, row + 1), rows)
        start, end = sets.indptr[row], sets.indptr[last]
        yield Sets(sets.indptr[row : last + 1] - start, np.asarray(sets.values[start:end]))
        row = last


def _starts(counts: NDArray[np.integer] | NDArray[np.bool_]) -> I64:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _are_in(values: U64, common: U64) -> NDArray[np.bool_]:
    if not len(common):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(common, values), len(common) - 1)
    found: NDArray[np.bool_] = common[at] == values
    return found


def _picked(sets: Sets, wanted: NDArray[np.bool_]) -> Iterator[U64]:
    """All shingles of some rows, some rows at a time."""
    row = 0
    for block in _blocks(sets):
        yield block.values[np.repeat(wanted[row : row + len(block)], block.sizes())]
        row += len(block)
