"""Lines of a table that are one conversation together, wherever in the file they stand.

The file is read twice. The first pass notes of each line its group, its place in the order and where its bytes
are: some 60 bytes a line are held in memory. Then the index is sorted, and the lines of each conversation are
read again, together. Where the bytes cannot be found a second time (a compressed file, another encoding, a
spreadsheet), the first pass leaves them in a temporary file. Every line ends in exactly one conversation, in
quarantine, or among those that are left out.
"""

from __future__ import annotations

import json
import shlex
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import polars as pl

from curate.core.table_map import ALL_OTHERS, clean, write_roles
from curate.core.telling import tell
from curate.formats.chunk import BLOCK, Chunk
from curate.formats.fields import plain
from curate.formats.layouts.mapped import GENERIC, guess_speakers, known_speaker, left_out, speaker_name
from curate.formats.order import order_keys
from curate.formats.records import Record, decode_bytes, read_records, size_of
from curate.text.fold import hash64
from curate.text.private import mask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from curate.core.table_map import Grouping, TableMap

LINES = pl.Schema(
    {
        "ordinal": pl.Int64,  # of the record in the file, from 0
        "kind": pl.String,  # row, quarantine or left out
        "group": pl.UInt64,  # hash of the group's value; null for what is no row
        "cell": pl.String,  # of the column that orders the lines
        "name": pl.Int32,  # of the speaker, by its place among all names; null if the line has none
        "line": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "low": pl.Int64,  # byte range in what is read the second time
        "high": pl.Int64,
        "reason": pl.String,
    }
)
"""What the first pass notes of a record."""


FEW, MOST_NAMED = 4, 20
"""Names whose roles are each said, and names of one side that are said where there are more."""


class Member(NamedTuple):
    """A line of a conversation: its place in the file, and the range of its bytes in the chunk."""

    ordinal: int
    line: int | None
    start: int
    end: int
    low: int
    high: int


class Entry(NamedTuple):
    """A conversation, or a line that is in none and the reason."""

    kind: str
    members: tuple[Member, ...]
    reason: str


