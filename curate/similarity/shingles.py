"""Texts to sets of shingle hashes, batch by batch: what stays in memory are hashes, never texts."""

from __future__ import annotations

import tempfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import polars as pl

from curate.similarity import kernels
from curate.similarity.arrays import Sets, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO

    from curate.similarity.arrays import U64

T = TypeVar("T")
R = TypeVar("R")

BATCH_BYTES = 4 << 20
"""Text that is shingled at a time; a kernel needs room of up to eight times as much."""

GROWTH = 1 << 23
"""The most hashes by which the room for a collection grows (64 MiB); small ones grow by a quarter."""

BUDGET = 8 << 30
"""Bytes of hashes that are kept in memory unless another budget is given."""


class ShingleStore:
    """Collects the sets of many batches of texts, in memory up to a budget of bytes, beyond it in a temporary file.

    The file has no name and is gone when the sets are. Sets that were spilled are read through a memory map, so the
    system can drop their pages when memory is short.
    """

    def __init__(self, n: int, *, budget: int = BUDGET, folder: Path | None = None) -> None:
        self.n = n
        self.budget = budget
        self.folder = folder
        self._indptr = [np.zeros(1, np.int64)]
        self._values: U64 = np.empty(0, np.uint64)
        self._count = 0
        self._file: IO[bytes] | None = None

    def add(self, texts: pl.Series, *, workers: int = 1) -> None:
        """Shingle some more texts, with so many threads (compiled kernels run beside each other)."""
        for sets in in_order(batches(texts), lambda part: kernels.load().shingles(part, self.n), workers):
            self._indptr.append(sets.indptr[1:] + self._count)
            self._append(sets.values)
            self._count += len(sets.values)

    def _append(self, values: U64) -> None:
        total = self._count + len(values)
        if self._file is None and total * 8 > self.budget:
            self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (lives as long as the sets)
            self._values[: self._count].tofile(self._file)
            self._values = np.empty(0, np.uint64)
        if self._file is not None:
            values.tofile(self._file)
            return
        if total > len(self._values):
            self._values.resize(
                total + min(total // 4, GROWTH), refcheck=False
            )  # moves pages, copies nothing
        self._values[self._count : total] = values

    def sets(self) -> Sets:
        """All sets so far. Nothing can be added afterwards."""
        indptr = np.concatenate(self._indptr)
        if self._file is not None and self._count:
            self._file.flush()
            values = np.memmap(self._file, np.uint64, "r", shape=(self._count,))
            self._file.close()  # the map holds on to what has no name
            return Sets(indptr, values)
        self._values.resize(self._count, refcheck=False)
        return Sets(indptr, self._values)


def batches(texts: pl.Series) -> Iterator[pl.Series]:
    """Slices of about ``BATCH_BYTES``, at least a row each, as texts."""
    texts = texts.cast(pl.String)
    ends = np.cumsum(texts.str.len_bytes().fill_null(0).to_numpy(), dtype=np.int64)
    first = 0
    while first < len(texts):
        base = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, base + BATCH_BYTES, "right")))
        yield texts.slice(first, last - first)
        first = last


def in_order(items: Iterable[T], work: Callable[[T], R], workers: int) -> Iterator[R]:
    """Results in the order of the items; at most two a thread are under way."""
    if workers == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def shingle(texts: pl.Series, n: int, *, workers: int = 1) -> Sets:
    """The sets of the n-gram hashes of texts (``words``). The number of threads does not show in them."""
    store = ShingleStore(n)
    store.add(texts, workers=workers)
    return store.sets()


def token_hashes(texts: pl.Series) -> Tokens:
    """The tokens of texts in their order, with their places."""
    parts = [kernels.load().tokens(part) for part in batches(texts)]
    counts = np.concatenate([np.zeros(1, np.int64), *(np.diff(part.indptr) for part in parts)])
    return Tokens(
        np.cumsum(counts),
        np.concatenate([np.empty(0, np.uint64), *(part.hashes for part in parts)]),
        np.concatenate([np.empty(0, np.uint32), *(part.starts for part in parts)]),
        np.concatenate([np.empty(0, np.uint32), *(part.ends for part in parts)]),
    )
