"""The meaning lock: whether an edit left alone what a text says.

Both texts are read after what a repair of characters may mend has been folded: character references, garbled UTF-8,
invisible characters, forms of quotation marks and blanks. Where they then differ, word by word, both sides must hold
the same numbers, units, negations, modal verbs, names and the like, in the same order; and the places that are not
prose (code, URLs, citations, quotations and so on) must be the same throughout. It is an allow-list: misspellings and
contractions that stand for a listed word are listed (:mod:`curate.protect.lock_words`), everything else is meaning.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from curate.protect.drugs import is_drug
from curate.protect.lock_words import CAPITALS, Item
from curate.protect.lookalikes import are_opposed
from curate.protect.meaning import Piece, is_term, said, stem
from curate.protect.names import FUNCTION_WORDS
from curate.protect.opposites import turned
from curate.protect.spans import places_of
from curate.text.mojibake import GARBLED, repairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.protect.look import Protected

MEANINGS = (
    *("number", "negation", "modal", "unit", "dose", "date", "name", "acronym", "term", "logic"),
    *("maths", "url", "code", "citation", "placeholder", "quotation", "foreign", "table", "markup", "lines"),
)
"""The kinds of meaning that are compared."""

NEVER_DECLARED = frozenset(("number", "negation", "modal", "dose", "lines"))
"""What nothing may openly change."""

_PLACES = {
    **{kind: kind for kind in ("code", "markup", "maths", "citation", "quotation", "placeholder", "table")},
    **dict.fromkeys(("url", "email", "path"), "url"),
    "token": "placeholder",
}
_WORDS_OF = {"foreign": "foreign", "mention": "quotation"}
"""Places that hold words, of which none may change; what is such a place may depend on the words around."""
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_GARBLED = re.compile(GARBLED)
_TOKEN = re.compile(r"(?:(?<![\w.])[-+−±.](?=\d))?\w+(?:(?:['.,:/-]|\.-)\w+)*|[^\w\s]")
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F))
_FOLDED = {
    **_INVISIBLE,
    **dict.fromkeys((0xA0, 0x2007, 0x2009, 0x200A, 0x202F, 0x2002, 0x2003), " "),
    **dict.fromkeys((0x2018, 0x2019, 0x201B, 0xB4, 0x2BC), "'"),
    **dict.fromkeys((0x201C, 0x201D, 0x201F), '"'),
}
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])[`;](?=t\b)|(?<=n),(?=t\b)")
_ROUNDS = 3
_LONG = 2000
_SHORT_WORD = 4
_ALIKE = 0.6


def broken(before: str, after: str, declares: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The kinds of meaning in which two texts differ, in the order of ``MEANINGS``; empty if the lock holds.

    >>> broken("He cant take 5 mg.", "He can't take 5 mg."), broken("He can take 5 mg.", "He can't take 5 mcg.")
    ((), ('negation', 'unit'))

    Args:
        before: a text, or a part of one that ends where sentences or lines do.
        after: what would stand there.
        declares: kinds that the edit openly changes, such as ``unit`` or ``name``.

    Raises:
        ValueError: a declared kind is unknown, or one that nothing may change.
    """
    if unknown := declares - set(MEANINGS):
        raise ValueError(f"no kind of meaning: {', '.join(sorted(unknown))}")
    if never := declares & NEVER_DECLARED:
        raise ValueError(f"nothing may change: {', '.join(sorted(never))}")
    if before == after:
        return ()
    found = set(_differences(before, after))
    return tuple(kind for kind in MEANINGS if kind in found and kind not in declares)


def _differences(before: str, after: str) -> Iterator[str]:
    if len(_BREAK.findall(before)) != len(_BREAK.findall(after)):
        yield "lines"
    if "&" in after and Counter(_REFERENCE.findall(after)) - _references(before):
        yield "number"
    one, two = _Read(folded(before)), _Read(folded(after))
    if one.text == two.text:
        return
    for kind in dict.fromkeys(_PLACES.values()):
        if one.places(kind) != two.places(kind):
            yield kind
    hunks = list(_hunks(one.tokens, two.tokens))
    for hunk in hunks:
        yield from _compared(one, two, hunk)
    yield from _passed_over(one, two, hunks)


def folded(text: str) -> str:
    """The text as it would read if its characters were repaired: the words stay, their spelling does, too."""
    for _ in range(_ROUNDS if "&" in text else 0):
        text = _REFERENCE.sub(_character, text)
    if text.isascii():
        return _APOSTROPHE.sub("'", text) if "`" in text or ";t" in text or ",t" in text else text
    if _GARBLED.search(text):
        for mark in reversed(repairs(text)):
            text = text if mark.fix is None else text[: mark.start] + mark.fix + text[mark.end :]
    return _APOSTROPHE.sub("'", unicodedata.normalize("NFC", text).translate(_FOLDED))


