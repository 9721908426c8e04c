"""CSV and TSV: one pass that cuts a stream into records, and the way from a cell's text back to its bytes.

What RFC 4180 leaves open (a quote that is never closed, text after a closing quote) costs one physical line
and never its neighbours: the next line begins a new record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.chunk import BLOCK, PARTS, Chunk, Segment
from curate.formats.csv_dialect import Cell, Grammar, column_names, record_pattern, skip_blank, sniff
from curate.formats.json_row import Note, decode_row, escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curate.formats.chunk import Kind

EXCEL_LIMIT = 32_767
"""Most characters (UTF-16 units) that Excel keeps in a cell; a cell of exactly this length was surely
cut (support.microsoft.com, "Excel specifications and limits")."""

LONGEST_QUOTED = BLOCK
"""Most bytes, if they hold several lines, within which a quoted cell must close."""

MANY_LINES = 1_000
"""A record of more lines is believed only if its inner lines do not look like records themselves."""

STRUCTURED = frozenset(
    {
        *("messages", "conversations", "conversation", "history", "instances", "context", "contexts"),
        *("chosen", "rejected", "chosen_messages", "rejected_messages", "prompt"),
        *("tools", "functions", "tool_calls"),
    }
)
"""Columns whose cells may hold JSON that a layout reads; text that looks like JSON elsewhere stays text."""

_PROBED_LINES = 200
_BOM = b"\xef\xbb\xbf"
_SEP_LINE = re.compile(rb'("?)sep=([,;\t|])\1\r?\n', re.IGNORECASE)


class CellEdit(NamedTuple):
    """Code points ``start`` to ``end`` of a cell's text become ``text``."""

    column: str
    start: int
    end: int
    text: str


# --- splitting ------------------------------------------------------------------------------------------


def split_csv(blocks: Iterable[bytes], file: int, name: str = "") -> Iterator[Chunk]:
    """Cut a CSV or TSV stream into chunks whose segments cover every byte.

    A chunk is about ``BLOCK`` bytes or ``PARTS`` segments; where it ends does not depend on how ``blocks`` are cut.
    Its context holds ``columns``, ``delimiter`` and ``skip_space``. Byte order mark, Excel's ``sep=;`` line,
    header, blank lines and line ends are separators.

    Args:
        blocks: the file as UTF-8.
        file: index of the file among the inputs.
        name: the file's name, for errors; ``.tsv`` breaks a tie between delimiters.

    Raises:
        UnreadableError: the header cannot be read, or does not name each column once.
    """
    splitter = _Splitter(file, name)
    rest = b""
    for piece, final in _pieces(blocks):
        rest += piece
        is_full = True
        while is_full:
            chunk = splitter.take(rest, final=final)
            rest = rest[len(chunk.blob) :]
            is_full = len(chunk.segments or ()) >= PARTS
            if chunk.blob:
                yield chunk


