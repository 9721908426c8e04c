"""Which rows may ask the same: a number for each ask that is equal for all asks whose canonical forms are.

Reading a text into its canonical form (``asks``) costs more than reading the row. So rows are first put into blocks
(Fellegi & Sunter 1969) by what the allow-list never touches: the sum of the hashes of their longer words, less all that
is listed. Only rows that share their block with another are read in full.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.similarity import kernels, wording, wording_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U64, Tokens

LONG = 5
"""Characters from which a word counts: shorter ones may be initials (U.S.) or a unit that touches its number."""

SPACED = 2
"""Mean length of a token below which a text is in a script without spaces, where every character counts."""


def block_keys(texts: pl.Series) -> U64:
    """The block of each text."""
    tokens = kernels.load().tokens(texts)
    lengths = (tokens.ends - tokens.starts).astype(np.int64)
    counted = (lengths >= LONG) | _is_dense(tokens, lengths)
    counted &= ~_is_listed(tokens.hashes)
    sums = np.concatenate(
        [np.zeros(1, np.uint64), np.cumsum(np.where(counted, tokens.hashes, 0), dtype=np.uint64)]
    )
    blocks: U64 = sums[tokens.indptr[1:]] - sums[tokens.indptr[:-1]]
    return blocks


def _is_listed(hashes: U64) -> NDArray[np.bool_]:
    """Whether hashes are those of listed words: a table of their last bits spares nearly all the search."""
    table = np.zeros(1 << 16, np.bool_)
    table[(listed() & LAST).astype(np.intp)] = True
    found = table[(hashes & LAST).astype(np.intp)]
    found[found] = np.isin(hashes[found], listed())
    return found


def _is_dense(tokens: Tokens, lengths: I64) -> NDArray[np.bool_]:
    """For each token, whether it stands in a text of a script without spaces."""
    counts = np.diff(tokens.indptr)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    total = sums[tokens.indptr[1:]] - sums[tokens.indptr[:-1]]
    return np.repeat(total < SPACED * counts, counts)


LAST = np.uint64(0xFFFF)


@cache
def listed() -> U64:
    """The hashes of all words that stand in a table of the allow-list, whatever the table is for.

    A word too many makes blocks larger, one too few would hide a near duplicate: so no table is left out.
    """
    tables = (wording, wording_spelling)
    words = {word for table in tables for value in vars(table).values() for word in _words(value)}
    parts = {part for word in words for part in (word, word.replace("-", ""), word.replace("'", ""))}
    return np.unique(kernels.load().tokens(pl.Series(sorted(parts), dtype=pl.String)).hashes)


def _words(value: object) -> Iterator[str]:
    """All strings in a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield value.pattern
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _words(pair)
    elif isinstance(value, tuple | list | frozenset | set):
        for item in value:
            yield from _words(item)
