"""The table of code points that kernels read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from curate.similarity import unicode_table
from curate.similarity.words import ALONE, KIND_SHIFT, SYMBOL, TABLE_SIZE, WORD, folds, spans

if TYPE_CHECKING:
    from curate.similarity.arrays import U32


@cache
def code_points() -> U32:
    """For each code point below ``TABLE_SIZE`` its folded form, and from bit ``KIND_SHIFT`` on its kind."""
    table = np.arange(TABLE_SIZE, dtype=np.uint32)
    for run, delta in folds():
        table[run.start : run.stop : run.step] += np.uint32(delta % 2**32)
    for kind, column in (
        (WORD, unicode_table.WORDS),
        (ALONE, unicode_table.ALONE),
        (SYMBOL, unicode_table.SYMBOLS),
    ):
        for span in spans(column):
            table[span.start : span.stop] |= np.uint32(kind << KIND_SHIFT)
    table.flags.writeable = False
    return table