def _pieces(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The stream in pieces of exactly ``BLOCK`` bytes and a last one, marked as final."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) > BLOCK:
            yield bytes(held[:BLOCK]), False
            del held[:BLOCK]
    yield bytes(held), True


@dataclass
class _Scan:
    """The segments of one buffer, growing; ``size`` leaves out a line end that was added to end the file."""

    data: bytes
    size: int
    line: int
    at: int = 0
    segments: list[Segment] = field(default_factory=list)

    def add(self, kind: Kind, end: int, reason: str = "") -> None:
        """A segment from where the last one ended; an empty one is left out."""
        end = min(end, self.size)
        if end > self.at:
            self.segments.append(Segment(kind, self.at, end, self.line, reason))
            self.line += self.data.count(b"\n", self.at, end)
            self.at = end


class _Splitter:
    """What is known of the file so far: its dialect, its header, and how far it has been cut."""

    def __init__(self, file: int, name: str) -> None:
        self.file = file
        self.name = name
        self.offset = 0
        self.line = 1
        self.grammar = Grammar()
        self.columns: list[str] = []

    def take(self, data: bytes, *, final: bool) -> Chunk:
        """The chunk of all records that end in ``data``; its blob is empty if none does."""
        ended = data if not final or data.endswith(b"\n") else data + b"\n"
        scan = _Scan(ended, len(data), self.line)
        if not self.columns:
            self._open(scan)
        if self.columns:
            self._records(scan, final=final)
        blob = data[: scan.at]
        context = {"columns": self.columns, **self.grammar._asdict()}
        chunk = Chunk(self.file, "csv", self.offset, self.line, blob, _valid(scan.segments, blob), context)
        self.offset += len(blob)
        self.line = scan.line
        return chunk

    def _open(self, scan: _Scan) -> None:
        """Find the dialect and the columns, unless nothing but blank lines has come so far."""
        if self.offset == 0 and scan.data.startswith(_BOM):
            scan.add("separator", len(_BOM))
        scan.add("separator", skip_blank(scan.data, scan.at))
        told = _SEP_LINE.match(scan.data, scan.at)
        if told:
            scan.add("separator", skip_blank(scan.data, told.end()))
        if scan.at == scan.size:
            return
        self.grammar = Grammar(told[2].decode()) if told else sniff(scan.data, scan.at, self.name)
        header = self.grammar.walk(scan.data, scan.at)
        where = f"{self.name}:{scan.line}" if self.name else f"line {scan.line}"
        self.columns = column_names(self.grammar, scan.data, header, where)
        scan.add("separator", header.end)

    def _records(self, scan: _Scan, *, final: bool) -> None:
        match = record_pattern(self.grammar, len(self.columns)).match
        while len(scan.segments) < PARTS:
            hit = match(scan.data, scan.at)
            if hit is not None:
                start, end = hit.span(1)
                if end - start < MANY_LINES or not self._swallows(scan.data, start, end):
                    scan.add("separator", start)
                    scan.add("row", end)
                    continue
            if not self._odd(scan, final=final):
                return

    def _odd(self, scan: _Scan, *, final: bool) -> bool:
        """Whatever is no row of as many cells as the header; False if more bytes are needed to tell."""
        data = scan.data
        scan.add("separator", skip_blank(data, scan.at))
        first_line = data.find(b"\n", scan.at)
        if scan.at == scan.size or first_line < 0:
            return False
        walk = self.grammar.walk(data, scan.at)
        if walk.state in ("cut", "open") and not final and not self._swallows(data, scan.at, len(data)):
            return False
        if walk.state == "line" and not self._swallows(data, scan.at, walk.end):
            scan.add("quarantine", walk.end, _ragged(len(walk.cells), self.columns))
        else:
            scan.add("quarantine", first_line - data.startswith(b"\r", first_line - 1), walk.fault())
        return True

    def _swallows(self, data: bytes, start: int, end: int) -> bool:
        """Whether a record reaches so far that its closing quote is not believed to be its own."""
        size = end - start
        if size > LONGEST_QUOTED:
            return data.find(b"\n", start, start + LONGEST_QUOTED) >= 0
        if len(self.columns) == 1 or data.count(b"\n", start, end) <= MANY_LINES:
            return False
        match = record_pattern(self.grammar, len(self.columns)).match
        inner = data[start:end].split(b"\n", _PROBED_LINES + 1)[1:-1]
        return sum(match(line + b"\n") is not None for line in inner) * 2 > len(inner)


def _ragged(cells: int, columns: Sequence[str]) -> str:
    return f"{cells} {'cell' if cells == 1 else 'cells'} where the header has {len(columns)}"


def _valid(segments: list[Segment], blob: bytes) -> tuple[Segment, ...]:
    """Rows that are not UTF-8 go to quarantine; a clean chunk costs one pass of the C decoder."""
    if _utf8_fault(blob):
        return tuple(_validated(segment, blob[segment.start : segment.end]) for segment in segments)
    return tuple(segments)


def _validated(segment: Segment, raw: bytes) -> Segment:
    reason = _utf8_fault(raw) if segment.kind == "row" else ""
    return segment._replace(kind="quarantine", reason=reason) if reason else segment


def _utf8_fault(raw: bytes) -> str:
    """The sentence about bytes that are not UTF-8, the same as for JSON; empty if they are."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return decode_row(raw).error
    return ""


# --- one record -----------------------------------------------------------------------------------------


def decode_record(raw: bytes, context: Mapping[str, Any]) -> tuple[dict[str, object], tuple[Note, ...], str]:
    """A record as a row.

    Args:
        raw: the record without its line end.
        context: of the chunk that holds it.

    Returns:
        The cells by column (text, or the value of a JSON cell in a column of ``STRUCTURED``), notes
        (``cell-cut`` and those of JSON cells), and the reason why it is no row, if so.
    """
    texts, fault = _texts(raw, context)
    if fault:
        return {}, (), fault
    row: dict[str, object] = {}
    notes: list[Note] = []
    for column, text in zip(context["columns"], texts, strict=True):
        row[column] = text
        if column in STRUCTURED and text.lstrip()[:1] in ("[", "{"):
            row[column] = _structure(column, text, notes)
        if EXCEL_LIMIT // 2 <= len(text) <= EXCEL_LIMIT and len(text.encode("utf-16-le")) == 2 * EXCEL_LIMIT:
            detail = f"{EXCEL_LIMIT} characters, the most that Excel keeps"
            notes.append(Note("cell-cut", f"/{escape_pointer(column)}", detail))
    return row, tuple(notes), ""


def _texts(raw: bytes, context: Mapping[str, Any]) -> tuple[list[str], str]:
    """The texts of all cells, or why they cannot be told."""
    fault = _utf8_fault(raw)
    if fault:
        return [], fault
    if b'"' in raw:
        grammar = _grammar(context)
        walk = grammar.walk(raw)
        if walk.state != "cut" or walk.end != len(raw):
            return [], walk.fault()
        texts = [grammar.text(raw, cell) for cell in walk.cells]
    else:
        texts = raw.decode().split(context["delimiter"])
    columns = context["columns"]
    return texts, "" if len(texts) == len(columns) else _ragged(len(texts), columns)


def _structure(column: str, text: str, notes: list[Note]) -> object:
    """The value of a JSON cell, or its text where it is none."""
    decoded = decode_row(text.encode())
    if decoded.error or (column == "prompt" and not isinstance(decoded.value, list)):
        return text
    notes += [note._replace(at=f"/{escape_pointer(column)}{note.at}") for note in decoded.notes]
    return decoded.value


def _grammar(context: Mapping[str, Any]) -> Grammar:
    return Grammar(context["delimiter"], context["skip_space"])


# --- places and edits -----------------------------------------------------------------------------------


def cell_text(raw: bytes, column: str, context: Mapping[str, Any]) -> str | None:
    """A cell's text, JSON or not; None if the record has no such cell."""
    cell = _cell(raw, column, context)
    return _grammar(context).text(raw, cell) if cell else None


def cell_bytes(raw: bytes, column: str, context: Mapping[str, Any]) -> tuple[int, int] | None:
    """The byte range of a cell's content (inside its quotes) in the record; None if it has no such cell."""
    cell = _cell(raw, column, context)
    return (cell.start, cell.end) if cell else None


def span_bytes(
    raw: bytes, column: str, start: int, end: int, context: Mapping[str, Any]
) -> tuple[int, int] | None:
    """The byte range of code points ``start`` to ``end`` of a cell's text; None if the record lacks them."""
    cell = _cell(raw, column, context)
    text = cell_text(raw, column, context)
    if cell is None or text is None or not 0 <= start <= end <= len(text):
        return None
    return cell.start + _size(text[:start], cell), cell.start + _size(text[:end], cell)


def patch_record(
    raw: bytes, edits: Iterable[CellEdit | tuple[str, int, int, str]], context: Mapping[str, Any]
) -> bytes:
    """The record with spans of its cells replaced and every other byte as it was.

    A cell gets quotes only if its new text could not be read back without them, by this reader or one that
    allows no quote in an unquoted cell.

    Args:
        raw: the record without its line end.
        edits: column, code points from and to, and what stands there afterwards; in any order.
        context: of the chunk that holds the record.

    Raises:
        ValueError: an edit names a place that the record does not have, or edits overlap.
    """
    by_column: dict[str, list[CellEdit]] = defaultdict(list)
    for edit in edits:
        by_column[edit[0]].append(CellEdit(*edit))
    changes = sorted(_patched(raw, column, context, by_column[column]) for column in by_column)
    pieces: list[bytes] = []
    at = 0
    for start, end, content in changes:
        pieces += [raw[at:start], content]
        at = end
    return b"".join([*pieces, raw[at:]])


def _cell(raw: bytes, column: str, context: Mapping[str, Any]) -> Cell | None:
    columns: list[str] = context["columns"]
    walk = _grammar(context).walk(raw)
    if column not in columns or walk.state != "cut" or len(walk.cells) != len(columns):
        return None
    return walk.cells[columns.index(column)]


def _size(text: str, cell: Cell) -> int:
    """Bytes of a piece of a cell's text as it stands in the file."""
    return len(text.encode()) + (text.count('"') if cell.quoted else 0)


def _patched(
    raw: bytes, column: str, context: Mapping[str, Any], edits: Sequence[CellEdit]
) -> tuple[int, int, bytes]:
    """Where the cell's content stands, and its new bytes."""
    cell = _cell(raw, column, context)
    if cell is None:
        raise ValueError(f"the record has no cell in column '{column}'")
    text = _edited(_grammar(context).text(raw, cell), sorted(edits))
    if cell.quoted:
        return cell.start, cell.end, text.replace('"', '""').encode()
    if _needs_quotes(text, edits, context):
        text = '"' + text.replace('"', '""') + '"'
    return cell.start, cell.end, text.encode()


def _edited(text: str, edits: Sequence[CellEdit]) -> str:
    pieces: list[str] = []
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edits overlap or leave the text of column '{edit.column}' at {edit.start}")
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _needs_quotes(text: str, edits: Sequence[CellEdit], context: Mapping[str, Any]) -> bool:
    """Whether an unquoted cell must be quoted; literal quotes that it already had are left as they are."""
    if any(mark in text for mark in (context["delimiter"], "\r", "\n")) or text.lstrip(" ").startswith('"'):
        return True
    return any('"' in edit.text for edit in edits) or (not text and len(context["columns"]) == 1)
