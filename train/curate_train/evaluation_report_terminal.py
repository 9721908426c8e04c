"""Evaluations and comparisons as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from curate.text.visible import visible_name
from curate_train.evaluation_report import bounds, number
from curate_train.metrics.measures import TITLES

if TYPE_CHECKING:
    from curate_train.compare import Comparison, Line
    from curate_train.evaluate_folder import Evaluation
    from curate_train.metrics.resampling import Difference, Estimate

STYLES = {"better": "green", "worse": "red", "more": "yellow", "less": "yellow"}


def evaluation_table(done: Evaluation) -> Table:
    """All figures of one evaluation, with their intervals."""
    if done.tables is None:
        raise ValueError("an evaluation is shown with its figures")
    whole = done.tables.whole
    table = _table(
        f"{whole.rows:,} rows in {whole.groups:,} groups; 95 % intervals over groups", "", "interval"
    )
    for name, one in whole.values.items():
        table.add_row(TITLES[name], number(name, one.value), bounds(name, one))
    return table


def comparison_table(made: Comparison, first: str, second: str) -> Table:
    """Both systems, the difference with its interval, and whether it is shown."""
    title = (
        f"{made.rows:,} rows in {made.groups:,} groups; {visible_name(second)} against {visible_name(first)}"
    )
    table = _table(title, "first", "second", "difference", "interval", "")
    for line in made.lines:
        table.add_row(
            TITLES[line.name],
            number(line.name, line.first.value),
            number(line.name, line.second.value),
            number(line.name, line.gap.value, signed=True),
            bounds(line.name, line.gap, signed=True),
            _verdict(line),
        )
    return table


def _verdict(line: Line) -> Text:
    return Text(line.verdict if line.is_shown else "not shown", STYLES.get(line.verdict, "dim"))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right" if column else "left")
    return table


def short(name: str, one: Estimate | Difference, *, signed: bool = False) -> str:
    """A figure with its interval on one line."""
    reach = bounds(name, one, signed=signed)
    return number(name, one.value, signed=signed) + (f" [{reach}]" if reach else "")
