"""Names of a list of one's own, found in any of the ways in which people write them.

"Anna-Lena Müller" also stands where a text says "ANNA LENA MUELLER", "Müller, Anna-Lena", "A. Müller" or "A.-L.
Müller"; "Müller" or "Anna-Lena" alone counts behind a title, or where the row names her in full. An inflected name
("Müllers", "Müller's") is found without its ending. All names make one automaton (Aho & Corasick 1975).

A name that is also a common word ("May", "Will") says nothing alone: it counts behind a title or in a full name, and
a full name of nothing else ("May Will") only with its capitals. So does a listed name of one short word ("Li").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ahocorasick_rs import AhoCorasick

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ \u00a0\u202f\t]{1,2}| ?\r?\n ?|[-‐‑'’`]|")
_AFTER_INITIAL = re.compile(r"\.?[ \u00a0-]?\n?|\.-")
_LOOSE = re.compile(r"\W{1,4}")
_COMMA = re.compile(r",[ \u00a0\n]{1,2}")
_TITLES = """mr mrs ms miss mx dr prof sir lady herr herrn frau familie señor señora sr sra don doña monsieur
madame mme mlle m signor signora sig dott"""
TITLES = frozenset(_TITLES.split())
_WITHIN = "von van de der den del della di da dos das du la le ten ter zu zum zur bin ibn al el st"
_PARTICLES = frozenset(_WITHIN.split())
_FUNCTION_WORDS = """a an and any are as at be but by can could did do does for from had has have he her him his how
i if in is it its me might must no nor not of on or our shall she should so some than that the their them then there
these they this those to us was we were what when where which who whose why with would you your"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that are nobody's name: one of them alone is a mistake in a list."""
_TIMES = """may will january february march april june july august september october november december monday tuesday
wednesday thursday friday saturday sunday summer autumn winter spring mai juni juli oktober dezember juin juillet"""
_CAPITALS = FUNCTION_WORDS | frozenset(_TIMES.split())
"""Words that have a capital within a sentence though they are no names, or begin every other sentence."""
_NOUNS = """art bill chance don drew faith frank gene grace grant hope jack joy just love mark miss more nick pat penny
pierce ray rich rob rose ruby skip sue true van young black white brown green day page bond case cash cook price power
wood stone hill lake king law church park field rice best good wise sharp small large grey der die das und ein eine
el los las un una les des long short"""
COMMON = _CAPITALS | frozenset(_NOUNS.split())
"""Names that are also words of a language; the frequent ones."""
_SHORT_NAME = 3
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"))
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


