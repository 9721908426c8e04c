"""Taking back some of what steps did: the edits and removals of a rule, or of a row; all else stays as it is.

An entry stands for a range of bytes of a step's input and what came in its place. That place is followed through the
later steps into the last output; where a later step has taken it out, there is nothing to take back, and where one has
changed it again, the whole undoing is refused.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import UnreadableError
from curate.core.ledger import raw_bytes
from curate.core.table_map import TableMap
from curate.engines.repairing_bytes import changed_record
from curate.engines.repairing_texts import Change
from curate.formats.parse import parse_chunk
from curate.formats.read import open_sources
from curate.formats.sources import Source
from curate.formats.stream import encode_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curate.core.ledger import Entry
    from curate.engines.undoing_chain import Walk


class Part(NamedTuple):
    """What is taken back: bytes of the last output, what comes in their place, and where it belongs in the input."""

    start: int
    end: int
    put: bytes
    order: int


@dataclass(frozen=True)
class Parts:
    """What is taken back.

    Attributes:
        parts: in the order of the output.
        entries: how many edits and removals these are.
        gone: how many more belong to rows that a later step took out.
    """

    parts: tuple[Part, ...]
    entries: int
    gone: int


@dataclass
class _Cuts:
    """The ranges that a step took out, and what it put in their place, in the coordinates of input and output."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    outs: list[int] = field(default_factory=list)
    puts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> _Cuts:
        cuts, shift = cls(), 0
        for entry in entries:
            if entry.bytes is not None:
                put = len(raw_bytes(entry.put))
                cuts.starts.append(entry.bytes[0])
                cuts.ends.append(entry.bytes[1])
                cuts.outs.append(entry.bytes[0] + shift)
                cuts.puts.append(put)
                shift += put - (entry.bytes[1] - entry.bytes[0])
        return cuts

    def forward(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a range of the input is in the output; None if the step took some of it out or changed it."""
        at = bisect_right(self.ends, start)  # so many cuts end at or before it
        if at < len(self.starts) and (self.starts[at] < end or self.starts[at] < start):
            return None
        shift = self._shift(at)
        return start + shift, end + shift

    def backward(self, place: int) -> int:
        """Where a place of the output is in the input; behind what was taken out there."""
        return place - self._shift(bisect_right(self.outs, place))

    def _shift(self, at: int) -> int:
        if not at:
            return 0
        return self.outs[at - 1] + self.puts[at - 1] - self.ends[at - 1]


def parts_of(walk: Walk, wanted: Callable[[int, Entry], bool]) -> Parts:
    """What must change in the last output so that the wanted entries are taken back.

    Args:
        walk: of the file, undone as a whole, which shows that its ledgers fit.
        wanted: whether an entry of a step is taken back.

    Raises:
        UnreadableError: a later step changed the same bytes again.
    """
    entries = [
        [
            one
            for one in ledger.entries()
            if one.file == ledger.header.inputs[at].name and one.action != "suggest"
        ]
        for ledger, at in zip(walk.chain, walk.files, strict=True)
    ]
    cuts = [_Cuts.of(one) for one in entries]
    dropped = [sorted({one.row for one in several if one.action != "edit"}) for several in entries]
    parts: list[Part] = []
    count = gone = 0
    for step, several in enumerate(entries):
        for group in _rows(several):
            chosen = [one for one in group if wanted(step, one)]
            if not chosen or group[0].bytes is None:
                continue
            if group[0].action == "edit" and _is_gone(group[0].row, dropped[step + 1 :]):
                gone += len(chosen)
                continue
            parts.append(_part(walk, step, group, chosen, cuts))
            count += len(chosen)
    return Parts(tuple(sorted(parts, key=lambda one: (one.start, one.order, one.end))), count, gone)


def _rows(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries by row: the first of the edits of a row has its bytes."""
    for _, group in groupby(entries, key=lambda one: (one.row, one.action)):
        yield list(group)


def _is_gone(row: int, dropped: Sequence[Sequence[int]]) -> bool:
    """Whether a later step left a row out; steps never change the order of rows."""
    for rows in dropped:
        before = bisect_left(rows, row)
        if before < len(rows) and rows[before] == row:
            return True
        row -= before
    return False


def _part(
    walk: Walk, step: int, group: Sequence[Entry], chosen: Sequence[Entry], cuts: Sequence[_Cuts]
) -> Part:
    first = group[0]
    assert first.bytes is not None  # noqa: S101 (asked before)
    start = cuts[step].outs[bisect_left(cuts[step].starts, first.bytes[0])]
    place: tuple[int, int] = (start, start + len(raw_bytes(first.put)))
    for later in range(step + 1, len(walk.chain)):
        moved = cuts[later].forward(*place)
        if moved is None:
            raise UnreadableError(
                f"row {first.row} of {first.file} was changed again by {walk.chain[later].header.step}",
                where=str(walk.chain[later].path),
                hint="take that back first, or undo the whole chain",
            )
        place = moved
    order = first.bytes[0]
    for earlier in reversed(range(step)):
        order = cuts[earlier].backward(order)
    if len(chosen) == len(group):
        return Part(*place, raw_bytes(first.raw), order)
    kept = [one for one in group if one not in chosen]
    return Part(*place, _without(walk, step, first, kept), order)


def _without(walk: Walk, step: int, first: Entry, kept: Sequence[Entry]) -> bytes:
    """The bytes of a row's changed range with some of its edits alone, made anew from the row before any."""
    assert first.bytes is not None  # noqa: S101 (asked before)
    raw, container, context, encoding = _record(walk, step, first.row)
    changes: dict[str, list[Change]] = {}
    for one in kept:
        assert one.span is not None  # noqa: S101 (an edit has its span)
        changes.setdefault(one.at, []).append(Change(one.span[0], one.span[1], one.after))
    new = encode_back(changed_record(raw, changes, container, context), encoding)
    old = encode_back(raw, encoding)
    data, (start, end) = walk.states[step], first.bytes
    base = data.rfind(old, 0, start + len(old))
    while base > start or (base >= 0 and base + len(old) < end):
        base = data.rfind(old, 0, base + len(old) - 1)
    return new[start - base : len(new) - (base + len(old) - end)]


class _Record(NamedTuple):
    """A record in UTF-8, what its reader needs to know, and the encoding of its file."""

    raw: bytes
    container: str
    context: dict[str, Any]
    encoding: str


def _record(walk: Walk, step: int, row: int) -> _Record:
    """A record of a step's input, by its number, from 1."""
    header = walk.chain[step].header
    mark = header.inputs[walk.files[step]]
    with tempfile.TemporaryDirectory(prefix="curate-undo-") as folder:
        suffixes = [
            one for one in Path(mark.name).suffixes if one.lower() in (".jsonl", ".json", ".csv", ".tsv")
        ]
        path = Path(folder) / f"state{suffixes[-1] if suffixes else ''}"
        path.write_bytes(walk.states[step])
        encoding = header.plan.get("encoding")
        (opened,) = open_sources(
            (Source(mark.name, path),),
            encoding if isinstance(encoding, str) else None,
            _mapping(header.plan.get("mapping")),
        )
        assert opened.survey is not None  # noqa: S101 (a table has no bytes)
        first = 1
        for chunk in opened.chunks():
            parsed = parse_chunk(chunk)
            if row < first + parsed.records:
                rows = parsed.batch.rows
                raw: bytes = rows["raw"][rows["row"].to_list().index(row - first)]
                context = {name: value for name, value in chunk.context.items() if name != "notes"}
                return _Record(raw, chunk.container, context, opened.survey.encoding)
            first += parsed.records
    raise UnreadableError(f"row {row} is not there", where=mark.name)


def _mapping(told: object) -> TableMap:
    """How the step read own tables; lines that are grouped are never edited."""
    if not isinstance(told, dict):
        return TableMap()
    columns, drop = (
        {name: tuple(values) for name, values in told.get(part, {}).items()} for part in ("columns", "drop")
    )
    return TableMap(columns, None, drop)
