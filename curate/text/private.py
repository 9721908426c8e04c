"""Masks secrets and personal identifiers. Every output of the program passes through here.

What is looked for stands in :mod:`curate.text.private_patterns`. Recall comes first: a mask too many hides a few
characters, a mask too few publishes a key. Years, amounts, citations and short numbers stay readable.

>>> mask("Write to jane@example.org in 2024.")
'Write to ████████████████ in 2024.'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.text.private_patterns import KINDS, NUMBERS, PLACES, TOKENS, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KINDS", "Private", "find_private", "mask"]

BLOCK = "█"
"""What stands for a masked character."""

_TOKEN_CHARS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-.")
_SHAPE = bytes(120 if code in _TOKEN_CHARS else 32 for code in range(256))
_RUN = b"x" * 16
_RUNS = re.compile(_RUN + b"x*+")
_PREFIX = 12
_STRETCH = re.compile(r"[+＋(\d][\d() \u00a0\u2007\u2009\u202f./\-\u2010-\u2014\u2212]{6,}+")
_PLAIN = re.compile(r"[A-Z]?[a-z+/_.-]*+")
_GROUPS = [(needs, [rule for rule in PLACES if rule.needs == needs]) for needs in {rule.needs: 0 for rule in PLACES}]
_DECIMAL = re.compile(r"\d")
_WIDE = ("＠", "：", "＝", "密", "口令", "パスワード", "парол")
_AT = ("at]", "at)", "at ]", "at )")
_SHORT = 64


class Private(NamedTuple):
    """A place that must not be shown: ``text[start:end]`` in code points, and what it is (one of ``KINDS``)."""

    start: int
    end: int
    kind: str


def find_private(text: str) -> list[Private]:
    """The private places of a text, sorted and without overlaps.

    Places that overlap are joined, so that nothing of either is shown; the longer one names the kind.

    Args:
        text: any text, also with lone surrogates. A caller masks first and cuts later: half a secret is not found.
    """
    joined: list[Private] = []
    longest = 0
    for place in sorted(_places(text)):
        start, end, kind = place
        if not joined or start >= joined[-1].end:
            joined.append(place)
            longest = end - start
            continue
        last = joined[-1]
        kind = kind if end - start > longest else last.kind
        longest = max(longest, end - start)
        joined[-1] = Private(last.start, max(last.end, end), kind)
    return joined


def mask(text: str) -> str:
    """The text with a block for every private character: as long as before, with the same lines."""
    places = find_private(text)
    if not places:
        return text
    pieces: list[str] = []
    at = 0
    for start, end, _ in places:
        pieces += (text[at:start], re.sub(r"[^\r\n]", BLOCK, text[start:end]))
        at = end
    return "".join((*pieces, text[at:]))


def _places(text: str) -> Iterator[Private]:
    """All places of all rules, in no order; text without a hint of a candidate costs a few substring tests."""
    runs = _runs(text)
    figures = _has_figures(text)
    if not (runs or figures or _has_marks(text)):
        return
    lowered = text.lower()
    for needs, rules in _GROUPS:
        if not needs or any(need in lowered for need in needs):
            for rule in rules:
                yield from _scan(rule, text, 0, len(text))
    if figures:
        for stretch in _STRETCH.finditer(text):
            for rule in NUMBERS:
                yield from _scan(rule, text, stretch.start(), stretch.end() + 2)
    for start, end in runs:
        for rule in TOKENS:
            yield from _scan(rule, text, max(0, start - _PREFIX), end + 2)


def _runs(text: str) -> list[tuple[int, int]]:
    """Where 16 or more characters that tokens are made of stand together, and not only small letters.

    One byte stands for a code point, so that offsets agree.
    """
    shape = text.encode("ascii", "replace").translate(_SHAPE)
    if _RUN not in shape:
        return []
    return [run.span() for run in _RUNS.finditer(shape) if not _PLAIN.fullmatch(text, *run.span())]


def _has_figures(text: str) -> bool:
    """Whether there is a digit of any script; written out, since a loop would cost more than the tests."""
    if "1" in text or "2" in text or "0" in text or "3" in text or "4" in text:
        return True
    if "5" in text or "6" in text or "7" in text or "8" in text or "9" in text:
        return True
    return not text.isascii() and _DECIMAL.search(text) is not None


def _has_marks(text: str) -> bool:
    """Whether there is a sign or a word that every other shape needs."""
    if "@" in text or ":" in text or "=" in text or "assword" in text or " dot " in text:
        return True
    if not text.isascii() and any(map(text.__contains__, _WIDE)):
        return True
    return ("(" in text or "[" in text) and any(map(text.__contains__, _AT))


def _scan(rule: Rule, text: str, start: int, end: int) -> Iterator[Private]:
    """What one rule finds in a part of the text. After a short match that is none, it looks again one further."""
    match = rule.pattern.search(text, start, end)
    while match:
        span = rule.judge(match)
        if span and span[0] < span[1]:
            yield Private(*span, rule.kind)
        short = not span and match.end() - match.start() <= _SHORT
        at = match.start() + 1 if short else max(match.end(), match.start() + 1)
        match = rule.pattern.search(text, at, end)
