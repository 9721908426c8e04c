"""Progress with rate and time left on stderr, for anything that takes over two seconds."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.engines.scan import Progress

PATIENCE = 2.0
"""Seconds before anything is shown."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A callback for the scan; the bar appears only when the wait is long enough to want one."""
    if quiet:
        yield None
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: object = None

    def __call__(self, done: int, total: int) -> None:
        if not total or time.monotonic() - self._began < PATIENCE:
            return
        from rich import progress as rich_progress  # noqa: PLC0415 (only for long runs)
        from rich.console import Console  # noqa: PLC0415 (the same)

        if not isinstance(self._bar, rich_progress.Progress):
            self._bar = rich_progress.Progress(
                rich_progress.TextColumn("reading"),
                rich_progress.BarColumn(),
                rich_progress.DownloadColumn(),
                rich_progress.TransferSpeedColumn(),
                rich_progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("reading", total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done)

    def close(self) -> None:
        """Take the bar away."""
        stop = getattr(self._bar, "stop", None)
        if stop is not None:
            stop()
