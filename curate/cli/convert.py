"""``curate convert``: another layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import make_mapping, table_options
from curate.cli.progress import progress
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.engines.converting import Converted

LAYOUTS = ("messages", "alpaca", "sharegpt", "prompt-completion", "preference")


@click.command(short_help="Write data in another layout.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@click.option(
    "--to", type=click.Choice(LAYOUTS), help="The layout to write; its own for each row if not given."
)
@click.option("--out", "-o", required=True, metavar="OUT", help="The JSONL file to write.")
@click.option("--merge-turns", is_flag=True, help="Join consecutive turns of one side by a blank line.")
@click.option(
    "--rest", metavar="FILE", help="Where rows go that cannot be carried over; OUT.rest.jsonl if not given."
)
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
@click.option("--encoding", metavar="NAME", help="Encoding of text files, where the decision is wrong.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@table_options
def command(
    inputs: tuple[str, ...],
    to: str | None,
    out: str,
    rest: str | None,
    encoding: str | None,
    *,
    merge_turns: bool,
    force: bool,
    quiet: bool,
    **table: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Write the rows of DATA in another layout, as JSONL; fields that are no part of a layout are carried over.

    A row that says something that the layout cannot hold (a tool call, a system text, several answers, a rejected
    answer, an image) is not mangled: it goes to the file of the rest as it stands, and is counted by the reason.
    Rows that are in the layout already are copied. With --merge-turns, two turns in a row of the user, the assistant
    or the system become one; without --to, that is all that is done. Calls and results of tools, and turns whose
    other fields differ, stay apart and are counted by the reason. Exits 1 if no row is written.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.converting import convert  # noqa: PLC0415 (loads polars)

    with notices(), progress(quiet=quiet) as told:
        done = convert(
            *inputs,
            to=to,
            out=out,
            merge_turns=merge_turns,
            rest=rest,
            force=force,
            encoding=encoding,
            mapping=make_mapping(table),
            progress=told,
        )
    Console(highlight=False, soft_wrap=True).print(_summary(done, to))
    return 0 if done.written else 1


def _summary(done: Converted, to: str | None) -> Text:
    """The account of the rows and the reasons; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    text.append(count_of(done.rows, "row"), "bold")
    text.append(
        f" in = {done.written:,} written + {done.aside:,} set aside + {done.quarantined:,} quarantined"
    )
    text.append(f" + {done.left_out:,} left out as asked\n" if done.left_out else "\n")
    if done.copied:
        why = f"in the layout {to} already" if to else "as they stand"
        text.append(f"  {done.copied:>9,}  copied: {why}\n")
    if done.joined:
        text.append(f"  {done.joined:>9,}  context and prompt joined by a blank line\n")
    if done.merged:
        text.append(
            f"  {done.merged:>9,}  merged: {count_of(done.merged_turns, 'turn')} joined to the one before\n"
        )
    for reason, count in done.reasons:
        text.append(f"  {count:>9,}  set aside: {reason}\n")
    for reason, count in done.unmerged:
        text.append(f"  {count:>9,}  left apart, turns of one side: {reason}\n", "yellow")
    if done.quarantined:
        text.append(
            f"  {done.quarantined:>9,}  cannot be read: list them with curate report --quarantine FILE\n"
        )
    if not done.written:
        why = (
            f"none can be carried over to {to or 'a merged form'}"
            if done.aside
            else "there is none that can be read"
        )
        text.append(f"No row was written: {why}.\n", "yellow")
    text.append(f"{'Written' if done.written else 'Left empty'}: {visible_name(str(done.out))}")
    if done.rest is not None:
        text.append(f"\nThe rest, as it stands: {visible_name(str(done.rest))}")
    return text
