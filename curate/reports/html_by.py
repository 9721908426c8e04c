"""The tables of where the faults come from: what the template needs of a breakdown, with the geometry of its intervals.

An interval is a line from bound to bound with a dot at the share, over an axis that all values of a column have in
common; the figures stand beside it, so that nothing depends on colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curate.reports.plain import bounds, others_name, unread_text, value_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import Breakdown, Group, Outlier, Rate

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where an axis may end."""


@dataclass(frozen=True)
class Interval:
    """A rate as a picture: places in per cent of the width, and the bounds in figures."""

    rate: Rate
    low: str
    share: str
    high: str
    bounds: str


@dataclass(frozen=True)
class Line:
    """One value: ``told`` is false where the rows have none, or where others are taken together."""

    name: str
    told: bool
    rows: int
    blocked: Interval
    flagged: Interval
    stands_out: tuple[Outlier, ...]


@dataclass(frozen=True)
class Origins:
    """The table of one field; ``ends`` are the ends of the two axes."""

    field: str
    values: int
    ends: tuple[float, float]
    lines: tuple[Line, ...]
    unread: str


def origins(breakdown: Breakdown) -> Origins:
    """The table of a breakdown."""
    groups = list(_groups(breakdown))
    ends = (
        _end(max(group.blocked.high for _, _, group in groups)),
        _end(max(group.flagged.high for _, _, group in groups)),
    )
    lines = tuple(_line(name, group, ends, told=told) for name, told, group in groups)
    return Origins(breakdown.field, breakdown.values, ends, lines, unread_text(breakdown))


def _groups(breakdown: Breakdown) -> Iterator[tuple[str, bool, Group]]:
    for group in breakdown.groups:
        yield value_name(group), group.value is not None, group
    if breakdown.others is not None:
        yield others_name(breakdown), False, breakdown.others


def _line(name: str, group: Group, ends: tuple[float, float], *, told: bool) -> Line:
    blocked, flagged = _interval(group.blocked, ends[0]), _interval(group.flagged, ends[1])
    return Line(name, told, group.rows, blocked, flagged, group.stands_out)


def _interval(rate: Rate, end: float) -> Interval:
    low, share, high = (f"{100 * place / end:.5g}%" for place in (rate.low, rate.share, rate.high))
    return Interval(rate, low, share, high, bounds(rate))


def _end(highest: float) -> float:
    """The first round number that no interval reaches beyond."""
    return next(step for step in STEPS if highest <= step)
