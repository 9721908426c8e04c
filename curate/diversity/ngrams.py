"""Counts of n-grams of words over rows that are drawn, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from curate.diversity.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    I64: TypeAlias = NDArray[np.int64]
    U64: TypeAlias = NDArray[np.uint64]

FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2**64 by the golden ratio, odd: hashes of n-grams are polynomials in it, modulo 2**64."""

ORDERS = 4
"""The longest n-grams of BLEU."""

FLOOR = 0.1
"""What stands for no match of an order: method 1 of B. Chen & C. Cherry 2014."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Texts as numbers of words: those of text i are ``ids[indptr[i]:indptr[i + 1]]``."""

    ids: U64
    indptr: I64

    @classmethod
    def of(cls, texts: Sequence[str]) -> Encoded:
        """The first words of each text, numbered as they are met."""
        numbers: dict[str, int] = {}
        parts = [[numbers.setdefault(word, len(numbers)) for word in words(text)] for text in texts]
        ends = np.cumsum([0, *map(len, parts)])
        return cls(np.array([one for part in parts for one in part], np.uint64), ends)

    def drawn(self, rows: I64) -> Encoded:
        """Some of the texts, in the order given."""
        starts, lengths = self.indptr[rows], np.diff(self.indptr)[rows]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], lengths)
        return Encoded(self.ids[places], ends)

    def commonness(self) -> I64:
        """In how many texts each word stands."""
        rows = np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr)).astype(np.uint64)
        keys = np.sort((rows << np.uint64(32)) | self.ids)
        first = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
        words_of = (keys[first] & np.uint64(2**32 - 1)).astype(np.int64)
        return np.bincount(words_of, minlength=int(self.ids.max(initial=0)) + 1)

    def grams(self, n: int) -> tuple[U64, I64]:
        """The hash of each n-gram that lies in one text, in order, and the number of its text."""
        lengths = np.diff(self.indptr)
        left = np.repeat(self.indptr[1:], lengths) - np.arange(len(self.ids))
        starts = np.flatnonzero(left >= n)
        hashes = np.zeros(len(starts), np.uint64)
        for at in range(n):
            hashes = (hashes + self.ids[starts + at] + np.uint64(1)) * FACTOR
            hashes ^= hashes >> np.uint64(29)
        return hashes, np.repeat(np.arange(len(lengths)), lengths)[starts]


def distinct(texts: Encoded, n: int) -> float:
    """Different n-grams by all n-grams; 0 if there is none."""
    hashes, _ = texts.grams(n)
    return len(frequencies(hashes)) / len(hashes) if len(hashes) else 0.0


def gram_entropy(texts: Encoded, n: int) -> float:
    """Shannon entropy of the n-grams' frequencies, in bits."""
    return entropy(frequencies(texts.grams(n)[0]))


def frequencies(values: NDArray[np.integer]) -> I64:
    """How often each different value occurs."""
    ordered = np.sort(values)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
    return np.diff(starts, append=len(ordered))


def entropy(counts: NDArray[np.integer]) -> float:
    """Shannon entropy of frequencies, in bits; 0 of none."""
    total = counts.sum()
    shares = counts[counts > 0] / total if total else np.ones(1)
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def type_token(texts: Encoded, window: int) -> float | None:
    """The mean share of different words among so many in a row; None if there are fewer."""
    segments = len(texts.ids) // window
    if not segments:
        return None
    table = np.sort(texts.ids[: segments * window].reshape(segments, window), axis=1)
    return float(((np.diff(table, axis=1) != 0).sum(axis=1) + 1).mean() / window)


def self_bleu(texts: Encoded) -> float:
    """The mean BLEU of each text against all others as references, from 0 to 1 (K. Papineni et al. 2002).

    Orders of which a text has no n-gram are left out, as sacrebleu does with ``effective_order``; an order without a
    match counts as ``FLOOR`` matches, unless no order has one.
    """
    lengths = np.diff(texts.indptr)
    logs, orders = np.zeros(len(lengths)), np.zeros(len(lengths))
    matched = np.zeros(len(lengths), np.bool_)
    for n in range(1, ORDERS + 1):
        total = np.maximum(lengths - n + 1, 0)
        shared = _shared(*texts.grams(n), len(lengths))
        matched |= shared > 0
        has = total > 0
        logs[has] += np.log(np.where(shared > 0, shared, FLOOR)[has] / total[has])
        orders += has
    scores = np.exp(logs / np.maximum(orders, 1)) * _brevity(lengths)
    return float(np.where(matched, scores, 0.0).mean()) if len(scores) else 0.0


def _shared(hashes: U64, rows: I64, count: int) -> I64:
    """For each text how many of its n-grams others have, each no more often than the one that has it most often."""
    if not len(hashes):
        return np.zeros(count, np.int64)
    order = np.lexsort((rows, hashes))
    hashes, rows = hashes[order], rows[order]
    is_gram = np.concatenate([[True], hashes[1:] != hashes[:-1]])
    is_pair = is_gram | np.concatenate([[True], rows[1:] != rows[:-1]])
    pairs = np.flatnonzero(is_pair)
    times = np.diff(pairs, append=len(hashes))
    grams = np.flatnonzero(is_gram[pairs])
    group = np.cumsum(is_gram[pairs]) - 1
    most = np.maximum.reduceat(times, grams)
    first = np.zeros(len(times), np.bool_)
    tops = np.flatnonzero(times == most[group])
    first[tops[np.unique(group[tops], return_index=True)[1]]] = True
    second = np.maximum.reduceat(np.where(first, 0, times), grams)
    shared = np.minimum(times, np.where(first, second[group], most[group]))
    return np.bincount(rows[pairs], shared, count).astype(np.int64)


def _brevity(lengths: I64) -> NDArray[np.float64]:
    """The brevity penalty of each text against the other one of nearest length, the shorter if two are as near."""
    order = np.argsort(lengths, kind="stable")
    ordered = lengths[order].astype(np.float64)
    below = np.concatenate([[-np.inf], ordered[:-1]])
    above = np.concatenate([ordered[1:], [np.inf]])
    nearest = np.where(ordered - below <= above - ordered, below, above)
    penalty = np.ones(len(lengths))
    short = (ordered < nearest) & np.isfinite(nearest)
    penalty[order[short]] = np.exp(1 - nearest[short] / np.maximum(ordered[short], 1))
    return penalty
