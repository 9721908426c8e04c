"""A text as the families of protected places look at it: each of them first asks what stands in it at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = (
    "code",
    "table",
    "markup",
    "maths",
    "url",
    "email",
    "path",
    "token",
    "placeholder",
    "citation",
    "quotation",
    "mention",
    "foreign",
    "dose",
    "date",
    "number",
    "acronym",
    "mixed",
    "name",
)
"""What is protected, the more telling kinds first: of two places of one extent the first kind names them."""


def listed(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one text."""
    return tuple(text.split())


class Protected(NamedTuple):
    """``text[start:end]``, in code points, must stay as it is; ``kind`` is one of ``KINDS``."""

    start: int
    end: int
    kind: str


class Line(NamedTuple):
    """A line without its break, and where it begins."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


_DIGITS = frozenset("0123456789")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Look:
    """A text, and what is asked of it more than once."""

    text: str

    @cached_property
    def signs(self) -> frozenset[str]:
        """The characters that occur."""
        return frozenset(self.text)

    def has(self, *signs: str) -> bool:
        """Whether any of some characters occurs."""
        return not self.signs.isdisjoint(signs)

    @cached_property
    def has_digits(self) -> bool:
        """Whether a digit occurs, of whatever script."""
        return not self.signs.isdisjoint(_DIGITS) or (
            not self.text.isascii() and any(map(str.isnumeric, self.signs))
        )

    @cached_property
    def lines(self) -> list[Line]:
        """The lines; only line feeds part them, as a carriage return before one belongs to the line."""
        lines, at = [], 0
        for text in self.text.split("\n"):
            lines.append(Line(at, text))
            at += len(text) + 1
        return lines

    @cached_property
    def words(self) -> frozenset[str]:
        """The words, in lower case."""
        return frozenset(_WORD.findall(self.text.lower()))


def hits(pattern: re.Pattern[str], text: str, kind: str, group: int = 0) -> Iterator[Protected]:
    """A place for every match of a pattern, or for one group of it."""
    for hit in pattern.finditer(text):
        start, end = hit.span(group)
        if start < end:
            yield Protected(start, end, kind)


def joined(places: list[Protected]) -> tuple[Protected, ...]:
    """Places in order and without overlaps: those that overlap become one, named after the longest of them."""
    found: list[Protected] = []
    longest = 0
    for start, end, kind in sorted(places, key=_order):
        if not found or start >= found[-1].end:
            found.append(Protected(start, end, kind))
            longest = end - start
            continue
        last = found[-1]
        if end > last.end or end - start > longest:
            found[-1] = Protected(
                last.start, max(last.end, end), kind if end - start > longest else last.kind
            )
            longest = max(longest, end - start)
    return tuple(found)


_RANK = {kind: at for at, kind in enumerate(KINDS)}


def _order(place: Protected) -> tuple[int, int, int]:
    return place.start, -place.end, _RANK[place.kind]
