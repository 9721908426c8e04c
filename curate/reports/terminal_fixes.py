"""What ``curate fix`` would change, for the terminal: a line for each class of edits, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.reports.plain import percent, place_text
from curate.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from curate.core.report import Foreseen, ForeseenEdit, Foresight

FIRST = 3
"""Classes of edits that are told unless all are asked for."""


def fixes_table(fixes: Foresight, *, full: bool) -> Iterator[RenderableType]:
    """Classes with their rows; examples only if everything is shown."""
    if not fixes.classes:
        return
    told = fixes.classes if full else fixes.classes[:FIRST]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    columns = ("curate fix would edit", "rows", "share", "looked at", "only suggested")[: 5 if full else 3]
    for name in columns:
        table.add_column(name, justify="left" if name.startswith("curate") else "right", no_wrap=True)
    for one in told:
        suggested = f"{one.suggested:,}" if one.suggested else ""
        cells = (one.name, f"{one.rows:,}", _share(one), f"{one.looked:,}", suggested)
        table.add_row(*cells[: len(columns)])
    yield Text()
    yield table
    if fixes.unchecked:
        texts = "1 text" if fixes.unchecked == 1 else f"{fixes.unchecked:,} texts"
        yield Text(f"{texts} could not be looked at", style="yellow")
    for one in told if full else ():
        for edit in one.examples:
            yield Padding(_example(one, edit), (0, 0, 0, 4))
    more = len(fixes.classes) - len(told)
    if fixes.command:
        head = f"    {more} more, and to see them: " if more else "    to see them: "
        yield Text(head + visible(fixes.command), style="green")


def _share(one: Foreseen) -> str:
    if one.low == one.high:
        return percent(one.share)
    return f"{percent(one.low)} to {percent(one.high)}"


def _example(one: Foreseen, edit: ForeseenEdit) -> Text:
    place = place_text(edit.place.file, edit.place.line, edit.place.row)
    text = Text().append(f"{place}  {one.name}  ", "bold cyan")
    if edit.text is None or edit.text.mark is None:
        return text
    low, high = edit.text.mark
    text.append(_line(edit.text.text[:low]))
    text.append(f"[-{_line(edit.text.text[low:high])}-]", "red")
    if edit.after:
        text.append(f"{{+{_line(edit.after)}+}}", "green")
    return text.append(_line(edit.text.text[high:]))


def _line(text: str) -> str:
    return visible(text.replace("\n", "⏎").replace("\t", "→"))
