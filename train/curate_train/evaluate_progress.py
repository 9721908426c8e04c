"""How many rows are answered, on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVERY = 30.0
"""Seconds between lines where stderr is no terminal."""


@contextmanager
def answering(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A callback that is told how many rows of how many are done; None if quiet."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 (only for a terminal)
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)
    else:
        yield _Lines(label)


class _Lines:
    def __init__(self, label: str) -> None:
        self._label = label
        self._began = self._last = time.monotonic()
        self._first: int | None = None

    def __call__(self, done: int, of: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first, self._began = done, now
        if now - self._last < EVERY and done != of:
            return
        self._last = now
        made = done - self._first
        left = f", {(now - self._began) / made * (of - done):,.0f} s left" if made and done != of else ""
        print(f"{self._label}: {done:,}/{of:,} rows{left}", file=sys.stderr, flush=True)  # noqa: T201 (progress)
