"""Geometry of the treemap of verbs and their objects.

Squarified (Bruls, Huizing & van Wijk 2000, "Squarified Treemaps"): areas are proportional to rows, and tiles are as
nearly square as greedy rows make them, since areas compare well only between similar shapes. A verb's objects lie in
one frame with the verb's name above them; what is too small for a label keeps its tile, its tooltip and its line in
the table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from curate.reports.html_charts import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curate.core.coverage_report import VerbObject

VERBS, OBJECTS = 14, 9
"""Verbs with a frame of their own, and objects of a verb with a tile; others are taken together."""

HEAD = 20
"""Height of a verb's name."""

GAP = 2.0
CHARACTER = 7.3
"""Width of a column of text, on average, at 12 pixels."""

LINE = 15
OTHER_VERBS, OTHER_OBJECTS, NO_OBJECT = "other verbs", "others", "no object"


class Box(NamedTuple):
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def inner(self, top: float = GAP, edge: float = GAP) -> Box:
        """What is left inside its border."""
        width, height = self.width - 2 * edge, self.height - top - edge
        return Box(self.x + edge, self.y + top, max(width, 0.0), max(height, 0.0))


@dataclass(frozen=True)
class Tile:
    """A tile: an object of a verb.

    Attributes:
        box: where.
        title: verb, object and rows, in words.
        lines: the label, as far as it fits.
        rest: whether it stands for several that are taken together.
    """

    box: Box
    title: str
    lines: tuple[str, ...]
    rest: bool


@dataclass(frozen=True)
class Frame:
    """A verb with its tiles."""

    box: Box
    verb: str
    rows: int
    label: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Treemap:
    """The picture at one width."""

    width: int
    height: int
    frames: tuple[Frame, ...]


class Verb(NamedTuple):
    """A verb with its objects, most frequent first; the last may stand for several."""

    name: str
    rows: int
    objects: tuple[tuple[str, int, bool], ...]


def verbs_of(pairs: Sequence[VerbObject]) -> tuple[Verb, ...]:
    """Verbs, most frequent first, then all others together."""
    grouped: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for pair in pairs:
        grouped[pair.verb].append((pair.object or NO_OBJECT, pair.rows))
    ranked = sorted(grouped.items(), key=lambda item: (-sum(rows for _, rows in item[1]), item[0]))
    most = VERBS if len(ranked) > VERBS + 1 else VERBS + 1
    made = [_verb(name, objects) for name, objects in ranked[:most]]
    others = ranked[most:]
    if others:
        rows = sum(count for _, objects in others for _, count in objects)
        made.append(Verb(f"{len(others):,} {OTHER_VERBS}", rows, (("", rows, True),)))
    return tuple(made)


def _verb(name: str, objects: Iterable[tuple[str, int]]) -> Verb:
    ranked = sorted(objects, key=lambda item: (-item[1], item[0]))
    most = OBJECTS if len(ranked) > OBJECTS + 1 else OBJECTS + 1
    shown = [(label, rows, False) for label, rows in ranked[:most]]
    rest = ranked[most:]
    if rest:
        shown.append((f"{len(rest):,} {OTHER_OBJECTS}", sum(rows for _, rows in rest), True))
    return Verb(name, sum(rows for _, rows in ranked), tuple(shown))


def treemap(verbs: Sequence[Verb], width: int, height: int) -> Treemap:
    """The picture of some verbs, ``width`` by ``height`` pixels."""
    boxes = squarified([verb.rows for verb in verbs], Box(0, 0, width, height))
    return Treemap(width, height, tuple(map(_frame, verbs, boxes)))


def _frame(verb: Verb, box: Box) -> Frame:
    has_room = box.height > HEAD + LINE and box.width > 4 * CHARACTER
    label = _head(verb, box.width - 4 * GAP) if has_room else ""
    inner = box.inner(top=HEAD if label else GAP)
    boxes = squarified([rows for _, rows, _ in verb.objects], inner)
    tiles = [_tile(verb, one, place) for one, place in zip(verb.objects, boxes, strict=True)]
    if not label:  # an object alone would be read as a verb
        tiles = [
            replace(tile, lines=_lines(verb.name, "", tile.box)[: at == 0]) for at, tile in enumerate(tiles)
        ]
    return Frame(box, verb.name, verb.rows, label, tuple(tiles))


def _head(verb: Verb, width: float) -> str:
    """The verb with its rows; without them if there is no room."""
    whole = f"{verb.name} {verb.rows:,}"
    room = int(width / (CHARACTER * 1.12))
    return whole if len(whole) <= room else fitted(verb.name, max(room - 1, 1))


def _tile(verb: Verb, shown: tuple[str, int, bool], box: Box) -> Tile:
    label, rows, is_rest = shown
    title = f"{verb.name} {label}: {rows:,}" if label else f"{verb.name}: {rows:,}"
    return Tile(box, title, _lines(label, f"{rows:,}", box), is_rest)


def _lines(label: str, count: str, box: Box) -> tuple[str, ...]:
    """The label and, below it, the count, where they fit; never a stump of fewer than four letters."""
    room = int((box.width - 10) / CHARACTER)
    short = fitted(label, room - 1) if len(label) > room else label
    if box.height < LINE + 4 or (short != label and len(short) < 5):  # noqa: PLR2004 (four letters and the ellipsis)
        return ()
    fits_count = box.height >= 2 * LINE + 4 and len(count) <= room
    return tuple(line for line in (short, count if fits_count else "") if line)


def squarified(sizes: Sequence[int], box: Box) -> list[Box]:
    """A rectangle for each size, descending, that together fill the box."""
    total = sum(sizes)
    if not total or not box.width * box.height:
        return [Box(box.x, box.y, 0.0, 0.0) for _ in sizes]
    areas = [size * box.width * box.height / total for size in sizes]
    return list(_laid(areas, box))


def _laid(areas: list[float], box: Box) -> Iterator[Box]:
    at = 0
    while at < len(areas):
        side = min(box.width, box.height)
        end = at + 1
        while end < len(areas) and _worst(areas[at : end + 1], side) <= _worst(areas[at:end], side):
            end += 1
        yield from _row(areas[at:end], box)
        box = _beyond(sum(areas[at:end]), box)
        at = end


def _worst(row: Sequence[float], side: float) -> float:
    """The greatest ratio of sides in a row along a side (equation on page 4 of the paper)."""
    total, least = sum(row), min(row)
    if not least or not side:
        return float("inf")
    return max(side * side * max(row) / total**2, total**2 / (side * side * least))


def _row(row: Sequence[float], box: Box) -> Iterator[Box]:
    """The tiles of a row along the shorter side."""
    across = box.width >= box.height
    side = box.height if across else box.width
    thick = sum(row) / side if side else 0.0
    at = 0.0
    for area in row:
        long = area / thick if thick else 0.0
        yield Box(box.x, box.y + at, thick, long) if across else Box(box.x + at, box.y, long, thick)
        at += long


def _beyond(area: float, box: Box) -> Box:
    """What a row of some area leaves of the box."""
    if box.width >= box.height:
        thick = area / box.height if box.height else 0.0
        return Box(box.x + thick, box.y, max(box.width - thick, 0.0), box.height)
    thick = area / box.width
    return Box(box.x, box.y + thick, box.width, max(box.height - thick, 0.0))
