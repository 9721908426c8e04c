"""Geometry of the coverage page's other pictures: heat maps, intervals, lengths, the Lorenz curve, drift.

Horizontal places are percentages of a picture's width and vertical ones are pixels, as in
:mod:`curate.reports.html_charts`. Nothing is told by colour alone: figures stand in the cells, what is empty is
hatched, what is over a bound has a sign and a word, and before and now differ by fill.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from curate.core.report import Bin, Distribution
from curate.reports.html_charts import LINE, MOST_TICKS, PLOT, THIN, Chart, Figure, Rect, Tick, compact, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.coverage_report import (
        Cell,
        CrossTable,
        Drift,
        Facet,
        Lengths,
        Number,
        Openings,
    )

SHADES = 6
"""Steps of a heat map's shade; the first holds a single row, the last as many as the fullest cell."""

STABLE, FAR = 0.1, 0.25
"""Rules of thumb of the population stability index: below the first little has moved, from the second on much."""

LORENZ = 320
"""Sides of the Lorenz curve's square."""


class Heat(NamedTuple):
    """A cell of a heat map.

    Attributes:
        rows: how many.
        shade: 0 for none, up to ``SHADES``.
        state: empty, short, over, kept, or free where no cell of the contract asks for anything.
        said: what the state means, in words.
        short: the same in few characters.
    """

    rows: int
    shade: int
    state: str
    said: str
    short: str


@dataclass(frozen=True)
class HeatMap:
    """A cross table with shades."""

    table: CrossTable
    lines: tuple[tuple[str, tuple[Heat, ...]], ...]


def heat_map(table: CrossTable, cells: Sequence[Cell]) -> HeatMap:
    """A cross table with the state of each of its cells."""
    most = max((count for line in table.counts for count in line), default=0)
    asked = table.cells or tuple((None,) * len(table.columns) for _ in table.lines)
    lines = tuple(
        (
            name,
            tuple(
                _heat(rows, most, cells[at] if at is not None else None)
                for rows, at in zip(counts, places, strict=True)
            ),
        )
        for name, counts, places in zip(table.lines, table.counts, asked, strict=True)
    )
    return HeatMap(table, lines)


def _heat(rows: int, most: int, cell: Cell | None) -> Heat:
    shade = shade_of(rows, most)
    if cell is not None and cell.deficit:
        return Heat(
            rows, shade, "short", f"{cell.deficit:,} short of {cell.minimum or 0:,}", f"−{cell.deficit:,}"
        )
    if cell is not None and cell.surplus:
        return Heat(rows, shade, "over", f"{cell.surplus:,} over {cell.maximum or 0:,}", f"+{cell.surplus:,}")
    if not rows:
        return Heat(rows, shade, "empty", "no row", "")
    kept = cell is not None and (cell.minimum is not None or cell.maximum is not None)
    return Heat(rows, shade, "kept" if kept else "free", "within bounds" if kept else "", "✓" if kept else "")


def shade_of(rows: int, most: int) -> int:
    """A step on a logarithmic scale, so that a rare cell can be told from an empty one."""
    if rows <= 0:
        return 0
    return 1 + round((SHADES - 1) * math.log(rows) / math.log(most)) if most > 1 else SHADES


class Whisker(NamedTuple):
    """A number with its interval, on an axis of its own from 0 to ``end``; places in per cent of the width."""

    number: Number
    low: str
    value: str
    high: str
    end: str
    said: str
    bounds: str


def whisker(number: Number) -> Whisker:
    """A number of diversity as dot and whisker."""
    end = _end(max(number.high, number.value))
    low, value, high = (
        f"{100 * max(one, 0.0) / end:.5g}%" for one in (number.low, number.value, number.high)
    )
    bounds = f"{figure(number.low)} to {figure(number.high)}" if number.is_drawn else "no draw"
    return Whisker(number, low, value, high, f"{end:g}", figure(number.value), bounds)


