"""Which row of the inputs a row of a later step is: steps take rows out, and never change their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate.engines.dropping import records_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curate.core.ledger import Entry, Ledger
    from curate.engines.scan import Scan
    from curate.similarity.arrays import I64


class Origin(NamedTuple):
    """A record of an input: the file's name as the user named it, its line (None where there are none) and number."""

    file: str
    line: int | None
    row: int


class Rows:
    """The records that are still there, by the number that they had in the inputs.

    Args:
        seen: a scan of the inputs.
    """

    def __init__(self, seen: Scan) -> None:
        records = [
            records_of(seen, opened, first)
            for opened, first in zip(seen.opened, seen.first_rows, strict=True)
        ]
        self._names = [opened.source.name for opened in seen.opened]
        self._lines = [frame["line"].to_list() for frame in records]
        self._left: list[I64] = [np.arange(len(frame)) for frame in records]

    @property
    def counts(self) -> list[int]:
        """How many records are left of each file."""
        return [len(left) for left in self._left]

    def origin(self, file: int, row: int) -> Origin:
        """Where a record of the step at hand came from; ``row`` counts from 1."""
        number = int(self._left[file][row - 1])
        return Origin(self._names[file], self._lines[file][number], number + 1)

    def left_of(self, file: int, numbers: set[int]) -> int:
        """How many of some records of an input, by their numbers there, from 1, are still left."""
        return int(np.isin(self._left[file] + 1, list(numbers)).sum())

    def take_out(self, file: int, rows: Iterable[int]) -> None:
        """Records that a step left out, by their numbers in its input, from 1."""
        gone = np.fromiter((row - 1 for row in rows), np.int64)
        self._left[file] = np.delete(self._left[file], gone)

    def follow(self, ledger: Ledger) -> Iterable[tuple[Entry, int, Origin]]:
        """The entries of a step with the number of their file and their origin; afterwards, what it left is left."""
        files = {mark.name: at for at, mark in enumerate(ledger.header.inputs)}
        gone: dict[int, list[int]] = {}
        for entry in ledger.entries():
            at = files[entry.file]
            yield entry, at, self.origin(at, entry.row)
            if entry.action in ("drop", "quarantine"):
                gone.setdefault(at, []).append(entry.row)
        for at, rows in gone.items():
            self.take_out(at, rows)
