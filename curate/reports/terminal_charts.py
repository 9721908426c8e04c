"""What is in the data, as bars of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from curate.core.report import Bin
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.console import RenderableType

    from curate.core.report import DataFacts, Distribution

BAR, LABEL, MOST = 22, 20, 10
BESIDE = 110
"""Columns from which two charts stand beside each other."""


def charts(data: DataFacts, width: int) -> RenderableType:
    """All charts that tell more than one thing."""
    told = [_chart(chart) for chart in data.charts if chart.unit == "tokens" or len(chart.bins) > 1]
    beside = 2 if width >= BESIDE else 1
    grid = Table.grid(padding=(0, 3))
    for left in range(0, len(told), beside):
        grid.add_row(*told[left : left + beside])
    return grid


def _chart(chart: Distribution) -> RenderableType:
    """A title, the figures, and a few bars; nothing at either end is left out."""
    bins = _shortened([item for item in chart.bins if item.count], numbers=chart.unit == "tokens")
    most = max((item.count for item in bins), default=1)
    table = Table.grid(padding=(0, 1))
    for item in bins:
        width = max(1, round(item.count / most * BAR))
        label = Text(visible_name(item.label)[:LABEL], justify="right", style="dim")
        table.add_row(label, Text("━" * width, style="blue"), Text(f"{item.count:,}", justify="right"))
    head = Text("\n" + chart.title, style="bold")
    if chart.median is not None and chart.p95 is not None and chart.maximum is not None:
        figures = (
            f"\n{chart.unit}: median {chart.median:,.0f}, 95 % ≤ {chart.p95:,.0f}, max {chart.maximum:,.0f}"
        )
        head.append(figures, "not bold dim")
    return Group(head, table, Text(chart.note, style="dim")) if chart.note else Group(head, table)


def _shortened(bins: list[Bin], *, numbers: bool) -> list[Bin]:
    """At most ``MOST`` bars; those of a histogram that do not fit become one at the end that the tail makes."""
    if len(bins) <= MOST or not numbers:
        return bins[:MOST]
    kept, tail = bins[: MOST - 1], bins[MOST - 1 :]
    low = tail[0].low or 0
    return [*kept, Bin(f"≥ {low:,.0f}", sum(item.count for item in tail), low)]
