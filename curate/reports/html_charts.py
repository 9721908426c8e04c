"""Geometry of the report's pictures; the template draws it as inline SVG.

Horizontal places are percentages of the picture's width and vertical ones are pixels, so a picture fills any
screen while its letters keep their size. Labels cannot collide: those of a histogram's figures each have a line
of their own, ticks are thinned, and a bar's label stands above the bar.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.report import Bin, Distribution, Harm, RowAccount

PLOT = 132
"""Height of a histogram's bars."""

LINE = 17
"""Height of a line of labels."""

MOST_TICKS = 7
BAR_STEP = 34
FRAME = 120
"""Height of a picture's title, notes and edges."""

MOST_LABEL = 34
MOST_BARS = 24
WIDE = "WF"
THIN = 1.5
"""The least height and width of what is not zero: it must be seen."""


@dataclass(frozen=True)
class Rect:
    """A bar: place, size, and what it says."""

    x: str
    y: str
    width: str
    height: str
    label: str
    count: int


@dataclass(frozen=True)
class Tick:
    """A label on an axis."""

    place: str
    label: str


@dataclass(frozen=True)
class Figure:
    """A vertical line through a histogram with its label beside it."""

    x: str
    label_x: str
    dx: str
    y: int
    label: str
    anchor: str
    style: str


@dataclass(frozen=True)
class Chart:
    """What the template needs of one distribution.

    Attributes:
        kind: histogram (ordered numeric bins, vertical) or bars (named bins, horizontal).
        title: of the picture.
        unit: of the values.
        description: the picture in words.
        height: in pixels.
        base: y of the axis.
        rects: the bars.
        ticks: labels of the horizontal axis.
        grid: labels of the vertical axis, with their y.
        figures: median, 95th percentile and maximum.
        table: label, count and share of all counts.
        note: what the picture leaves out.
    """

    kind: str
    title: str
    unit: str
    description: str
    height: int
    base: int
    rects: tuple[Rect, ...]
    table: tuple[tuple[str, int, float], ...]
    ticks: tuple[Tick, ...] = ()
    grid: tuple[Tick, ...] = ()
    figures: tuple[Figure, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Lane:
    """One of the ways that rows take: a ribbon, or a dashed line where no row goes."""

    name: str
    count: int
    path: str
    empty: bool


def draw(chart: Distribution) -> Chart:
    """The picture of a distribution: a histogram if every bin has a lower edge, otherwise bars."""
    if chart.bins and all(one.low is not None for one in chart.bins):
        return _histogram(chart)
    return _bars(chart)


def columns(charts: list[Chart]) -> tuple[list[tuple[int, Chart]], list[tuple[int, Chart]]]:
    """The pictures, numbered, in two columns of about the same height.

    Histograms come first in their order, then bars, the tallest first. The columns are filled here and not
    by the browser, so that unfolding a table moves nothing sideways.
    """
    left: list[tuple[int, Chart]] = []
    right: list[tuple[int, Chart]] = []
    ordered = sorted(
        charts, key=lambda one: (one.kind != "histogram", -one.height if one.kind == "bars" else 0)
    )
    for at, chart in enumerate(ordered, 1):
        shorter = right if _filled(right) < _filled(left) else left
        shorter.append((at, chart))
    return left, right


def _filled(column: list[tuple[int, Chart]]) -> int:
    return sum(chart.height + FRAME for _, chart in column)


def flow(rows: RowAccount) -> tuple[Lane, ...]:
    """The ribbons from all rows to the kept, dropped and quarantined, in a box of 100 by 84."""
    step, thick = 28.0, 22.0
    total = max(rows.in_, 1)
    left = step * 1.5 - thick / 2
    lanes = []
    for at, (name, count) in enumerate(
        (("kept", rows.kept), ("dropped", rows.dropped), ("quarantined", rows.quarantined))
    ):
        height = max(thick * min(count / total, 1.0), THIN) if count else 0.0
        right = step * (at + 0.5) - height / 2
        lanes.append(
            Lane(name, count, _ribbon(min(left, step * 1.5 + thick / 2 - height), right, height), count == 0)
        )
        left += height
    return tuple(lanes)


def _ribbon(left: float, right: float, height: float) -> str:
    """A path from x = 0 to x = 100 that keeps its thickness; only its middle line if it has none."""
    if not height:
        return f"M0 42C50 42 50 {right:.4g} 100 {right:.4g}"
    back = f"L100 {right + height:.4g}C50 {right + height:.4g} 50 {left + height:.4g} 0 {left + height:.4g}Z"
    return f"M0 {left:.4g}C50 {left:.4g} 50 {right:.4g} 100 {right:.4g}{back}"


def harm_width(harm: Harm, most: float) -> str:
    """The length of a harm bar, against the worst problem's."""
    share = harm.score / most if most else 0.0
    return _percent(max(share, 0.004 if share else 0.0))


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.5g}%"


