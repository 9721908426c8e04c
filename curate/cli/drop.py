"""``curate drop``: set aside the rows that checks flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import make_plan, plan_options
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.engines.dropping import Dropped


@click.command(short_help="Set aside the rows that a check flags.")
@plan_options
@click.option(
    "--out", "-o", required=True, metavar="OUT", help="The file to write; a folder for several inputs."
)
@click.option("--ledger", metavar="FILE", help="Where the dropped rows go; OUT.ledger.jsonl if not given.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(out: str, ledger: str | None, *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write DATA to OUT without the rows that checks flag; every other byte stays as it is.

    Without --select, the checks of severity error decide. With --select, the selected ones do: also those that
    only warn, and, by their full name, those that only inform. Of duplicates one is kept. Records that cannot be
    read are left out too. The ledger holds all that is left out, with the reason and the bytes, unmasked: keep it
    as private as the data.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.dropping import drop  # noqa: PLC0415 (loads polars)

    plan = make_plan(flags)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        done = drop(
            *flags["inputs"],
            out=out,
            plan=plan,
            ledger=ledger,
            force=force,
            blocking_only=not flags["select"],
            progress=told,
        )
    Console(highlight=False, soft_wrap=True).print(_summary(done))
    return 0


def _summary(done: Dropped) -> Text:
    """The account of the rows, what decided, and where things are; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    rows = done.rows
    text = Text()
    text.append(count_of(rows.in_, "row"), "bold")
    text.append(f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined\n")
    for check, count in done.checks:
        text.append(f"  {count:>9,}  {mask(check)}\n")
    if rows.quarantined:
        text.append(f"  {rows.quarantined:>9,}  cannot be read\n")
    for check in done.files:
        text.append(f"{check} found a fault of the file: no row is dropped for it.\n", "yellow")
    for name, path in zip(done.inputs, done.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    if rows.in_ and not rows.kept:
        text.append("No row is left: choose the checks with --select.\n", "yellow")
    left_out = rows.dropped + rows.quarantined
    if not left_out:
        text.append("Nothing was left out: the data is copied as it is. ")
    text.append(f"The ledger: {visible_name(str(done.ledger))}")
    if left_out:
        text.append(f"\nIts first entry: sed -n 2p {shell_word(str(done.ledger))} | python -m json.tool")
    return text
