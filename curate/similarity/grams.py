"""Runs of tokens that two texts have in common, wherever they stand: what an overlap of n-grams is made of.

An index holds the n-grams of a collection that is small, such as the items of a benchmark. Texts of any number stream
past it: each n-gram of theirs that the index knows is followed to both sides for as long as the tokens agree, so that
an overlap is told as one run with its places in both texts, not as many n-grams. Tokens are compared by 64-bit hash, in
their order (``words`` defines them).

The hash of an n-gram is a polynomial in the hashes of its tokens modulo 2**64 (Karp & Rabin 1987, "Efficient randomized
pattern-matching algorithms"), mixed; it only proposes, for what it finds is compared token by token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate.similarity.shingles import token_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U64, Tokens

FACTOR = np.uint64(0xA0761D6478BD642F)
ROOM = 16
"""Slots for each hash in the table by which nearly all that are not there are told at once."""


class Run(NamedTuple):
    """A run of equal tokens in a text that streams past and in an indexed one.

    Attributes:
        text: number of the text.
        start: first token of the run, counted in the text.
        other: number of the indexed text.
        other_start: first token of the run, counted in it.
        length: tokens of the run.
    """

    text: int
    start: int
    other: int
    other_start: int
    length: int


def gram_hashes(tokens: Tokens, n: int) -> tuple[U64, I64]:
    """The hash of every n-gram within a text, and the token that it begins at, over all texts."""
    return next(hashed for size, *hashed in _hashed(tokens, n) if size == n)  # type: ignore[return-value]


def _hashed(tokens: Tokens, most: int) -> Iterator[tuple[int, U64, I64]]:
    """For each length up to ``most`` the hashes of n-grams and where they begin; one length builds on the other."""
    total = len(tokens.hashes)
    ends = np.repeat(tokens.indptr[1:], np.diff(tokens.indptr))
    begins: I64 = np.arange(total)
    sums = np.zeros(total, np.uint64)
    for size in range(1, most + 1):
        room = begins + size <= ends[begins]
        begins = begins[room]
        sums = sums[room] * FACTOR + tokens.hashes[begins + size - 1]
        yield size, sums ^ (sums >> np.uint64(29)), begins


@dataclass(frozen=True, eq=False)
class GramIndex:
    """The n-grams of a collection of texts.

    Attributes:
        n: tokens of an n-gram. A text with fewer is in no run.
        tokens: of the texts.
        hashes: of their n-grams, sorted.
        begins: for each the token at which it begins, over all texts.
        table: whether there is a hash with these lowest bits.
        own: how many tokens before each, over all texts, belong to no template.
    """

    n: int
    tokens: Tokens
    hashes: U64
    begins: I64
    table: NDArray[np.bool_]
    own: I64

    @classmethod
    def build(cls, texts: pl.Series, n: int, common: int) -> GramIndex:
        """Index texts, without the n-grams that at least ``common`` distinct ones have: they belong to a template.

        A text that holds nothing else keeps its rarest n-grams. Tokens of runs of more than n / 2 that as many texts
        have are not a text's own.
        """
        tokens = token_hashes(texts)
        same = _same_texts(tokens)
        hashes, begins, owners, frequency = _counted(tokens, n, same)
        least = np.full(len(tokens), np.iinfo(np.int64).max)
        np.minimum.at(least, owners, frequency)
        use = (frequency < common) | (frequency == least[owners])
        order = np.argsort(hashes[use], kind="stable")
        own = _own_tokens(tokens, n // 2 + 1, same, common)
        return cls(n, tokens, hashes[use][order], begins[use][order], _table(hashes[use]), own)

    def own_tokens(self, run: Run) -> int:
        """How many tokens of a run belong to no template of the indexed texts."""
        first = int(self.tokens.indptr[run.other]) + run.other_start
        return int(self.own[first + run.length] - self.own[first])

    def runs(self, tokens: Tokens) -> Iterator[Run]:
        """The runs that some texts have in common with the indexed ones, by text and indexed text."""
        hashes, begins = gram_hashes(tokens, self.n)
        near = _known(hashes, self.table)
        low = np.searchsorted(self.hashes, hashes[near], "left")
        times = np.searchsorted(self.hashes, hashes[near], "right") - low
        left = np.repeat(begins[near], times)
        at = np.repeat(low, times) + np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
        return self._grown(tokens, left, self.begins[at])

    def _grown(self, tokens: Tokens, left: I64, right: I64) -> Iterator[Run]:
        """Every pair of equal n-grams followed to both sides; those of one run become one."""
        text = np.searchsorted(tokens.indptr, left, "right") - 1
        other = np.searchsorted(self.tokens.indptr, right, "right") - 1
        order = np.lexsort((left, left - right, other, text))
        same = np.diff(left[order] - right[order], prepend=0) == 0
        same &= (np.diff(text[order], prepend=-1) == 0) & (np.diff(other[order], prepend=-1) == 0)
        heads = order[~(same & (np.diff(left[order], prepend=-1) == 1))]
        lines = zip(*(column[heads].tolist() for column in (text, other, left, right)), strict=True)
        last = Run(-1, 0, -1, 0, 0)
        for row, two, begin, begin_two in lines:
            start, start_two = begin - int(tokens.indptr[row]), begin_two - int(self.tokens.indptr[two])
            is_same = (row, two, start - start_two) == (last.text, last.other, last.start - last.other_start)
            if is_same and start < last.start + last.length:
                continue
            before, after = self._reach(tokens, (row, two), begin, begin_two)
            if after >= self.n:  # else the hashes agree and the tokens do not
                last = Run(row, start - before, two, start_two - before, before + after)
                yield last

    def _reach(self, tokens: Tokens, texts: tuple[int, int], begin: int, other: int) -> tuple[int, int]:
        """How many tokens before two places, and from them on, are the same."""
        ours, theirs = tokens.indptr, self.tokens.indptr
        back = min(begin - ours[texts[0]], other - theirs[texts[1]])
        ahead = min(ours[texts[0] + 1] - begin, theirs[texts[1] + 1] - other)
        one, two = tokens.hashes, self.tokens.hashes
        before = one[begin - back : begin] == two[other - back : other]
        return _leading(before[::-1]), _leading(one[begin : begin + ahead] == two[other : other + ahead])


@dataclass(frozen=True, eq=False)
class WholeIndex:
    """Short texts, to be found as a whole within others.

    Attributes:
        tokens: of the texts.
        most: the most tokens of a text that is looked for.
        hashes: of the texts of up to so many tokens, sorted.
        numbers: of these texts.
        table: whether there is a hash with these lowest bits.
    """

    tokens: Tokens
    most: int
    hashes: U64
    numbers: I64
    table: NDArray[np.bool_]

    @classmethod
    def build(cls, texts: pl.Series, most: int) -> WholeIndex:
        """Index the texts of 2 to ``most`` tokens: single words are in every text."""
        tokens = token_hashes(texts)
        sizes = np.diff(tokens.indptr)
        hashes, numbers = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for size, sums, begins in _hashed(tokens, most):
            owners = np.searchsorted(tokens.indptr, begins, "right") - 1
            whole = (sizes[owners] == size) & (size > 1)
            hashes.append(sums[whole])
            numbers.append(owners[whole])
        found = np.concatenate(hashes)
        order = np.argsort(found, kind="stable")
        return cls(tokens, most, found[order], np.concatenate(numbers)[order], _table(found))

    def runs(self, tokens: Tokens) -> Iterator[Run]:
        """Every place in some texts where a whole indexed one stands."""
        if not len(self.hashes):
            return
        for size, hashes, begins in _hashed(tokens, self.most):
            near = _known(hashes, self.table)
            low = np.searchsorted(self.hashes, hashes[near], "left").tolist()
            high = np.searchsorted(self.hashes, hashes[near], "right").tolist()
            for begin, first, last in zip(begins[near].tolist(), low, high, strict=True):
                for other in self.numbers[first:last].tolist():
                    if self._is_whole(tokens, begin, size, other):
                        text = int(np.searchsorted(tokens.indptr, begin, "right")) - 1
                        yield Run(text, begin - int(tokens.indptr[text]), other, 0, size)

    def _is_whole(self, tokens: Tokens, begin: int, size: int, other: int) -> bool:
        wanted = self.tokens.hashes[self.tokens.indptr[other] : self.tokens.indptr[other + 1]]
        return len(wanted) == size and bool((tokens.hashes[begin : begin + size] == wanted).all())


def _leading(agree: NDArray[np.bool_]) -> int:
    """How many are true before the first that is not."""
    return len(agree) if agree.all() else int(np.argmin(agree))


def _table(hashes: U64) -> NDArray[np.bool_]:
    """Whether there is a hash with these lowest bits; a power of two of slots."""
    table = np.zeros(1 << (ROOM * len(hashes) + 1).bit_length(), np.bool_)
    table[(hashes & np.uint64(len(table) - 1)).astype(np.intp)] = True
    return table


def _known(hashes: U64, table: NDArray[np.bool_]) -> I64:
    """Which hashes may be among those of a table."""
    found: I64 = np.flatnonzero(table[(hashes & np.uint64(len(table) - 1)).astype(np.intp)])
    return found


def _same_texts(tokens: Tokens) -> I64:
    """For each text a number that texts with the same tokens share."""
    known: dict[bytes, int] = {}
    spans = zip(tokens.indptr[:-1].tolist(), tokens.indptr[1:].tolist(), strict=True)
    numbers = [known.setdefault(tokens.hashes[low:high].tobytes(), len(known)) for low, high in spans]
    return np.array(numbers, np.int64)


def _counted(tokens: Tokens, n: int, same: I64) -> tuple[U64, I64, I64, I64]:
    """Every n-gram: its hash, its first token, its text, and how many distinct texts have it."""
    hashes, begins = gram_hashes(tokens, n)
    owners = np.searchsorted(tokens.indptr, begins, "right") - 1
    return hashes, begins, owners, _frequencies(hashes, same[owners])


def _own_tokens(tokens: Tokens, n: int, same: I64, common: int) -> I64:
    """How many tokens before each stand in no n-gram that ``common`` distinct texts have."""
    _, begins, _, frequency = _counted(tokens, n, same)
    shared = begins[frequency >= common]
    edges = np.zeros(len(tokens.hashes) + 1, np.int64)
    np.add.at(edges, shared, 1)
    np.add.at(edges, shared + n, -1)
    is_own = np.cumsum(edges)[:-1] == 0
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(is_own)])


def _frequencies(hashes: U64, owners: I64) -> I64:
    """For each n-gram the number of distinct owners of it."""
    order = np.lexsort((owners, hashes))
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = np.diff(hashes[order]) != 0
    is_other = is_new.copy()
    is_other[1:] |= np.diff(owners[order]) != 0
    group = np.cumsum(is_new) - 1
    frequency = np.empty(len(order), np.int64)
    frequency[order] = np.bincount(group, weights=is_other)[group]
    return frequency
