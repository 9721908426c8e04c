"""Numbers with all that belongs to them: signs, currency, units, ranges, doses, dates, times, versions, labels.

Every run that holds a digit is protected, of whatever script; so are numbers in words before a unit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits, listed
from curate.protect.units import ABBREVIATED, FREQUENCIES, MONTHS, NAMED, NUMBER_WORDS, ROUTES, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _any(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word).replace("\\-", "[ -]") for word in sorted(set(words), key=len, reverse=True)
    )


_SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH = rf"(?:{_any(MONTHS)}|(?:{_SHORT_MONTHS})\b\.?)"
_DAY = rf"(?:{_any(WEEKDAYS)}|(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.?)"
_UNIT = rf"(?:{_any(ABBREVIATED)}|(?:{_any(NAMED)})(?:e?s)?)(?![\w°])"
_BARE = r"\d+(?:[.,:/'’·٫٬]\d+|(?<=\d)[-‐‑–—−](?=\d)\d+)*"
_RANGE = r"(?:\s?(?:-|–|—|to|and|or|x|×|/|±|\+/-)\s?[$€£]?\d+(?:[.,:/]\d+)*)"
_ROUTE = (
    rf"(?:\s*,?\s(?:{_any(ROUTES)}|{_any(FREQUENCIES)}|q\.?\s?\d+\s?(?:h|hr|hrs|hours?|d|min)\b"
    rf"|every \d+(?:[-–]\d+)? (?:hours?|days?|minutes?|weeks?|months?)|(?:once|twice|three times"
    rf"|four times) (?:a|per) (?:day|week|month)|(?:once|twice|three times|four times) (?:daily"
    rf"|weekly|monthly)))"
)
_AFTER = re.compile(
    rf"(?P<number>(?:{_BARE})?)(?P<glued>[^\W\d_]*\w*(?:[.-]\w*\d\w*)*)(?P<range>{_RANGE}{{0,3}}("
    rf"?![\w]*[A-Za-z]{{3}}))?(?:[\s-]?(?P<unit>{_UNIT})(?:\s?/\s?(?:kg|day|d|h|hr|hour|min|dose"
    rf"|week|m2|m²|L|dL|mL|ml)\b)*|\s?(?P<clock>[ap]\.?m\b\.?|o['’]clock)|[\"″′](?=[\s,.;)]|$))?"
    rf"(?P<route>(?:{_ROUTE}(?!\w))*)"
)
_BEFORE = re.compile(
    r"(?:[$€£¥₹₩#§~≈±<>≤≥]\s?|(?:US|CA|AU|NZ|HK|C|A)\$\s?|(?<![\w)])[-+−]|(?<!\w)[.])?\Z|[^\W\d_][\w.-]*\Z"
)
_MONTH_DATE = re.compile(
    rf"(?:\b{_DAY},? (?:the )?)?\b\d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?:\s?[-–]\s?\d{{1,2}})?(?: of)? {_MONTH}(?:,? \d{{4}}\b)?"
    rf"|(?:\b{_DAY},? )?\b{_MONTH},? (?:the )?\d{{1,4}}(?:st|nd|rd"
    rf"|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,? \d{{4}}\b)?"
)
_DATE = re.compile(
    r"\b\d{1,4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?\b"
    r"|[/.-]\d{1,2}[/.-]\d{2,4}\b"
    r"|s\b| ?(?:BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.))"
)
_CALENDAR = re.compile(
    rf"\b(?:{_any(WEEKDAYS)}|January|February|April|June|July|September|October|November|December)\b"
    r"|\b(?:in|of|last|next|since|until|by|this|late|early|mid-?) (?:May|March|August)\b"
)
_ROMAN = re.compile(r" [IVX](?=[\s,.;:)]|$)")
_LAST_WORD = re.compile(r"[A-Za-z]+$")
_LABELS = frozenset(
    listed(
        "type stage grade class phase part chapter volume level section article title book act scene"
        " appendix factor schedule mark war lead category group division bipolar cohort panel table"
        " figure step"
    )
)
_UNIT_WORD = frozenset(NAMED) | {f"{word}s" for word in NAMED} | {"feet", "inches"}
_NUMBERS = frozenset(NUMBER_WORDS)
_JOINTS = frozenset((" ", "-", " and ", "-and-"))
_WORD = re.compile(r"[A-Za-z]+")
_DIGIT = re.compile(r"\d")
_SPELLED = frozenset(map(str.lower, (*MONTHS, *WEEKDAYS))) - {"may"}
_DATED = _SPELLED | frozenset(listed("jan feb mar apr jun jul aug sep sept oct nov dec"))
_FARTHEST = 24
_OTHER = re.compile(r"[½⅓⅔¼¾⅕-⅞²³¹⁰⁴-⁹₀-₉ⅠⅡ-ↈ]+")


def find(look: Look) -> Iterator[Protected]:
    """Every number, date and dose."""
    if look.has_digits:
        yield from _figures(look.text)
        yield from hits(_DATE, look.text, "date")
        if not look.words.isdisjoint(_DATED) or "May" in look.text:
            yield from hits(_MONTH_DATE, look.text, "date")
        if not look.text.isascii():
            yield from hits(_OTHER, look.text, "number")
    if not look.words.isdisjoint(_SPELLED) or " May" in look.text:
        yield from hits(_CALENDAR, look.text, "date")
    if not look.words.isdisjoint(_NUMBERS) and not look.words.isdisjoint(_UNIT_WORD):
        yield from _worded(look.text)
    if not look.words.isdisjoint(_LABELS):
        for hit in _ROMAN.finditer(look.text):
            before = _LAST_WORD.search(look.text, max(0, hit.start() - _FARTHEST), hit.start())
            if before and before[0].lower() in _LABELS:
                yield Protected(hit.start() + 1, hit.end(), "number")


def _worded(text: str) -> Iterator[Protected]:
    """Numbers in words before a unit: "two hundred milligrams", "five-day"."""
    begin = end = -1
    for hit in _WORD.finditer(text):
        word = hit[0].lower()
        follows = begin >= 0 and text[end : hit.start()] in _JOINTS
        if word in _NUMBERS:
            begin, end = (begin if follows else hit.start()), hit.end()
        elif word == "and" and follows:
            continue
        else:
            if follows and word in _UNIT_WORD:
                yield Protected(begin, hit.end(), "number")
            begin = -1


def _figures(text: str) -> Iterator[Protected]:
    """From each digit on, what belongs to it on both sides; a digit of a character reference is none."""
    at = 0
    while hit := _DIGIT.search(text, at):
        start = hit.start()
        begin = max(at, start - _FARTHEST)
        before = _BEFORE.search(text, begin, start)
        first = before.start() if before else start
        after = _AFTER.match(text, start)
        at = max(after.end(), start + 1) if after else start + 1
        if _is_reference(text, start):
            continue
        dose = after is not None and bool(after["route"])
        yield Protected(first, at, "dose" if dose else "number")


_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]+\d{1,2});")


def _is_reference(text: str, at: int) -> bool:
    """Whether a digit belongs to a character reference such as ``&#39;``."""
    start = text.rfind("&", max(0, at - 10), at)
    hit = _REFERENCE.match(text, start) if start >= 0 else None
    return hit is not None and hit.end() > at
