"""What the words of a text say that no edit may change: one list of items for each word or sign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.protect.drugs import is_drug
from curate.protect.lock_words import LABELS, MONTH_BEFORE, SAYS, Item, is_plain_unit, unit_of
from curate.protect.lookalikes import CONFUSED, PARTIES
from curate.protect.units import ABBREVIATED, MONTHS, ROUTES, SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Piece(NamedTuple):
    """A word or a sign, where it stands, and the kind of the protected place that it lies in, if any."""

    text: str
    start: int
    place: str


_UNITS = frozenset(ABBREVIATED)
_ROUTES = frozenset(ROUTES)
_GLUED = re.compile(r"([-+−±.]?\d[\d.,/]*)([^\W\d_]+|[%°µμ]\w*)$")
_PARTS = re.compile(r"[./,:-]")
_ROMAN = re.compile(r"[IVXLC]+")
_SIGNS = frozenset("<>≤≥=≠≈≡±×÷+*^√∞∝∑∫∂→⇒↔↑↓∈∉∩∪")
_DASHES = frozenset("-–—−~")
_POSSESSIVE = re.compile(r"'s?$")
_ENDING = re.compile(r"(?:ies|es|s|ed|d|ing|e)$")
_MARKED = ("hyper", "hypo", "brady", "tachy", "abduct", "adduct", "hemi", "milli", "micro", "nano", "kilo")
_PARTY_WORDS = frozenset(word for pair in PARTIES for word in pair.split("/"))
_MARCH_AUGUST = frozenset(("march", "august"))
_MONTHS = frozenset(map(str.lower, MONTHS))


def stem(word: str) -> str:
    """A word without possessive and regular ending, for telling an inflection from another word."""
    return _ENDING.sub("", _POSSESSIVE.sub("", word.lower()))


_CONFUSED = frozenset(map(stem, CONFUSED))


def is_term(word: str) -> bool:
    """Whether another word is taken for it or is its opposite."""
    return word in CONFUSED or stem(word) in _CONFUSED


def said(pieces: Sequence[Piece], at: int) -> Iterator[Item]:
    """What the piece at a place says, next to its neighbours."""
    text = pieces[at].text
    low = text.lower()
    before = pieces[at - 1].text if at else ""
    after = pieces[at + 1].text if at + 1 < len(pieces) else ""
    if any(map(str.isnumeric, text)):
        yield from _numeric(text)
    elif low in SAYS:
        yield from _ambiguous(text, before, after) if low == "may" else SAYS[low]
    elif not text[0].isalnum() and text[0] != "_":
        yield from _sign(text, before, after)
    else:
        yield from _word(text, before, after)
    yield from _named(text, pieces[at].place)


def _numeric(text: str) -> Iterator[Item]:
    glued = _GLUED.fullmatch(text)
    if glued and (glued[2] in _UNITS or unit_of(glued[2])):
        yield "number", glued[1]
        yield "unit", unit_of(glued[2]) or glued[2]
    else:
        yield "number", text


def _ambiguous(text: str, before: str, after: str) -> Iterator[Item]:
    """``May`` is a month beside a number or after a preposition, and otherwise a verb."""
    is_month = text[0] == "M" and (
        after[:1].isdigit() or before[:1].isdigit() or before.lower() in MONTH_BEFORE
    )
    yield ("date", "may") if is_month else ("modal", "may")


def _sign(text: str, before: str, after: str) -> Iterator[Item]:
    if text in SYMBOLS:
        yield "unit", text
    elif text in _SIGNS or (text in _DASHES and before[-1:].isdigit() and after[:1].isdigit()):
        yield "maths", text


def _word(text: str, before: str, after: str) -> Iterator[Item]:
    low = text.lower()
    if low in _MARCH_AUGUST and text[0].isupper():
        yield "date", low
    elif low == "with" and after.lower() == "out":
        yield "negation", "without"
    elif low == "need" and after.lower() == "not":
        yield "modal", "need"
    elif low.endswith("'ll"):
        yield "modal", "will"
    elif low.endswith("'d"):
        yield "modal", "'d"
    elif low.startswith("non") and low != "none":
        yield "negation", "non"
    elif before.lower() in LABELS and _ROMAN.fullmatch(text):
        yield "number", text
    elif before and (before[-1].isdigit() or before.lower() in SAYS or before in SYMBOLS) and _is_unit(text):
        yield "unit", unit_of(low) or text
    elif is_plain_unit(low):
        yield "unit", unit_of(low) or low
    elif before[-1:].isdigit() and low in ("am", "pm", "a.m", "p.m"):
        yield "date", low.replace(".", "")
    elif text in _ROUTES and (before in _UNITS or before[-1:].isdigit() or unit_of(before)):
        yield "dose", low
    elif _PARTS.search(low):
        for part in _PARTS.split(low):
            yield from SAYS.get(part, ())
    yield from (("term", mark) for mark in _MARKED if low.startswith(mark))


def _is_unit(text: str) -> bool:
    return text in _UNITS or unit_of(text) is not None


def _named(text: str, place: str) -> Iterator[Item]:
    low = _POSSESSIVE.sub("", text.lower())
    if is_drug(low) or is_drug(low.removesuffix("s")):
        yield "name", low
    elif low in _PARTY_WORDS or low.removesuffix("s") in _PARTY_WORDS:
        yield "term", low.removesuffix("s")
    elif place == "acronym":
        yield "acronym", text
    elif (
        place in ("name", "mixed")
        and low not in _MONTHS
        and not any(kind == "date" for kind, _ in SAYS.get(low, ()))
    ):
        yield "name", _POSSESSIVE.sub("", text)
