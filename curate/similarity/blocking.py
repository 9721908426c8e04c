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

    from curate.similarity.arrays import U64

LONG = 5
"""Characters from which a word counts: shorter ones may be initials (U.S.) or a unit that touches its number."""

SPACED = 2
"""Mean length of a token below which a text is in a script without spaces, where every character counts."""


def block_keys(texts: pl.Series) -> U64:
    """The block of each text."""
    return kernels.load().blocks(texts, listed(), LONG, SPACED)


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
