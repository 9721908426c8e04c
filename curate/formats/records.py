"""The records of a chunk, one after the other: every byte ends in exactly one of them or in a separator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from curate.formats.columnar import decode_table
from curate.formats.csv_table import decode_record
from curate.formats.json_row import Note, decode_row
from curate.formats.lines import Joiner, segment_lines
from curate.formats.stream import encode_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.formats.chunk import Chunk, Segment


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
    segments = segment_lines(chunk) if chunk.segments is None else list(chunk.segments)
    at = 0
    joiner = Joiner(chunk.blob, segments)
    while at < len(segments):
        segment = segments[at]
        if segment.kind == "row":
            record, at = _record(chunk, segments, at, joiner)
            yield record
        elif segment.kind == "separator":
            raw = chunk.blob[segment.start : segment.end]
            place = (chunk.offset + segment.start, chunk.offset + segment.end, segment.line)
            yield Record("separator", *place, raw)
        else:
            yield _unread(chunk, segment, segment.end, segment.reason)
        at += 1


def size_of(piece: bytes, chunk: Chunk) -> int:
    """Bytes of the source, whatever its encoding: they add up to the file's size."""
    return len(encode_back(piece, chunk.context.get("encoding", "utf-8")))


def _record(chunk: Chunk, segments: list[Segment], at: int, joiner: Joiner) -> tuple[Record, int]:
    """One record, and the index of the last segment that it took: a raw newline makes two of one."""
    segment = segments[at]
    raw = chunk.blob[segment.start : segment.end]
    value, notes, error = decode_bytes(raw, chunk.container, chunk.context)
    if error:
        last = joiner.last(at) if chunk.container == "jsonl" else at
        if last > at:
            error = "a raw newline inside a string cuts the record; it must be written \\n"
        return _unread(chunk, segment, segments[last].end, error), last
    if not isinstance(value, dict):
        return _unread(chunk, segment, segment.end, f"valid JSON, but not a row: {_kind(value)}"), at
    start = chunk.offset + segment.start
    return Record("row", start, start + len(raw), segment.line, raw, value, notes, segment.id), at


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