class Grouped:
    """The conversations of one source."""

    def __init__(self, chunks: Iterable[Chunk], mapping: TableMap, path: Path | None) -> None:
        """Take the first pass.

        Args:
            chunks: of the source, in order.
            mapping: with the columns of the source.
            path: where the bytes of the decoded file are found a second time; None if nowhere.
        """
        self._mapping = mapping
        self._spool = _Spool(path)
        self._context: dict[str, Any] = {}
        self._file = 0
        self._separators = 0
        self._names: dict[str, tuple[int, str]] = {}
        frames = [self._lines(chunk) for chunk in chunks]
        self.notes: tuple[str, ...]
        self.members = self._sorted(pl.concat([pl.DataFrame(schema=LINES), *frames]))
        """Every record, in the order of conversations; ``entry`` counts these from 0."""
        self._mapping = self._guessed()
        for note in self.notes:
            tell(note)

    def chunks(self, entries: Collection[int] | None = None) -> Iterator[Chunk]:
        """All conversations, or only some of them, about ``BLOCK`` bytes at a time."""
        members = self.members
        if entries is not None:
            members = members.filter(pl.col("entry").is_in(list(entries)))
        builder = _Blob()
        columns = ("entry", "kind", "reason", *Member._fields)
        lines = members.select(columns).iter_rows()
        first = True
        for _, group in groupby(lines, key=itemgetter(0)):
            builder.add(list(group), self._spool)
            if len(builder.blob) >= BLOCK:
                yield self._chunk(builder, is_first=first)
                builder, first = _Blob(), False
        if builder.entries or (first and self._separators):
            yield self._chunk(builder, is_first=first)

    def _chunk(self, builder: _Blob, *, is_first: bool) -> Chunk:
        context = {**self._context, "mapping": self._mapping, "entries": tuple(builder.entries)}
        context["separators"] = self._separators if is_first else 0
        if not is_first:
            context.pop("notes", None)
        return Chunk(self._file, "group", 0, 1, bytes(builder.blob), None, context)

    def _lines(self, chunk: Chunk) -> pl.DataFrame:
        """The first pass over a chunk."""
        has_bytes = chunk.container != "table"
        notes = [(1, kind, detail) for _, kind, detail in chunk.context.get("notes", ())]
        self._context = {**chunk.context, "notes": self._context.get("notes", []) + notes}
        self._context |= {"container": chunk.container, "has_bytes": has_bytes}
        self._file = chunk.file
        if has_bytes:
            self._spool.write(chunk.blob)
        lines: list[tuple[object, ...]] = []
        for record in read_records(chunk):
            if record.kind == "separator":
                self._separators += size_of(record.raw, chunk)
            else:
                place = (record.start, record.end) if has_bytes else self._spool.row(record.value)
                kind, group, cell, name, reason = self._told(record)
                where = (record.line, record.start, record.end, *place)
                lines.append((len(lines), kind, group, cell, name, *where, reason))
        return pl.DataFrame(lines, schema=LINES, orient="row")

    def _told(self, record: Record) -> tuple[str, int | None, str | None, int | None, str]:
        """Kind, group, cell that orders, speaker, and reason."""
        group = self._mapping.group
        assert group is not None  # noqa: S101 (the table is grouped)
        if record.kind == "quarantine":
            return "quarantine", None, None, None, record.reason
        reason = left_out(record.value, self._mapping.drop)
        if reason:
            return "left out", None, None, None, reason
        key = plain(record.value.get(group.by))
        if not isinstance(key, str) or not key.strip():
            return "quarantine", None, None, None, f"no value in '{group.by}', by which lines are grouped"
        cell = plain(record.value.get(group.order)) if group.order else None
        ordering = cell if isinstance(cell, str) else None
        return (
            "row",
            hash64(key.strip().encode("utf-8", "surrogatepass")),
            ordering,
            self._name(record.value, group),
            "",
        )

    def _name(self, row: Mapping[str, Any], group: Grouping) -> int | None:
        """The number of the one who speaks; the name is kept as it is first written."""
        name = speaker_name(row, group)
        if not name:
            return None
        return self._names.setdefault(name, (len(self._names), clean(str(plain(row.get(group.role))))))[0]

    def _sorted(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The lines by conversation, in the order of the first line of each in the file."""
        group = self._mapping.group
        lines = lines.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("ordinal"))
        name, form = (group.order, group.form) if group else ("", "")
        keys, self.notes = order_keys(lines["cell"], name, form, lines["group"])
        keyed = lines.with_columns(keys.alias("key")).drop("cell")
        is_row = pl.col("kind") == "row"
        keyed = keyed.with_columns(
            pl.when(is_row).then(pl.col("ordinal").min().over("group")).otherwise("ordinal").alias("first"),
            pl.col("key").forward_fill().over("group"),
        )
        ordered = keyed.sort("first", "key", "ordinal", nulls_last=False)
        return ordered.with_columns(pl.col("first").rle_id().cast(pl.Int64).alias("entry")).drop(
            "group", "key", "first"
        )

    def _guessed(self) -> TableMap:
        """The mapping with the option that says what had to be guessed of the speakers; it is told at once."""
        group = self._mapping.group
        assert group is not None  # noqa: S101 (the table is grouped)
        known = [known_speaker(name, group) for name in self._names]
        spoken = self.members.drop_nulls("name")
        lines = spoken["name"].is_in([at for at, role in enumerate(known) if role is None]).sum()
        if not lines:
            return self._mapping
        guesses: Counter[tuple[int, str]] = Counter()
        firsts = spoken.select("entry", "name").unique(maintain_order=True).iter_rows()
        for _, thread in groupby(firsts, key=itemgetter(0)):
            told = guess_speakers({str(name): known[name] for _, name in thread})
            guesses.update((int(name), role) for name, role in told.items())
        option = f"--roles {shlex.quote(write_roles(self._likely(guesses)))}"
        of = f"{lines:,} line{'s' * (lines != 1)}"
        what = f"who speaks in {of} is guessed: see whether it is right, and say it with"
        is_secret = mask(option) != option
        tell(f"{what} {GENERIC if is_secret else option}", f"{what} {GENERIC}")
        return replace(self._mapping, group=replace(group, guessed="" if is_secret else option))

    def _likely(self, guesses: Mapping[tuple[int, str], int]) -> dict[str, str]:
        """The roles that say the guess: those of a few names, or of the smaller side and of all others."""
        shown = dict(self._names.values())
        sides: dict[str, list[str]] = {"assistant": [], "user": []}
        for at in sorted({at for at, _ in guesses}, key=lambda at: -sum(guesses[at, side] for side in sides)):
            side = max(sides, key=lambda side: guesses[at, side])
            sides[side].append(shown[at])
        named, others = sorted(sides, key=lambda side: len(sides[side]))
        if len(sides[named]) + len(sides[others]) <= FEW:
            return {name: side for side in sides for name in sides[side]}
        return dict.fromkeys(sides[named][:MOST_NAMED], named) | {ALL_OTHERS: others}


class _Spool:
    """Where the bytes of a line are found again: in the file itself, or in a copy."""

    def __init__(self, path: Path | None) -> None:
        self._is_copy = path is None
        self._handle: IO[bytes] = tempfile.TemporaryFile() if path is None else path.open("rb")  # noqa: SIM115
        self._size = 0

    def write(self, blob: bytes) -> None:
        """Keep the next bytes of the decoded file, if the file does not hold them."""
        if self._is_copy:
            self._handle.write(blob)

    def row(self, value: Mapping[str, Any]) -> tuple[int, int]:
        """Keep a row that has no bytes."""
        blob = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._handle.write(blob)
        self._size += len(blob)
        return self._size - len(blob), self._size

    def read(self, low: int, high: int) -> bytes:
        """Bytes again."""
        self._handle.seek(low)
        return self._handle.read(high - low)

    def __del__(self) -> None:
        self._handle.close()


class _Blob:
    """A chunk under construction."""

    def __init__(self) -> None:
        self.blob = bytearray()
        self.entries: list[Entry] = []

    def add(self, lines: list[tuple[Any, ...]], spool: _Spool) -> None:
        """The lines of one entry."""
        members = []
        for _, _, _, ordinal, line, start, end, low, high in lines:
            at = len(self.blob)
            self.blob += spool.read(low, high)
            members.append(Member(ordinal, line, start, end, at, at + high - low))
        self.entries.append(Entry(lines[0][1], tuple(members), lines[0][2]))


def members_of(entry: Entry, chunk: Chunk) -> list[Record]:
    """The records of an entry, decoded again."""
    return [_member(entry.kind, member, chunk) for member in entry.members]


def _member(kind: str, member: Member, chunk: Chunk) -> Record:
    raw = chunk.blob[member.low : member.high]
    place = (member.start, member.end, member.line)
    if kind == "quarantine":
        return Record("quarantine", *place, raw)
    if not chunk.context["has_bytes"]:
        return Record("row", *place, b"", json.loads(raw))
    value, notes, _ = decode_bytes(raw, chunk.context["container"], chunk.context)
    return Record("row", *place, raw, value if isinstance(value, dict) else {}, notes)


def number_of(record: Record) -> int:
    """The number by which a pointer names a line: that of the line, or of the row from 1."""
    return record.line if record.line is not None else record.start + 1
