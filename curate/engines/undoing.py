"""Undoing steps, whole or in part: nothing is read but their ledgers and what the last one wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import UnreadableError, UsageError
from curate.engines.fates import Fate, fate_of, fates_in
from curate.engines.undoing_chain import chain_of, sha256, walk_back
from curate.engines.undoing_parts import parts_of
from curate.engines.undoing_tables import undo_table
from curate.formats.keep_output import Stage, make_folders, open_output, refuse_outputs
from curate.formats.sources import discover
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.ledger import Entry, Ledger, Totals
    from curate.engines.undoing_chain import Walk

__all__ = ["Fate", "Undone", "fate_of", "undo"]


@dataclass(frozen=True)
class Undone:
    """What was put back.

    Attributes:
        step: the command that is undone; of several, all of them in their order.
        rows: its account; of several, the account of the first.
        size: bytes that were written, decompressed; of a table, its rows.
        sha256: of these bytes; of a whole undoing as the ledger says. Empty for a table, whose values are equal.
        out: where they are now.
        entries: edits and removals that were taken back, of an undoing in part; None if everything was.
        gone: how many more were asked for that are in rows which a later step took out.
    """

    step: str
    rows: Totals
    size: int
    sha256: str
    out: Path
    entries: int | None = None
    gone: int = 0


def undo(  # noqa: PLR0913 (the options of the command)
    ledgers: str | Path | Sequence[str | Path],
    output: str | Path,
    out: str | Path,
    *,
    force: bool = False,
    rule: str = "",
    row: str = "",
) -> Undone:
    """Write the input of steps again, byte for byte, from what the last wrote and the ledgers.

    Args:
        ledgers: of the steps, the last one first; a file may hold the ledgers of several steps.
        output: what the last step wrote, unchanged since.
        out: where the input goes; compressed if its suffix says so.
        force: overwrite a file, though never the ledger or the output.
        rule: take back only the edits and removals of this check or family; all else stays as it is.
        row: take back only what was done to this row: its line in the input, ``FILE:LINE``, or its key.

    Raises:
        UsageError: ``out`` would destroy something, or nothing was done that is to be taken back.
        UnreadableError: the output is not what the step wrote, or was changed since, or a file was edited by hand
            between two steps, or a ledger is damaged. Nothing is written then.
    """
    books = [ledgers] if isinstance(ledgers, str | Path) else list(ledgers)
    sources = discover([*map(str, books), str(output)]).sources
    target = Path(out)
    refuse_outputs([target], sources, force=force)
    chain = chain_of(books)
    steps = ", ".join(ledger.header.step for ledger in chain)
    rows = chain[0].totals()
    if sources[-1].is_table:
        if rule or row:
            raise UsageError("a table is undone as a whole", hint="leave out --rule and --row")
        with Stage() as stage:
            return Undone(steps, rows, undo_table(chain, sources[-1], stage.place(target)), "", target)
    data = b"".join(blocks(sources[-1]))
    walk = walk_back(chain, data, str(output))
    if not rule and not row:
        _write(target, walk.states[0])
        return Undone(steps, rows, len(walk.states[0]), sha256(walk.states[0]), target)
    whole, entries, gone = _in_part(walk, _wanted(walk.chain, rule, row))
    if not entries:
        raise UsageError(
            "no such edit or removal is in the ledger" if not gone else "a later step took it out"
        )
    _write(target, whole)
    return Undone(steps, rows, len(whole), sha256(whole), target, entries, gone)


def _write(target: Path, data: bytes) -> None:
    make_folders([target])
    with Stage() as stage, open_output(stage.place(target)) as stream:
        stream.write(data)


def _wanted(chain: tuple[Ledger, ...], rule: str, row: str) -> Callable[[int, Entry], bool]:
    """Whether an entry is of the rule, and of the row."""
    mine = {
        (step, entry.row, entry.at, str(entry.span))
        for step, entries in enumerate(fates_in(chain, row) if row else ())
        for entry in entries
    }

    def wanted(step: int, entry: Entry) -> bool:
        if row and (step, entry.row, entry.at, str(entry.span)) not in mine:
            return False
        names = [entry.check or "quarantine", *(entry.also if entry.action == "edit" else ())]
        return not rule or any(name == rule or name.startswith(f"{rule}.") for name in names)

    return wanted


def _in_part(walk: Walk, wanted: Callable[[int, Entry], bool]) -> tuple[bytes, int, int]:
    """The last output without what is wanted back.

    Raises:
        UnreadableError: what is left would be no JSON document, for its elements lack what joins them.
    """
    found = parts_of(walk, wanted)
    output = walk.states[-1]
    pieces: list[bytes] = []
    taken = 0
    for part in found.parts:
        pieces += [output[taken : part.start], part.put]
        taken = part.end
    whole = b"".join([*pieces, output[taken:]])
    if output.lstrip()[:1] in (b"[", b"{") and _is_json(output) and not _is_json(whole):
        raise UnreadableError(
            "cannot be taken back alone: what joins the elements of the document went with others",
            where=str(walk.chain[-1].path),
            hint="undo the whole step, or take back the rows beside it, too",
        )
    return whole, found.entries, found.gone


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
