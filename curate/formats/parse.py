"""From a chunk to a batch: every byte ends in exactly one row, quarantine entry or counted separator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.batch import NOTES, ROWS, Batch
from curate.core.table_map import TableMap
from curate.formats.chunk import Chunk
from curate.formats.content import content_hash, id_field
from curate.formats.fields import plain, value_at
from curate.formats.grouping import members_of, number_of
from curate.formats.layouts import Turns, read_layout
from curate.formats.layouts.mapped import (
    THREAD,
    Line,
    id_of,
    left_out,
    read_mapped,
    read_thread,
)
from curate.formats.layouts.rest import REST, rest_of
from curate.formats.records import Record, read_records, read_some, size_of

if TYPE_CHECKING:
    from curate.formats.flat import Flat
    from curate.formats.grouping import Entry

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

LEFT_OUT = pl.Schema({name: dtype for name, dtype in QUARANTINE.items() if name != "raw"})
"""One line for a record that is left out as asked."""


COLUMNS_FROM = 1 << 16
"""Bytes of a chunk from which reading flat rows as columns pays for loading numpy."""


@dataclass(frozen=True)
class Parsed:
    """A chunk after parsing. ``row`` counts from 0 within the chunk; the engine adds what came before.

    Attributes:
        batch: the rows that can be read.
        quarantine: the records that cannot, with their bytes.
        left_out: the records that are left out as asked.
        records: all of these together.
        guessed: messages of grouped lines whose speaker had to be guessed.
        row_bytes: bytes in rows; likewise for quarantine entries and separators.
        quarantined_bytes: bytes in quarantine entries.
        separator_bytes: bytes between records.
    """

    batch: Batch
    quarantine: pl.DataFrame
    left_out: pl.DataFrame
    records: int
    guessed: int = 0
    row_bytes: int = 0
    quarantined_bytes: int = 0
    separator_bytes: int = 0


def parse_chunk(chunk: Chunk, metadata: tuple[str, ...] = ()) -> Parsed:
    """Read all records of a chunk.

    Args:
        chunk: from a container's splitter, or from grouped lines.
        metadata: fields of the source rows to keep, as text, in columns ``meta.FIELD`` of ``rows``.
    """
    flat = None
    is_plain = not any("." in name or name.startswith("/") for name in metadata if name != REST)
    if chunk.container == "jsonl" and len(chunk.blob) >= COLUMNS_FROM and is_plain:
        from curate.formats.flat import read_flat  # noqa: PLC0415 (loads numpy)

        flat = read_flat(chunk)
    return _Builder(chunk, metadata).run() if flat is None else _together(chunk, metadata, flat)


def _together(chunk: Chunk, metadata: tuple[str, ...], flat: Flat) -> Parsed:
    """What was read as columns, and the other lines of the chunk, which are read one by one."""
    import numpy as np  # noqa: PLC0415 (loaded for large chunks only)

    build = _Builder(chunk, metadata)
    is_record = np.ones(len(flat.places), np.bool_)  # a line may continue the record before it
    others = np.flatnonzero(flat.shapes < 0)
    for first, last, record in read_some(chunk, flat.places, others):
        is_record[first + 1 : last + 1] = False
        build.records = int(np.count_nonzero(is_record[:first]))
        build.take(record)
    parsed = build.finish()
    rows, turns = flat.frames(chunk, np.cumsum(is_record) - 1, metadata)
    size = parsed.row_bytes + int((rows["end"] - rows["start"]).sum())
    is_whole = chunk.segments is None
    return replace(
        parsed,
        batch=Batch(_merged(rows, parsed.batch.rows), _merged(turns, parsed.batch.turns), parsed.batch.notes),
        records=int(np.count_nonzero(is_record)),
        row_bytes=size,
        separator_bytes=len(chunk.blob) - size - parsed.quarantined_bytes if is_whole else 0,
    )


def _merged(many: pl.DataFrame, few: pl.DataFrame) -> pl.DataFrame:
    """Both frames in the order of their rows."""
    return many if few.is_empty() else pl.concat([many, few]).sort("row", maintain_order=True)


def parse_table_row(value: dict[str, object], chunk: Chunk, ordinal: int) -> Batch:
    """One row of a columnar chunk as a batch of its own."""
    build = _Builder(Chunk(chunk.file, "table", ordinal, 0, b"", None, chunk.context), ())
    build.take(Record("row", ordinal, ordinal + 1, None, b"", value))
    return build.finish().batch


class _Builder:
    """Columns of the three frames of a batch, the quarantine and what is left out, under construction."""

    def __init__(self, chunk: Chunk, metadata: tuple[str, ...]) -> None:
        self.chunk = chunk
        self.mapping: TableMap = chunk.context.get("mapping") or TableMap()
        self.metadata: dict[str, list[str | None]] = {name: [] for name in metadata}
        self.turns = Turns()
        self.rows: list[tuple[Any, ...]] = []
        self.notes: list[tuple[int, str, str, str]] = []
        self.bad: list[tuple[Any, ...]] = []
        self.left_out: list[tuple[Any, ...]] = []
        self.records = 0
        self.guessed = 0
        self.sizes = {"row": 0, "quarantine": 0, "separator": 0}
        self.file_notes = sorted(chunk.context.get("notes", ()))

    def run(self) -> Parsed:
        """Everything that the chunk holds."""
        if self.chunk.container == "group":
            self.sizes["separator"] += self.chunk.context["separators"]
            for entry in self.chunk.context["entries"]:
                self._entry(entry)
        else:
            for record in read_records(self.chunk):
                self.take(record)
        return self.finish()

    def take(self, record: Record) -> None:
        """A record of a container."""
        if record.kind != "row":
            self.sizes[record.kind] += size_of(record.raw, self.chunk)
            if record.kind == "quarantine":
                self._quarantine(record)
            return
        self.sizes["row"] += size_of(record.raw, self.chunk)
        reason = left_out(record.value, self.mapping.drop) if self.mapping.drop else ""
        if reason:
            self._leave_out(record, reason)
            return
        row = self.records
        self.turns.begin(row)
        if self.mapping.columns:
            layout = (read_mapped(record.value, self.turns, self.mapping.columns), str(self.mapping))
        else:
            layout = read_layout(record.value, self.turns)
        given = record.id or id_of(record.value, self.mapping.columns) or _own_id(record.value)
        self._row(record, layout, given, record.value)
        for note in record.notes:
            self.notes.append((row, note.kind, note.at, note.detail))

    def _entry(self, entry: Entry) -> None:
        """A conversation of a grouped table, or a line that is in none."""
        records = members_of(entry, self.chunk)
        has_bytes = self.chunk.context["has_bytes"]
        size = sum(size_of(record.raw, self.chunk) for record in records) if has_bytes else 0
        self.sizes["quarantine" if entry.kind == "quarantine" else "row"] += size
        first = records[0]
        if entry.kind == "quarantine":
            self._quarantine(first._replace(reason=entry.reason))
        elif entry.kind == "left out":
            self._leave_out(first, entry.reason)
        else:
            self._thread(records)

    def _thread(self, records: list[Record]) -> None:
        row = self.records
        first = records[0]
        lines = [Line(number_of(record), record.value) for record in records]
        self.turns.begin(row)
        self.guessed += read_thread(lines, self.turns, self.mapping)
        assert self.mapping.group is not None  # noqa: S101 (the table is grouped)
        given = id_of(first.value, self.mapping.columns) or str(plain(first.value[self.mapping.group.by]))
        whole = first._replace(raw=b"".join(record.raw for record in records))
        self._row(whole, (THREAD, str(self.mapping)), given, [record.value for record in records])
        for record in records:
            for note in record.notes:
                self.notes.append((row, note.kind, f"/@{number_of(record)}{note.at}", note.detail))

    def _quarantine(self, record: Record) -> None:
        place = (record.line, record.start, record.end)
        self.bad.append((self.records, self.chunk.file, *place, record.reason, record.raw))
        self.records += 1

    def _leave_out(self, record: Record, reason: str) -> None:
        place = (record.line, record.start, record.end)
        self.left_out.append((self.records, self.chunk.file, *place, reason))
        self.records += 1

    def _row(self, record: Record, layout: tuple[str, str], given: str | None, content: object) -> None:
        row = self.records
        place = (record.line, record.start, record.end)
        self.rows.append((row, self.chunk.file, content_hash(content), given, *place, *layout, record.raw))
        for name, kept in self.metadata.items():
            kept.append(self._rest(record) if name == REST else _field(record.value, name))
        while self.file_notes and record.line is not None and record.line >= self.file_notes[0][0]:
            _, kind, detail = self.file_notes.pop(0)
            self.notes.append((row, kind, "", detail))
        self.records += 1

    def _rest(self, record: Record) -> str:
        """What may be part of the ask beside its turns; nothing where the user has said what the columns are."""
        return "" if self.mapping else rest_of(record.value, self.turns.pointers())

    def finish(self) -> Parsed:
        """The frames."""
        batch = Batch(
            rows=_columns(self.rows, ROWS).with_columns(
                pl.Series(f"meta.{name}", kept, pl.String) for name, kept in self.metadata.items()
            ),
            turns=self.turns.frame(),
            notes=pl.DataFrame(self.notes, schema=NOTES, orient="row"),
        )
        return Parsed(
            batch,
            pl.DataFrame(self.bad, schema=QUARANTINE, orient="row"),
            pl.DataFrame(self.left_out, schema=LEFT_OUT, orient="row"),
            self.records,
            self.guessed,
            self.sizes["row"],
            self.sizes["quarantine"],
            self.sizes["separator"],
        )


def _field(row: dict[str, Any], name: str) -> str | None:
    """A metadata field as text: by its name, or by a path or a pointer into the row."""
    if name in row:
        return None if row[name] is None else str(row[name])
    return value_at(row, name)


def _columns(lines: list[tuple[Any, ...]], schema: pl.Schema) -> pl.DataFrame:
    """A frame of many lines, built by column: ten times as fast as by line."""
    columns = zip(*lines, strict=True) if lines else [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, cells, dtype) for (name, dtype), cells in zip(schema.items(), columns, strict=True)]
    )


def _own_id(row: dict[str, Any]) -> str | None:
    name = id_field(row)
    return None if name is None else str(row[name])
