"""Whether the numbers of an answer are in what it was given, however they are written there.

Values are compared, not spellings: ``1,200`` is ``1200``, ``1.2 million`` is ``1,200,000``, ``two`` is ``2``, a
quarter is ``25 %``. A number may also be rounded, converted (a year has 12 months), or a sum or a share of two
given ones where the answer speaks of such. What is left was made up, or comes from somewhere else.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from curate.text.spelled import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALES = {
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "k": 1e3,
    "m": 1e6,
    "bn": 1e9,
    "": 1.0,
}
_NUMBER = re.compile(
    r"(?<![\w.,/:'’+*=^-])(?:US)?[$€£¥]?(\d{1,3}(?:[,\u202f\xa0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(thousand|million|billion|trillion|bn)\b|(?<=\d)([km])\b)?(\s?(?:%|percent\b"
    r"|per cent\b))?(?![\w/:=*+^]|[.,]\d|-\w)"
)
_DIGITS = re.compile(r"\d+")
_CURRENCY = re.compile(r"(?:US)?[$€£¥]\Z|US\Z")
_HEADS = frozenset("$€£¥S")
_RUN = re.compile(r"\d+(?:[.,\u202f\xa0]\d+)*")
_LIST_MARK = re.compile(r"(?:^|\n|[;:]\s|\()\s*\(?#?\Z")
_ENUMERATED = re.compile(r"\A(?:[.):]|\.\))(?:\s|\Z)")
_LABEL = re.compile(
    r"\b(?:step|option|answer|question|point|part|no\.?|number|item|figure|fig\.?|table|section|chapter"
    r"|page|type|grade|phase|stage|level|top|day|week|ref|\[)\s*\Z",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|over|more than|roughly|approximately|some|under|less than|up to"
    r"|at least|close to|fewer than|above|below"
    r"|within|circa|c\.|~)\s+(?:[$€£]|the )?\Z",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total\w*|sum|altogether|combined|differen\w+|remain\w*|net|together|overall|average\w*|mean"
    r"|ris\w+|rose|increas\w+|decreas\w+|drop\w*|fell|falls?"
    r"|grew|growth|declin\w+|higher|lower|more than|less than|proportion|share|aged?|spread|gap|margin|up"
    r"|down|by|plus|minus|times|longer|shorter|larger|smaller|heavier|lighter|faster|slower|greater)\b",
    re.IGNORECASE,
)
_CONVERSIONS = (
    *(
        ("month", 12, "year"),
        ("month", 3, "quarter"),
        ("week", 52, "year"),
        ("day", 7, "week"),
        ("day", 30, "month"),
    ),
    *(("day", 365, "year"), ("hour", 24, "day"), ("minute", 60, "hour"), ("second", 60, "minute")),
    *(("year", 100, "centur"), ("year", 10, "decade"), ("year", 1 / 12, "month"), ("week", 1 / 7, "day")),
    *(("day", 1 / 24, "hour"), ("hour", 1 / 60, "minute")),
)
"""A unit, how many of it make another one, and that one."""

_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")

_NAMED = re.compile(r"\b(?!(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\b)[A-Z]{3,} \Z")
_SINCE = re.compile(r"[ -]years?[ -](?:ago|later|earlier|old|after|since|before)\b")
"""An index such as "FTSE 100"; a time that was reckoned from a date."""

_SMALL = 3
_LONGEST_MARK = 2
_HALF = 0.5
_MOST_VALUES = 60
_NEAR = 1e-9


class Loose(NamedTuple):
    """A number of an answer that nothing in what was given accounts for."""

    start: int
    end: int
    kind: str


def loose_numbers(answer: str, given: str) -> Iterator[Loose]:
    """The numbers of an answer that are not in what was given.

    Args:
        answer: a summary, an extract, an answer from a text.
        given: the text, and what was asked about it.
    """
    values: frozenset[float] | None = None
    low = ""
    for hit in _numbers(answer):
        if _stands_in(given, hit[1]) or _is_mark(answer, hit):
            continue
        if values is None:
            values, low = values_of(given), given.lower()
        if not _accounted(hit, answer, low, values):
            yield Loose(*hit.span(), _kind(hit, answer))


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """The matches of ``_NUMBER``, which is tried only where a run of digits begins, or a currency before it."""
    done = 0
    for run in _DIGITS.finditer(text):
        start = run.start()
        if start < done:
            continue
        head = (
            _CURRENCY.search(text, max(done, start - 3), start) if text[start - 1 : start] in _HEADS else None
        )
        for at in range(head.start() if head else start, start + 1):
            hit = _NUMBER.match(text, at)
            if hit:
                done = hit.end()
                yield hit
                break


def values_of(text: str) -> frozenset[float]:
    """All values that are written in figures: numbers, amounts, parts of dates."""
    values: set[float] = set()
    for hit in _RUN.finditer(text):
        digits = hit[0]
        scale = _AFTER.match(text, hit.end())
        times = _SCALES[scale[1].lower()] if scale else 1
        readings = (digits,) if digits.isdecimal() else (_BETWEEN.sub("", digits), *_other_readings(digits))
        for part in readings:
            value = _float(part)
            if value is not None:
                values.update((value, value * times))
    return frozenset(values)


def _other_readings(digits: str) -> list[str]:
    """A dotted date in its parts; thousands and decimals the other way round, as most of Europe writes them."""
    parts = digits.split(".")
    if len(parts) > 2:  # noqa: PLR2004
        return [*parts, "".join(parts)]
    swapped = digits.replace(".", "").replace(",", ".")
    return [swapped] if _EUROPEAN.fullmatch(digits) else []


_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}")
_BETWEEN = re.compile("[,\u202f\xa0]")
_AFTER = re.compile(r"[ -]?(thousand|million|billion|trillion|bn|[km])\b", re.IGNORECASE)


def _scaled(hit: re.Match[str]) -> str | None:
    return hit[2] or hit[3]


def _scale(hit: re.Match[str]) -> float:
    return _SCALES[_scaled(hit) or ""]


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_mark(answer: str, hit: re.Match[str]) -> bool:
    """A list mark, a label ("step 2"), a decade ("1990s"), or so small a count that it may have been counted."""
    before = answer[max(0, hit.start() - 14) : hit.start()]
    if _NAMED.search(before) or _SINCE.match(answer, hit.end()):
        return True
    small = len(hit[1]) == 1 and float(hit[1]) <= _SMALL and not _scaled(hit) and not hit[4]
    if small or _LABEL.search(before):
        return True
    return (
        _LIST_MARK.search(before) is not None
        and _ENUMERATED.match(answer[hit.end() : hit.end() + 3]) is not None
        and len(hit[1]) <= _LONGEST_MARK
    )


def _stands_in(given: str, number: str) -> bool:
    """Whether the digits stand in the text as a number of their own."""
    at = given.find(number)
    while at >= 0:
        end = at + len(number)
        cut_left = at > 0 and (
            given[at - 1].isdigit() or (given[at - 1] in ".," and at > 1 and given[at - 2].isdigit())
        )
        cut_right = end < len(given) and (
            given[end].isdigit() or (given[end] in ".," and given[end + 1 : end + 2].isdigit())
        )
        if not cut_left and not cut_right:
            return True
        at = given.find(number, at + 1)
    return False


def _says(given: str, word: str) -> bool:
    """Whether a text, in lower case, holds a word or a phrase as such, plural included."""
    at = given.find(word)
    while at >= 0:
        end = at + len(word)
        if not given[at - 1 : at].isalpha() and not given[end : end + 2].isalpha():
            return True
        at = given.find(word, at + 1)
    return False


def _accounted(hit: re.Match[str], answer: str, given: str, values: frozenset[float]) -> bool:
    plain = float(_BETWEEN.sub("", hit[1]))
    value = plain * _scale(hit)
    if _has(value, given, values) or _has(plain, given, values):
        return True
    before, after = answer[max(0, hit.start() - 40) : hit.start()], answer[hit.end() : hit.end() + 16]
    near = _TOTAL.search(before + "\n" + after) is not None and len(values) <= _MOST_VALUES
    if hit[4]:
        about = _ABOUT.search(before) is not None and hit[1].endswith("0")
        reach = 10.0 if about else 0.5 * 10.0 ** -len(hit[1].partition(".")[2])
        same = any(abs(one - known) <= reach for known in values for one in (value, 100 - value))
        return (
            same
            or not values.isdisjoint((value / 100, value * 100))
            or (near and _is_share(value, hit[1], values))
        )
    if _rounds(value, hit, before, values) or _converts(value, after, given, values):
        return True
    return near and _kind(hit, answer) != "a date" and _is_derived(value, values)


def _rounds(value: float, hit: re.Match[str], before: str, values: frozenset[float]) -> bool:
    """Whether a given value rounds to this one; coarse rounding needs a word such as "about" or a scale."""
    digits = hit[1]
    if "." in digits:
        reach = 0.5 * 10 ** -len(digits.split(".")[1]) * _scale(hit)
    else:
        zeros = len(digits.replace(",", "")) - len(digits.replace(",", "").rstrip("0"))
        about = _ABOUT.search(before) is not None
        if not (about or _scaled(hit) or value >= 1000):  # noqa: PLR2004 (years are not)
            zeros = -1
        reach = (1.0 if about else _HALF) * 10**zeros * _scale(hit) if zeros >= 0 else _HALF
    return any(abs(known - value) <= reach for known in values if reach > _HALF or known != int(known))


def _converts(value: float, after: str, given: str, values: frozenset[float]) -> bool:
    unit = re.match(r"[ -]?(\w+)", after)
    if not unit:
        return False
    for name, factor, base in _CONVERSIONS:
        if (
            unit[1].lower().startswith(name)
            and base in given
            and (value == factor or _has(round(value / factor, 9), given, values))
        ):
            return True
    return False


def _has(value: float, given: str, values: frozenset[float]) -> bool:
    return value in values or any(_says(given, word) for word in spelled(value))


def _is_share(percent: float, digits: str, values: frozenset[float]) -> bool:
    places = len(digits.split(".")[1]) if "." in digits else 0
    ratios = (100 * a / b for a in values for b in values if b)
    return any(percent in (round(ratio, places), round(abs(ratio - 100), places)) for ratio in ratios)


def _is_derived(value: float, values: frozenset[float]) -> bool:
    ordered = sorted(values)
    sums = any(
        abs(a + b - value) < _NEAR or abs(a - b - value) < _NEAR or abs(a * b - value) < _NEAR
        for a in ordered
        for b in ordered
    )
    return (
        sums
        or abs(sum(ordered) - value) < _NEAR
        or any(abs((a + b) / 2 - value) < _NEAR for a, b in pairwise(ordered))
    )


def _kind(hit: re.Match[str], answer: str) -> str:
    """A date, an amount, a share, or a number."""
    around = answer[max(0, hit.start() - 12) : hit.end() + 12].lower()
    if hit[4]:
        return "a percentage"
    if hit[0][0] in "$€£¥U":
        return "an amount"
    year = re.fullmatch(r"1[6-9]\d\d|20\d\d", hit[1]) is not None
    return "a date" if year or _MONTH.search(around) else "a number"
