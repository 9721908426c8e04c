"""``curate why``: what a step did to a row, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from curate.core.ledger import EDITS
from curate.text.visible import visible, visible_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.text import Text

    from curate.core.ledger import Entry
    from curate.engines.fates import Fate

HEAD = 300
"""Characters of a row that are shown."""


@click.command(short_help="Say what a step did to a row, and why.")
@click.argument("ledger", metavar="LEDGER")
@click.argument("row", metavar="ROW")
@click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them.")
@click.option("--no-text", is_flag=True, help="Show no text of the row.")
def command(ledger: str, row: str, *, show_pii: bool, no_text: bool) -> int:
    """What became of ROW: its line in the input, FILE:LINE (the end of FILE is enough), or its key.

    The exit code is 0 also for a row that is not in the ledger: it was kept as it is.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.text import Text  # noqa: PLC0415 (the same)

    from curate.engines.fates import fates_of  # noqa: PLC0415 (loads polars)

    fates = fates_of(ledger, row)
    console = Console(highlight=False, soft_wrap=True)
    for fate in fates:
        for entry in fate.entries:
            console.print(_told(entry, fate.step, show_pii=show_pii, no_text=no_text))
    if not any(fate.entries for fate in fates):
        console.print(Text(visible(_untold(row, fates))))
    return 0


def _untold(row: str, fates: tuple[Fate, ...]) -> str:
    """Of a row without an entry; a line beyond the number of rows is not said to be one of them."""
    first = fates[0]
    what = f"{visible_name(row)} is not in the ledger"
    if first.line is not None and first.line > first.rows.in_:
        return f"{what}: the step read {first.rows.in_:,} {'row' if first.rows.in_ == 1 else 'rows'}"
    steps = " and ".join(fate.step for fate in fates)
    return f"{what}: if the input has it, {steps} kept it as it is"


def _told(entry: Entry, step: str, *, show_pii: bool, no_text: bool) -> Text:
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    def shown(text: str) -> str:
        return text if show_pii else mask(text)

    actions = {
        "drop": "was dropped",
        "quarantine": "was quarantined",
        "edit": "was edited",
        "suggest": "has a suggestion",
    }
    place = f"{visible_name(entry.file)}:{entry.line if entry.line is not None else f'row {entry.row}'}"
    lines = [
        (f"{place} {actions.get(entry.action, entry.action)} by {step}", "bold"),
        (f"{entry.check or 'why'}: {shown(entry.message)}", ""),
    ]
    if entry.refused:
        lines.append((f"held back: {entry.refused}", ""))
    if entry.also:
        lines.append((f"also: {', '.join(entry.also)}", ""))
    if entry.related:
        lines.append((f"the other row: {_other(entry, entry.related)}", ""))
    if not no_text:
        for kind, here, there in entry.differences:
            lines.append((f"{kind}: here ‘{shown(here)}’, in the kept row ‘{shown(there)}’", ""))
        if entry.action in EDITS:
            verb = "became" if entry.action == "edit" else "could become"
            lines.append((f"{entry.at}: ‘{shown(entry.before)}’ {verb} ‘{shown(entry.after)}’", ""))
        elif isinstance(entry.raw, str):
            raw = shown(entry.raw.strip())
            lines.append((raw if len(raw) <= HEAD else raw[:HEAD] + "…", "dim"))
    return Text("\n    ").join(Text(visible(line), style) for line, style in lines)


def _other(entry: Entry, related: Mapping[str, object]) -> str:
    """Place and key of the related row; the key alone where there is no line, and the file where there is neither."""
    key = f"key {related['key']}" if related.get("key") is not None else ""
    if related.get("line") is None:
        return key or visible_name(str(related.get("file", "unknown")))
    place = f"{visible_name(str(related.get('file', entry.file)))}:{related['line']}"
    return f"{place} ({key})" if key else place
