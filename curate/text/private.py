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
    from collections.abc import Collection, Iterator

__all__ = ["KINDS", "Private", "blocks", "find_private", "mask"]

BLOCK = "█"
"""What stands for a masked character."""

_TOKEN_CHARS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-.")
_SHAPE = bytes(120 if code in _TOKEN_CHARS else 32 for code in range(256))
_RUN = b"x" * 16
_RUNS = re.compile(_RUN + b"x*+")
_PREFIX = 12
_STRETCH = re.compile(r"[+(\d][\d() \u00a0\u2007\u2009\u202f./\-\u2010-\u2014\u2212]{6,}+")
_FOREIGN = re.compile(r"[\d\uff01-\uff5e](?<![0-9])")
_SHORT = 64
_SPELLED = ("at]", "at)", "at}", "at ]", "at )", "at }")
_SCRIPTS = ("密", "口令", "令牌", "パスワード", "парол")
_PLAIN = re.compile(r"[A-Z]?[a-z+/_.-]*+")
_RANK = {kind: at for at, kind in enumerate(KINDS)}
_GROUPS = [
    (needs, [rule for rule in PLACES if rule.needs == needs])
    for needs in dict.fromkeys(rule.needs for rule in PLACES)
]


class Private(NamedTuple):
    """A place that must not be shown: ``text[start:end]`` in code points, and its kind (of ``KINDS``)."""

    start: int
    end: int
    kind: str


def find_private(text: str) -> list[Private]:
    """The private places of a text, sorted and without overlaps.

    Places that overlap are joined, so that nothing of either is shown; the longer one names the kind, and of
    two equal ones the more specific. That something looks random names it only where nothing else does. A caller
    masks first and cuts later: half a secret is not found.

    Args:
        text: any text, also with lone surrogates.
    """
    joined: list[Private] = []
    longest = 0
    for start, end, kind in sorted(_places(_fold(text)), key=lambda place: (place.start, _RANK[place.kind])):
        size = 0 if kind == "random-token" else end - start
        if not joined or start >= joined[-1].end:
            joined.append(Private(start, end, kind))
            longest = size
            continue
        last = joined[-1]
        joined[-1] = Private(last.start, max(last.end, end), kind if size > longest else last.kind)
        longest = max(longest, size)
    return joined


def mask(text: str, values: Collection[str] = ()) -> str:
    """The text with a block for every private character: as long as before, with the same lines.

    Args:
        text: any text.
        values: what is known to be private and has no shape, such as the names that an edit takes out; masked
            wherever it stands.
    """
    places: list[tuple[int, int]] = [place[:2] for place in find_private(text)]
    if values and any(values):
        longest = sorted(filter(None, values), key=len, reverse=True)
        known = re.compile("|".join(map(re.escape, longest)))
        places = sorted((*places, *(match.span() for match in known.finditer(text))))
    pieces: list[str] = []
    at = 0
    for start, end in places:
        if end > at:
            low = max(start, at)
            pieces += (text[at:low], blocks(text[low:end]))
            at = end
    return "".join((*pieces, text[at:]))


def blocks(text: str) -> str:
    """A block for every character, with the same lines."""
    return re.sub(r"[^\r\n]", BLOCK, text)


def _places(text: str) -> Iterator[Private]:
    """All places of all rules, in no order; text without a hint of any costs a few substring tests."""
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


def _fold(text: str) -> str:
    """Digits of other scripts and full-width forms as ASCII, one character for one, so that offsets agree."""
    return text if text.isascii() else _FOREIGN.sub(_ascii, text)


def _ascii(match: re.Match[str]) -> str:
    char = match.group()
    return str(int(char)) if char.isdecimal() else chr(ord(char) - 0xFEE0)


def _has_figures(text: str) -> bool:
    """Whether there is a digit; written out, since a loop would cost more than the tests."""
    if "1" in text or "2" in text or "0" in text or "3" in text or "4" in text:
        return True
    return "5" in text or "6" in text or "7" in text or "8" in text or "9" in text


def _has_marks(text: str) -> bool:
    """Whether there is a sign or a word of which every other shape needs one."""
    if "@" in text or ":" in text or "=" in text or "assword" in text or " dot " in text:
        return True
    if not text.isascii() and any(map(text.__contains__, _SCRIPTS)):
        return True
    return ("(" in text or "[" in text or "{" in text) and any(map(text.__contains__, _SPELLED))


def _scan(rule: Rule, text: str, start: int, end: int) -> Iterator[Private]:
    """What one rule finds in a part of the text. After a short match in vain it looks again one character on."""
    match = rule.pattern.search(text, start, end)
    while match:
        span = rule.judge(match)
        if span and span[0] < span[1]:
            yield Private(*span, rule.kind)
        short = not span and match.end() - match.start() <= _SHORT
        at = match.start() + 1 if short else max(match.end(), match.start() + 1)
        match = rule.pattern.search(text, at, end)
