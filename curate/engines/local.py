"""One machine: tasks run in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Protocol, TypeVar

import polars as pl

from curate.core.errors import CurateError
from curate.engines.registry import register_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

T = TypeVar("T")
R = TypeVar("R")

POOL_FROM = 12 * 1024 * 1024
"""Bytes of input from which a pool pays for its start."""


class Engine(Protocol):
    """Three words: map, exchange (built on map, below) and collect."""

    partitions: int

    def map(self, task: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """The task's results, in the order of the items."""


class InlineEngine:
    """Everything in this process."""

    partitions = 1

    def map(self, task: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """One after the other."""
        return map(task, items)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


class PoolEngine:
    """A pool of processes on this machine.

    Items are read ahead only as far as the workers need, so that memory stays bounded. A worker that is killed
    (by the system, for want of memory) is replaced once; the same tasks then give the same results.
    """

    def __init__(self, workers: int, folders: tuple[str, ...] = ()) -> None:
        self.partitions = workers
        self._workers = workers
        self._folders = folders
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        return ProcessPoolExecutor(
            self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=register_folders,
            initargs=(self._folders,),
        )

    def map(self, task: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Results in the order of the items, with two tasks in flight for each worker."""
        flying: deque[tuple[T, Future[R]]] = deque()
        for item in items:
            flying.append((item, self._submit(task, item)))
            if len(flying) >= 2 * self._workers:
                yield self._result(task, flying)
                flying.popleft()
        while flying:
            yield self._result(task, flying)
            flying.popleft()

    def _submit(self, task: Callable[[T], R], item: T) -> Future[R]:
        """A future; that of a pool which is broken already says so when its result is asked for."""
        try:
            return self._pool.submit(task, item)
        except BrokenProcessPool as error:
            broken: Future[R] = Future()
            broken.set_exception(error)
            return broken

    def _result(self, task: Callable[[T], R], flying: deque[tuple[T, Future[R]]]) -> R:
        try:
            return flying[0][1].result()
        except BrokenProcessPool:
            self._pool = self._start()
            again = [(item, self._submit(task, item)) for item, _ in flying]
            flying.clear()
            flying.extend(again)
        try:
            return flying[0][1].result()
        except BrokenProcessPool as error:
            raise CurateError(
                "worker processes end without a result",
                hint="killed for want of memory, or started from a script without a __main__ guard: try --workers 1",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def choose_engine(size: int, workers: int | None, folders: tuple[str, ...] = ()) -> InlineEngine | PoolEngine:
    """A pool where workers are allowed and the input is large enough to pay for it.

    Without ``workers`` nothing is started: in a script without a ``__main__`` guard, processes cannot be.
    """
    count = workers or 1
    return PoolEngine(count, folders) if count > 1 and size >= POOL_FROM else InlineEngine()


def exchange(
    engine: Engine, frames: list[pl.DataFrame], task: Callable[[pl.DataFrame], pl.DataFrame]
) -> list[pl.DataFrame]:
    """All lines of a ``key`` go to one call of the task; which keys share a call does not matter."""
    lines = pl.concat(frames)
    if engine.partitions == 1 or len(lines) < SMALL:
        return [task(lines)]
    parts = lines.with_columns((pl.col("key") % engine.partitions).alias("_part")).partition_by(
        "_part", include_key=False
    )
    return list(engine.map(task, parts))


SMALL = 1_000_000
"""Digested lines that one process judges faster than several receive."""
