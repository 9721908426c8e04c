"""What steps did to a row: its entries, found by its line or its key, and followed from step to step."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.chain import read_chain
from curate.core.errors import UsageError
from curate.core.ledger import raw_bytes
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        entries: of the row; none for a row that was kept as it is.
        rows: the account of the step.
        line: that was asked for; None for a key.
    """

    step: str
    entries: tuple[Entry, ...]
    rows: Totals
    line: int | None


def fate_of(ledger: str | Path, row: str) -> Fate:
    """What a step did to a row; of a chain, its first step that did anything.

    Args:
        ledger: of the step.
        row: its line in the input, ``FILE:LINE``, where the end of the file's name is enough, or its key.

    Raises:
        UsageError: that is no row, or the line may be that of several files, or the step read no such file.
        UnreadableError: it is no ledger, or a damaged one.
    """
    fates = fates_of(ledger, row)
    return next((one for one in fates if one.entries), fates[0])


def fates_of(ledger: str | Path, row: str) -> tuple[Fate, ...]:
    """What each step of a chain did to a row; see :func:`fate_of`."""
    chain = read_chain(Path(ledger))
    line = row.rpartition(":")[2]
    number = int(line) if _LINE.fullmatch(line) and not KEY.fullmatch(row) else None
    return tuple(
        Fate(one.header.step, tuple(entries), one.totals(), number)
        for one, entries in zip(chain, fates_in(chain, row), strict=True)
    )


def fates_in(chain: Sequence[Ledger], row: str) -> list[list[Entry]]:
    """The entries of a row for each step of a chain; ``row`` is as for :func:`fate_of`."""
    if KEY.fullmatch(row):
        return _by_key(chain, row)
    named = _by_key(chain, row)
    if any(named):
        return named
    file, colon, line = row.rpartition(":")
    if not _LINE.fullmatch(line) or (colon and not file):
        raise UsageError(f"'{visible_name(row)}' is no row", hint="say its line, FILE:LINE, or its key")
    return _by_line(chain, _named(chain[0], file, line), int(line))


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
        is_there = is_there and not any(one.action in ("drop", "quarantine") for one in mine)
        line -= _moved_up(here, line)
    return found


def _moved_up(entries: Sequence[Entry], line: int) -> int:
    """Lines that went before a line; of a table, rows."""
    lines = 0
    rows = sorted({one.row for one in entries if one.line is None and one.action in ("drop", "quarantine")})
    for one in entries:
        if one.line is not None and one.line < line and one.bytes is not None:
            lines += raw_bytes(one.raw).count(b"\n") - raw_bytes(one.put).count(b"\n")
    return lines + bisect_left(rows, line)


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