def _character(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _references(text: str) -> Counter[str]:
    """The character references of a text, and those that come to light when it is read once or twice."""
    found = Counter(_REFERENCE.findall(text))
    for _ in range(_ROUNDS if found else 0):
        text = _REFERENCE.sub(_character, text)
        found |= Counter(_REFERENCE.findall(text))
    return found


class _Hunk(NamedTuple):
    """Words ``i`` to ``j`` of one text where words ``k`` to ``m`` of the other stand."""

    i: int
    j: int
    k: int
    m: int


@dataclass(frozen=True)
class _Read:
    """A text, in pieces."""

    text: str

    @cached_property
    def spans(self) -> tuple[Protected, ...]:
        return places_of(self.text)

    @cached_property
    def pieces(self) -> list[Piece]:
        spans, at = self.spans, 0
        found = []
        for hit in _TOKEN.finditer(self.text):
            while at < len(spans) and spans[at].end <= hit.start():
                at += 1
            inside = at < len(spans) and spans[at].start < hit.end()
            found.append(Piece(hit[0], hit.start(), spans[at].kind if inside else ""))
        return found

    @cached_property
    def tokens(self) -> list[str]:
        return [piece.text for piece in self.pieces]

    def places(self, kind: str) -> list[str]:
        """What stands in the places of one kind of meaning, one after the other."""
        return [self.text[place.start : place.end] for place in self.spans if _PLACES.get(place.kind) == kind]

    def items(self, start: int, end: int) -> list[Item]:
        """What some of the pieces say."""
        return [item for at in range(start, end) for item in said(self.pieces, at)]


def _hunks(one: list[str], two: list[str]) -> Iterator[_Hunk]:
    """Where two lists of words differ."""
    shortest, start, tail = min(len(one), len(two)), 0, 0
    while start < shortest and one[start] == two[start]:
        start += 1
    while tail < shortest - start and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    a, b = one[start : len(one) - tail], two[start : len(two) - tail]
    inner = SequenceMatcher(None, a, b, autojunk=max(len(a), len(b)) > _LONG)
    for tag, i, j, k, m in inner.get_opcodes():
        if tag != "equal":
            yield _Hunk(i + start, j + start, k + start, m + start)


def _compared(one: _Read, two: _Read, hunk: _Hunk) -> Iterator[str]:
    """The kinds in which both sides of a place differ."""
    left, right = one.items(hunk.i, hunk.j), two.items(hunk.k, hunk.m)
    a, b = one.pieces[hunk.i : hunk.j], two.pieces[hunk.k : hunk.m]
    if left != right:
        doubled = not b and _is_doubled(one.tokens, hunk)
        for kind in dict.fromkeys(kind for kind, _ in (*left, *right)):
            before, after = _of(kind, left), _of(kind, right)
            if (
                before == after
                or (doubled and kind not in _STRICT)
                or (_may_be_mended(kind, after) and _mends(a, b, before))
            ):
                continue
            if kind in ("name", "acronym") and _is_case(a, b, before + after):
                continue
            yield kind
    places = {piece.place for piece in a}
    yield from (kind for place, kind in _WORDS_OF.items() if place in places)
    words = [[piece.text.lower() for piece in side if piece.text[0].isalpha()] for side in (a, b)]
    if _is_another_term(*words):
        yield "term"


def _passed_over(one: _Read, two: _Read, hunks: list[_Hunk]) -> Iterator[str]:
    """What words that went to another place went past: ``also not`` and ``not also`` say different things."""
    gone = {one.tokens[at].lower(): hunk for hunk in hunks for at in range(hunk.i, hunk.j)}
    for hunk in hunks:
        for at in range(hunk.k, hunk.m):
            left = gone.get(two.tokens[at].lower())
            if left is not None and left is not hunk and two.tokens[at][0].isalpha():
                begin, end = sorted((left.i, hunk.i))
                yield from (kind for kind, _ in one.items(begin, end) if kind in _STRICT)


_STRICT = frozenset(("number", "negation", "modal"))
_PLAIN_UNITS = frozenset(("minute", "hour", "night", "week", "month", "year", "decade", "percent"))


def _may_be_mended(kind: str, come: list[str]) -> bool:
    """Whether a word of a kind may come in where it was misspelt: no unit that another one looks like."""
    return kind in ("logic", "dose") or (kind == "unit" and _PLAIN_UNITS.issuperset(come))


def _of(kind: str, items: list[Item]) -> list[str]:
    return [value for one, value in items if one == kind]


def _is_doubled(tokens: list[str], hunk: _Hunk) -> bool:
    """Whether what is taken away stands right before or after it once more."""
    gone, size = tokens[hunk.i : hunk.j], hunk.j - hunk.i
    return gone in (tokens[max(0, hunk.i - size) : hunk.i], tokens[hunk.j : hunk.j + size])


def _mends(a: Sequence[Piece], b: Sequence[Piece], before: list[str]) -> bool:
    """Whether a listed word comes in only where something like it was misspelt."""
    if before or len(a) != 1 or len(b) != 1:
        return False
    one, two = a[0].text.lower(), b[0].text.lower()
    is_word = one in FUNCTION_WORDS or len(one) < _SHORT_WORD
    return not is_word and SequenceMatcher(None, one, two).ratio() >= _ALIKE


def _is_case(a: Sequence[Piece], b: Sequence[Piece], names: list[str]) -> bool:
    """Whether only a capital comes in that belongs to the word, as in the name of a day or a language."""
    same = [piece.text.lower() for piece in a] == [piece.text.lower() for piece in b]
    return same and all(name.lower() in CAPITALS or is_drug(name) for name in names)


def _is_another_term(one: list[str], two: list[str]) -> bool:
    """Whether a word that has a look-alike or an opposite became another word, or a word became its opposite."""
    gone, come = [word for word in one if word not in two], [word for word in two if word not in one]
    stems = {stem(word) for word in come}
    if any(is_term(word) and stem(word) not in stems for word in gone if come):
        return True
    return turned(gone, come) or any(are_opposed(a, b) for a, b in zip(gone, come, strict=False))
