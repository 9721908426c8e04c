"""Undoing steps, whole or in part: nothing is read but their ledgers and what the last one wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import UnreadableError, UsageError
from curate.engines.fates import Fate, fate_of, fates_in
from curate.engines.undoing_chain import chain_of, sha256, walk_back
from curate.engines.undoing_files import outputs_of
from curate.engines.undoing_parts import parts_of
from curate.engines.undoing_tables import undo_table
from curate.formats.keep_output import (
    Stage,
    make_folders,
    open_output,
    refuse_one_file,
    refuse_outputs,
)
from curate.formats.sources import discover
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.ledger import Entry, Ledger, Totals
    from curate.engines.undoing_chain import Walk
    from curate.engines.undoing_files import Output

    Wanted = Callable[[int, Entry], bool]

__all__ = ["Back", "Fate", "Undone", "fate_of", "undo"]


class Back(NamedTuple):
    """A file that was put back.

    Attributes:
        out: where it is now.
        size: bytes that were written, decompressed; of a table, its rows.
        sha256: of these bytes; empty for a table, whose values are equal.
    """

    out: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Undone:
    """What was put back.

    Attributes:
        step: the command that is undone; of several, all of them in their order.
        rows: its account, for all files that the step read; of several steps, the account of the first.
        files: what was written; of a whole undoing the bytes are as the ledger says.
        of: how many files the step read.
        entries: edits and removals that were taken back, of an undoing in part; None if everything was.
        gone: how many more were asked for that are in rows which a later step took out.
    """

    step: str
    rows: Totals
    files: tuple[Back, ...]
    of: int
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
        output: what the last step wrote, unchanged since: a file, or the folder of all its files.
        out: where the input goes, compressed if its suffix says so; a folder if there are several files, in which
            they keep the names that they have in ``output``.
        force: overwrite files, though never a ledger or an output.
        rule: take back only the edits and removals of this check or family; all else stays as it is.
        row: take back only what was done to this row: its line in the input, ``FILE:LINE``, or its key.

    Raises:
        UsageError: ``out`` would destroy something, or nothing was done that is to be taken back.
        UnreadableError: the output is not what the step wrote, or was changed since, or lacks a file, or a file was
            edited by hand between two steps, or a ledger is damaged. Nothing is written then.
    """
    books = [ledgers] if isinstance(ledgers, str | Path) else list(ledgers)
    chain = chain_of(books)
    places = outputs_of(chain[-1], Path(output))
    root, is_folder = Path(out), len(places) > 1
    sources = [one.source for one in places]
    refuse_one_file(root, sources, is_folder=root.is_dir())
    targets = [root / one.name for one in places] if is_folder else [root]
    below = root if is_folder else None
    refuse_outputs(targets, [*sources, *discover(books).sources], force=force, below=below)
    if (rule or row) and any(one.is_table for one in sources):
        raise UsageError("a table is undone as a whole", hint="leave out --rule and --row")
    wanted, rows = _wanted(chain, rule, row) if rule or row else None, chain[0].totals()
    with Stage() as stage:
        make_folders(targets)
        done = [_file(chain, one, target, stage, wanted) for one, target in zip(places, targets, strict=True)]
        entries, gone = sum(one.entries for one in done), sum(one.gone for one in done)
        if wanted is not None and not entries:
            raise UsageError(
                "no such edit or removal is in the ledger" if not gone else "a later step took it out"
            )
    return Undone(
        ", ".join(ledger.header.step for ledger in chain),
        rows,
        tuple(one.back for one in done),
        len(chain[0].header.inputs),
        entries if wanted is not None else None,
        gone,
    )


class _Done(NamedTuple):
    back: Back
    entries: int = 0
    gone: int = 0


def _file(chain: tuple[Ledger, ...], one: Output, target: Path, stage: Stage, wanted: Wanted | None) -> _Done:
    """Put one file back, as a whole or in part."""
    if one.source.is_table:
        return _Done(Back(target, undo_table(chain, one.source, stage.place(target), one.at), ""))
    walk = walk_back(chain, b"".join(blocks(one.source)), one.source.name, one.at)
    data, entries, gone = (walk.states[0], 0, 0) if wanted is None else _in_part(walk, wanted)
    with open_output(stage.place(target)) as stream:
        stream.write(data)
    return _Done(Back(target, len(data), sha256(data)), entries, gone)


def _wanted(chain: tuple[Ledger, ...], rule: str, row: str) -> Wanted:
    """Whether an entry is of the rule, and of the row."""
    mine = {
        (step, entry.file, entry.row, entry.at, str(entry.span))
        for step, entries in enumerate(fates_in(chain, row) if row else ())
        for entry in entries
    }

    def wanted(step: int, entry: Entry) -> bool:
        if row and (step, entry.file, entry.row, entry.at, str(entry.span)) not in mine:
            return False
        names = [entry.check or "quarantine", *(entry.also if entry.action == "edit" else ())]
        return not rule or any(name == rule or name.startswith(f"{rule}.") for name in names)

    return wanted


def _in_part(walk: Walk, wanted: Wanted) -> tuple[bytes, int, int]:
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
