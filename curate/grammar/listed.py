"""What curated lists say of an English text: a few errors that are errors wherever they stand, and how each is mended.

A list proposes, an engine confirms (:mod:`curate.grammar.engine`), and only a proposal that is confirmed is applied
without a reader, if the two have been measured to be right together (:mod:`curate.grammar.trust`). Each list is closed,
each has its guard, and all of them say nothing about

* words with a capital letter, and words that touch an apostrophe, a hyphen, a slash, a full stop or a digit,
* texts of fewer than four words,
* places near which something says that the error is there on purpose (:mod:`curate.grammar.mentioned`),
* spelling, in a text that speaks of spelling, and of a word that the text has twice: it may be a name or a term.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.articles import article
from curate.grammar.listed_words import (
    BEHIND_I,
    CONTRACTIONS,
    LABELS,
    NO_ADVERBS,
    NO_NOUNS,
    OPENERS,
    PHRASES,
    SHORTENED,
    TAKES_AN,
    TWICE,
)
from curate.grammar.mentioned import is_condition, is_on_purpose, mentions
from curate.grammar.typos import corrections

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

LEAST_WORDS = 4

SPELLING, CONTRACTION, ARTICLE = "spelling", "contraction", "article"
DOUBLED, PRONOUN, SENTENCE = "doubled", "pronoun", "sentence"
JOINED, MASS, THAN = "joined", "mass", "than"


class Proposal(NamedTuple):
    """One change that a list has for a text.

    Attributes:
        start: where it begins, in code points.
        end: where it ends.
        after: what would stand there.
        guard: the name of the list, and with it of the conditions that were looked at.
    """

    start: int
    end: int
    after: str
    guard: str


_ALONE, _ALONE_END = r"(?<![\w'’./@#$\\&=*+~^|<{\[-])", r"(?![\w'’/@\\&=*+~^|>}\]-]|\.\w|\()"
_START = r"(?:^|(?<=\n)|(?<=[.!?] ))"
_WORD = re.compile(rf"{_ALONE}[a-z]+{_ALONE_END}")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONTRACTED_WORDS = frozenset(CONTRACTIONS)
_ARTICLES = frozenset({"a", "an"})
_WORDS = frozenset({SPELLING, CONTRACTION, JOINED})
"""Lists of single words: next to its correction such an error is an example."""

_TWICE = frozenset((word, word) for word in TWICE.split("|"))
_CONTRACTED = re.compile(rf"{_ALONE}(?:{'|'.join(CONTRACTIONS)}){_ALONE_END}", re.IGNORECASE)
_NOUN = rf"[a-z]{{3,}}{_ALONE_END}"
_ARTICLE = re.compile(rf"(?:(?<=[a-z,;:(] )([Aa]n?)|{_START}(An?)) ({_NOUN})")
_LABELS = re.compile(rf"\b(?:{LABELS}) $", re.IGNORECASE)
_LABEL_LENGTH = 13
_IN_PROSE = r"(?= [a-z])(?! (?:gates?|or|operators?|keys?|keywords?|tags?|buttons?|clauses?|blocks?)\b)"
_DOUBLED = re.compile(
    rf"(?:(?<=[^\W\d_] )|(?<=[^\W\d_][,;] ))({TWICE}) (\1){_IN_PROSE}"
    rf"|{_START}((?i:{TWICE})) (?=[a-z])((?i:\3)){_IN_PROSE}"
)
_PRONOUN = re.compile(rf"(?:^|(?<=[\s\"“]))(?<![=:(\[] )i (?={BEHIND_I})")
_SENTENCE = re.compile(rf"(?<=[a-z]{{3}}[.!?] )({OPENERS}) ([a-z]+)")
_BEFORE_STOP = re.compile(r"(\w+)[.!?] $")
_LONGEST_WORD = 40
_STARTS = re.compile(r"(?:^|[a-z]{3}[.!?] )([A-Za-z])")
_LAST_WORD = re.compile(r"([^\W\d_]+) $")


class _Signs(NamedTuple):
    """The words of a text as they are, how often each is there, and its words and pairs of neighbours, small.

    Most lists need no more than that to be silent.
    """

    written: frozenset[str]
    counts: Counter[str]
    has: frozenset[str | tuple[str, str]]


def _signs(text: str) -> _Signs:
    written = _ANY_WORD.findall(text)
    words = [word.lower() for word in written]
    return _Signs(frozenset(written), Counter(words), frozenset((*words, *pairwise(words))))


def proposals(texts: Sequence[str]) -> list[list[Proposal]]:
    """What the lists have for each of some English texts, sorted by place; the first of those that overlap."""
    signs = [_signs(text) for text in texts]
    known = corrections(
        {word for sign in signs for word in sign.written if word.islower() and word.isascii()}
    )
    return [
        _sorted(text, [*_spelling(text, known, sign), *_others(text, known, sign)])
        if sign.counts.total() >= LEAST_WORDS
        else []
        for text, sign in zip(texts, signs, strict=True)
    ]


def _sorted(text: str, found: list[Proposal]) -> list[Proposal]:
    """By place, the first of those that overlap, without errors that may be there on purpose."""
    kept: list[Proposal] = []
    for one in sorted(found):
        is_meant = one.guard == THAN and is_condition(text, one.start)
        if is_meant or is_on_purpose(text, one.start, one.end, one.after if one.guard in _WORDS else ""):
            continue
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _spelling(text: str, known: dict[str, str], signs: _Signs) -> Iterator[Proposal]:
    """Words that the list of misspellings knows, once in the text, and contractions without their apostrophe."""
    is_contracted = not signs.has.isdisjoint(_CONTRACTED_WORDS)
    wrong = {word for word in signs.written & known.keys() if signs.counts[word] == 1}
    if (wrong or is_contracted) and not mentions(text):
        for hit in _CONTRACTED.finditer(text) if is_contracted else ():
            after = CONTRACTIONS[hit[0].lower()]
            yield Proposal(
                *hit.span(), after if hit[0].islower() else after[0].upper() + after[1:], CONTRACTION
            )
        for hit in _WORD.finditer(text) if wrong else ():
            if hit[0] in wrong:
                yield Proposal(*hit.span(), known[hit[0]], SPELLING)


def _others(text: str, known: Container[str], signs: _Signs) -> Iterator[Proposal]:
    """What the other lists have."""
    if not signs.has.isdisjoint(_ARTICLES):
        yield from _articles(text, known)
    if not signs.has.isdisjoint(_TWICE):
        for hit in _DOUBLED.finditer(text):
            yield Proposal(*hit.span(), hit[1] or hit[3], DOUBLED)
    if "i" in signs.written:
        for hit in _PRONOUN.finditer(text):
            end = _end_of_word(text, hit.end())
            yield Proposal(hit.start(), end, "I" + text[hit.start() + 1 : end], PRONOUN)
    yield from _sentences(text)
    for phrase in PHRASES:
        if not signs.has.isdisjoint(phrase.needs):
            for hit in phrase.pattern.finditer(text):
                yield Proposal(*hit.span(), hit.expand(phrase.after), phrase.guard)


def _end_of_word(text: str, start: int) -> int:
    """Where the word that begins at ``start`` ends."""
    word = _WHOLE_WORD.match(text, start)
    return word.end() if word else start


def _articles(text: str, known: Container[str]) -> Iterator[Proposal]:
    """Where the other article belongs. "vitamin a deficiency" has none; a misspelled word is mended first."""
    for hit in _ARTICLE.finditer(text):
        word, noun = hit[1] or hit[2], hit[3]
        right = article(noun)
        if right is None or right == word.lower() or noun in known or noun in NO_NOUNS:
            continue
        if right == "a" and not _takes_an(text, hit.start(), noun):
            continue
        if _LABELS.search(text, max(0, hit.start() - _LABEL_LENGTH), hit.start()) is None:
            yield Proposal(*hit.span(), f"{right if word.islower() else right.capitalize()} {noun}", ARTICLE)


def _takes_an(text: str, start: int, noun: str) -> bool:
    """Whether "an" is an article there, and no slip for "and" or "are" ("emotions an notoriously strong")."""
    if noun.endswith("ly") and noun not in NO_ADVERBS:
        return False
    before = _LAST_WORD.search(text, max(0, start - _LONGEST_WORD), start)
    return before is None or before[1].lower() in TAKES_AN


def _sentences(text: str) -> Iterator[Proposal]:
    """Sentences that begin small, in a text most of whose sentences do not."""
    hits = list(_SENTENCE.finditer(text))
    starts = _STARTS.findall(text) if hits else []
    if sum(map(str.isupper, starts)) <= sum(map(str.islower, starts)):
        return
    for hit in hits:
        before = _BEFORE_STOP.search(text, max(0, hit.start() - _LONGEST_WORD), hit.start())
        if before is not None and before[1].lower() not in SHORTENED:
            yield Proposal(*hit.span(), f"{hit[1].capitalize()} {hit[2]}", SENTENCE)
