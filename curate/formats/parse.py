"""From a chunk to a batch: every byte ends in exactly one row, quarantine entry or counted separator."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from curate.core.batch import NOTES, ROWS, Batch
from curate.formats.chunk import Chunk
from curate.formats.columnar import decode_table
from curate.formats.csv_table import decode_record
from curate.formats.json_row import Note, decode_row
from curate.formats.layouts import Turns, read_layout
from curate.formats.lines import Joiner, segment_lines
from curate.formats.stream import encode_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.formats.chunk import Segment

QUARANTINE = pl.Schema(
    {
        "row": pl.Int64,
        "file": pl.Int32,
        "line": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "reason": pl.String,
        "raw": pl.Binary,
    }
)
"""One line for a record that cannot be read."""

ID_FIELDS = ("id", "_id", "uid", "uuid", "row_id", "task_id", "message_id", "message_tree_id", "ticket_id")
ID_SET = frozenset(ID_FIELDS)


@dataclass(frozen=True)
class Parsed:
    """A chunk after parsing. ``row`` counts from 0 within the chunk; the engine adds what came before.

    Attributes:
        batch: the rows that can be read.
        quarantine: the records that cannot, with their bytes.
        records: rows and quarantine entries together.
        row_bytes: bytes in rows; likewise for quarantine entries and separators.
        quarantined_bytes: bytes in quarantine entries.
        separator_bytes: bytes between records.
    """

    batch: Batch
    quarantine: pl.DataFrame
    records: int
    row_bytes: int = 0
    quarantined_bytes: int = 0
    separator_bytes: int = 0


def parse_chunk(chunk: Chunk, metadata: tuple[str, ...] = ()) -> Parsed:
    """Read all records of a chunk.

    Args:
        chunk: from a container's splitter.
        metadata: fields of the source rows to keep, as text, in columns ``meta.FIELD`` of ``rows``.
    """
    build = _Builder(chunk, metadata)
    if chunk.container == "table":
        for index, value in enumerate(decode_table(chunk)):
            build.table_row(value, chunk.offset + index)
        return build.finish()
    segments = segment_lines(chunk) if chunk.segments is None else chunk.segments
    build.segments(segments)
    return build.finish()


def parse_table_row(value: dict[str, object], file: int, ordinal: int) -> Batch:
    """One row of a columnar container as a batch of its own."""
    build = _Builder(Chunk(file, "table", ordinal, 0, b""), ())
    build.table_row(value, ordinal)
    return build.finish().batch


def canonical(value: object) -> bytes:
    """The content of a row independent of key order, spacing and escapes: JSON with sorted keys.

    ``orjson`` is ten times as fast and refuses what JSON cannot hold; such a row is always written the other way.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return text.encode("utf-8", "surrogatepass")


def content_hash(value: object) -> int:
    """64 bits of BLAKE2b over the canonical content."""
    return int.from_bytes(hashlib.blake2b(canonical(value), digest_size=8).digest())


