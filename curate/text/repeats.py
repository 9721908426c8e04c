"""Texts that go round in a loop.

Two signs: the end of a text is one unit over and over (its period is short), or one of its lines or sentences comes
back so often that it makes up most of the text. Both cost time in proportion to the text's length.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

SHORTEST = 200
"""Code points below which nothing is called a loop."""

LONGEST_UNIT = 1000
TAIL = 16
"""Code points at the end that must come back within ``LONGEST_UNIT`` for the end to have a period."""

_TIMES = 6
_SHARE = 0.5
_ENDS = re.compile(r"[.!?。！？]+[\s\"'”’)]*|\n+")
_NUMBER = re.compile(r"^\W*(?:\d++(?![.:]\d)[.):]?|[-*•])?\s*")
_ROUGH = re.compile(r"[0-9.!?。！？\n][0-9.!?。！？\s)]*")
_LETTERS = re.compile(r"[^\W\d_]")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_STOPS = frozenset(".。!！?？…,，;；")


class Loop(NamedTuple):
    """What repeats, in code points, how often, and what share of the text it covers."""

    start: int
    end: int
    times: int
    share: float


def loop_of(text: str) -> Loop | None:
    """The loop that makes up at least half of a text, if there is one.

    Args:
        text: without trailing white space or special tokens.
    """
    if len(text) < SHORTEST:
        return None
    return _period(text) or _comeback(text)


def _period(text: str) -> Loop | None:
    """The shortest period of the text's end that covers enough of it."""
    size, tail = len(text), text[-TAIL:]
    at = size - TAIL
    for _ in range(LONGEST_UNIT):
        at = text.rfind(tail, max(0, size - TAIL - LONGEST_UNIT), at + TAIL - 1)
        if at < 0:
            return None
        period = size - TAIL - at
        covered = _matched(text, period) + period
        times = covered // period
        if times >= _TIMES and covered >= _SHARE * size:
            return (
                Loop(size - covered, size, times, covered / size)
                if _says_something(text[-2 * period :]) or _STOPS.issuperset(text[-period:])
                else None
            )
    return None


def _matched(text: str, period: int) -> int:
    """How many code points at the end equal those one period before, by doubling and bisection over slices."""
    size = len(text)
    low, high = 0, min(TAIL, size - period)
    while low < high < size - period and _equals(text, period, high):
        low, high = high, min(2 * high, size - period)
    while low < high:
        middle = (low + high + 1) // 2
        if _equals(text, period, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _equals(text: str, period: int, length: int) -> bool:
    start = len(text) - length
    return text[start:] == text[start - period : len(text) - period]


def _comeback(text: str) -> Loop | None:
    """A line or sentence, apart from its number, that comes back and makes up enough of the text."""
    rough = _ROUGH.split(text)
    if len(rough) - len(set(rough)) < _TIMES - 1:
        return None
    places: list[tuple[str, int, int]] = []
    last = 0
    for end in (*(match.end() for match in _ENDS.finditer(text)), len(text)):
        unit = text[last:end]
        core = _NUMBER.sub("", unit, count=1).strip().lower()
        if core:
            places.append((core, last, end))
        last = end
    if len(places) < _TIMES:
        return None
    counts = Counter(core for core, _, _ in places)
    core, times = max(counts.items(), key=lambda item: item[1] * len(item[0]))
    covered = times * len(core)
    if times < _TIMES or covered < _SHARE * len(text) or not _says_something(core):
        return None
    spots = [(start, end) for said, start, end in places if said == core]
    return Loop(spots[0][0], spots[-1][1], times, covered / len(text))


def _says_something(unit: str) -> bool:
    """Rulers, digits and drawings repeat by nature: a unit needs two letters, a Chinese character or an emoji."""
    unit = unit[: 2 * LONGEST_UNIT]
    letters = len(_LETTERS.findall(unit))
    return letters >= 2 or (letters == 1 and not unit.isascii()) or _EMOJI.search(unit) is not None  # noqa: PLR2004
