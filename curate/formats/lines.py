"""JSON lines: blocks are cut at line ends; the parser finds the records."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from curate.formats.chunk import PARTS, Chunk, Segment
from curate.formats.json_row import decode_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

JOIN = 20
"""Broken lines that are tried together when a raw newline may have cut a record."""

PATIENCE = 10_000
"""Lines of a chunk that are put together in vain before it is given up."""

BOM = b"\xef\xbb\xbf"

_LARGE = 1 << 16
"""Bytes from which counting pays for loading numpy."""


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
        blob = b"".join((*rest, memoryview(block)[:cut]))
        rest = [block[cut:]]
        for part, lines in _parts(blob):
            yield Chunk(file, "jsonl", offset, line, part)
            offset += len(part)
            line += lines
    if any(rest):
        yield Chunk(file, "jsonl", offset, line, b"".join(rest))


def line_ends(blob: bytes) -> int:
    """How many there are; of a large block several times as fast as ``bytes.count``."""
    if len(blob) < _LARGE:
        return blob.count(b"\n")
    import numpy as np  # noqa: PLC0415 (loaded for large blocks only)

    return int(np.count_nonzero(np.frombuffer(blob, np.uint8) == ord("\n")))


def _parts(blob: bytes) -> Iterator[tuple[bytes, int]]:
    """Whole lines, not too many of them together, and their number."""
    lines = line_ends(blob)
    if lines <= PARTS:
        yield blob, lines
        return
    start = 0
    for end in islice(_ENDS.finditer(blob), PARTS - 1, None, PARTS):
        yield blob[start : end.end()], PARTS
        start = end.end()
    if start < len(blob):
        yield blob[start:], lines % PARTS


_ENDS = re.compile(rb"\n")


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


class Joiner:
    """Tells which broken lines of a chunk are one record that raw newlines cut.

    What is found out about a line is kept, and attempts in vain are counted: a file of nothing but broken lines
    must not take forever.
    """

    def __init__(self, blob: bytes, segments: Sequence[Segment]) -> None:
        self._blob = blob
        self._segments = segments
        self._known: dict[int, tuple[bool, bool]] = {}
        self._vain = 0

    def last(self, at: int) -> int:
        """The segment up to which broken lines are one record, or ``at`` itself.

        A string is open at each cut, so that quotes are odd in number up to there. The lines between must not be
        records of their own.
        """
        is_open = self._look(at)[1]
        if not is_open or self._vain > PATIENCE:
            return at
        for last in range(at + 1, min(at + 2 * JOIN, len(self._segments))):
            segment = self._segments[last]
            if segment.kind != "row":
                continue
            is_record, is_odd = self._look(last)
            if is_record:
                return at
            is_open ^= is_odd
            if not is_open and self._is_one(self._segments[at].start, segment.end):
                return last
        return at

    def _look(self, at: int) -> tuple[bool, bool]:
        """Whether a line is a record of its own, and whether its quotes are odd in number."""
        if at not in self._known:
            segment = self._segments[at]
            raw = self._blob[segment.start : segment.end]
            quotes = sum(token == b'"' for token in _QUOTES.findall(raw))
            self._known[at] = (not decode_row(raw).error, quotes % 2 == 1)
        return self._known[at]

    def _is_one(self, start: int, end: int) -> bool:
        escaped = self._blob[start:end].replace(b"\r\n", b"\\n").replace(b"\n", b"\\n")
        is_one = not decode_row(escaped).error
        self._vain += not is_one
        return is_one


_QUOTES = re.compile(rb'\\.|"', re.DOTALL)
