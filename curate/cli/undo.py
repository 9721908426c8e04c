"""``curate undo``: the input of a step, byte for byte, from what it wrote and its ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.engines.undoing import Undone


@click.command(short_help="Give back the input of steps, byte for byte.")
@click.argument("ledgers", metavar="LEDGER... OUTPUT", nargs=-1, required=True)
@click.option("--out", "-o", required=True, metavar="FILE", help="Where the input goes.")
@click.option("--rule", default="", metavar="CHECK", help="Take back only what this check or family did.")
@click.option(
    "--row",
    default="",
    metavar="ROW",
    help="Take back only what was done to this row: FILE:LINE, or its key.",
)
@click.option(
    "--force", is_flag=True, help="Overwrite FILE; the ledgers and the output are never overwritten."
)
def command(ledgers: tuple[str, ...], out: str, rule: str, row: str, *, force: bool) -> int:
    """Write to FILE what steps read, from OUTPUT, which the last of them wrote, and their LEDGERs, the last one first.

    The ledger of "curate run" holds all its steps. The bytes are held against the hashes in the ledgers: an output that
    was changed since is refused, as is a file that was edited by hand between two steps, and the first line that
    differs is named; nothing is half undone. With --rule or --row the rest stays as the steps left it. Of a table the
    rows are given back: equal values, columns and order.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.undoing import undo  # noqa: PLC0415 (loads polars)

    *books, output = ledgers
    if not books:
        raise click.UsageError("Name a ledger and the output that it belongs to.")
    done = undo(books, output, out, force=force, rule=rule, row=row)
    Console(highlight=False, soft_wrap=True).print(_summary(done))
    return 0


def _summary(done: Undone) -> Text:
    """What was put back, and where it is."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    rows, text = done.rows, Text()
    place = visible_name(str(done.out))
    if done.entries is not None:
        text.append(f"{visible_name(done.step)} is undone in part: ", "bold")
        text.append(f"{_counted(done.entries)} taken back")
        text.append(f", {done.gone:,} more in rows that a later step took out" if done.gone else "")
        return text.append(f"\n{place}: {done.size:,} bytes, sha256 {done.sha256}")
    back = rows.dropped + (0 if rows.edited is not None else rows.quarantined)
    text.append(f"{visible_name(done.step)} is undone: ", "bold")
    text.append(f"{rows.in_:,} rows")
    if ", " not in done.step:
        text.append(f", {back:,} of them put back")
        text.append(f", {rows.edited:,} edits taken back" if rows.edited is not None else "")
    if not done.sha256:
        return text.append(f"\n{place}: {done.size:,} rows with equal values")
    return text.append(f"\n{place}: {done.size:,} bytes, sha256 {done.sha256} as in the ledger")


def _counted(entries: int) -> str:
    return "1 edit or removal" if entries == 1 else f"{entries:,} edits and removals"
