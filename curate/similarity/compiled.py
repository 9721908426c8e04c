"""The compiled kernels, with their arrays made for them. Functions as in ``plain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from curate.similarity import _kernels
from curate.similarity.arrays import Counters, Keys, Matches, Sets, Tokens
from curate.similarity.table import code_points

if TYPE_CHECKING:
    from fractions import Fraction

    import polars as pl

    from curate.similarity.arrays import I64, U32, U64, Side, Task

MATCH_ROOM = 1 << 20
"""Matches that are written before they are gathered."""


def tokens(texts: pl.Series) -> Tokens:
    """The tokens of texts. They are read where they lie; there are at most as many as bytes."""
    indptr = np.zeros(len(texts) + 1, np.int64)
    room = _bytes(texts)
    hashes, starts, ends = np.empty(room, np.uint64), np.empty(room, np.int64), np.empty(room, np.int64)
    count = _kernels.tokens(texts.__arrow_c_stream__(), code_points(), indptr, hashes, starts, ends)
    return Tokens(indptr, hashes[:count].copy(), starts[:count].astype("u4"), ends[:count].astype("u4"))


def shingles(texts: pl.Series, n: int) -> Sets:
    """The sets of the shingles of texts, in room that may be larger than they need."""
    indptr = np.zeros(len(texts) + 1, np.int64)
    values = np.empty(_bytes(texts), np.uint64)
    count = _kernels.shingles(texts.__arrow_c_stream__(), n, code_points(), indptr, values)
    return Sets(indptr, values[:count])


def blocks(texts: pl.Series, listed: U64, least: int, spaced: int) -> U64:
    """The sum of the hashes of the tokens of each text that count."""
    out = np.zeros(len(texts) + 1, np.uint64)
    _kernels.blocks(texts.__arrow_c_stream__(), code_points(), least, spaced, listed, out)
    return out[1:]


def _bytes(texts: pl.Series) -> int:
    return int(texts.str.len_bytes().sum() or 0)


def fingerprints(sets: Sets) -> U64:
    """A hash of each set: the sum of its mixed members and its size."""
    out = np.empty(len(sets), np.uint64)
    _kernels.fingerprints(sets.indptr, sets.values, out)
    return out


def count(collections: list[Sets], small_bits: int, overflow_bits: int) -> Counters:
    """Count the members of all sets."""
    counters = Counters(
        np.zeros(1 << small_bits, np.uint8), np.zeros(1 << overflow_bits, np.uint32), 64 - small_bits
    )
    for sets in collections:
        used = sets.values[sets.indptr[0] : sets.indptr[-1]]
        _kernels.count(used, counters.small, counters.overflow, counters.shift)
    return counters


def prefixes(sets: Sets, order: I64, counters: Counters, threshold: Fraction) -> Keys:
    """The prefixes of sets in the global order, less what is in one set only."""
    num, den = threshold.numerator, threshold.denominator
    sizes = sets.indptr[order + 1] - sets.indptr[order]
    room = int((sizes + (-num * sizes) // den + 1).sum())
    indptr, keys, positions = np.zeros(len(order) + 1, np.int64), np.empty(room, "u4"), np.empty(room, "u2")
    count = _kernels.prefixes(
        *(sets.indptr, sets.values, order, counters.small, counters.overflow),
        *(indptr, keys, positions, counters.shift, num, den),
    )
    return Keys(indptr, keys[:count], positions[:count])


def match(task: Task) -> Matches:
    """The pairs of sets that share a key and are as similar as the threshold asks."""
    left, right, threshold = task.left, task.right, task.threshold
    bits = max(4, len(right.keys.keys).bit_length() - 1)
    starts, entries = np.zeros((1 << bits) + 1, np.uint32), np.empty(len(right.keys.keys), np.uint64)
    _kernels.postings(
        *(right.keys.indptr, right.keys.keys, right.keys.positions, task.limits, starts, entries, 32 - bits)
    )
    here = _records(left)
    there = here if left is right else _records(right)
    seen, tried = np.zeros(len(right.order), np.uint32), np.empty(len(right.order), np.uint32)
    found, parts, first = np.empty((max(MATCH_ROOM, len(right.order)), 3), np.uint32), [], 0
    while first < len(left.order):
        first, size = _kernels.match(
            *(left.sets.values, right.sets.values, here, there, left.keys.indptr, left.keys.keys),
            *(task.low, task.high, starts, entries, seen, tried, found),
            *(32 - bits, threshold.numerator, threshold.denominator, first),
        )
        parts.append(found[:size].copy())
    together = np.concatenate([*parts, found[:0]])
    return Matches(together[:, 0], together[:, 1], together[:, 2])


def _records(side: Side) -> U64:
    """Start, size and two words of bits of each set at its place in the order."""
    out = np.empty((len(side.order), 4), np.uint64)
    places = np.full(len(side.sets), -1, np.int64)
    places[side.order] = np.arange(len(side.order))
    _kernels.records(side.sets.indptr, side.sets.values, places, out)
    return out


def intersections(left: Sets, right: Sets, i: I64, j: I64) -> I64:
    """The number of members that the sets of each pair share."""
    out = np.empty(len(i), np.int64)
    _kernels.intersections(left.indptr, left.values, right.indptr, right.values, i, j, out)
    return out


def signatures(sets: Sets, rows: I64, factors: U32, offsets: U32) -> U32:
    """The minima of the permuted upper halves of the members of sets, one line a row."""
    out = np.empty((len(rows), len(factors)), np.uint32)
    _kernels.signatures(sets.indptr, sets.values, rows, factors, offsets, out)
    return out
