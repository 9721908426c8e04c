"""Where two texts differ, and whether each difference is one that cannot change what is asked.

The guard is an allow-list: a difference is harmless only where the words on both sides have the same canonical form
(``asks``); the kinds of the others are there to be shown and to rank, never to decide.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from curate.similarity import wording as allow
from curate.similarity.asks import Form, chunk_starts, pieces_and_prose
from curate.similarity.asks_form import as_written
from curate.similarity.wording_tokens import flat, words_of


class Kind(StrEnum):
    """What differs. The first seven are on the allow-list."""

    CASE = "case"
    PUNCTUATION = "punctuation"
    SPACING = "spacing"
    ARTICLE = "article"
    COURTESY = "courtesy"
    SPELLING = "spelling"
    VERB = "synonym of the verb"
    NUMBER = "number"
    NEGATION = "negation"
    MODAL = "modal verb"
    NAME = "name or capital"
    QUOTED = "quoted text"
    SIGN = "sign"
    ORDER = "order of words"
    FORM = "form of words or code"
    WORD = "word"


HARMLESS = frozenset(
    [Kind.CASE, Kind.PUNCTUATION, Kind.SPACING, Kind.ARTICLE, Kind.COURTESY, Kind.SPELLING, Kind.VERB]
)

_NEGATIONS = allow.words(
    "not no never without none nor neither nothing nobody except unless n't kein nicht ne pas sin"
)
_MODALS = allow.words("shall should may might must can could will would need ought only always")
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
LONG = 1000
"""Words from which frequent ones are no anchors of a comparison, so that its time stays linear."""

_ENDS = frozenset(".?!:¶")
_CAPITAL = re.compile(r"\W*[A-ZÀ-ÖØ-Þ]")
_MARKS = re.compile(r"[^\w]+")


class Difference(NamedTuple):
    """What stands in one text where something else, or nothing, stands in the other."""

    kind: Kind
    left: str
    right: str

    @property
    def harmless(self) -> bool:
        """Whether it is on the allow-list."""
        return self.kind in HARMLESS


class Reading(NamedTuple):
    """A text as the guard sees it; ``said`` is None where its form matters."""

    text: str
    pieces: list[str]
    said: Form | None


def reading(text: str) -> Reading:
    """The text read as prose, or kept as written."""
    pieces, said = pieces_and_prose(text)
    return Reading(text, pieces, said if said and said.words else None)


def explain(one: str, two: str) -> list[Difference]:
    """The differences of two asks in the order of the text; none where they are equal as written.

    Comparing the other way round gives the same with the sides exchanged.
    """
    if one == two:
        return []
    if one > two:
        return [Difference(kind, left, right) for kind, right, left in explain(two, one)]
    left, right = reading(one), reading(two)
    if left.said is None or right.said is None:
        return _verbatim(left, right)
    found = _compared(left, left.said, right, right.said)
    same = left.said.words == right.said.words
    if same:
        return [d if d.harmless else d._replace(kind=Kind.PUNCTUATION) for d in found] or [_SPACES]
    if all(d.harmless for d in found):
        found.append(_inner(left.said.words, right.said.words))
    if sorted(left.said.words) == sorted(right.said.words):
        return [d if d.harmless else d._replace(kind=Kind.ORDER) for d in found]
    return found


_SPACES = Difference(Kind.SPACING, " ", " ")


def _verbatim(left: Reading, right: Reading) -> list[Difference]:
    """Differences of texts whose form matters, sign by sign."""
    one, two = as_written(left.text, ask=True), as_written(right.text, ask=True)
    if one == two:
        kind = Kind.COURTESY if left.said is right.said else Kind.FORM
        return [Difference(kind, left.text[: -len(one)], right.text[: -len(one)])]
    a, b = _PARTS.findall(one), _PARTS.findall(two)
    return [Difference(Kind.FORM, "".join(a[i:j]), "".join(b[k:m])) for i, j, k, m in _opposed(a, b)]


def _opposed(a: list[str], b: list[str]) -> list[tuple[int, int, int, int]]:
    """Where two lists differ, once what they begin and end with in common is set aside."""
    start, shortest = 0, min(len(a), len(b))
    while start < shortest and a[start] == b[start]:
        start += 1
    tail = 0
    while tail < shortest - start and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    one, two = a[start : len(a) - tail], b[start : len(b) - tail]
    if set(one).isdisjoint(two):
        return [(start, start + len(one), start, start + len(two))] if one or two else []
    inner = SequenceMatcher(None, one, two, autojunk=len(two) > LONG)
    return [
        (i + start, j + start, k + start, m + start)
        for tag, i, j, k, m in inner.get_opcodes()
        if tag != "equal"
    ]


def _compared(left: Reading, said: Form, right: Reading, told: Form) -> list[Difference]:
    found = []
    starts, others = chunk_starts(left.pieces), chunk_starts(right.pieces)
    for i, j, k, m in _opposed(left.pieces, right.pieces):
        one, two = left.pieces[i:j], right.pieces[k:m]
        meant, heard = _between(said, starts[i], starts[j]), _between(told, others[k], others[m])
        kind = _harmless_kind(one, two) if meant == heard else _harmful_kind(meant, heard)
        if kind is Kind.WORD and (_holds_name(left.pieces, i, j) or _holds_name(right.pieces, k, m)):
            kind = Kind.NAME
        found.append(Difference(kind, " ".join(one), " ".join(two)))
    return found


def _between(said: Form, start: int, end: int) -> list[str]:
    """The canonical words that come from the words of some chunks."""
    return said.words[bisect_left(said.places, start) : bisect_left(said.places, end)]


def _holds_name(pieces: list[str], start: int, end: int) -> bool:
    """Whether one of some chunks has a capital that does not begin a sentence."""
    return any(
        _CAPITAL.match(pieces[at]) is not None and at > 0 and pieces[at - 1][-1] not in _ENDS
        for at in range(start, end)
    )


def _inner(one: list[str], two: list[str]) -> Difference:
    """The first words that differ although the chunks around them do not, as where an article lost its noun."""
    i, j, k, m = _opposed(one, two)[0]
    return Difference(_harmful_kind(one[i:j], two[k:m]), " ".join(one[i:j]), " ".join(two[k:m]))


def _harmless_kind(one: list[str], two: list[str]) -> Kind:
    """Which entry of the allow-list lets these chunks stand for each other."""
    a, b = "".join(one), "".join(two)
    if a == b:
        return Kind.SPACING
    if a.lower() == b.lower():
        return Kind.CASE
    bare_a, bare_b = ([w for c in side if (w := _MARKS.sub("", c).lower())] for side in (one, two))
    if "".join(bare_a) == "".join(bare_b):
        return Kind.PUNCTUATION
    if flat(words_of(one)) == flat(words_of(two)):
        return Kind.SPELLING
    extra = set(bare_a) ^ set(bare_b)
    if extra <= allow.ARTICLES:
        return Kind.ARTICLE
    if extra & (allow.COURTESIES | allow.OFFERS | _COURTEOUS):
        return Kind.COURTESY
    return Kind.VERB if extra & _VERBS else Kind.SPELLING


_COURTEOUS = frozenset(
    word
    for phrase in (
        *allow.THANKS,
        *allow.GREETINGS,
        *map(" ".join, allow.FOREIGN_COURTESIES),
        "请 问 您 能 可 以 帮 吗 么",
    )
    for word in phrase.split()
)
_VERBS = frozenset([*allow.SYNONYMS, *allow.SYNONYMS.values()])


def _harmful_kind(one: list[str], two: list[str]) -> Kind:
    """The most telling kind of what differs."""
    differing = [word for word in (*one, *two) if not (word in one and word in two)] or [*one, *two]
    low = {word.lower() for word in differing}
    if any(any(sign.isdigit() for sign in word) for word in differing) or low & allow.NUMBERS:
        return Kind.NUMBER
    if low & _NEGATIONS:
        return Kind.NEGATION
    if low & _MODALS:
        return Kind.MODAL
    if any(word[0] in "\"`'" and len(word) > 1 for word in differing):
        return Kind.QUOTED
    if any(word != word.lower() for word in differing):
        return Kind.NAME
    if not any(sign.isalpha() for word in differing for sign in word):
        return Kind.SIGN
    return Kind.WORD
