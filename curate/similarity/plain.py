"""The kernels in numpy, for where the extension was not built. Functions and results as in ``compiled``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from curate.similarity.arrays import Counters, Keys, Matches, Sets
from curate.similarity.plain_tokens import blocks, mixed, shingles, tokens
from curate.similarity.words import COUNT_STEP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U32, U64, Task

__all__ = [
    "blocks",
    "count",
    "fingerprints",
    "intersections",
    "match",
    "prefixes",
    "shingles",
    "signatures",
    "tokens",
]

FULL = 255
LAST_POSITION = 65535
BLOCK = 1 << 20
"""Members or candidates that are worked on at a time."""


def fingerprints(sets: Sets) -> U64:
    """A hash of each set: the sum of its mixed members and its size."""
    sizes = np.diff(sets.indptr)
    out = sizes.astype(np.uint64) * np.uint64(COUNT_STEP)
    for rows in _blocks(sizes):
        full = rows[sizes[rows] > 0]
        if len(full):
            first, last = int(sets.indptr[full[0]]), int(sets.indptr[full[-1] + 1])
            out[full] += np.add.reduceat(mixed(sets.values[first:last]), sets.indptr[full] - first)
    return out


def count(collections: list[Sets], small_bits: int, overflow_bits: int) -> Counters:
    """Count the members of all sets."""
    shift = 64 - small_bits
    counts = np.zeros(1 << small_bits, np.int64)
    for sets in collections:
        for first in range(int(sets.indptr[0]), int(sets.indptr[-1]), BLOCK):
            values = sets.values[first : min(first + BLOCK, int(sets.indptr[-1]))]
            np.add.at(counts, (values >> np.uint64(shift)).astype(np.int64), 1)
    beyond = np.flatnonzero(counts > FULL)
    overflow = np.zeros(1 << overflow_bits, np.uint32)
    np.add.at(overflow, beyond & (len(overflow) - 1), (counts[beyond] - FULL).astype(np.uint32))
    return Counters(np.minimum(counts, FULL).astype(np.uint8), overflow, shift)


def prefixes(sets: Sets, order: I64, counters: Counters, threshold: Fraction) -> Keys:
    """The prefixes of sets in the global order, less what is in one set only."""
    num, den = threshold.numerator, threshold.denominator
    sizes = sets.indptr[order + 1] - sets.indptr[order]
    lengths = sizes + (-num * sizes) // den + 1
    sums, keys, positions = [np.zeros(1, np.int64)], [np.empty(0, np.uint32)], [np.empty(0, np.uint16)]
    for places in _blocks(sizes):
        row, at = _members(sets.indptr[order[places]], sizes[places])
        members = sets.values[at]
        slots = (members >> np.uint64(counters.shift)).astype(np.int64)
        counts = counters.small[slots].astype(np.int64)
        full = counts == FULL
        counts[full] += counters.overflow[slots[full] & (len(counters.overflow) - 1)]
        ranked = np.lexsort((counts, row))
        position = np.arange(len(row)) - np.repeat(np.cumsum(sizes[places]) - sizes[places], sizes[places])
        chosen = (position < lengths[places][row]) & (counts[ranked] > 1)
        sums.append(np.bincount(row[chosen], minlength=len(places)))
        keys.append((members[ranked[chosen]] >> np.uint64(32)).astype(np.uint32))
        positions.append(np.minimum(position[chosen], LAST_POSITION).astype(np.uint16))
    return Keys(np.cumsum(np.concatenate(sums)), np.concatenate(keys), np.concatenate(positions))


def match(task: Task) -> Matches:
    """The pairs of sets that share a key and are as similar as the threshold asks."""
    left, right = task.left, task.right
    num, den = task.threshold.numerator, task.threshold.denominator
    sizes, others = left.sizes(), right.sizes()
    parts = [(np.empty(0, np.int64),) * 3]
    for one, other in _candidates(task):
        need = -(-num * (sizes[one] + others[other]) // (num + den))
        shared = intersections(left.sets, right.sets, left.order[one], right.order[other])
        enough = shared >= need
        parts.append((one[enough], other[enough], shared[enough]))
    found = [np.concatenate(column).astype(np.uint32) for column in zip(*parts, strict=True)]
    return Matches(found[0], found[1], found[2])


def _candidates(task: Task) -> Iterator[tuple[I64, I64]]:
    """Pairs of places that share a key and are of sizes and at positions that can do, each pair once."""
    left, right = task.left.keys, task.right.keys
    num, den = task.threshold.numerator, task.threshold.denominator
    sizes, others = task.left.sizes(), task.right.sizes()
    owner = np.repeat(np.arange(len(others)), np.diff(right.indptr))
    indexed = np.flatnonzero(right.positions < task.limits[owner])
    indexed = indexed[np.argsort(right.keys[indexed], kind="stable")]
    keys, owner, position = right.keys[indexed], owner[indexed], right.positions[indexed].astype(np.int64)
    starts = np.searchsorted(keys, left.keys)
    spans = np.searchsorted(keys, left.keys, "right") - starts
    meetings = np.add.reduceat(np.append(spans, 0), left.indptr[:-1]) if len(sizes) else spans
    meetings[np.diff(left.indptr) == 0] = 0
    for places in _blocks(meetings):
        first, last = int(left.indptr[places[0]]), int(left.indptr[places[-1] + 1])
        key, entry = _members(starts[first:last], spans[first:last])
        one = np.repeat(places, np.diff(left.indptr)[places])[key]
        other = owner[entry]
        at = left.positions[first:last].astype(np.int64)[key]
        need = -(-num * (sizes[one] + others[other]) // (num + den))
        can = np.minimum(sizes[one] - at, others[other] - position[entry]) >= need
        can &= (other >= task.low[one]) & (other < task.high[one])
        both = np.unique(one[can] << 32 | other[can])
        for start in range(0, len(both), BLOCK >> 6):
            block = both[start : start + (BLOCK >> 6)]
            yield block >> 32, block & (2**32 - 1)


def intersections(left: Sets, right: Sets, i: I64, j: I64) -> I64:
    """The number of members that the sets of each pair share."""
    sizes = left.indptr[i + 1] - left.indptr[i], right.indptr[j + 1] - right.indptr[j]
    out = np.zeros(len(i), np.int64)
    for pairs in _blocks(sizes[0] + sizes[1]):
        row, at = _members(left.indptr[i[pairs]], sizes[0][pairs])
        row2, at2 = _members(right.indptr[j[pairs]], sizes[1][pairs])
        values = np.concatenate([left.values[at], right.values[at2]])
        rows = np.concatenate([row, row2])
        order = np.lexsort((values, rows))
        values, rows = values[order], rows[order]
        twice = (values[1:] == values[:-1]) & (rows[1:] == rows[:-1])
        out[pairs] = np.bincount(rows[1:][twice], minlength=len(pairs))
    return out


def signatures(sets: Sets, rows: I64, factors: U32, offsets: U32) -> U32:
    """The minima of the permuted upper halves of the members of sets, one line a row."""
    sizes = sets.indptr[rows + 1] - sets.indptr[rows]
    out = np.full((len(rows), len(factors)), 2**32 - 1, np.uint32)
    for places in _blocks(sizes):
        full = places[sizes[places] > 0]
        if not len(full):
            continue
        at = _members(sets.indptr[rows[full]], sizes[full])[1]
        hashes = _spread((sets.values[at] >> np.uint64(32)).astype(np.uint32))
        starts = np.cumsum(sizes[full]) - sizes[full]
        for k in range(len(factors)):
            out[full, k] = np.minimum.reduceat(hashes * factors[k] + offsets[k], starts)
    return out


def _spread(x: U32) -> U32:
    """MurmurHash3's 32-bit finaliser."""
    x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return x ^ x >> np.uint32(16)


def _members(starts: I64, sizes: I64) -> tuple[I64, I64]:
    """For runs of places: the number of the run of each place, and the place."""
    run = np.repeat(np.arange(len(sizes)), sizes)
    return run, np.arange(len(run)) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)


def _blocks(sizes: NDArray[np.int64]) -> Iterator[I64]:
    """Runs of rows of about ``BLOCK`` members together, at least a row each."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        base = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, base + BLOCK, "right")))
        yield np.arange(first, last)
        first = last
