"""What rows are, how diverse they are and how they have moved, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from curate.core.coverage_report import CoverageReport, Drift, Earlier, Facet, Number, Sample

MOST, BAR, LABEL = 12, 18, 34
BESIDE = 130
"""Columns from which two facets stand beside each other."""

ROOMY = 110
"""Columns from which it is told what moves a number beside diversity."""

MOST_PAIRS, MOST_SHIFTS, MOST_DRIFTS = 10, 4, 12
CAUSES = 1
"""New rows that are shown of a value that has grown."""


def facets(told: Sequence[Facet], width: int) -> Iterator[RenderableType]:
    """Each facet as bars."""
    beside = 2 if width >= BESIDE else 1
    grid = Table.grid(padding=(0, 4))
    shown = [_facet(facet) for facet in told]
    for left in range(0, len(shown), beside):
        grid.add_row(*shown[left : left + beside])
    if shown:
        yield grid


def _facet(facet: Facet) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(max_width=LABEL, no_wrap=True)
    most = max((value.rows for value in facet.values), default=1)
    shown = facet.values if facet.is_ordered else facet.values[:MOST]
    for value in shown:
        bar = "━" * max(1, round(value.rows / most * BAR))
        table.add_row(
            Text(visible_name(value.name), style="dim"),
            Text(bar, style="blue"),
            Text(f"{value.rows:,}", justify="right"),
            Text(f"{value.share:.1%}", "dim", justify="right"),
        )
    head = Text(f"\n{visible_name(facet.name)}", "bold")
    head.append(f"  {visible_name(facet.title)}", "not bold dim")
    rest = [f"{facet.distinct - len(shown):,} more values"] if facet.distinct > len(shown) else []
    rest += [f"{facet.without:,} rows without"] if facet.without else []
    rest += ["a row may have several"] if facet.is_multiple else []
    return Group(head, table, *([Text("; ".join(rest), "dim")] if rest else []))


def said(report: CoverageReport) -> Iterator[RenderableType]:
    """Verbs and objects, openings, lengths."""
    if report.verbs:
        pairs = report.verbs[:MOST_PAIRS]
        told = (f"{pair.verb} {pair.object}".strip() + f" {pair.rows:,}" for pair in pairs)
        yield _titled("Most asked for", visible_name(", ".join(told)))
    opened = report.openings
    if opened is not None:
        share = sum(rows for _, rows in opened.top) / max(opened.rows, 1)
        told_top = f"; the {len(opened.top)} most frequent begin {share:.1%} of rows" if opened.top else ""
        yield _titled(
            "Openings", f"{opened.distinct:,} in {opened.rows:,} rows, Gini {opened.gini:.2f}{told_top}"
        )
    for one in report.lengths:
        over = f", {one.over:,} rows over {one.budget:,}" if one.budget is not None else ""
        told_length = f"median {one.median:,}, 95 % ≤ {one.p95:,}, longest {one.longest:,}{over}"
        yield _titled(f"Tokens of a {one.of}", told_length)


def _titled(title: str, what: str) -> Text:
    text = Text(f"\n{title}  ", "bold")
    return text.append(what, "not bold")


def numbers(told: Sequence[Number], width: int) -> Iterator[RenderableType]:
    """Measures of diversity with their intervals; what else moves them where there is room."""
    if not told:
        return
    roomy = width >= ROOMY
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("diversity", overflow="fold")
    for name in ("value", "95 % interval"):
        table.add_column(name, justify="right", no_wrap=True)
    if roomy:
        table.add_column("moved by", style="dim", overflow="fold")
    for one in told:
        moved = [", ".join(one.sensitive_to)] if roomy else []
        drawn = f"{_figure(one.low)} – {_figure(one.high)}" if one.is_drawn else "no draw"
        table.add_row(one.name, _figure(one.value), drawn, *moved)
    sizes = sorted({(one.n, one.of) for one in told if one.is_drawn})
    taken = ", ".join(f"{n:,} of {of:,} rows" for n, of in sizes)
    of_draws = f"intervals: draws of {taken}; " if taken else ""
    yield Group(Text(), table, Text(f"{of_draws}each number: docs/reference/diversity.md", "dim"))


def _figure(number: float) -> str:
    return f"{number:,.1f}" if abs(number) >= 100 else f"{number:.3f}"  # noqa: PLR2004 (digits that matter)


def drift(
    earlier: Earlier, samples: Callable[[Sequence[Sample]], Iterable[RenderableType]]
) -> Iterator[RenderableType]:
    """How far each facet has moved, and by which rows."""
    files = ", ".join(map(visible_name, earlier.files))
    yield Text(f"\nAgainst {earlier.rows:,} rows of {files}: {earlier.same:,} rows stand there, too", "bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("facet", no_wrap=True)
    for name in ("PSI", "by chance", "JS distance"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("rule of thumb", no_wrap=True)
    for one in earlier.drift[:MOST_DRIFTS]:
        style = {"moved far": "bold red", "shifted": "yellow"}.get(one.reading, "")
        figures = (f"{one.psi:.3f}", f"≤ {one.chance:.3f}", f"{one.distance:.3f}")
        table.add_row(visible_name(one.facet), *figures, Text(one.reading, style))
    yield table
    yield Text("PSI: below 0.1 stable, from 0.25 on moved far; a rule of thumb, not a test", "dim")
    for one in earlier.drift[:MOST_DRIFTS]:
        if one.reading in ("shifted", "moved far"):
            yield from _shifts(one, samples)


def _shifts(
    one: Drift, samples: Callable[[Sequence[Sample]], Iterable[RenderableType]]
) -> Iterator[RenderableType]:
    yield Text(f"\n{visible_name(one.facet)}", "bold")
    for shift in one.shifts[:MOST_SHIFTS]:
        arrow = "↑" if shift.now > shift.before else "↓"
        figures = f"{shift.before:.1%} → {shift.now:.1%} ({shift.rows_before:,} → {shift.rows_now:,} rows)"
        yield Text(f"  {arrow} {visible_name(shift.value)}  {figures}")
        yield from samples(shift.examples[:CAUSES])
