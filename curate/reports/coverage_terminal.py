"""What data covers, in a terminal: the contract with its gaps, what to write next, and what the rows are."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.reports.coverage_terminal_facets import drift, facets, numbers, said
from curate.reports.plain import place_text
from curate.text.visible import visible, visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType

    from curate.core.coverage_report import Cell, CoverageReport, CrossTable, Sample
    from curate.core.report import Place

MOST_WORK, MOST_CELLS = 20, 40
"""Lines of the work list, and cells of a list, that are shown."""

EXCERPT = 100
"""Code points of a row that are shown on its line."""

COLUMN, WIDEST, LABEL = 9, 20, 24
"""Columns that a cell of a matrix needs, that it gets at most, and that the names of lines get."""

BAD = "✗"


def print_coverage(report: CoverageReport, console: Console, *, full: bool = False) -> None:
    """Print it.

    Args:
        report: the facts.
        console: where to.
        full: everything there is, also beside a contract.
    """
    for part in _parts(report, console.width, full=full):
        console.print(part)


def _parts(report: CoverageReport, width: int, *, full: bool) -> Iterator[RenderableType]:
    yield _head(report)
    for table in report.tables:
        yield from _table(table, report, width)
    if report.cells:
        yield from _work(report)
        yield from _surplus(report)
        yield from _unplaced(report)
    if report.earlier is not None:
        yield from drift(report.earlier, _samples)
    if full or not report.cells:
        yield from facets(report.facets, width)
        yield from said(report)
        yield from numbers(report.numbers, width)
    if full or not report.cells:
        yield from (Text(f"\n{note}", style="dim") for note in report.notes)


def _head(report: CoverageReport) -> Text:
    text = Text(f"{report.rows:,} row{'s' * (report.rows != 1)}", "bold")
    text.append(" in " + ", ".join(map(visible_name, report.files)), "not bold")
    if report.unreadable:
        text.append(f"; {report.unreadable:,} records cannot be read", "yellow")
    if report.status != "none":
        out = sum(cell.is_out for cell in report.cells)
        count = len(report.cells)
        cells = f"{count:,} cell{'s' * (count != 1)}"
        if out:
            text.append(f"\n{out:,} of {cells} {'is' if out == 1 else 'are'} out of bounds", "bold red")
        else:
            text.append(f"\nall of {cells} within bounds", "bold green")
    return text


# --- the contract -----------------------------------------------------------------------------------------


def _table(table: CrossTable, report: CoverageReport, width: int) -> Iterator[RenderableType]:
    """A cross table as a matrix where it fits, as a list of its cells otherwise."""
    most = COLUMN + 2 if table.cells else WIDEST  # names of a contract's columns are cut before its table is
    columns = [min(max(len(name), COLUMN) + 2, most) for name in table.columns]
    if min(max(map(len, table.lines), default=0), LABEL) + 2 + sum(columns) <= width:
        yield Group(Text(), Text(visible_name(table.title), "bold"), _matrix(table, report))
    elif table.cells:
        cells = [report.cells[at] for line in table.cells for at in line if at is not None]
        yield Group(Text(), Text(visible_name(table.title), "bold"), _list(cells))
    else:
        some = max(1, sum(end <= width - LABEL for end in accumulate(columns)))
        left = f"and {len(table.columns) - some} more columns (--json)"
        title = Text(visible_name(table.title), "bold")
        yield Group(Text(), title, _matrix(table, report, some), Text(left, "dim"))


def _matrix(table: CrossTable, report: CoverageReport, most: int | None = None) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    widest = max([len(table.down), *map(len, table.lines)])
    grid.add_column(visible_name(table.down), no_wrap=True, min_width=min(widest, LABEL), max_width=2 * LABEL)
    for name in table.columns[:most]:
        grid.add_column(Text(visible_name(name)), justify="right", no_wrap=True, max_width=WIDEST)
    for number, line in enumerate(table.lines):
        known = table.cells[number] if table.cells else [None] * len(table.columns)
        cells = [
            _cell_text(report.cells[at]) if at is not None else Text(f"{count:,}", "" if count else "dim")
            for at, count in zip(known, table.counts[number], strict=True)
        ]
        grid.add_row(Text(visible_name(line)), *cells[:most])
    return grid


def _cell_text(cell: Cell) -> Text:
    """``4/200 ✗``: rows, the bound, and a mark where it is broken."""
    bound = cell.minimum if not cell.surplus and cell.minimum is not None else cell.maximum
    sign = "/" if bound == cell.minimum and not cell.surplus else " ≤ "
    told = f"{cell.rows:,}{sign}{bound:,}" if bound is not None else f"{cell.rows:,}"
    return Text(f"{told} {BAD}", "bold red") if cell.is_out else Text(f"{told}  ")


def _list(cells: Sequence[Cell]) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("cell", overflow="fold")
    for name in ("rows", "share", "asked", ""):
        grid.add_column(name, justify="right", no_wrap=True)
    ordered = sorted(cells, key=lambda cell: not cell.is_out)
    for cell in ordered[:MOST_CELLS]:
        low, high = cell.asked
        asked = " ".join(filter(None, [f"≥ {low}" if low else "", f"≤ {high}" if high else ""]))
        style = "bold red" if cell.is_out else ""
        mark = (
            f"{BAD} {cell.deficit or cell.surplus:,} {'missing' if cell.deficit else 'too many'}"
            if style
            else ""
        )
        grid.add_row(
            Text(visible_name(cell.name)), f"{cell.rows:,}", f"{cell.share:.2%}", asked, Text(mark, style)
        )
    if len(ordered) > MOST_CELLS:
        grid.add_row(Text(f"and {len(ordered) - MOST_CELLS:,} more (--json)", "dim"))
    return grid


def _work(report: CoverageReport) -> Iterator[RenderableType]:
    work = report.work
    if not work.items:
        return
    head = Text("\nTo write next: ", "bold")
    head.append(f"{work.rows:,} row{'s' * (work.rows != 1)}")
    head.append(_reach(report), "not bold dim")
    yield head
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("rows", justify="right", no_wrap=True)
    grid.add_column("of this kind", overflow="fold")
    grid.add_column("lacks of its minimum", justify="right", no_wrap=True)
    shown: set[Place] = set()
    for item in work.items[:MOST_WORK]:
        new = [sample for sample in item.examples if sample.place not in shown][:1]
        shown.update(sample.place for sample in new)
        grid.add_row(
            f"{item.rows:,}", Group(Text(visible_name(item.name)), *_samples(new)), f"{item.relative:.0%}"
        )
    if len(work.items) > MOST_WORK:
        rest = sum(item.rows for item in work.items[MOST_WORK:])
        grid.add_row(f"{rest:,}", Text(f"of {len(work.items) - MOST_WORK:,} more kinds (--json)", "dim"))
    yield grid


def _reach(report: CoverageReport) -> str:
    work = report.work
    if not work.closes:
        return (
            "\nno number of new rows closes these gaps: the minima leave no room for the rows that are in no cell, "
            "so this is what is missing at today's number of rows"
        )
    if work.is_disjoint:
        are = "row is" if work.missing == 1 else "rows are"
        return f"\neach serves one cell: {work.missing:,} {are} missing"
    if work.rows == work.at_least:
        return f"\nsome serve several cells, which lack {work.missing:,} in all; fewer rows cannot close the gaps"
    return (
        f"\nsome serve several cells, which lack {work.missing:,} in all; "
        f"fewer than {work.at_least:,} rows cannot close the gaps"
    )


def _surplus(report: CoverageReport) -> Iterator[RenderableType]:
    over = [cell for cell in report.cells if cell.surplus]
    if over:
        yield Text("\nToo many", "bold")
        yield _list(over)


def _unplaced(report: CoverageReport) -> Iterator[RenderableType]:
    if report.unplaced:
        share = report.unplaced / max(report.rows, 1)
        yield Text(f"\nIn no cell: {report.unplaced:,} rows ({share:.1%})", "bold")
        yield from _samples(report.unplaced_examples)


def _samples(samples: Sequence[Sample]) -> Iterator[RenderableType]:
    """A line for each row: its place, and how it begins."""
    for sample in samples:
        place = sample.place
        text = Text(place_text(place.file, place.line, place.row), "cyan")
        if sample.prompt is not None:
            shown = visible(" ".join(sample.prompt.text.split()))
            cut = sample.prompt.cut_after or len(shown) > EXCERPT
            text.append(f"  {shown[:EXCERPT]}{'…' if cut else ''}", "not bold dim")
        yield Padding(text, (0, 0, 0, 2))
