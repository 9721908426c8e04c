"""What steps did to a row: its entries, found by its line or its key, and followed from step to step."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.chain import read_chain
from curate.core.errors import UsageError
from curate.engines.fate_places import GONE, Moves, record_at
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.ledger import Entry, Ledger, Totals

KEY = re.compile(r"[0-9a-f]{16,}(?:\.[0-9]+)?")
"""What a key looks like; no line number has so many digits."""

_LINE = re.compile(r"0*[1-9][0-9]{0,14}")

_LISTED = 5
"""Files that are listed where the one that was named is none of them."""


@dataclass(frozen=True)
class Fate:
    """What a step did to a row.

    Attributes:
        step: the command.
        entries: of the row; none for a row that was kept as it is. Files and lines are those of the first input.
        rows: the account of the step.
    """

    step: str
    entries: tuple[Entry, ...]
    rows: Totals


@dataclass(frozen=True)
class Story:
    """What became of a row.

    Attributes:
        fates: one for each step.
        line: that was asked for; None for a key.
        last: the last line of the last record of its file; None where the input is not at hand.
        left: where the row stands in what the last step wrote, ``FILE:LINE``; empty if it was taken out, or if that is
            not known.
    """

    fates: tuple[Fate, ...]
    line: int | None
    last: int | None
    left: str


def fate_of(ledger: str | Path, row: str) -> Fate:
    """What a step did to a row; of a chain, its first step that did anything.

    Args:
        ledger: of the step.
        row: a line of it in the input, ``FILE:LINE``, where the end of the file's name is enough, or its key.

    Raises:
        UsageError: that is no row, or the line may be that of several files, or the step read no such file.
        UnreadableError: it is no ledger, or a damaged one.
    """
    fates = story_of(ledger, row).fates
    return next((one for one in fates if one.entries), fates[0])


def story_of(ledger: str | Path, row: str) -> Story:
    """What became of a row, step by step; see :func:`fate_of`."""
    chain = read_chain(Path(ledger))
    asked = _found(chain, row)
    place = asked.place or _place_of(chain, asked.entries)
    moves = _Moves(chain)
    fates = tuple(
        Fate(one.header.step, tuple(moves.in_input(step, entry) for entry in entries), one.totals())
        for step, (one, entries) in enumerate(zip(chain, asked.entries, strict=True))
    )
    is_gone = any(entry.action in GONE for entries in asked.entries for entry in entries)
    left = _left(chain, moves, place) if place is not None and not is_gone else ""
    return Story(fates, asked.line, asked.last, left)


class _Moves:
    """How lines move in each step of a chain, read once for each file."""

    def __init__(self, chain: Sequence[Ledger]) -> None:
        self._chain = chain
        self._known: dict[tuple[int, int], Moves] = {}

    def of(self, step: int, at: int) -> Moves:
        if (step, at) not in self._known:
            self._known[step, at] = Moves.of(self._chain[step], at)
        return self._known[step, at]

    def back(self, step: int, at: int, line: int) -> int:
        """The line in the first input of what is in a line of a step's input."""
        for earlier in reversed(range(step)):
            line = self.of(earlier, at).backward(line)
        return line

    def in_input(self, step: int, entry: Entry) -> Entry:
        """An entry with the names and lines of the first input, for itself and the row that it is related to."""
        if not step:
            return entry
        at = _file(self._chain[step], entry.file)
        first = self._chain[0].header.inputs
        return replace(
            entry,
            file=first[at].name,
            line=None if entry.line is None else self.back(step, at, entry.line),
            row=self.back(step, at, entry.row) if entry.line is None else entry.row,
            related=self._related(step, at, entry.related),
        )

    def _related(
        self, step: int, at: int, related: Mapping[str, object] | None
    ) -> Mapping[str, object] | None:
        names = [mark.name for mark in self._chain[step].header.inputs]
        file = related.get("file", names[at]) if related is not None else None
        if related is None or file not in names:  # a row of another set is where it is
            return related
        other = names.index(str(file))
        line = related.get("line")
        moved = {"line": self.back(step, other, line)} if isinstance(line, int) else {}
        named = {"file": self._chain[0].header.inputs[other].name} if "file" in related else {}
        return {**related, **named, **moved}


