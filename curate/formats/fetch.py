"""Reading a few rows a second time: findings carry places, not texts, so examples are fetched at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curate.formats import csv_table, json_text
from curate.formats.chunk import BLOCK, Chunk, Segment
from curate.formats.columnar import decode_table
from curate.formats.parse import parse_chunk, parse_table_row
from curate.formats.stream import decoded_blocks, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from curate.core.batch import Batch
    from curate.formats.grouping import Member
    from curate.formats.read import Opened


@dataclass(frozen=True)
class Fetched:
    """One row as it stands in its source.

    Attributes:
        raw: its bytes; empty in columnar containers.
        batch: the row and its turns.
        container: how its bytes are to be read.
        context: what the container says of its rows (a CSV header).
    """

    raw: bytes
    batch: Batch
    container: str
    context: Mapping[str, object]

    def text_at(self, at: str) -> str | None:
        """The text that a finding's pointer names."""
        for place, text in zip(
            self.batch.turns["at"].to_list(), self.batch.turns["text"].to_list(), strict=True
        ):
            if place == at:
                return str(text)
        return None

    def is_target(self, at: str) -> bool:
        """Whether the pointer names a text that is trained on."""
        turns = self.batch.turns
        return bool(((turns["at"] == at) & (turns["part"] == "target")).any())

    def texts(self, part: str) -> str:
        """All texts of a part, a line each."""
        turns = self.batch.turns
        return "\n".join(turns.filter(turns["part"] == part)["text"].to_list())

    def span_bytes(self, at: str, start: int, end: int) -> tuple[int, int] | None:
        """The byte range of a span, relative to the row's first byte."""
        if self.container == "group":
            return self._member_bytes(at, start, end)
        if self.container == "csv":
            return csv_table.span_bytes(self.raw, unescape(at[1:]), start, end, self.context)
        return json_text.span_bytes(self.raw, at, start, end) if self.raw else None

    def _member_bytes(self, at: str, start: int, end: int) -> tuple[int, int] | None:
        """The span in a line of a grouped table, relative to the first line of the conversation."""
        number, _, rest = at.removeprefix("/@").partition("/")
        members: tuple[Member, ...] = self.context["members"]  # type: ignore[assignment]
        member = next((one for one in members if str(one.line) == number), None)
        if member is None or not rest:
            return None
        raw = self.raw[member.low : member.high]
        if self.context["container"] == "csv":
            inner = csv_table.span_bytes(raw, unescape(rest), start, end, self.context)
        else:
            inner = json_text.span_bytes(raw, f"/{rest}", start, end)
        before = member.start - members[0].start
        return (inner[0] + before, inner[1] + before) if inner else None


def unescape(name: str) -> str:
    """The name in a pointer of one step."""
    return name.replace("~1", "/").replace("~0", "~")


def fetch(opened: Opened, wanted: pl.DataFrame) -> dict[int, Fetched]:
    """Rows of one source, by row number.

    Args:
        opened: the source.
        wanted: ``row, line, start, end`` of the rows to read.
    """
    places = (
        wanted.sort("start").select("row", "line", "start", "end").unique("row", maintain_order=True).rows()
    )
    if opened.mapping.group is not None:
        return _fetch_grouped(opened, places)
    if opened.survey is None:
        return _fetch_table(opened, places)
    context: Mapping[str, object] = (
        next(opened.chunks()).context if opened.container == "csv" else opened.context
    )
    container = "csv" if opened.container == "csv" else "json"
    rows = {}
    raws = _read_ranges(opened, [(start, end) for _, _, start, end in places])
    for (row, line, start, _), raw in zip(places, raws, strict=True):
        segment = Segment("row", 0, len(raw), line)
        chunk = Chunk(opened.index, container, start, line, raw, (segment,), context)
        rows[row] = Fetched(raw, parse_chunk(chunk).batch, container, context)
    return rows


def _fetch_grouped(opened: Opened, places: list[tuple[int, int, int, int]]) -> dict[int, Fetched]:
    """Conversations by the place of their first line."""
    by_start = {start: row for row, _, start, _ in places}
    firsts = opened.grouped.members.unique("entry", keep="first", maintain_order=True)
    wanted = {
        entry: by_start[start] for entry, start in firsts.select("entry", "start").rows() if start in by_start
    }
    chunks = opened.grouped.chunks(wanted)
    rows = {}
    ordered = iter(wanted[entry] for entry in sorted(wanted))
    for chunk in chunks:
        for entry in chunk.context["entries"]:
            low = entry.members[0].low
            shifted = tuple(one._replace(low=one.low - low, high=one.high - low) for one in entry.members)
            raw = chunk.blob[low : entry.members[-1].high]
            context = {**chunk.context, "entries": (entry._replace(members=shifted),), "members": shifted}
            alone = replace(chunk, blob=raw, context=context)
            rows[next(ordered)] = Fetched(raw, parse_chunk(alone).batch, "group", context)
    return rows


def _fetch_table(opened: Opened, places: list[tuple[int, int, int, int]]) -> dict[int, Fetched]:
    rows: dict[int, Fetched] = {}
    left = {start: row for row, _, start, _ in places}
    for chunk in opened.chunks():
        if not left:
            break
        if not any(chunk.offset <= start < chunk.offset + BLOCK for start in left):
            continue
        for index, value in enumerate(decode_table(chunk)):
            row = left.pop(chunk.offset + index, None)
            if row is not None:
                rows[row] = Fetched(b"", parse_table_row(value, chunk, chunk.offset + index), "table", {})
    return rows


def _read_ranges(opened: Opened, ranges: list[tuple[int, int]]) -> Iterable[bytes]:
    """The bytes of sorted ranges of the decoded stream."""
    assert opened.survey is not None  # noqa: S101 (only text has bytes)
    if opened.survey.encoding == "utf-8" and not opened.survey.packing:
        return _seek_ranges(opened, ranges)
    return _stream_ranges(decoded_blocks(opened.source, opened.survey.encoding), ranges)


def _seek_ranges(opened: Opened, ranges: list[tuple[int, int]]) -> Iterator[bytes]:
    stream, _ = open_bytes(opened.source)
    with stream:
        for start, end in ranges:
            stream.seek(start)
            yield stream.read(end - start)


def _stream_ranges(blocks: Iterator[bytes], ranges: list[tuple[int, int]]) -> Iterator[bytes]:
    held = b""
    base = 0
    for start, end in ranges:
        while base + len(held) < end:
            if start > base + len(held):
                base += len(held)
                held = b""
            elif start > base:
                held, base = held[start - base :], start
            block = next(blocks, b"")
            if not block:
                break
            held += block
        yield held[start - base : end - base]
