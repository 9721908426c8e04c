"""The records of one chunk while their texts change: each new record is made from the original one, and read again."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.engines.repairing_bytes import (
    Splice,
    changed_record,
    changed_value,
    is_writable,
    splice_of,
    unescape,
)
from curate.formats.chunk import Chunk, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.engines.repairing_bytes import Changes

ELSEWHERE = "the text does not stand in the row as it is read"
UNWRITABLE = "the file's encoding cannot hold the repaired text"
OTHER_TYPE = "the column cannot hold the repaired value"


def records_in(chunk: Chunk, rows: pl.DataFrame, encoding: str) -> TextRecords | TableRecords:
    """The records of a chunk.

    Args:
        chunk: as it was read.
        rows: of its batch.
        encoding: of the file.
    """
    return TableRecords(chunk) if chunk.container == "table" else TextRecords(chunk, rows, encoding)


class TextRecords:
    """Records that are bytes: JSON or CSV."""

    def __init__(self, chunk: Chunk, rows: pl.DataFrame, encoding: str) -> None:
        self._chunk = chunk
        self._context = {name: value for name, value in chunk.context.items() if name != "notes"}
        self._place = {row: at for at, row in enumerate(rows["row"].to_list())}
        self._rows = rows
        self._encoding = encoding
        self._new: dict[int, bytes] = {}

    def change(self, row: int, changes: Changes) -> str:
        """Make a row's new record from its original; says why that cannot be done, or nothing."""
        old = self._old(row)
        try:
            new = changed_record(old, changes, self._chunk.container, self._context)
        except ValueError:
            return ELSEWHERE
        if not is_writable(splice_of(old, new).put, self._encoding):
            return UNWRITABLE
        self._new[row] = new
        return ""

    def forget(self, row: int) -> None:
        """The row stays as it was."""
        self._new.pop(row, None)

    def chunk(self, rows: Sequence[int]) -> Chunk:
        """The new records of some rows, to be read again; they count from 0 there."""
        segments: list[Segment] = []
        at = 0
        for row in rows:
            end = at + len(self._new[row])
            line = self._rows["line"][self._place[row]]
            segments += (Segment("row", at, end, line), Segment("separator", end, end + 1, line))
            at = end + 1
        blob = b"".join(self._new[row] + b"\n" for row in rows)
        container = "csv" if self._chunk.container == "csv" else "json"
        return Chunk(self._chunk.file, container, 0, 0, blob, tuple(segments), self._context)

    def splice(self, row: int) -> Splice:
        """What becomes of a changed row's bytes, as offsets in the decoded file."""
        base = self._rows["start"][self._place[row]]
        splice = splice_of(self._old(row), self._new[row])
        return Splice(base + splice.start, base + splice.end, splice.put)

    def _old(self, row: int) -> bytes:
        raw: bytes = self._rows["raw"][self._place[row]]
        return raw


class TableRecords:
    """Rows of a table: values, of which only the changed ones are made anew."""

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._frame = pl.read_ipc_stream(io.BytesIO(chunk.blob))
        self._new: dict[int, dict[str, object]] = {}

    def change(self, row: int, changes: Changes) -> str:
        """Make a row's new record from its original; says why that cannot be done, or nothing."""
        try:
            names = list(dict.fromkeys(unescape(at[1:].partition("/")[0]) for at in changes))
            old = {name: self._frame[name][row : row + 1] for name in names}
            values: dict[str, Any] = {name: one.to_list()[0] for name, one in old.items()}
            new = changed_value(values, changes)
        except (ValueError, pl.exceptions.ColumnNotFoundError):
            return ELSEWHERE
        assert isinstance(new, dict)  # noqa: S101 (a changed row is a row)
        if not all(_holds(one, values[name], new[name]) for name, one in old.items()):
            return OTHER_TYPE
        self._new[row] = new
        return ""

    def forget(self, row: int) -> None:
        """The row stays as it was."""
        self._new.pop(row, None)

    def chunk(self, rows: Sequence[int]) -> Chunk:
        """The new records of some rows, to be read again; they count from 0 there."""
        stream = io.BytesIO()
        frame = with_values(self._frame, self.columns(rows))[list(rows)]
        frame.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
        return replace(self._chunk, offset=0, blob=stream.getvalue())

    def columns(self, rows: Sequence[int]) -> dict[str, tuple[list[int], pl.Series]]:
        """The new values of some rows, by column: the rows, and a series of the column's type."""
        names = [name for name in self._frame.columns if any(name in self._new[row] for row in rows)]
        made: dict[str, tuple[list[int], pl.Series]] = {}
        for name in names:
            places = [row for row in rows if name in self._new[row]]
            values = [self._new[row][name] for row in places]
            made[name] = (places, pl.Series(name, values, self._frame.schema[name]))
        return made


def _holds(old: pl.Series, value: object, new: object) -> bool:
    """Whether a column holds a new value, and gives back, made anew from Python, the old one with all its parts."""
    if old.dtype == pl.String:
        return True
    try:
        same = pl.Series(old.name, [value], old.dtype)
        made = pl.Series(old.name, [new], old.dtype)
    except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError):
        return False
    return same.equals(old, null_equal=True) and made.to_list() == [new]


def with_values(frame: pl.DataFrame, columns: dict[str, tuple[list[int], pl.Series]]) -> pl.DataFrame:
    """The frame with some values replaced; all others are taken over as they stand in memory.

    Args:
        frame: rows of a table.
        columns: by name, the places of the new values and the values.
    """
    for name, (places, values) in columns.items():
        column = frame[name]
        picked = list(range(len(column)))
        for number, place in enumerate(places):
            picked[place] = len(column) + number
        frame = frame.with_columns(pl.concat([column, values]).gather(picked))
    return frame
