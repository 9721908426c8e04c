"""Geometry of the map of topics: a bubble each, its area proportional to its rows, its number in it or beside it.

Near topics lie near each other as far as two dimensions can show it; bubbles that would lie over each other are moved
apart. Labels are put beside the bubbles, largest topic first, where they cross nothing; a topic without a label is
found by its number in the table below the map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from curate.reports.html_charts import fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.core.coverage_report import Topic

INK = 0.16
"""Share of the picture that bubbles cover together."""

LEAST = 9.0
"""Radius of the smallest bubble: its number fits."""

ROUNDS = 200
AIR = 2.0
CHARACTER = 6.9
LINE = 15
MOST_LABEL = 26


class Extent(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Extent) -> bool:
        """Whether two rectangles share a point."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Bubble:
    """A topic on the map; ``label`` is empty where there is no room for it."""

    number: int
    x: float
    y: float
    radius: float
    title: str
    label: str
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class TopicMap:
    """The picture at one width."""

    width: int
    height: int
    bubbles: tuple[Bubble, ...]


def topic_map(topics: Sequence[Topic], width: int, height: int) -> TopicMap:
    """The picture of some topics, largest first, ``width`` by ``height`` pixels."""
    radii = _radii([topic.rows for topic in topics], width * height * INK)
    places = _apart(_scaled(topics, radii, width, height), radii, width, height)
    circles = [Extent(x - r, y - r, x + r, y + r) for (x, y), r in zip(places, radii, strict=True)]
    taken = list(circles)
    bubbles = []
    for at, topic in enumerate(topics):
        label, x, y, anchor = _labelled(topic.label, circles[at], taken, width, height)
        title = f"{topic.label}: {topic.rows:,} rows"
        bubbles.append(Bubble(at + 1, *places[at], radii[at], title, label, x, y, anchor))
    return TopicMap(width, height, tuple(bubbles))


def _radii(rows: Sequence[int], area: float) -> list[float]:
    total = sum(rows) or 1
    return [max(math.sqrt(area * count / total / math.pi), LEAST) for count in rows]


def _scaled(
    topics: Sequence[Topic], radii: Sequence[float], width: int, height: int
) -> list[tuple[float, float]]:
    """Coordinates in pixels, so that the outermost bubbles stay inside."""
    edge = max(radii, default=0.0) + AIR
    xs, ys = [topic.x for topic in topics], [topic.y for topic in topics]

    def place(value: float, values: Sequence[float], size: int) -> float:
        low, high = min(values), max(values)
        share = (value - low) / (high - low) if high > low else 0.5
        return edge + share * (size - 2 * edge)

    return [(place(x, xs, width), place(y, ys, height)) for x, y in zip(xs, ys, strict=True)]


def _apart(
    places: list[tuple[float, float]], radii: Sequence[float], width: int, height: int
) -> list[tuple[float, float]]:
    """Bubbles moved apart, both by half of what they overlap, and kept inside."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    for _ in range(ROUNDS):
        moved = False
        for i in range(len(places)):
            for j in range(i):
                moved |= _push(xs, ys, (i, j), radii[i] + radii[j] + AIR)
        for i, radius in enumerate(radii):
            xs[i] = min(max(xs[i], radius + AIR), width - radius - AIR)
            ys[i] = min(max(ys[i], radius + AIR), height - radius - AIR)
        if not moved:
            break
    return list(zip(xs, ys, strict=True))


def _push(xs: list[float], ys: list[float], pair: tuple[int, int], least: float) -> bool:
    """Move two bubbles to a distance of ``least``; two in one place part sideways."""
    i, j = pair
    dx, dy = xs[i] - xs[j], ys[i] - ys[j]
    distance = math.hypot(dx, dy)
    if distance >= least - 0.01:
        return False
    if not distance:
        angle = 2.4 * i  # the golden angle, so that several part in several directions
        dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
        step = least / 2
    else:
        step = (least - distance) / 2
    xs[i] += dx / distance * step
    ys[i] += dy / distance * step
    xs[j] -= dx / distance * step
    ys[j] -= dy / distance * step
    return True


def _labelled(
    label: str, circle: Extent, taken: list[Extent], width: int, height: int
) -> tuple[str, float, float, str]:
    """The label with its place and anchor, and the place as taken; an empty one if there is none."""
    text = fitted(label, MOST_LABEL)
    page = Extent(0, 0, width, height)
    for extent, x, y, anchor in _spots(text, circle):
        inside = extent.left >= page.left and extent.right <= page.right
        inside = inside and extent.top >= page.top and extent.bottom <= page.bottom
        if inside and not any(extent.meets(other) for other in taken if other is not circle):
            taken.append(extent)
            return text, x, y, anchor
    return "", 0.0, 0.0, "start"


def _spots(text: str, circle: Extent) -> Iterator[tuple[Extent, float, float, str]]:
    """Right, left, above and below the bubble."""
    wide, x, y = len(text) * CHARACTER, (circle.left + circle.right) / 2, (circle.top + circle.bottom) / 2
    half = LINE / 2
    yield (
        Extent(circle.right + 2, y - half, circle.right + 5 + wide, y + half),
        circle.right + 4,
        y + 4,
        "start",
    )
    yield Extent(circle.left - 5 - wide, y - half, circle.left - 2, y + half), circle.left - 4, y + 4, "end"
    yield (
        Extent(x - wide / 2, circle.top - LINE - 1, x + wide / 2, circle.top - 1),
        x,
        circle.top - 5,
        "middle",
    )
    yield (
        Extent(x - wide / 2, circle.bottom + 1, x + wide / 2, circle.bottom + LINE + 1),
        x,
        circle.bottom + 12,
        "middle",
    )
