"""The report in a terminal: one screen by default, everything with ``full``.

Row text is put in as text, never as markup, and made harmless first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from curate.core.harm import WEIGHTS
from curate.formats.sources import told_skipped
from curate.reports.plain import (
    UNCHANGED,
    account_text,
    command_for_all,
    percent,
    place_text,
    plural,
    waiver_text,
)
from curate.reports.terminal_by import breakdown_table
from curate.reports.terminal_charts import charts
from curate.reports.terminal_examples import example
from curate.reports.terminal_fixes import fixes_table
from curate.text.visible import visible, visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from curate.core.report import InputFile, Problem, Report

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
MOST_FILES = 12
LONGEST_NAME = 44
FIRST = 3
"""Problems that are shown with an example unless everything is asked for."""

ROOMY = 100
"""Columns from which the grade of a problem has one of its own, and names of files have more room."""


def print_report(report: Report, console: Console, *, full: bool = False) -> None:
    """Verdict, account of the rows, problems worst first, quarantine, what is in the data.

    Args:
        report: the facts.
        console: where to print; without colours, spans are set between guillemets.
        full: every problem with all its examples, instead of the first few with one.
    """
    colourless = console.color_system is None
    for piece in _pieces(report, full=full, colourless=colourless, width=console.width):
        console.print(piece, soft_wrap=isinstance(piece, Text))


def _pieces(report: Report, *, full: bool, colourless: bool, width: int) -> Iterator[RenderableType]:
    yield _headline(report)
    yield _files(report.files, LONGEST_NAME if width >= ROOMY else LONGEST_NAME * 2 // 3)
    yield _account(report)
    if report.problems or report.rows.quarantined:
        yield _ranking(report, width)
    for breakdown in report.by:
        yield breakdown_table(breakdown, width)
    if report.fixes is not None:
        yield from fixes_table(report.fixes, full=full)
    for problem in report.problems if full else report.problems[:FIRST]:
        yield from _problem(problem, colourless=colourless, shown=len(problem.examples) if full else 1)
    if report.rows.quarantined:
        yield _quarantine(report, most=len(report.quarantine) if full else FIRST)
    if report.data.charts and full:
        yield charts(report.data, width)
    command = command_for_all(report)
    if command:
        yield Text("\nTo set aside all that blocks at once:")
        yield Text("    → " + visible(command), style="green")
    yield _last(report, full=full)


def _headline(report: Report) -> Text:
    style = {"fit": "bold white on dark_green", "nothing": "bold white on dark_orange3"}
    line = Text(f" {report.verdict.headline} ", style=style.get(report.verdict.status, "bold white on red3"))
    if report.verdict.status == "nothing":
        line.append(f"  {'; '.join(report.verdict.reasons)}", "default on default")
    return line.append("\n", "default on default")


def _files(files: tuple[InputFile, ...], longest: int) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("file", "container", "rows", "unreadable", "layouts"):
        right = name in ("rows", "unreadable")
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "layouts")
    for file in files[:MOST_FILES]:
        container = file.container + (f".{file.compression}" if file.compression else "")
        encoding = "" if file.encoding in ("", "utf-8") else f", {file.encoding}"
        layouts = [f"{name} {count:,}" for name, count in file.layouts.items()]
        counts = (f"{file.rows:,}", f"{file.quarantined:,}")
        table.add_row(_name(file.name, longest), container + encoding, *counts, ", ".join(layouts))
    more = len(files) - MOST_FILES
    rest = [Text(f"and {plural(more, 'more file')}", style="dim")] if more > 0 else []
    return Group(table, *rest, *_notes(files[:MOST_FILES]))


def _notes(files: tuple[InputFile, ...]) -> Iterator[RenderableType]:
    """A line for each note, with the file's name where there are several."""
    for file in files:
        name = f"{_name(file.name)}: " if len(files) > 1 else ""
        for note in file.notes:
            yield Padding(Text(f"{name}{visible_name(note)}", style="dim"), (0, 0, 0, 2))


def _name(name: str, longest: int = LONGEST_NAME) -> Text:
    """A long name without its beginning: its end tells files apart."""
    shown = visible_name(name)
    return Text(shown if len(shown) <= longest else "…" + shown[-longest + 1 :])


def _account(report: Report) -> Text:
    text = Text("\n")
    text.append(f"{report.rows.in_:,}", "bold")
    text.append(account_text(report).removeprefix(f"{report.rows.in_:,}"))
    text.append(f" · {UNCHANGED}", "dim")
    size = sum(file.size for file in report.files)
    if size:
        names = ("row_bytes", "quarantined_bytes", "separator_bytes")
        inside, unread, between = (sum(getattr(file, name) for file in report.files) for name in names)
        text.append(
            f"\n{size:,} bytes = {inside:,} in rows + {unread:,} quarantined + {between:,} between rows",
            "dim",
        )
    return text