def figure(value: float) -> str:
    """Three significant digits; whole numbers from a thousand on."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"  # noqa: PLR2004 (four digits are whole numbers)


def _end(value: float) -> float:
    """The least of 1, 2, 2.5, 5 and 10 times a power of ten that is not below the value; 1 for shares from a tenth."""
    if value <= 0 or 0.1 <= value <= 1:  # noqa: PLR2004 (a share)
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * (1 + 1e-9))


def lengths_chart(lengths: Lengths) -> Chart:
    """A histogram of lengths, with the median, the 95th percentile, the longest and the budget of the context."""
    bins = _bins(lengths)
    edges = lengths.edges[len(lengths.edges) - len(bins) - 1 :]
    most = max((one.count for one in bins), default=0) or 1
    wanted = _figures(lengths)
    top = LINE * len(wanted) + 8
    said = ", ".join(f"{name} {value:,}" for name, value, _ in wanted)
    return Chart(
        kind="histogram",
        title=f"{lengths.of.capitalize()} length",
        unit="estimated tokens",
        description=f"{len(bins)} bars of rows by length. {said.capitalize()}.",
        height=top + PLOT + 22,
        base=top + PLOT,
        rects=tuple(_column(one, at, len(bins), most, top + PLOT) for at, one in enumerate(bins)),
        table=tuple((one.label, one.count, one.count / (sum(lengths.counts) or 1)) for one in bins),
        ticks=_ticks(edges),
        grid=tuple(
            Tick(f"{top + PLOT - PLOT * share:.4g}", compact(round(most * share))) for share in (0, 0.5, 1)
        ),
        figures=tuple(
            _line(f"{name} {value:,}" + " →" * (value > edges[-1]), _place(edges, value), at, style)
            for at, (name, value, style) in enumerate(wanted)
        ),
        note=f"{lengths.over:,} rows are longer than {lengths.budget:,} tokens" if lengths.budget else "",
    )


def _figures(lengths: Lengths) -> list[tuple[str, int, str]]:
    """The vertical lines, the greatest first: no line then crosses the label of another one."""
    named = [
        ("median", lengths.median, "solid"),
        ("95% up to", lengths.p95, "dashed"),
        ("longest", lengths.longest, "dotted"),
    ]
    if lengths.budget is not None:
        named.append(("budget", lengths.budget, "budget"))
    return sorted(named, key=lambda one: -one[1])


def _bins(lengths: Lengths) -> list[Bin]:
    """The bars, from the first that is not empty."""
    edges = lengths.edges
    last = len(lengths.counts) - 1
    first = next((at for at, count in enumerate(lengths.counts) if count), 0)
    return [
        Bin(_span(edges[at], edges[at + 1] - (at < last)), lengths.counts[at], edges[at], edges[at + 1])
        for at in range(first, last + 1)
    ]


def _span(low: int, high: int) -> str:
    return f"{low:,}–{high:,}" if high > low else f"{low:,}"


def _column(one: Bin, at: int, bins: int, most: int, base: int) -> Rect:
    height = max(PLOT * one.count / most, THIN) if one.count else 0.0
    x, width = f"{100 * (at + 0.05) / bins:.5g}%", f"{90 / bins:.5g}%"
    return Rect(x, f"{base - height:.4g}", width, f"{height:.4g}", one.label, one.count)


def _ticks(edges: Sequence[int]) -> tuple[Tick, ...]:
    stride = math.ceil(len(edges) / MOST_TICKS)
    return tuple(
        Tick(f"{100 * at / (len(edges) - 1):.5g}%", compact(edge))
        for at, edge in enumerate(edges)
        if at % stride == 0
    )


def _place(edges: Sequence[int], value: float) -> float:
    """Where a value lies between the edges, as a share of the width; in proportion within its bar."""
    for at, (low, high) in enumerate(pairwise(edges)):
        if value < high:
            return (at + max(value - low, 0) / (high - low)) / (len(edges) - 1)
    return 1.0


def _line(label: str, place: float, at: int, style: str) -> Figure:
    """A vertical line; its label lies on the side that has more room."""
    left = place > 0.45  # noqa: PLR2004 (the longest label fits on the other side of a narrow plot)
    x = f"{100 * min(max(place, 0.002), 0.998):.5g}%"
    return Figure(x, x, "-5" if left else "5", LINE * at + 13, label, "end" if left else "start", style)


class Lorenz(NamedTuple):
    """The Lorenz curve of openings, in a square of ``LORENZ`` pixels: a path, and what it says in words."""

    path: str
    area: str
    said: str
    table: tuple[tuple[str, float], ...]


def lorenz(openings: Openings) -> Lorenz:
    """The share of rows that the rarest openings have (Lorenz 1905), against the diagonal of full evenness."""
    counts = openings.counts
    total = sum(counts) or 1
    shares = [0.0, *(value / total for value in accumulate(counts))]
    points = [(LORENZ * at / max(len(counts), 1), LORENZ * (1 - share)) for at, share in enumerate(shares)]
    line = "L".join(f"{x:.5g} {y:.5g}" for x, y in points)
    table = tuple(
        (f"{tenth * 10}%", _share_at(shares, tenth / 10)) for tenth in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    )
    top = 1 - _share_at(shares, 0.9)
    said = f"The most frequent tenth of {openings.distinct:,} openings begins {top:.0%} of {openings.rows:,} rows."
    return Lorenz(f"M{line}", f"M{line}L0 {LORENZ}Z", said, table)


def _share_at(shares: Sequence[float], place: float) -> float:
    at = place * (len(shares) - 1)
    low = int(at)
    high = min(low + 1, len(shares) - 1)
    return shares[low] + (at - low) * (shares[high] - shares[low])


class Moved(NamedTuple):
    """How far a facet has moved: its bar, from 0 to ``DRIFT_END``."""

    drift: Drift
    width: str
    is_cut: bool


DRIFT_END = 0.5
"""Where the axis of stability indexes ends; the figure stands beside a bar that goes on."""


def moved(drift: Drift) -> Moved:
    """The bar of a facet's drift."""
    share = min(max(drift.psi, 0.0) / DRIFT_END, 1.0)
    return Moved(drift, f"{100 * share:.5g}%", drift.psi > DRIFT_END)


class Pair(NamedTuple):
    """A value's share before and now, as two bars on an axis that a facet's values have in common."""

    value: str
    before: float
    now: float
    before_width: str
    now_width: str


def pairs(drift: Drift, most: int) -> tuple[Pair, ...]:
    """The values that moved most."""
    shown = drift.shifts[:most]
    end = max((max(one.before, one.now) for one in shown), default=0.0) or 1.0
    return tuple(
        Pair(one.value, one.before, one.now, f"{100 * one.before / end:.5g}%", f"{100 * one.now / end:.5g}%")
        for one in shown
    )


def facet_chart(facet: Facet) -> Chart:
    """The values of a facet as bars."""
    bins = tuple(Bin(value.name, value.rows) for value in facet.values)
    left = facet.distinct - len(facet.values)
    notes = [
        facet.title,
        f"{facet.others:,} rows have one of {left:,} further values" if facet.others else "",
        f"{facet.without:,} rows have none" if facet.without else "",
        "a row may have several" if facet.is_multiple else "",
    ]
    return draw(Distribution(facet.name, "rows", bins, note="; ".join(note for note in notes if note)))