class _Builder:
    """Columns of the three frames of a batch, and the quarantine, under construction."""

    def __init__(self, chunk: Chunk, metadata: tuple[str, ...]) -> None:
        self.chunk = chunk
        self.metadata: dict[str, list[str | None]] = {name: [] for name in metadata}
        self.turns = Turns()
        self.rows: dict[str, list[Any]] = {name: [] for name in ROWS}
        self.notes: list[tuple[int, str, str, str]] = []
        self.bad: list[tuple[Any, ...]] = []
        self.records = 0
        self.sizes = {"row": 0, "quarantine": 0, "separator": 0}
        self.file_notes = sorted(chunk.context.get("notes", ()))

    def segments(self, segments: Sequence[Segment]) -> None:
        """Every segment in order; broken neighbours that one raw newline made are joined."""
        at = 0
        self.joiner = Joiner(self.chunk.blob, segments)
        while at < len(segments):
            segment = segments[at]
            if segment.kind == "separator":
                self.sizes["separator"] += self._size(self.chunk.blob[segment.start : segment.end])
            elif segment.kind == "quarantine":
                self._quarantine(segment, segment.end, segment.reason)
            else:
                at = self._record(segments, at)
            at += 1

    def _record(self, segments: Sequence[Segment], at: int) -> int:
        """One record; returns the index of the last segment that it took."""
        segment = segments[at]
        blob = self.chunk.blob
        raw = blob[segment.start : segment.end]
        value, notes, error = self._decode(raw)
        if error:
            last = self.joiner.last(at) if self.chunk.container == "jsonl" else at
            if last > at:
                error = "a raw newline inside a string cuts the record; it must be written \\n"
            self._quarantine(segment, segments[last].end, error)
            return last
        if not isinstance(value, dict):
            self._quarantine(segment, segment.end, f"valid JSON, but not a row: {_kind(value)}")
            return at
        self.sizes["row"] += self._size(raw)
        start = self.chunk.offset + segment.start
        self._row(value, segment.line, (start, start + len(raw)), raw, segment.id, notes)
        return at

    def _decode(self, raw: bytes) -> tuple[object, Sequence[Note], str]:
        if self.chunk.container == "csv":
            return decode_record(raw, self.chunk.context)
        return decode_row(raw)

    def table_row(self, value: dict[str, object], ordinal: int) -> None:
        """A row of a columnar container: it has no line and no bytes."""
        self._row(value, None, (ordinal, ordinal + 1), b"", "", ())

    def _quarantine(self, segment: Segment, end: int, reason: str) -> None:
        raw = self.chunk.blob[segment.start : end]
        self.sizes["quarantine"] += self._size(raw)
        offset = self.chunk.offset
        place = (segment.line, offset + segment.start, offset + end)
        self.bad.append((self.records, self.chunk.file, *place, reason, raw))
        self.records += 1

    def _row(  # noqa: PLR0913 (what is known of one row)
        self,
        value: dict[str, Any],
        line: int | None,
        extent: tuple[int, int],
        raw: bytes,
        given_id: str,
        notes: Sequence[Note],
    ) -> None:
        row = self.records
        self.turns.begin(row)
        layout, why = read_layout(value, self.turns)
        cells = (
            row,
            self.chunk.file,
            content_hash(value),
            given_id or _id(value),
            line,
            *extent,
            layout,
            why,
            raw,
        )
        for column, cell in zip(self.rows.values(), cells, strict=True):
            column.append(cell)
        for name, kept in self.metadata.items():
            kept.append(None if value.get(name) is None else str(value[name]))
        for note in notes:
            self.notes.append((row, note.kind, note.at, note.detail))
        while self.file_notes and line is not None and line >= self.file_notes[0][0]:
            _, kind, detail = self.file_notes.pop(0)
            self.notes.append((row, kind, "", detail))
        self.records += 1

    def _size(self, piece: bytes) -> int:
        """Bytes of the source, whatever its encoding: they add up to the file's size."""
        return len(encode_back(piece, self.chunk.context.get("encoding", "utf-8")))

    def finish(self) -> Parsed:
        """The frames."""
        batch = Batch(
            rows=pl.DataFrame(self.rows, schema=ROWS).with_columns(
                pl.Series(f"meta.{name}", kept, pl.String) for name, kept in self.metadata.items()
            ),
            turns=self.turns.frame(),
            notes=pl.DataFrame(self.notes, schema=NOTES, orient="row"),
        )
        return Parsed(
            batch,
            pl.DataFrame(self.bad, schema=QUARANTINE, orient="row"),
            self.records,
            self.sizes["row"],
            self.sizes["quarantine"],
            self.sizes["separator"],
        )


def _id(value: dict[str, Any]) -> str | None:
    if ID_SET.isdisjoint(value):
        return None
    for name in ID_FIELDS:
        given = value.get(name)
        if isinstance(given, str | int) and not isinstance(given, bool):
            return str(given)
    return None


def _kind(value: object) -> str:
    """What JSON calls a value."""
    names = {type(None): "null", bool: "a boolean", str: "a string", list: "an array"}
    return names.get(type(value), "a number")