class Hit(NamedTuple):
    """A place that one of several people may own; ``alone`` where it is a bare first name or surname."""

    start: int
    end: int
    people: frozenset[str]
    form: str
    alone: bool


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """A word in lower case without accents."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered.translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [fold_word(hit[0]) for hit in _WORD.finditer(text)]


class Names:
    """A list of names, compiled once.

    Args:
        names: as they stand in the list: ``First Middle Last`` or ``Last, First``.
        phrases: what is found as it is written, such as firms and addresses; case and accents do not count.
    """

    def __init__(self, names: Iterable[str], phrases: Iterable[str] = ()) -> None:
        self._people: dict[str, set[str]] = {}
        self._alone: set[str] = set()
        self._turned: set[str] = set()
        self._loose: set[str] = set()
        self._weak: set[str] = set()
        for name in dict.fromkeys(names):
            self._add(name)
        for phrase in dict.fromkeys(phrases):
            for form in _variants(phrase):
                self._loose.add(form)
                self._people.setdefault(form, set()).add(" ".join(words_of(phrase)))
        self._forms = sorted(self._people)
        self._automaton: AhoCorasick | None = None

    def __len__(self) -> int:
        return len(self._forms)

    def _add(self, name: str) -> None:
        person = " ".join(words_of(_straight(name)))
        if not person:
            return
        for shape, is_turned in _shapes(name):
            for form in _variants(shape):
                self._people.setdefault(form, set()).add(person)
                if is_turned:
                    self._turned.add(form)
                if is_weak(form):
                    self._weak.add(form)
        for part in _parts(name):
            for form in _variants(part):
                self._people.setdefault(form, set()).add(person)
                self._alone.add(form)
                if form in _CAPITALS:
                    self._weak.add(form)

    def find(self, text: str) -> list[Hit]:
        """Every place where a form of a name stands, also inside each other; who is meant is not decided here."""
        if not self._forms:
            return []
        words = list(_WORD.finditer(text))
        line, starts = _line(words)
        hits = []
        for index, at, _ in self._compiled().find_matches_as_indexes(line, overlapping=True):
            form, ending = self._forms[index // 2], index % 2
            first = starts[at + 1]
            here = words[first : first + form.count(" ") + 1]
            if self._is_name(text, here, form):
                has_title = first > 0 and _is_title(text, words[first - 1], here[0])
                if form in self._weak and not has_title and not _is_certain(text, here, form):
                    continue
                is_alone = form in self._alone and not has_title
                people = frozenset(self._people[form])
                hits.append(Hit(here[0].start(), here[-1].end() - ending, people, form, is_alone))
        return self._without_turned(hits)

    def _is_name(self, text: str, words: Sequence[re.Match[str]], form: str) -> bool:
        """Whether the words stand together and are written as a name is."""
        gap = _LOOSE if form in self._loose else _COMMA if form in self._turned else None
        return _joined(text, words, gap) and _is_written(words, form, is_short=form in self._alone)

    def _without_turned(self, hits: list[Hit]) -> list[Hit]:
        """In "A. Müller, A. Smith" no surname belongs to what follows it."""
        straight = [hit for hit in hits if not hit.alone and hit.form not in self._turned]
        return [
            hit
            for hit in hits
            if hit.form not in self._turned
            or not any(one.start < hit.end and hit.start < one.end for one in straight)
        ]

    def _compiled(self) -> AhoCorasick:
        if self._automaton is None:
            from ahocorasick_rs import AhoCorasick  # noqa: PLC0415 (only where there is a list)

            self._automaton = AhoCorasick(
                [pattern for form in self._forms for pattern in (f" {form} ", f" {form}s ")]
            )
        return self._automaton


def settle(hits: Sequence[Sequence[Hit]]) -> list[list[tuple[Hit, str]]]:
    """Who is meant in the texts of a row, for each text; bare names of nobody whom the row names are left out.

    A form that several people share means the one of them whom the row names in full; where it names none or more
    than one, the form stands for itself.
    """
    every = [hit for several in hits for hit in several if not hit.alone]
    certain = frozenset().union(*(hit.people for hit in every if len(hit.people) == 1))
    named = frozenset().union(*(hit.people for hit in every))
    return [
        [(hit, _who(hit, certain)) for hit in several if not hit.alone or hit.people & named]
        for several in hits
    ]


def _who(hit: Hit, certain: frozenset[str]) -> str:
    people = hit.people if len(hit.people) == 1 else hit.people & certain
    return next(iter(people)) if len(people) == 1 else f"?{hit.form}"


def _is_title(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    gap = text[before.end() : word.start()]
    return fold_word(before[0]) in TITLES and gap in (" ", ". ", ".", "\u00a0", ".\u00a0")


def _is_written(words: Sequence[re.Match[str]], form: str, *, is_short: bool) -> bool:
    """Whether a bare name, one word or an initial has capitals; full names may be typed without."""
    initials = any(len(part) == 1 for part in form.split())
    if is_short or initials or " " not in form:
        return words[0][0][0].isupper() and words[-1][0][0].isupper()
    return True


def is_weak(name: str) -> bool:
    """Whether a name, as it is compared, may stand in a text as words or as a symbol.

    >>> is_weak("may"), is_weak("li"), is_weak("may will"), is_weak("ann will"), is_weak("may jones")
    (True, True, True, True, False)
    """
    words = [word for word in name.split() if len(word) > 1]
    if len(words) == len(name.split()) == 1:
        return name in COMMON or len(name) <= _SHORT_NAME
    return name.rsplit(maxsplit=1)[-1] in _CAPITALS or all(word in COMMON for word in words)


def _is_certain(text: str, words: Sequence[re.Match[str]], form: str) -> bool:
    """Whether a name that reads as words is written as a name: several words with capitals, initials with a stop."""
    if " " not in form or not (words[0][0][0].isupper() and words[-1][0][0].isupper()):
        return False
    return all(len(word[0]) > 1 or text[word.end() : word.end() + 1] == "." for word in words)


def _line(words: Sequence[re.Match[str]]) -> tuple[str, dict[int, int]]:
    """All words folded, one blank around each, and at which offset each begins."""
    folded = [fold_word(word[0]) for word in words]
    starts, at = {}, 1
    for number, word in enumerate(folded):
        starts[at] = number
        at += len(word) + 1
    return f" {' '.join(folded)} ", starts


def _joined(text: str, words: Sequence[re.Match[str]], also: re.Pattern[str] | None) -> bool:
    """Whether no more stands between the words than may stand between the words of a name."""
    for one, other in pairwise(words):
        gap = text[one.end() : other.start()]
        initial = len(one[0]) == 1 and _AFTER_INITIAL.fullmatch(gap)
        if not (initial or _GAP.fullmatch(gap) or (also and also.fullmatch(gap))):
            return False
    return True


def _straight(name: str) -> str:
    """A name with the first name first and without titles."""
    last, comma, first = name.partition(",")
    words = (f"{first} {last}" if comma else name).split()
    while len(words) > 1 and fold_word(words[0].strip(".")) in TITLES:
        words.pop(0)
    return " ".join(words)


def _parts(name: str) -> list[str]:
    """First name and surname, where there are both."""
    first, _, last = _split(name)
    return [part for part in (first, last) if first and len(part) > 1]


def _split(name: str) -> tuple[str, list[str], str]:
    """First name, middle names, surname with its particles; a name of one word is a surname."""
    words = _straight(name).split()
    if len(words) < 2:  # noqa: PLR2004 (no first name)
        return "", [], " ".join(words)
    at = next((n for n, word in enumerate(words[1:-1], 1) if fold_word(word) in _PARTICLES), len(words) - 1)
    return words[0], words[1:at], " ".join(words[at:])


def _shapes(name: str) -> Iterator[tuple[str, bool]]:
    """The ways to write a name in full or with initials, and whether the surname comes first."""
    first, middle, last = _split(name)
    if not first:
        yield last, False
        return
    initials = [word[0] for word in middle]
    parts = words_of(first)
    firsts = {first, parts[0], first[0], " ".join(part[0] for part in parts)}
    for head in sorted(firsts):
        for between in ([], middle, initials):
            yield " ".join((head, *between, last)), False
            yield " ".join((last, head, *between)), True


def _variants(phrase: str) -> set[str]:
    """The phrase folded, also with umlauts written out, and written-out umlauts as umlauts."""
    lowered = phrase.lower()
    out = lowered
    for letter, spelled in _UMLAUTS:
        out = out.replace(letter, spelled)
    plain = " ".join(words_of(lowered))
    back = plain
    for letter, spelled in _UMLAUTS[:3]:
        back = back.replace(spelled, fold_word(letter))
    return {form for form in (plain, " ".join(words_of(out)), back) if form}