def _histogram(chart: Distribution) -> Chart:
    bins = chart.bins
    most = max(one.count for one in bins)
    wanted = [
        ("max", chart.maximum, "dotted"),
        ("95% up to", chart.p95, "dashed"),
        ("median", chart.median, "solid"),
    ]
    figures = [(name, value, style) for name, value, style in wanted if value is not None]
    top = LINE * len(figures) + 8
    return Chart(
        kind="histogram",
        title=chart.title,
        unit=chart.unit,
        description=_describe(chart),
        height=top + PLOT + 22,
        base=top + PLOT,
        rects=tuple(_column(bins, at, most, top + PLOT) for at in range(len(bins))),
        table=_table(bins),
        ticks=_ticks(bins),
        grid=tuple(Tick(f"{top + PLOT - PLOT * value / most:.4g}", compact(value)) for value in _steps(most)),
        figures=tuple(
            _figure(f"{name} {value:,.6g}", _position(bins, value), at, style)
            for at, (name, value, style) in enumerate(figures)
        ),
        note=chart.note,
    )


def _column(bins: tuple[Bin, ...], at: int, most: int, base: int) -> Rect:
    one, wide = bins[at], 1 / len(bins)
    height = max(PLOT * one.count / most, THIN) if one.count else 0.0
    return Rect(
        _percent((at + 0.05) * wide),
        f"{base - height:.4g}",
        _percent(0.9 * wide),
        f"{height:.4g}",
        one.label,
        one.count,
    )


def _ticks(bins: tuple[Bin, ...]) -> tuple[Tick, ...]:
    """Labels at the lower edges of the bins and the upper edge of the last; only every nth, at most ``MOST_TICKS``."""
    edges = [one.low for one in bins] + [bins[-1].high]
    stride = math.ceil(len(edges) / MOST_TICKS)
    ticks = []
    for at, edge in enumerate(edges):
        if at % stride or edge is None:
            continue
        ticks.append(Tick(_percent(at / len(bins)), f"{edge:,.6g}"))
    return tuple(ticks)


def _position(bins: tuple[Bin, ...], value: float) -> float:
    """Where a value lies, as a share of the width; within its bin it is placed in proportion."""
    for at, one in enumerate(bins):
        if one.high is None or value < one.high:
            wide = (one.high - (one.low or 0)) if one.high is not None else 0
            inside = (value - (one.low or 0) + 0.5) / wide if wide >= 1 else 0.5
            return (at + min(max(inside, 0.0), 1.0)) / len(bins)
    return 1.0


def _figure(label: str, place: float, at: int, style: str) -> Figure:
    """A figure's line; its label lies to the left unless there is no room, so that no longer line crosses it."""
    left = place > 0.4  # noqa: PLR2004 (40 % of the narrowest plot holds the longest label)
    x = _percent(min(max(place, 0.002), 0.998))
    return Figure(x, x, "-5" if left else "5", LINE * at + 13, label, "end" if left else "start", style)


def _bars(chart: Distribution) -> Chart:
    bins = chart.bins[:MOST_BARS]
    most = max((one.count for one in bins), default=0) or 1
    left_out = len(chart.bins) - len(bins)
    notes = [chart.note, f"the picture shows the first {MOST_BARS}" if left_out else ""]
    return Chart(
        kind="bars",
        title=chart.title,
        unit=chart.unit,
        description=_describe(chart),
        height=BAR_STEP * len(bins),
        base=0,
        rects=tuple(_bar(one, at, most) for at, one in enumerate(bins)),
        table=_table(chart.bins),
        note="; ".join(note for note in notes if note),
    )


def _bar(one: Bin, at: int, most: int) -> Rect:
    share = max(one.count / most, 0.004) if one.count else 0.0
    return Rect("0", str(BAR_STEP * at + 20), _percent(share), "7", fitted(one.label, MOST_LABEL), one.count)


def fitted(label: str, most: int) -> str:
    """A label cut to ``most`` columns; Chinese, Japanese and Korean characters take two (UAX #11)."""
    width = 0
    for at, char in enumerate(label):
        width += 2 if unicodedata.east_asian_width(char) in WIDE else 1
        if width > most:
            return label[:at] + "…"
    return label


def _table(bins: tuple[Bin, ...]) -> tuple[tuple[str, int, float], ...]:
    total = sum(one.count for one in bins) or 1
    return tuple((one.label, one.count, one.count / total) for one in bins)


def _describe(chart: Distribution) -> str:
    if not chart.bins:
        return "No values."
    top = max(chart.bins, key=lambda one: one.count)
    words = [f"{len(chart.bins)} bars. The longest is {top.label} with {top.count:,}."]
    named = (("Median", chart.median), ("95th percentile", chart.p95), ("maximum", chart.maximum))
    figures = [f"{name} {value:,.6g}" for name, value in named if value is not None]
    if figures:
        words.append(", ".join(figures) + ".")
    return " ".join(words)


def _steps(most: int) -> list[int]:
    """Two to four round values up to ``most`` (1, 2 or 5 times a power of ten apart), with zero."""
    if most <= 0:
        return [0]
    rough = max(most / 3, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return list(range(0, most + 1, int(step)))


def compact(value: float) -> str:
    """A round count in few characters: 5k, 20M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:g}"
