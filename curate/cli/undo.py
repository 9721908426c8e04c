"""``curate undo``: the input of a step, byte for byte, from what it wrote and its ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.cli.counting import count_of
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.engines.undoing import Undone


@click.command(short_help="Give back the input of steps, byte for byte.")
@click.argument("ledgers", metavar="[LEDGER...] OUTPUT", nargs=-1, required=True)
@click.option(
    "--out", "-o", required=True, metavar="OUT", help="Where the input goes; a folder for several files."
)
@click.option("--rule", default="", metavar="CHECK", help="Take back only what this check or family did.")
@click.option(
    "--row",
    default="",
    metavar="ROW",
    help="Take back only what was done to this row: FILE:LINE, or its key.",
)
@click.option(
    "--force", is_flag=True, help="Overwrite OUT; the ledgers and the output are never overwritten."
)
def command(ledgers: tuple[str, ...], out: str, rule: str, row: str, *, force: bool) -> int:
    """Write to OUT what steps read, from OUTPUT, which the last of them wrote, and their LEDGERs, the last one first.

    OUTPUT is a file, or the folder of all files that the last step wrote; these keep their names in the folder OUT.
    The folder of "curate run" stands for its ledger, which holds all its steps, and its cleaned data. The bytes are
    held against the hashes in the ledgers: an output that was changed since is refused, as is a file that was edited by
    hand between two steps, and the first line that differs is named; nothing is half undone. With --rule or --row the
    rest stays as the steps left it. Of a table the rows are given back: equal values, columns and order.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.undoing import undo  # noqa: PLC0415 (loads polars)

    *books, output = ledgers
    done = undo(books or [_ledger_of(output)], output, out, force=force, rule=rule, row=row)
    Console(highlight=False, soft_wrap=True).print(_summary(done))
    return 0


def _ledger_of(folder: str) -> Path:
    """The ledger of a run, of which the folder is named.

    Raises:
        UsageError: it is no folder of a run.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)
    from curate.core.lock_file import NAME, read_lock  # noqa: PLC0415 (the same)
    from curate.text.visible import shell_word  # noqa: PLC0415 (the same)

    if (Path(folder) / NAME).is_file():
        return Path(folder) / str(read_lock(Path(folder)).fields["ledger"].get("name", ""))
    if Path(folder).is_dir():
        raise UsageError(
            f"is no folder of a run: it holds no {NAME}",
            where=folder,
            hint=f"name the ledger of the step, too: curate undo LEDGER {shell_word(folder)} -o OUT",
        )
    beside = f"{folder}.ledger.jsonl"
    ledger = shell_word(beside) if Path(beside).is_file() else "LEDGER"
    raise UsageError(
        "one name is not enough: undoing needs a ledger and the output that it belongs to",
        where=folder,
        hint=f"curate undo {ledger} {shell_word(folder)} -o OUT",
    )


def _summary(done: Undone) -> Text:
    """What was put back, and where it is."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text(f"{visible_name(done.step)} is undone", "bold")
    text.append(f" in part: {_counted(done.entries)} taken back" if done.entries is not None else _rows(done))
    text.append(f", {done.gone:,} more in rows that a later step took out" if done.gone else "")
    for one in done.files:
        text.append(f"\n{visible_name(str(one.out))}: ")
        if not one.sha256:
            text.append(f"{one.size:,} rows with equal values")
            continue
        text.append(f"{one.size:,} bytes, sha256 {one.sha256}{' as in the ledger' * (done.entries is None)}")
    return text


def _rows(done: Undone) -> str:
    """The account of what was put back; of some of the files there is none, for the ledger counts all rows together."""
    rows, of = done.rows, f"{len(done.files)} of {done.of} files"
    if len(done.files) < done.of:
        return f" for {of}"
    files = f", {of}" if done.of > 1 else ""
    if ", " in done.step:
        return f": {count_of(rows.in_, 'row')}{files}"
    back = rows.dropped + (0 if rows.edited is not None else rows.quarantined)
    edited = f", {count_of(rows.edited, 'edited row')} as before" if rows.edited is not None else ""
    return f": {count_of(rows.in_, 'row')}{files}, {back:,} of them put back{edited}"


def _counted(entries: int) -> str:
    return "1 edit or removal" if entries == 1 else f"{entries:,} edits and removals"
