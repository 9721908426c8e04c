"""Tokens and shingles in numpy, as ``words`` defines them: predicates over all code points of a column at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from curate.similarity.arrays import Sets, Tokens
from curate.similarity.table import code_points
from curate.similarity.words import (
    ALONE,
    COUNT_STEP,
    KIND_SHIFT,
    LENGTH_FACTOR,
    MIX_FACTORS,
    ROLL_FACTOR,
    SYMBOL,
    TABLE_SIZE,
    TOKEN_FACTOR,
    TOKEN_SEED,
    WORD,
)

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U8, U32, U64

    Flags = NDArray[np.bool_]

T = TypeVar("T", bound=np.generic)

LONGEST_GRAM = 64
WIDER = (0x80, 0x800, 0x10000)
"""From these code points on UTF-8 needs a byte more."""
GAP = 2
"""Line feeds between texts, so that no rule sees from one text into the next."""


def tokens(texts: pl.Series) -> Tokens:
    """The tokens of texts in their order, with their places."""
    lengths = texts.str.len_chars().fill_null(0).to_numpy().astype(np.int64)
    base = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths + GAP)]) + GAP
    joined = "\n" * GAP + ("\n" * GAP).join([*texts.fill_null("").to_list(), ""]) + "\n" * GAP
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    starts, ends = _spans(codes)
    row = np.searchsorted(base, starts, "right") - 1
    counts = np.bincount(row, minlength=len(texts)) if len(texts) else np.zeros(0, np.int64)
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return Tokens(
        indptr,
        _hashes(codes, starts, ends),
        (starts - base[row]).astype(np.uint32),
        (ends - base[row]).astype(np.uint32),
    )


def _spans(codes: U32) -> tuple[I64, I64]:
    """Where tokens start and end."""
    entries = code_points()[np.minimum(codes, TABLE_SIZE - 1)] >> KIND_SHIFT
    kind = np.where(codes < TABLE_SIZE, entries, 0)
    word = kind == WORD
    before, after = _shifted(codes, -1), _shifted(codes, 1)
    word_before, word_after = _shifted(word, -1), _shifted(word, 1)
    digit_after = (after >= ord("0")) & (after <= ord("9"))
    sign = (codes == ord("-")) & digit_after & ~word_before & ~_among(before, "-)]")
    dot = (codes == ord(".")) & word_after & (before != ord("."))
    inside = word | dot | _suffixes(codes, word, before, after)
    negates = (codes == ord("!")) & (word_after | (after == ord("("))) & ~word_before & (before != ord("!"))
    joined = (_among(codes, "!:-") & _among(after, "=>")) | ((codes == ord("-")) & (before == ord("<")))
    operator = ((kind == SYMBOL) | negates | joined) & ~inside & ~sign
    alone = kind == ALONE
    starts = sign | (inside & ~_shifted(inside | sign, -1)) | (operator & ~_shifted(operator, -1)) | alone
    taken = inside | sign | operator | alone
    goes_on = _shifted(taken, 1) & ~_shifted(starts, 1)
    return np.flatnonzero(starts), np.flatnonzero(taken & ~goes_on) + 1


def _suffixes(codes: U32, word: Flags, before: U32, after: U32) -> Flags:
    """``++`` and ``#`` that belong to the word before them."""
    word_before, plus = _shifted(word, -1), codes == ord("+")
    sharp = (codes == ord("#")) & word_before & ~_shifted(word, 1) & (after != ord("#"))
    first = plus & word_before & (after == ord("+")) & ~_shifted(word, 2) & ~_shifted(plus, 2)
    second = plus & (before == ord("+")) & _shifted(first, -1)
    found: Flags = sharp | first | second
    return found


def _shifted(column: NDArray[T], by: int) -> NDArray[T]:
    """What stands so many places on, wrapped around (line feeds stand at both ends)."""
    return np.roll(column, -by)


def _among(codes: U32, chars: str) -> Flags:
    return np.isin(codes, [ord(char) for char in chars])