def _ranking(report: Report, width: int) -> RenderableType:
    """All problems on a line each, worst first."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "problem", "rows", "share", "allowed", "harm", "grade")[: 7 if width >= ROOMY else 6]:
        table.add_column(name, justify="left" if name in ("", "problem", "grade") else "right", no_wrap=True)
    if report.rows.quarantined:
        share = report.rows.quarantined / max(report.rows.in_, 1)
        mark = Text("✗ blocks", STYLES["error"]) if report.quarantine_blocks else Text("  allowed", "dim")
        table.add_row(
            mark, "quarantine", f"{report.rows.quarantined:,}", f"{share:.2%}", report.quarantine_budget, ""
        )
    for problem in report.problems:
        cells = (
            f"{problem.rows:,}" if problem.about == "row" else problem.counted,
            percent(problem.share),
            problem.budget or "any",
            percent(problem.harm.score) if problem.about == "row" else "",
            Text(problem.harm.grade, style="dim"),
        )
        table.add_row(_mark(problem), problem.check, *cells[: len(table.columns) - 2])
    weights = ", ".join(f"{grade} {weight:g}" for grade, weight in WEIGHTS.items())
    note = f"harm: share of supervised tokens × weight ({weights})"
    return Group(Text(), table, Text(note, style="dim"))


def _mark(problem: Problem) -> Text:
    if problem.blocks:
        return Text("✗ blocks", STYLES["error"])
    if problem.severity == "error":
        return Text("  allowed", "dim")
    return Text(f"! {problem.severity}", STYLES[problem.severity])


def _problem(problem: Problem, *, colourless: bool, shown: int) -> Iterator[RenderableType]:
    head = Text("\n")
    head.append_text(_mark(problem)).append(f" {problem.check}", "bold").append(f"  {problem.title}")
    yield head
    yield Padding(Group(*_details(problem)), (0, 0, 0, 4))
    for item in problem.examples[:shown]:
        yield Padding(Group(*example(item, colourless=colourless)), (0, 0, 0, 4))
    yield Text("    → " + visible(problem.command or problem.mend), style="green")


def _details(problem: Problem) -> Iterator[RenderableType]:
    count = problem.counted
    if problem.about == "row":
        tokens = plural(problem.harm.tokens, "supervised token")
        count += f" with {tokens} · {problem.harm.grade}: {problem.harm.why}"
    found = ", ".join(f"{visible_name(name)} {count:,}×" for name, count in problem.top)
    rest = problem.findings - sum(count for _, count in problem.top)
    more = f" and {rest:,} others" if found and rest > 0 else ""
    yield Text(count + (f" · found: {found}{more}" if found else ""), style="dim")
    yield Text(problem.why, style="italic")


def _quarantine(report: Report, *, most: int) -> RenderableType:
    count = report.rows.quarantined
    sign = ("✗ blocks ", STYLES["error"]) if report.quarantine_blocks else ("  allowed ", "dim")
    head = Text.assemble("\n", sign, ("quarantine", "bold"), f"  {plural(count, 'record')} cannot be read")
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(style="bold cyan", overflow="fold")
    shown.add_column(style="dim", overflow="fold")
    for item in report.quarantine[:most]:
        shown.add_row(place_text(item.file, item.line, item.row), Text(item.reason))
    counts = Table.grid(padding=(0, 1, 0, 0))
    counts.add_column(style="dim", justify="right", no_wrap=True)
    counts.add_column(style="dim", overflow="fold")
    for reason, number in report.quarantine_reasons[: 2 * FIRST] if count > most else ():
        counts.add_row(f"{number:,}×", Text(reason))
    return Group(head, *(Padding(grid, (0, 0, 0, 4)) for grid in (shown, counts) if grid.row_count))


def _last(report: Report, *, full: bool) -> RenderableType:
    lines = [Text()]
    data = report.data
    if data.supervised_tokens or data.prompt_tokens:
        tokens = f"≈ {data.supervised_tokens:,} supervised tokens and {data.prompt_tokens:,} prompt tokens"
        lines.append(Text(tokens, style="dim"))
    if report.skipped_files:
        lines.append(Text(visible_name(told_skipped(report.skipped_files)), style="dim"))
    if report.passed:
        lines.append(Text(f"{plural(len(report.passed), 'check')} found nothing", style="dim"))
    lines += [Text(waiver_text(waiver), style="yellow") for waiver in report.waivers]
    lines += [Text(f"not judged: {note}", style="yellow") for note in report.not_judged]
    if report.not_searched:
        lines.append(Text(_unsearched(report.not_searched, full=full), style="dim"))
    if report.masked:
        lines.append(Text("secrets and personal data are masked (--show-pii shows them)", style="dim"))
    if not full and (len(report.problems) > FIRST or report.data.charts):
        lines.append(Text("every problem, more examples and what is in the data: --full, or --html FILE"))
    lines.append(Text(report.verdict.headline, style="bold"))
    return Group(*lines)


def _unsearched(kinds: tuple[str, ...], *, full: bool) -> str:
    """One line: what no check looks for, so that silence about it is not taken for its absence."""
    told = kinds if full else kinds[:FIRST]
    more = f" and {len(kinds) - len(told)} other kinds (--full)" if len(kinds) > len(told) else ""
    return f"not searched for: {', '.join(told)}{more}"
