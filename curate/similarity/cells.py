"""Sets as a column of bytes, and back: how they travel in frames, between processes and to a disk."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl

from curate.similarity.arrays import Sets

AT_ONCE = 100_000
"""Rows whose bytes are Python objects at a time."""


def cells_of(sets: Sets) -> pl.Series:
    """The sets, each as the bytes of its 64-bit hashes."""
    blob, ends = sets.values.tobytes(), (sets.indptr * 8).tolist()
    return pl.Series([blob[start:end] for start, end in pairwise(ends)], dtype=pl.Binary)


def sets_of(cells: pl.Series) -> Sets:
    """The sets behind a column of bytes."""
    sizes = cells.bin.size().to_numpy().astype(np.int64) // 8
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    values = np.empty(indptr[-1], np.uint64)
    for start in range(0, len(cells), AT_ONCE):
        end = min(start + AT_ONCE, len(cells))
        piece = b"".join(cells.slice(start, end - start).to_list())
        values[indptr[start] : indptr[end]] = np.frombuffer(piece, np.uint64)
    return Sets(indptr, values)
