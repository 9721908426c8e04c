"""Examples in a terminal: the place, the prompt, and the text with the span marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.reports.plain import place_text
from curate.text.visible import visible, visible_name, visible_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from curate.core.report import Example, Excerpt

BEFORE, MARKED, AFTER, WHOLE = 60, 120, 100, 200
"""Characters that are shown: before a span, of it, after it, and of a text without one."""


def example(item: Example, *, colourless: bool) -> Iterator[RenderableType]:
    """One finding."""
    place = Text(place_text(item.place.file, item.place.line, item.place.row), style="bold cyan")
    place.append(f"  {visible_name(item.place.at)}" if item.place.at else "", "not bold dim")
    yield place.append(f"  {visible_name(item.message)}", "not bold dim")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", min_width=7)
    grid.add_column(overflow="fold")
    for label, text in _rows(item, colourless=colourless):
        grid.add_row(label, text)
    yield Padding(grid, (0, 0, 0, 2))


def _rows(item: Example, *, colourless: bool) -> Iterator[tuple[str, Text]]:
    in_prompt = (
        item.text is not None and item.prompt is not None and item.text.text[:40] == item.prompt.text[:40]
    )
    if item.prompt is not None and item.prompt.text and not in_prompt:
        yield "prompt", _excerpt(item.prompt, colourless=colourless)
    if item.text is not None:
        yield "text", _excerpt(item.text, colourless=colourless)
    elif item.target is not None and item.target.text:
        yield "target", _excerpt(item.target, colourless=colourless)
    if item.related is not None:
        where = place_text(item.related.file, item.related.line, item.related.row)
        yield "other", Text(where, style="cyan")
        if item.related_text is not None and item.related_text.text:
            yield "", _excerpt(item.related_text, colourless=colourless)


def _excerpt(excerpt: Excerpt, *, colourless: bool) -> Text:
    """Two lines' worth of text; line breaks are shown as signs."""
    low, high = excerpt.mark or (0, 0)
    start = max(0, low - BEFORE)
    text = Text("…" if start or excerpt.cut_before else "")
    text.append(_flat(excerpt.text[start:low]))
    if high > low:
        span = visible_span(excerpt.text[low : min(high, low + MARKED)]).replace("\n", "⏎")
        text.append(f"«{span}»" if colourless else span, "bold white on red3")
    rest = excerpt.text[high : high + AFTER] if excerpt.mark else excerpt.text[:WHOLE]
    text.append(_flat(rest))
    if excerpt.cut_after or len(excerpt.text) > high + len(rest):
        text.append("…")
    return text


def _flat(text: str) -> str:
    return visible(text).replace("\n", "⏎").replace("\t", "⇥")
