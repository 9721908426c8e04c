"""Where the faults come from, in a terminal: a line a value, and below it the checks that stand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Pile
from rich.table import Table
from rich.text import Text

from curate.reports.plain import bounds, others_name, outlier_text, percent, unread_text, value_name
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from rich.console import RenderableType

    from curate.core.report import Breakdown, Group, Rate

VALUE = 22
"""Columns for a value where there is room for no more."""

ROOMY = 100
"""Columns from which values get more room and rates their counts."""

MOST_TOLD = 3
"""Checks that stand out and are named."""

NOTE = "worst first by lower bound (Wilson, 95%); ↑ clearly more here than elsewhere"


def breakdown_table(breakdown: Breakdown, width: int) -> RenderableType:
    """The rates of one field.

    Args:
        breakdown: the facts.
        width: of the terminal.
    """
    roomy = width >= ROOMY
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(f"by {visible_name(breakdown.field)}", no_wrap=True)
    for name in ("rows", "blocked", "bounds", "any finding", "bounds"):
        table.add_column(name, justify="right", no_wrap=True)
    for group in breakdown.groups:
        _add(table, value_name(group), group, roomy=roomy)
    if breakdown.others is not None:
        _add(table, others_name(breakdown), breakdown.others, roomy=roomy)
    notes = [Text(note, style="dim") for note in (NOTE, unread_text(breakdown)) if note]
    return Pile(Text(), table, *_outliers(breakdown), *notes)


def _add(table: Table, name: str, group: Group, *, roomy: bool) -> None:
    most = 2 * VALUE if roomy else VALUE
    cut = name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-most // 2 :]}"
    label = Text(cut, style="" if group.value else "dim")
    cells = [Text(f"{group.rows:,}")]
    for rate, style in ((group.blocked, "red"), (group.flagged, "yellow")):
        cells += [Text(_share(rate, roomy=roomy), style if rate.rows else "dim"), Text(bounds(rate), "dim")]
    table.add_row(label, *cells)


def _share(rate: Rate, *, roomy: bool) -> str:
    return f"{rate.rows:,} = {percent(rate.share)}" if roomy else percent(rate.share)


def _outliers(breakdown: Breakdown) -> list[Text]:
    """A line for each value in which a check stands out."""
    lines = []
    for group in breakdown.groups:
        told = [outlier_text(one) for one in group.stands_out[:MOST_TOLD]]
        more = len(group.stands_out) - len(told)
        if told:
            rest = f", and {more} more" if more > 0 else ""
            lines.append(Text(f"↑ {value_name(group)}: {', '.join(told)}{rest}"))
    return lines
