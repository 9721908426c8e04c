"""JSON lines: blocks are cut at line ends; the parser finds the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.formats.chunk import Chunk, Segment
from curate.formats.json_row import decode_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JOIN = 20
"""Broken lines that are tried together when a raw newline may have cut a record."""

BOM = b"\xef\xbb\xbf"


def split_lines(blocks: Iterable[bytes], file: int) -> Iterator[Chunk]:
    """Chunks of whole lines."""
    offset = 0
    line = 1
    rest: list[bytes] = []
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if not cut:
            rest.append(block)
            continue
        blob = b"".join((*rest, block[:cut]))
        rest = [block[cut:]]
        yield Chunk(file, "jsonl", offset, line, blob)
        offset += len(blob)
        line += blob.count(b"\n")
    if any(rest):
        yield Chunk(file, "jsonl", offset, line, b"".join(rest))


def segment_lines(chunk: Chunk) -> list[Segment]:
    """A line is a record; blank lines, line ends and a byte order mark are separators."""
    blob = chunk.blob
    segments: list[Segment] = []
    start = 0
    line = chunk.line
    size = len(blob)
    if chunk.offset == 0 and blob.startswith(BOM):
        segments.append(Segment("separator", 0, 3, 1))
        start = 3
    while start < size:
        newline = blob.find(b"\n", start)
        end = size if newline < 0 else newline
        after = size if newline < 0 else newline + 1
        stop = end - 1 if end > start and blob[end - 1] == 0x0D else end  # noqa: PLR2004 (carriage return)
        if stop > start and not blob[start:stop].isspace():
            segments.append(Segment("row", start, stop, line))
            start = stop
        if after > start:
            segments.append(Segment("separator", start, after, line))
        start = after
        line += 1
    return segments


def joined(blob: bytes, segments: list[Segment], at: int) -> int:
    """The segment up to which broken lines are one record that a raw newline cut, or ``at`` itself.

    The lines between must not be records of their own.
    """
    for last in range(at + 1, min(at + 2 * JOIN, len(segments))):
        segment = segments[last]
        if segment.kind != "row":
            continue
        if not decode_row(blob[segment.start : segment.end]).error:
            return at
        whole = blob[segments[at].start : segment.end]
        escaped = whole.replace(b"\r\n", b"\\n").replace(b"\n", b"\\n")
        if not decode_row(escaped).error:
            return last
    return at
