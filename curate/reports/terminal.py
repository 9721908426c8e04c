"""The report in a terminal. Row text is put in as text, never as markup, and made harmless first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.reports.plain import place_text
from curate.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from curate.core.report import Bin, Distribution, Example, Excerpt, InputFile, Problem, Report

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
MOST_FILES = 12
IN_FULL = 3
BAR = 24


def print_report(report: Report, console: Console) -> None:
    """Verdict, account of the rows, problems, quarantine, what is in the data."""
    for piece in _pieces(report):
        console.print(piece)


def _pieces(report: Report) -> Iterator[RenderableType]:
    yield _headline(report)
    yield _files(report.files)
    yield _account(report)
    if report.problems:
        yield _ranking(report.problems)
    for rank, problem in enumerate(report.problems):
        yield Text()
        yield _problem(problem, 3 if rank < IN_FULL else 1)
    if report.rows.quarantined:
        yield Text()
        yield _quarantine(report)
    yield Text()
    yield _data(report)
    yield _last(report)


def _headline(report: Report) -> RenderableType:
    fit = report.verdict.status == "fit"
    line = Text(
        " " + report.verdict.headline + " ", style="bold white on dark_green" if fit else "bold white on red3"
    )
    return Group(line, Text())


def _files(files: tuple[InputFile, ...]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, right in (
        ("file", False),
        ("container", False),
        ("rows", True),
        ("quarantined", True),
        ("layouts", False),
    ):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for file in files[:MOST_FILES]:
        container = file.container + (f".{file.compression}" if file.compression else "")
        encoding = "" if file.encoding in ("", "utf-8") else f", {file.encoding}"
        layouts = ", ".join(f"{name} {count:,}" for name, count in file.layouts.items())
        notes = f" ({'; '.join(file.notes)})" if file.notes else ""
        table.add_row(
            Text(visible(file.name)),
            container + encoding,
            f"{file.rows:,}",
            f"{file.quarantined:,}",
            layouts + notes,
        )
    more = len(files) - MOST_FILES
    return Group(table, Text(f"and {more:,} more files", style="dim")) if more > 0 else table


def _account(report: Report) -> RenderableType:
    rows = report.rows
    text = Text("\n")
    text.append(f"{rows.in_:,}", "bold")
    text.append(
        f" rows in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined"
    )
    size = sum(file.size for file in report.files)
    if size:
        parts = [
            sum(getattr(f, n) for f in report.files)
            for n in ("row_bytes", "quarantined_bytes", "separator_bytes")
        ]
        text.append(
            f"\n{size:,} bytes = {parts[0]:,} in rows + {parts[1]:,} quarantined + {parts[2]:,} between rows",
            "dim",
        )
    return text


def _ranking(problems: tuple[Problem, ...]) -> RenderableType:
    """All problems on a line each, worst first."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "problem", "rows", "share", "allowed", "harm"):
        table.add_column(name, justify="left" if name in ("", "problem") else "right", no_wrap=True)
    for problem in problems:
        mark = Text("✗ blocks" if problem.blocks else f"! {problem.severity}", STYLES[problem.severity])
        cells = (
            f"{problem.rows:,}",
            f"{problem.share:.2%}",
            problem.budget or "any",
            f"{problem.harm.share:.1%}",
        )
        table.add_row(mark, problem.check, *cells)
    note = Text("harm: the share of rows, weighted by what they would train (supervised tokens)", style="dim")
    return Group(Text(), table, note)


def _problem(problem: Problem, shown: int) -> RenderableType:
    head = Text()
    head.append("✗ blocks " if problem.blocks else f"! {problem.severity} ", STYLES[problem.severity])
    head.append(problem.check, "bold")
    head.append(f"  {problem.title}")
    return Group(head, Padding(Group(*_details(problem, shown)), (0, 0, 0, 4)))


def _details(problem: Problem, shown: int) -> Iterator[RenderableType]:
    count = f"{problem.rows:,} row{'s' * (problem.rows != 1)} with {problem.harm.tokens:,} supervised tokens"
    found = ", ".join(f"{visible(name)} {count:,}×" for name, count in problem.top)
    yield Text(count + (f" · found: {found}" if found else ""), style="dim")
    yield Text(problem.why, style="italic")
    for example in problem.examples[:shown]:
        yield from _example(example)
    yield Text("→ " + visible(problem.command or problem.mend), style="green")