def _left(chain: Sequence[Ledger], moves: _Moves, place: _Place) -> str:
    """Where a row that stays stands in the end."""
    step, at, line = place
    for later in range(step, len(chain)):
        line = moves.of(later, at).forward(line)
    name = Path(chain[-1].header.outputs[at].name)
    beside = chain[-1].path.parent / name  # a run names its files from its folder
    return f"{beside if beside.is_file() else name}:{line}"


def _place_of(chain: Sequence[Ledger], found: Sequence[Sequence[Entry]]) -> _Place | None:
    """Where the first entry of a row is."""
    for step, entries in enumerate(found):
        for one in entries:
            line = one.line if one.line is not None else one.row
            return _Place(step, _file(chain[step], one.file), line)
    return None


def _file(ledger: Ledger, name: str) -> int:
    return [mark.name for mark in ledger.header.inputs].index(name)


class _Place(NamedTuple):
    """A line, or a row of a table, of an input of a step."""

    step: int
    at: int
    line: int


class _Found(NamedTuple):
    """The entries of a row for each step, where it is, the line that was asked for, and the last of its file."""

    entries: list[list[Entry]]
    place: _Place | None = None
    line: int | None = None
    last: int | None = None


def fates_in(chain: Sequence[Ledger], row: str) -> list[list[Entry]]:
    """The entries of a row for each step of a chain; ``row`` is as for :func:`fate_of`."""
    return _found(chain, row).entries


def _found(chain: Sequence[Ledger], row: str) -> _Found:
    named = _by_key(chain, row)
    if KEY.fullmatch(row) or any(named):
        return _Found(named)
    file, colon, digits = row.rpartition(":")
    if not _LINE.fullmatch(digits) or (colon and not file):
        raise UsageError(f"'{visible_name(row)}' is no row", hint="say its line, FILE:LINE, or its key")
    at, line = _named(chain[0], file, digits), int(digits)
    entries = _by_line(chain, at, line)
    if any(entries):
        return _Found(entries, _Place(0, at, line), line)
    record = record_at(chain[0].header, at, line)
    if record is None:
        return _Found(entries, _Place(0, at, line), line)
    if not record.begin:
        return _Found(entries, None, line, record.last)
    return _Found(_by_line(chain, at, record.begin), _Place(0, at, record.begin), line, record.last)


def _by_key(chain: Sequence[Ledger], key: str) -> list[list[Entry]]:
    """A key in any step: an edit gives a row a new one."""
    books = [list(one.entries()) for one in chain]
    before = {key}
    for entries in reversed(books):
        before |= {one.key for one in entries if one.new_key in before and one.key is not None}
    keys = before
    for entries in books:
        keys = keys | {one.new_key for one in entries if one.key in keys and one.new_key is not None}
    return [[one for one in entries if one.key in keys or one.new_key == key] for entries in books]


def _by_line(chain: Sequence[Ledger], at: int, line: int) -> list[list[Entry]]:
    """A line of the input, or a row of a table, which moves up when something before it is taken out."""
    found: list[list[Entry]] = []
    is_there = True
    for ledger in chain:
        name = ledger.header.inputs[at].name
        here = [one for one in ledger.entries() if one.file == name] if is_there else []
        mine = [one for one in here if (one.line if one.line is not None else one.row) == line]
        found.append(mine)
        is_there = is_there and not any(one.action in GONE for one in mine)
        line = Moves(here).forward(line)
    return found


def _named(book: Ledger, file: str, line: str) -> int:
    """The input that is meant, by its number; the whole name goes before the end of another."""
    names = [mark.name for mark in book.header.inputs]
    ends = [name for name in names if not file or name.replace(os.sep, "/").endswith(f"/{file}")]
    fits = [file] if file in names else ends
    if len(fits) == 1:
        return names.index(fits[0])
    shown = [visible_name(name) for name in fits or names]
    if fits:
        what = f"the step read {len(fits)} files" + (
            f" whose name ends with {visible_name(file)}" if file else ""
        )
        raise UsageError(what, hint=f"say which one: {shown[0]}:{line} (or another)")
    raise UsageError(
        f"the step did not read {visible_name(file)}",
        hint=f"it read {', '.join(shown[:_LISTED])}{' …' if len(shown) > _LISTED else ''}",
    )
