"""Shingles that so many rows share that they tell nothing about any: preambles, templates, disclaimers.

They are found by document frequency and left out of the sets before similarity is measured, so that two rows under one
system prompt are as similar as what they say besides it. The time is linear in the shingles, but for the sort of a
sample; the memory beyond the result is that of one block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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

_BLOCK = 1 << 22
"""Shingles that are looked at in one go."""

_STEP = np.uint64(0x9E3779B97F4A7C15)


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
    signatures = np.concatenate([np.empty(0, np.uint64), *map(_signatures, _blocks(sets))])
    filled = np.flatnonzero(sets.sizes())
    rows = filled[np.unique(signatures[filled], return_index=True)[1]]
    every = max(1, -(-len(rows) // SAMPLE))
    if every > 1:
        rows = rows[signatures[rows] % np.uint64(every) == 0]
    found, frequency = np.unique(_gathered(sets, rows), return_counts=True)
    return found[frequency >= max(least / every, share * len(rows), 2)]


def discount(sets: Sets, common: U64) -> Discounted:
    """The sets without ``common`` (sorted); a row that would become empty stays whole and is marked."""
    parts = [_discounted(block, common) for block in _blocks(sets)]
    if len(parts) == 1:
        return parts[0]
    counts = np.concatenate([np.empty(0, np.int64), *(part.sets.sizes() for part in parts)])
    return Discounted(
        Sets(
            _starts(counts), np.concatenate([np.empty(0, np.uint64), *(part.sets.values for part in parts)])
        ),
        np.concatenate([np.empty(0, np.bool_), *(part.whole for part in parts)]),
        np.concatenate([np.empty(0), *(part.share for part in parts)]),
    )


def _discounted(sets: Sets, common: U64) -> Discounted:
    sizes = sets.sizes()
    is_common = _are_in(sets.values, common)
    before = _starts(is_common)
    shared = before[sets.indptr[1:]] - before[sets.indptr[:-1]]
    whole = (shared == sizes) & (sizes > 0)
    kept = ~is_common | np.repeat(whole, sizes)
    counts = np.where(whole, sizes, sizes - shared)
    return Discounted(Sets(_starts(counts), sets.values[kept]), whole, shared / np.maximum(sizes, 1))


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


def _signatures(sets: Sets) -> U64:
    """A 64-bit value of each row's set, whatever the order of rows."""
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed(sets.values), dtype=np.uint64)])
    return _mixed(sums[sets.indptr[1:]] - sums[sets.indptr[:-1]])


def _mixed(values: U64) -> U64:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014), so that sums of small values do not collide."""
    values = values + _STEP
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _gathered(sets: Sets, rows: I64) -> U64:
    """All shingles of some rows."""
    wanted = np.zeros(len(sets), np.bool_)
    wanted[rows] = True
    picked = [np.empty(0, np.uint64)]
    row = 0
    for block in _blocks(sets):
        picked.append(block.values[np.repeat(wanted[row : row + len(block)], block.sizes())])
        row += len(block)
    return np.concatenate(picked)
