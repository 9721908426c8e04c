"""Flat rows of one shape are read alike: the first of a shape is read in full, the others as it was.

How a row is read depends on which fields it has and on the kinds of their values, never on the words in them. So
what was said for one row of texts, numbers and nulls can be said again for the next one of the same shape. Values
that have a structure, or that may be JSON, are no part of a shape: such rows are read in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 256
"""Shapes that are remembered; a file of more shapes than this is not one of rows that are alike."""


class Line(NamedTuple):
    """A turn that was said: which field's text it is, and what stands before and behind the text in its line."""

    field: str | None
    before: tuple[Any, ...]
    behind: tuple[Any, ...]


class Shape(NamedTuple):
    """How the rows of a shape are read."""

    hit: tuple[str, str]
    lines: tuple[Line, ...]


class Recall:
    """Reads rows by ``read``, and from the second of a shape on by heart."""

    def __init__(self, read: Callable[[dict[str, Any], Turns], tuple[str, str]]) -> None:
        self._read = read
        self._known: dict[tuple[Any, ...], Shape | None] = {}

    def __call__(self, row: dict[str, Any], turns: Turns) -> tuple[str, str]:
        """Write the row's turns and return its layout's name and what decided it."""
        shape = self.shape(row)
        if shape is None:
            return self._read(row, turns)
        _say(shape, row, turns)
        return shape.hit

    def shape(self, row: dict[str, Any]) -> Shape | None:
        """How a row, and every other one of its shape, is read; None for one that must be read in full."""
        key = shape_of(row)
        if key is None:
            return None
        if key not in self._known:
            if len(self._known) >= MOST:
                return None
            self._known[key] = self._learn(row)
        return self._known[key]

    def _learn(self, row: dict[str, Any]) -> Shape | None:
        """Read the row with the names of its fields for its texts; None if that is not how the row itself is read."""
        named = {name: f"\0{name}" if _is_said(value) else value for name, value in row.items()}
        fields = {value: name for name, value in named.items() if _is_said(value)}
        scratch, again, full = Turns(), Turns(), Turns()
        hit = self._read(named, scratch)
        lines = [(text, before, behind) for before, text, behind in scratch.lines()]
        if any(text and text not in fields for text, _, _ in lines):
            return None
        shape = Shape(hit, tuple(Line(fields.get(text), *rest) for text, *rest in lines))
        _say(shape, row, again)
        return shape if (hit, again.lines()) == (self._read(row, full), full.lines()) else None


def _is_said(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _say(shape: Shape, row: dict[str, Any], turns: Turns) -> None:
    for field, before, behind in shape.lines:
        turns.repeat(before, "" if field is None else row[field], behind)


def shape_of(row: dict[str, Any]) -> tuple[Any, ...] | None:
    """The row's fields in order and the kinds of their values; None for a row that must be read in full."""
    key: list[Any] = []
    for name, value in row.items():
        kind = type(value)
        if kind is str:
            if value and (value[0] in "[{" or value[0].isspace()):
                return None  # it may be JSON
            key += (name, bool(value))
        elif value is None or kind is int or kind is float:
            key += (name, kind)
        elif kind is bool:
            key += (name, "yes" if value else "no")
        else:
            return None
    return tuple(key)
