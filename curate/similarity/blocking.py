"""Which rows may ask the same: a number for each ask that is equal for all asks whose canonical forms are.

Reading a text into its canonical form (``asks``) costs more than reading the row. So rows are first put into blocks
(Fellegi & Sunter 1969) by what the allow-list never touches: the sum of the hashes of their longer words, less all that
is listed. Only rows that share their block with another are read in full.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.similarity import kernels, wording
from curate.similarity.wording_spelling import COMPOUNDS, SPELLINGS

if TYPE_CHECKING:
    from curate.similarity.arrays import U64, Tokens

LONG = 5
"""Characters from which a word counts: shorter ones may be initials (U.S.) or a unit that touches its number."""

SPACED = 2
"""Mean length of a token below which a text is in a script without spaces, where every character counts."""


def block_keys(texts: pl.Series) -> U64:
    """The block of each text."""
    tokens = kernels.load().tokens(texts)
    lengths = (tokens.ends - tokens.starts).astype(np.int64)
    counted = (lengths >= LONG) | _is_dense(tokens, lengths)
    counted &= ~np.isin(tokens.hashes, listed())
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(np.where(counted, tokens.hashes, 0), dtype=np.uint64)])
    return sums[tokens.indptr[1:]] - sums[tokens.indptr[:-1]]


def _is_dense(tokens: Tokens, lengths: np.ndarray) -> np.ndarray:
    """For each token, whether it stands in a text of a script without spaces."""
    counts = np.diff(tokens.indptr)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    total = sums[tokens.indptr[1:]] - sums[tokens.indptr[:-1]]
    return np.repeat(total < SPACED * counts, counts)


@cache
def listed() -> U64:
    """The hashes of all words that the allow-list may take out, put in or change."""
    pieces: set[str] = {"you", "not", "do", "please do", "问", "请", "eg", "ie"}
    pieces |= wording.ARTICLES | wording.COURTESIES | wording.OFFERS | wording.THANKS | wording.GREETINGS
    pieces |= {*wording.SYNONYMS, *wording.SYNONYMS.values(), *SPELLINGS, *SPELLINGS.values()}
    pieces |= {" ".join(words) for words in (*wording.FOREIGN_COURTESIES, *COMPOUNDS)}
    pieces |= {part for joined in COMPOUNDS.values() for part in (joined, joined.replace("-", ""))}
    pieces |= {piece.replace("-", "") for piece in pieces}
    return np.unique(kernels.load().tokens(pl.Series(sorted(pieces), dtype=pl.String)).hashes)
