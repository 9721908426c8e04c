"""Frames that may outgrow memory: kept as they come, and moved to files when they become many."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

import polars as pl

SPILL_FROM = 2_000_000
"""Lines held in memory, over all names; a finding takes about a hundred bytes."""


class FrameStore:
    """Frames by name, in the order in which they were added.

    Spilled frames are uncompressed Arrow IPC files, which go with the store; asking for a name reads all of its own.
    """

    def __init__(self) -> None:
        self._held: dict[str, list[pl.DataFrame]] = {}
        self._files: dict[str, list[Path]] = {}
        self._lines = 0
        self._folder: Path | None = None

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """Append lines under a name."""
        self._held.setdefault(name, []).append(frame)
        self._lines += len(frame)
        if self._lines > SPILL_FROM:
            self._spill()

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted({*self._held, *self._files})

    def frame(self, name: str) -> pl.DataFrame:
        """Everything under a name; what was spilled is read from its files."""
        mapped = [pl.read_ipc(path) for path in self._files.get(name, [])]
        return pl.concat([*mapped, *self._held.get(name, [])])

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="curate-findings-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        for name, frames in self._held.items():
            files = self._files.setdefault(name, [])
            path = self._folder / f"{name}-{len(files)}.arrow"
            pl.concat(frames).write_ipc(path, compression="uncompressed")
            files.append(path)
        self._held.clear()
        self._lines = 0
