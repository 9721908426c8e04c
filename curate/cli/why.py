"""``curate why``: what a step did to a row, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from curate.core.ledger import EDITS
from curate.text.visible import visible, visible_name, visible_span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from rich.text import Text

    from curate.core.ledger import Entry
    from curate.engines.fates import Story

HEAD = 300
"""Characters of a row that are shown."""


@click.command(short_help="Say what a step did to a row, and why.")
@click.argument("ledger", metavar="LEDGER")
@click.argument("row", metavar="ROW")
@click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them.")
@click.option("--no-text", is_flag=True, help="Show no text of the row.")
def command(ledger: str, row: str, *, show_pii: bool, no_text: bool) -> int:
    """What became of ROW: a line of it in the input, FILE:LINE (the end of FILE is enough), or its key.

    The exit code is 0 also for a row that is not in the ledger: it was kept as it is.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.text import Text  # noqa: PLC0415 (the same)

    from curate.engines.fates import story_of  # noqa: PLC0415 (loads polars)
    from curate.engines.private import taken_out  # noqa: PLC0415 (the same)

    story = story_of(ledger, row)
    entries = [entry for fate in story.fates for entry in fate.entries]
    private = taken_out(((one.check or "", *one.also), one.before) for one in entries)
    console = Console(highlight=False, soft_wrap=True)
    before = ""
    for fate in story.fates:
        for entry in fate.entries:
            head, *lines = _told(entry, fate.step, None if show_pii else private, no_text=no_text)
            console.print(Text("\n    ").join(lines if head.plain == before else [head, *lines]), end="\n")
            before = head.plain
    if not before:
        console.print(Text(visible(_untold(row, story))))
    elif story.left:
        console.print(Text(f"it stands in {visible_name(story.left)}"))
    return 0


def _untold(row: str, story: Story) -> str:
    """Of a row without an entry; a line beyond the end of the input is not said to be one of its rows."""
    what = f"{visible_name(row)} is not in the ledger"
    if story.last is not None and story.line is not None and story.line > story.last:
        return f"{what}: the rows of the input end in line {story.last:,}"
    if story.last is not None and not story.left:
        return f"{what}: no row of the input holds this line"
    steps = " and ".join(fate.step for fate in story.fates)
    stands = f"; it stands in {visible_name(story.left)}" if story.left else ""
    has = "" if story.last is not None else "if the input has it, "
    return f"{what}: {has}{steps} kept it as it is{stands}"


def _told(entry: Entry, step: str, private: Collection[str] | None, *, no_text: bool) -> list[Text]:
    """What is said of an entry, line by line; the first says of which row, and what was done.

    Args:
        entry: of the row.
        step: the command.
        private: values that are masked beside all that looks private; None if everything is shown.
        no_text: whether texts are left out.
    """
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    def shown(text: str) -> str:
        return text if private is None else mask(text, private)

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
            change = _change(shown(entry.before), shown(entry.after), is_made=entry.action == "edit")
            lines.append((f"{entry.at}: {change}", ""))
        elif isinstance(entry.raw, str):
            raw = shown(entry.raw.strip())
            lines.append((raw if len(raw) <= HEAD else raw[:HEAD] + "…", "dim"))
    return [Text(visible(line), style) for line, style in lines]


def _change(before: str, after: str, *, is_made: bool) -> str:
    """``‘their’ became ‘there’``; what nothing came for, or what came for nothing, is said to."""
    before, after = visible_span(before), visible_span(after)
    if not after:
        return f"‘{before}’ {'went' if is_made else 'could go'}"
    if not before:
        return f"‘{after}’ {'came' if is_made else 'could come'}"
    return f"‘{before}’ {'became' if is_made else 'could become'} ‘{after}’"


def _other(entry: Entry, related: Mapping[str, object]) -> str:
    """Place and key of the related row; the key alone where there is no line, and the file where there is neither."""
    key = f"key {related['key']}" if related.get("key") is not None else ""
    if related.get("line") is None:
        return key or visible_name(str(related.get("file", "unknown")))
    place = f"{visible_name(str(related.get('file', entry.file)))}:{related['line']}"
    return f"{place} ({key})" if key else place
