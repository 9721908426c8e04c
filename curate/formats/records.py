"""The records of a chunk, one after the other: every byte ends in exactly one of them or in a separator."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from curate.formats.chunk import Segment
from curate.formats.columnar import decode_table
from curate.formats.csv_table import decode_record
from curate.formats.json_row import Note, decode_row
from curate.formats.lines import Joiner, segment_lines
from curate.formats.stream import encode_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from curate.formats.chunk import Chunk


class Record(NamedTuple):
    """A row, a record that cannot be read, or what stands between records.

    Attributes:
        kind: which of these.
        start: byte range in the decoded file; in columnar containers the row's number, from 0, and the next.
        end: the same.
        line: 1-based; None in columnar containers.
        raw: the bytes; none in columnar containers.
        value: of a row.
        notes: what its syntax shows.
        id: the key under which the container holds the row.
        reason: why it cannot be read.
    """

    kind: Literal["row", "quarantine", "separator"]
    start: int
    end: int
    line: int | None
    raw: bytes = b""
    value: dict[str, Any] = {}  # noqa: RUF012 (never changed)
    notes: Sequence[Note] = ()
    id: str = ""
    reason: str = ""


def read_records(chunk: Chunk) -> Iterator[Record]:
    """Everything that a chunk of a container holds, in order."""
    if chunk.container == "table":
        for index, value in enumerate(decode_table(chunk)):
            yield Record("row", chunk.offset + index, chunk.offset + index + 1, None, b"", value)
        return
    segments = _segments(chunk)
    broken = _Broken(chunk, segments)
    done = 0  # the bytes of the chunk that records have taken
    for segment in segments:
        if segment.start < done:
            continue
        if segment.kind == "row":
            record = _record(chunk, segment, broken)
            done = record.end - chunk.offset
            yield record
        elif segment.kind == "separator":
            raw = chunk.blob[segment.start : segment.end]
            place = (chunk.offset + segment.start, chunk.offset + segment.end, segment.line)
            yield Record("separator", *place, raw)
        else:
            yield _unread(chunk, segment, segment.end, segment.reason)


def read_some(
    chunk: Chunk, places: NDArray[np.int64], wanted: NDArray[np.int64]
) -> Iterator[tuple[int, int, Record]]:
    """The records of some lines of a chunk of JSON lines, each with the first and the last of its lines.

    Args:
        chunk: the lines.
        places: start, end and number of all lines that are not blank.
        wanted: those to read, in order; one that belongs to the record before it is passed over.
    """
    broken = _Broken(chunk)
    starts = places[:, 0]
    done = -1
    for first in wanted.tolist():
        if first <= done:
            continue
        start, end, line = places[first].tolist()
        record = _record(chunk, Segment("row", start, end, line), broken)
        done = bisect_left(starts, record.end - chunk.offset) - 1
        yield first, done, record


def _segments(chunk: Chunk) -> Sequence[Segment]:
    return segment_lines(chunk) if chunk.segments is None else chunk.segments


class _Broken:
    """How far records that cannot be read reach; nothing is looked at before there is one."""

    def __init__(self, chunk: Chunk, segments: Sequence[Segment] | None = None) -> None:
        self._chunk = chunk
        self._known = segments

    def last(self, segment: Segment) -> Segment:
        """The last segment of the record that begins here: a raw newline makes two of one."""
        if self._chunk.container != "jsonl":
            return segment
        at = bisect_left(self._segments, segment.start, key=itemgetter(1))
        last = self._joiner.last(at)
        return segment if last == at else self._segments[last]

    @cached_property
    def _segments(self) -> Sequence[Segment]:
        return _segments(self._chunk) if self._known is None else self._known

    @cached_property
    def _joiner(self) -> Joiner:
        return Joiner(self._chunk.blob, self._segments)


def size_of(piece: bytes, chunk: Chunk) -> int:
    """Bytes of the source, whatever its encoding: they add up to the file's size."""
    return len(encode_back(piece, chunk.context.get("encoding", "utf-8")))


def _record(chunk: Chunk, segment: Segment, broken: _Broken) -> Record:
    """One record, which may reach over several segments."""
    raw = chunk.blob[segment.start : segment.end]
    value, notes, error = decode_bytes(raw, chunk.container, chunk.context)
    if error:
        last = broken.last(segment)
        if last is not segment:
            error = "a raw newline inside a string cuts the record; it must be written \\n"
        return _unread(chunk, segment, last.end, error)
    if not isinstance(value, dict):
        return _unread(chunk, segment, segment.end, f"valid JSON, but not a row: {_kind(value)}")
    start = chunk.offset + segment.start
    return Record("row", start, start + len(raw), segment.line, raw, value, notes, segment.id)


def decode_bytes(
    raw: bytes, container: str, context: Mapping[str, Any]
) -> tuple[object, Sequence[Note], str]:
    """The value of a record's bytes, notes on its syntax, and why it has no value, if so."""
    return decode_record(raw, context) if container == "csv" else decode_row(raw)


def _unread(chunk: Chunk, segment: Segment, end: int, reason: str) -> Record:
    raw = chunk.blob[segment.start : end]
    offset = chunk.offset
    return Record("quarantine", offset + segment.start, offset + end, segment.line, raw, reason=reason)


def _kind(value: object) -> str:
    """What JSON calls a value."""
    names = {type(None): "null", bool: "a boolean", str: "a string", list: "an array"}
    return names.get(type(value), "a number")
