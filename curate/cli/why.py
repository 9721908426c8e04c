"""``curate why``: what a step did to a row, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.ledger import Entry

HEAD = 300
"""Characters of a row that are shown."""


@click.command(short_help="Say what a step did to a row, and why.")
@click.argument("ledger", metavar="LEDGER")
@click.argument("row", metavar="ROW")
@click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them.")
@click.option("--no-text", is_flag=True, help="Show no text of the row.")
def command(ledger: str, row: str, *, show_pii: bool, no_text: bool) -> int:
    """What became of ROW: its line in the input, FILE:LINE, or its key.

    The exit code is 0 also for a row that is not in the ledger: it was kept as it is.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.engines.undoing import entries_of  # noqa: PLC0415 (loads polars)

    book, entries = entries_of(ledger, row)
    console = Console(highlight=False, soft_wrap=True)
    for entry in entries:
        console.print(_told(entry, book.header.step, show_pii=show_pii, no_text=no_text))
    if not entries:
        console.print(
            f"{visible_name(row)} is not in the ledger: if the input has it, {book.header.step} kept it as it is"
        )
    return 0


def _told(entry: Entry, step: str, *, show_pii: bool, no_text: bool) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    def shown(text: str) -> str:
        return text if show_pii else mask(text)

    actions = {"drop": "dropped", "quarantine": "quarantined", "edit": "edited"}
    place = f"{visible_name(entry.file)}:{entry.line if entry.line is not None else f'row {entry.row}'}"
    text = Text()
    text.append(f"{place} was {actions.get(entry.action, entry.action)} by {step}", "bold")
    text.append(f"\n    {entry.check or 'why'}: {shown(entry.message)}")
    if entry.also:
        text.append(f"\n    also: {', '.join(entry.also)}")
    if entry.related:
        name = entry.related.get("file", entry.file)
        text.append(
            f"\n    the other row: {visible_name(str(name))}:{entry.related['line']} (key {entry.related['key']})"
        )
    if no_text:
        return text
    for kind, here, there in entry.differences:
        text.append(f"\n    {kind}: here ‘{shown(here)}’, in the kept row ‘{shown(there)}’")
    if entry.action == "edit":
        text.append(f"\n    {entry.at}: ‘{shown(entry.before)}’ became ‘{shown(entry.after)}’")
    elif isinstance(entry.raw, str):
        raw = shown(entry.raw.strip())
        text.append(f"\n    {raw if len(raw) <= HEAD else raw[:HEAD] + '…'}", "dim")
    return text
