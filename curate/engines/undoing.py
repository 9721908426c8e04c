"""Undoing a step, and saying what it did to a row: both read nothing but the ledger and what the step wrote."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import UnreadableError, UsageError
from curate.core.ledger import read_ledger, restore
from curate.formats.keep_output import Stage, make_folders, open_output, refuse_outputs
from curate.formats.sources import discover
from curate.formats.stream import blocks
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from curate.core.ledger import Entry, Ledger, Totals
    from curate.formats.sources import Source


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
    rows = book.totals()
    data = b"".join(blocks(sources[1]))
    _refuse_table(book, sources[1], hashlib.sha256(data).hexdigest())
    whole = restore(book, data)
    make_folders([target])
    with Stage() as stage, open_output(stage.place(target)) as stream:
        stream.write(whole)
    return Undone(book.header.step, rows, len(whole), hashlib.sha256(whole).hexdigest(), target)


def _refuse_table(book: Ledger, output: Source, digest: str) -> None:
    """Only what the ledger says of the file at hand counts: a run may have written text files and tables."""
    header = book.header
    names = {one.name for one, out in zip(header.inputs, header.outputs, strict=True) if out.sha256 == digest}
    if not names:
        return
    if output.is_table or any(
        entry.file in names and not isinstance(entry.raw, str) and "arrow" in entry.raw
        for entry in book.entries()
    ):
        raise UnreadableError(
            f"is the ledger of a table, {output.name}, which cannot be put back byte for byte",
            where=str(book.path),
            hint="each entry holds its row as an Arrow stream: `raw` in docs/ledger.md",
        )


KEY = re.compile(r"[0-9a-f]{16,}(?:\.[0-9]+)?")
"""What a key looks like; no line number has so many digits."""

_LINE = re.compile(r"0*[1-9][0-9]{0,14}")


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
    """What a step did to a row.

    Args:
        ledger: of the step.
        row: its line in the input, ``FILE:LINE``, where the end of the file's name is enough, or its key.

    Raises:
        UsageError: that is no row, or the line may be that of several files, or the step read no such file.
        UnreadableError: it is no ledger, or a damaged one.
    """
    book = read_ledger(Path(ledger))
    rows, entries = book.totals(), tuple(book.entries())
    found = tuple(entry for entry in entries if row in (entry.key, entry.new_key))
    if found or KEY.fullmatch(row):
        return Fate(book.header.step, found, rows, None)
    file, colon, line = row.rpartition(":")
    if not _LINE.fullmatch(line) or (colon and not file):
        raise UsageError(f"'{visible_name(row)}' is no row", hint="say its line, FILE:LINE, or its key")
    name, number = _named(book, file, line), int(line)
    places = (
        (entry, entry.line if entry.line is not None else entry.row)
        for entry in entries
        if entry.file == name
    )
    return Fate(book.header.step, tuple(entry for entry, at in places if at == number), rows, number)


def _named(book: Ledger, file: str, line: str) -> str:
    """The input that is meant; the whole name goes before the end of another."""
    names = [mark.name for mark in book.header.inputs]
    ends = [name for name in names if not file or name.replace(os.sep, "/").endswith(f"/{file}")]
    fits = [file] if file in names else ends
    if len(fits) == 1:
        return fits[0]
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


_LISTED = 5
"""Files that are listed where the one that was named is none of them."""
