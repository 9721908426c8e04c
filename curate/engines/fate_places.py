"""Where a row stands before and after a step, by line: steps take lines out and never change their order."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import CurateError
from curate.core.ledger import raw_bytes
from curate.core.table_map import TableMap
from curate.formats.read import open_sources
from curate.formats.records import read_records
from curate.formats.sources import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.ledger import Entry, Header, Ledger

GONE = ("drop", "quarantine")
"""Actions that take a record out."""


class Moves:
    """How the lines of a file move in a step; of a table, its rows.

    Args:
        entries: of the step, for this file.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._lines = sorted(
            (
                one.line,
                one.action not in GONE,
                raw_bytes(one.raw).count(b"\n") - raw_bytes(one.put).count(b"\n"),
            )
            for one in entries
            if one.line is not None and one.bytes is not None
        )
        self._rows = sorted({one.row for one in entries if one.line is None and one.action in GONE})

    @classmethod
    def of(cls, ledger: Ledger, at: int) -> Moves:
        """Of the file with this number among the inputs of a step."""
        name = ledger.header.inputs[at].name
        return cls([one for one in ledger.entries() if one.file == name])

    def forward(self, line: int) -> int:
        """Where a line of the input that stays is in the output."""
        lines = sum(went for start, _, went in self._lines if start < line)
        return line - lines - bisect_left(self._rows, line)

    def backward(self, line: int) -> int:
        """Where a line of the output was in the input; the reverse of :meth:`forward`."""
        for start, stays, went in self._lines:
            line += went if start + stays <= line else 0
        for row in self._rows:
            line += row <= line
        return line


class Lines(NamedTuple):
    """The line in which a record begins, and the last line of the last record of its file."""

    begin: int
    last: int


def record_at(header: Header, at: int, line: int) -> Lines | None:
    """The record of an input that holds a line; None if the input is not at hand, or was changed since.

    Of a line that no record holds (an empty one, or one beyond the end) ``begin`` is 0.
    """
    mark = header.inputs[at]
    path = Path(mark.name)
    source = Source(mark.name, path)
    if not path.is_file() or source.is_table:
        return None
    encoding = header.plan.get("encoding")
    begin = last = 0
    try:
        (opened,) = open_sources((source,), encoding if isinstance(encoding, str) else None, TableMap())
        if opened.survey is None or opened.survey.sha256 != mark.sha256:
            return None
        for chunk in opened.chunks():
            for record in read_records(chunk):
                if record.line is not None and record.kind != "separator":
                    last = record.line + record.raw.rstrip(b"\r\n").count(b"\n")
                    begin = record.line if record.line <= line <= last else begin
    except CurateError:
        return None
    return Lines(begin, last)
