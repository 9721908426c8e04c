"""Undoing a step, and saying what it did to a row: both read nothing but the ledger and what the step wrote."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import UnreadableError, UsageError
from curate.core.ledger import read_ledger, restore
from curate.formats.keep_output import Stage, make_folders, open_output, refuse_outputs
from curate.formats.sources import discover
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.ledger import Entry, Ledger, Totals


@dataclass(frozen=True)
class Undone:
    """What was put back.

    Attributes:
        step: the command that is undone.
        rows: its account.
        size: bytes of the input, decompressed.
        sha256: of these bytes, as the ledger says.
        out: where they are now.
    """

    step: str
    rows: Totals
    size: int
    sha256: str
    out: Path


def undo(ledger: str | Path, output: str | Path, out: str | Path, *, force: bool = False) -> Undone:
    """Write the input of a step again, byte for byte, from what it wrote and its ledger.

    Args:
        ledger: of the step.
        output: what it wrote, unchanged since.
        out: where the input goes; compressed if its suffix says so.
        force: overwrite a file, though never the ledger or the output.

    Raises:
        UsageError: ``out`` would destroy something.
        UnreadableError: the output is not what the step wrote, or was changed since, or the ledger is damaged or of a
            table, whose rows it holds but not their place in the file.
    """
    sources = discover([str(ledger), str(output)]).sources
    target = Path(out)
    refuse_outputs([target], sources, force=force)
    book = read_ledger(Path(ledger))
    data = b"".join(blocks(sources[1]))
    if any("arrow" in entry.raw for entry in book.entries() if isinstance(entry.raw, dict)):
        raise UnreadableError(
            "is the ledger of a table, which cannot be put back byte for byte",
            where=str(ledger),
            hint="each entry holds its row as an Arrow stream: `raw` in docs/ledger.md",
        )
    whole = restore(book, data)
    make_folders([target])
    with Stage() as stage, open_output(stage.place(target)) as stream:
        stream.write(whole)
    return Undone(book.header.step, book.totals(), len(whole), hashlib.sha256(whole).hexdigest(), target)


def entries_of(ledger: str | Path, row: str) -> tuple[Ledger, tuple[Entry, ...]]:
    """What a step did to a row.

    Args:
        ledger: of the step.
        row: its line in the input, ``FILE:LINE``, or its key.

    Raises:
        UsageError: the step had several inputs, and the line is that of any of them.
        UnreadableError: it is no ledger.
    """
    book = read_ledger(Path(ledger))
    file, _, line = row.rpartition(":")
    names = [mark.name for mark in book.header.inputs]
    if line.isdecimal() and not file and len(names) > 1 and len(line) < KEY:
        raise UsageError(
            f"the step read {len(names)} files", hint=f"say which one: {names[0]}:{line} (or another)"
        )
    return book, tuple(_matching(book, file, line, row))


KEY = 16
"""Digits of a key, at least; no line number has so many."""


def _matching(book: Ledger, file: str, line: str, row: str) -> Iterator[Entry]:
    number = int(line) if line.isdecimal() and len(line) < KEY else None
    for entry in book.entries():
        place = entry.line if entry.line is not None else entry.row
        if row in (entry.key, entry.new_key) or (number == place and file in ("", entry.file)):
            yield entry
