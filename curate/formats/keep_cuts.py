"""Which bytes go when records are dropped: a record, and what joins it to its neighbours.

Lines (JSONL, CSV) take their line end with them. In a JSON document the joiner is a comma with the space around
it, and a member's key: it goes in such a way that exactly one joiner is left between two records that stay, and
none before the first or after the last.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNCLOSED = "is never closed"
"""End of the reason why a separator is in quarantine: it is the evidence that a collection has no end."""


class Cut(NamedTuple):
    """The bytes, in the decoded file, that go with a record; none at all where they have to stay.

    ``put`` is what comes in their place, in UTF-8.
    """

    ordinal: int
    start: int
    end: int
    put: bytes = b""


class Extent(NamedTuple):
    """Where a record lies in the decoded file, whether it is to go, and why it cannot be read, if so."""

    start: int
    end: int
    goes: bool
    reason: str = ""


class Cursor:
    """Ranges of a stream of blocks, read in order; only what is asked for is held."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._held = b""
        self._base = 0

    def read(self, start: int, end: int) -> bytes:
        """The bytes of a range, fewer where the stream ends; ``start`` must not go back."""
        parts: list[bytes] = []
        while start < end:
            held = self._held[start - self._base : end - self._base]
            parts.append(held)
            start += len(held)
            if start >= end or not self._advance(start):
                break
        return b"".join(parts)

    def _advance(self, start: int) -> bool:
        """Drop blocks until one reaches beyond ``start``; False at the end of the stream."""
        while start >= self._base + len(self._held):
            self._base += len(self._held)
            block = next(self._blocks, None)
            self._held = block or b""
            if block is None:
                return False
        return True


def line_cuts(records: Sequence[tuple[int, int, int]], cursor: Cursor) -> Iterator[Cut]:
    r"""Cuts of whole lines.

    Args:
        records: ``ordinal, start, end`` of those to drop, in order.
        cursor: over the decoded file.
    """
    for ordinal, start, end in records:
        follow = cursor.read(end, end + 2)
        size = 2 if follow == b"\r\n" else int(follow.startswith(b"\n"))
        yield Cut(ordinal, start, end + size)


# JSON documents.


_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|//[^\n]*+|/\*.*?\*/|[\[\]{}:,]', re.DOTALL)
_PLAIN = re.compile(rb"[ \t\r\n,]*+")


class _Gap(NamedTuple):
    """What stands between two records; places are offsets in the decoded file, -1 where there is none.

    Attributes:
        tail: from where on it belongs to the next record alone, if that is not the first of its collection.
        end: where the next record begins.
        comma: behind the comma.
        key: where the key of the next record begins.
        brackets: all brackets outside of strings and comments.
        is_first: whether the next record is the first of its collection.
        lead: the part before an opening bracket, if that is the first bracket.
    """

    tail: int
    end: int
    comma: int = -1
    key: int = -1
    brackets: bytes = b""
    is_first: bool = False
    lead: _Gap | None = None


def _read_gap(text: bytes, start: int) -> _Gap:
    end = start + len(text)
    if _PLAIN.fullmatch(text):
        comma = text.find(b",")
        return _Gap(start, end, comma if comma < 0 else start + comma + 1)
    gap = _Gap(start, end)
    string = -1
    for token in _TOKEN.finditer(text):
        mark = token[0][:1]
        if mark in b"[]{}":
            lead = gap._replace(end=start + token.start()) if mark in b"[{" and not gap.brackets else gap.lead
            gap = _Gap(start + token.end(), end, -1, -1, gap.brackets + mark, mark in b"[{", lead)
            string = -1
        elif mark == b",":
            tail = start + token.start() if gap.is_first else gap.tail
            gap = gap._replace(tail=tail, comma=start + token.end(), key=-1, is_first=False)
        elif mark == b'"':
            string = start + token.start()
        elif mark == b":":
            gap = gap._replace(key=string)
    return gap


class _Member(NamedTuple):
    """A record to drop, with the gap before it."""

    ordinal: int
    start: int
    end: int
    before: _Gap

    @property
    def begin(self) -> int:
        """Where the member begins: at its key, if it has one."""
        return self.start if self.before.key < 0 else self.before.key


class DocumentCuts:
    """Cuts of a JSON document, found in one pass over all that lies between its records.

    After the pass, ``closers`` holds the brackets that the file lacks at its end; without them, what is written
    would be as broken as what was read.
    """

    def __init__(self, records: Sequence[Extent], cursor: Cursor) -> None:
        self._records = records
        self._cursor = cursor
        self._run: list[_Member] = []
        self._is_first = True
        self._open: list[str] = []

    @property
    def closers(self) -> bytes:
        """What closes the collections that the file leaves open."""
        return "".join("]" if mark == "[" else "}" for mark in reversed(self._open)).encode()

    def __iter__(self) -> Iterator[Cut]:
        at = 0
        last = len(self._records) - 1
        for ordinal, record in enumerate(self._records):
            if record.goes and record.reason.endswith(UNCLOSED) and ordinal < last:
                yield Cut(ordinal, record.start, record.start)
                continue
            gap = self._gap(at, record.start)
            if gap.brackets:
                yield from self._settle(gap.lead)
                self._is_first = gap.is_first
            if record.goes:
                self._run.append(_Member(ordinal, record.start, record.end, gap))
            else:
                yield from self._settle(gap)
                self._is_first = False
            at = record.end
        gap = self._gap(at, sys.maxsize)
        yield from self._settle(gap.lead)

    def _gap(self, start: int, end: int) -> _Gap:
        gap = _read_gap(self._cursor.read(start, end), start)
        for mark in gap.brackets.decode():
            if mark in "[{":
                self._open.append(mark)
            elif self._open:
                self._open.pop()
        return gap

    def _settle(self, after: _Gap | None) -> Iterator[Cut]:
        """The cuts of a run of records to drop; ``after`` is the gap before the one that stays, if one follows."""
        run, self._run = self._run, []
        if not run:
            return
        if self._is_first and after is not None:
            ends = [member.begin for member in run[1:]] + [after.end if after.key < 0 else after.key]
            yield from (Cut(one.ordinal, one.begin, end) for one, end in zip(run, ends, strict=True))
            return
        starts = [run[0].begin if self._is_first else run[0].before.tail, *(one.end for one in run[:-1])]
        if after is not None and after.comma < 0:
            spare = next((i for i, one in enumerate(run) if one.before.comma >= 0), None)
            if spare is not None:
                starts[spare] = run[spare].before.comma
        yield from (Cut(one.ordinal, start, one.end) for one, start in zip(run, starts, strict=True))