def _example(example: Example) -> Iterator[RenderableType]:
    place = Text(place_text(example.place.file, example.place.line, example.place.row), style="bold cyan")
    place.append(f"  {visible(example.place.at)}  {visible(example.message)}", "not bold dim")
    yield place
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", min_width=7)
    grid.add_column(overflow="fold")
    in_prompt = (
        example.text is not None
        and example.prompt is not None
        and example.text.text[:40] == example.prompt.text[:40]
    )
    if example.prompt is not None and example.prompt.text and not in_prompt:
        grid.add_row("prompt", _excerpt(example.prompt))
    if example.text is not None:
        grid.add_row("text", _excerpt(example.text))
    elif example.target is not None and example.target.text:
        grid.add_row("target", _excerpt(example.target))
    if example.related is not None:
        where = place_text(example.related.file, example.related.line, example.related.row)
        grid.add_row("other", Text(where, style="cyan"))
        if example.related_text is not None and example.related_text.text:
            grid.add_row("", _excerpt(example.related_text))
    yield Padding(grid, (0, 0, 0, 2))


def _excerpt(excerpt: Excerpt) -> Text:
    """Two lines' worth of text with the span marked; line breaks are shown as signs."""
    low, high = excerpt.mark or (0, 0)
    start = max(0, low - 60)
    text = Text("…" if start or excerpt.cut_before else "")
    text.append(_flat(excerpt.text[start:low]))
    text.append(_flat(excerpt.text[low : min(high, low + 120)]), "bold white on red3")
    rest = excerpt.text[high : high + 100] if excerpt.mark else excerpt.text[:200]
    text.append(_flat(rest))
    if excerpt.cut_after or len(excerpt.text) > high + len(rest):
        text.append("…")
    return text


def _flat(text: str) -> str:
    return visible(text).replace("\n", "⏎").replace("\t", "⇥")


def _quarantine(report: Report) -> RenderableType:
    count = report.rows.quarantined
    lines = [
        Text.assemble(("✗ quarantine", "bold red"), f"  {count:,} record{'s' * (count != 1)} cannot be read")
    ]
    for item in report.quarantine[:8]:
        place = place_text(item.file, item.line, item.row)
        lines.append(
            Text.assemble(
                "    ",
                (place, "bold cyan"),
                f"  bytes {item.bytes[0]:,}–{item.bytes[1]:,}  ",
                (item.reason, "dim"),
            )
        )
    if count > 8:  # noqa: PLR2004 (lines that fit)
        lines.append(
            Text(
                "    by reason: "
                + "; ".join(f"{reason} {n:,}×" for reason, n in report.quarantine_reasons[:6])
            )
        )
    return Group(*lines)


def _data(report: Report) -> RenderableType:
    data = report.data
    head = Text.assemble(
        ("In the data  ", "bold"),
        f"≈ {data.supervised_tokens:,} supervised tokens, {data.prompt_tokens:,} prompt tokens",
    )
    grid = Table.grid(padding=(0, 3))
    charts = [_chart(chart) for chart in data.charts if chart.unit == "tokens" or len(chart.bins) > 1]
    for left in range(0, len(charts), 2):
        grid.add_row(*charts[left : left + 2])
    return Group(head, grid)


def _chart(chart: Distribution) -> RenderableType:
    """A few bars; a histogram is shortened to the bins that hold something."""
    bins = [item for item in chart.bins if item.count][:10]
    most = max((item.count for item in bins), default=1)
    table = Table.grid(padding=(0, 1))
    figures = (
        f" median {chart.median:,.0f}, 95 % ≤ {chart.p95:,.0f}, max {chart.maximum:,.0f}"
        if chart.p95 is not None and chart.median is not None and chart.maximum is not None
        else ""
    )
    for item in bins:
        table.add_row(*_bar(item, most))
    return Group(Text("\n" + chart.title, style="bold").append(figures, "not bold dim"), table)


def _bar(item: Bin, most: int) -> tuple[Text, Text, Text]:
    width = max(1, round(item.count / most * BAR)) if item.count else 0
    label = visible(item.label)
    return (
        Text(label[:24], justify="right", style="dim"),
        Text("━" * width, style="blue"),
        Text(f"{item.count:,}"),
    )


def _last(report: Report) -> RenderableType:
    lines = Text()
    if report.passed:
        lines.append(f"\n{len(report.passed)} checks found nothing: ", "dim").append(
            ", ".join(report.passed), "dim"
        )
    if report.skipped_files:
        names = ", ".join(f"{visible(name)} ({why})" for name, why in report.skipped_files[:6])
        lines.append(f"\n{len(report.skipped_files)} files were not read: {names}", "dim")
    if report.masked:
        lines.append("\nsecrets and personal data are masked (--show-pii shows them)", "dim")
    return lines