def _hashes(codes: U32, starts: I64, ends: I64) -> U64:
    """The hash of each token, eight bytes at a time over all tokens that are as long."""
    folded = np.where(codes < TABLE_SIZE, code_points()[np.minimum(codes, TABLE_SIZE - 1)] & 0xFFFFFF, codes)
    data = np.frombuffer(folded.astype("<u4").tobytes().decode("utf-32-le").encode() + b"\0" * 8, np.uint8)
    widths = sum(((folded >= limit).astype(np.int64) for limit in WIDER), np.ones(len(folded), np.int64))
    places = np.concatenate([np.zeros(1, np.int64), np.cumsum(widths)])
    first, length = places[starts], places[ends] - places[starts]
    state = np.full(len(starts), TOKEN_SEED, np.uint64)
    at = np.flatnonzero(length > 0)
    done = 0
    while len(at):
        left = np.minimum(length[at] - done, 8).astype(np.uint64)
        mixed_in = (state[at] ^ _words(data, first[at] + done, left)) * np.uint64(TOKEN_FACTOR)
        state[at] = mixed_in ^ mixed_in >> np.uint64(32)
        done += 8
        at = at[length[at] > done]
    hashes: U64 = state ^ length.astype(np.uint64) * np.uint64(LENGTH_FACTOR)
    return hashes


def _words(data: U8, at: I64, sizes: U64) -> U64:
    """Little-endian words of up to eight bytes."""
    words: U64 = data[at[:, None] + np.arange(8)].view("<u8")[:, 0]
    return words & (np.uint64(2**64 - 1) >> (np.uint64(64) - sizes * np.uint64(8)))


def mixed(x: U64) -> U64:
    """The finaliser of SplitMix64."""
    x = (x ^ x >> np.uint64(30)) * np.uint64(MIX_FACTORS[0])
    x = (x ^ x >> np.uint64(27)) * np.uint64(MIX_FACTORS[1])
    return x ^ x >> np.uint64(31)


def shingles(texts: pl.Series, n: int) -> Sets:
    """The sets of the n-grams of texts."""
    if not 1 <= n <= LONGEST_GRAM:
        raise ValueError(f"n must lie between 1 and {LONGEST_GRAM}")
    found = tokens(texts)
    sizes = np.diff(found.indptr)
    grams = np.where(sizes < n, np.minimum(sizes, 1), sizes - n + 1)
    row = np.repeat(np.arange(len(sizes)), grams)
    at = np.arange(len(row)) + np.repeat(found.indptr[:-1] - (np.cumsum(grams) - grams), grams)
    lengths = np.minimum(sizes, n)[row]
    state = np.zeros(len(row), np.uint64)
    for k in range(n):
        use = np.flatnonzero(lengths > k)
        state[use] = state[use] * np.uint64(ROLL_FACTOR) + found.hashes[at[use] + k]
    return _sets(row, mixed(state + lengths.astype(np.uint64) * np.uint64(COUNT_STEP)), len(sizes))


def _sets(row: I64, values: U64, rows: int) -> Sets:
    """Sorted unique values of each row."""
    order = np.lexsort((values, row))
    row, values = row[order], values[order]
    new = np.ones(len(row), np.bool_)
    new[1:] = (row[1:] != row[:-1]) | (values[1:] != values[:-1])
    counts = np.bincount(row[new], minlength=rows) if rows else np.zeros(0, np.int64)
    return Sets(np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), values[new])


def blocks(texts: pl.Series, listed: U64, least: int, spaced: int) -> U64:
    """The sum of the hashes of the tokens of each text that count."""
    found = tokens(texts)
    lengths = (found.ends - found.starts).astype(np.int64)
    counts = np.diff(found.indptr)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    is_dense = sums[found.indptr[1:]] - sums[found.indptr[:-1]] < spaced * counts
    counted = (lengths >= least) | np.repeat(is_dense, counts)
    counted &= ~np.isin(found.hashes, listed)
    kept = np.where(counted, found.hashes, np.uint64(0))
    hashes = np.concatenate([np.zeros(1, np.uint64), np.cumsum(kept, dtype=np.uint64)])
    made: U64 = hashes[found.indptr[1:]] - hashes[found.indptr[:-1]]
    return made
