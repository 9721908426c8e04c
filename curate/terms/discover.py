"""Proposals for a glossary: forms of one term that a corpus writes in several ways.

Two passes. The first counts words and defined acronyms (:mod:`curate.terms.counting`); groups of forms are made of
these counts. The second finds all forms of all groups with one automaton, which gives true counts, also of forms with
spaces, and places to look at. Edit distance is not used: *causal* and *casual* are two words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.terms.folding import fold
from curate.terms.forms import plural
from curate.terms.matcher import Matcher
from curate.terms.spellings import american
from curate.terms.term import Case, Inflection, Term
from curate.text.private import mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from curate.terms.counting import Counts

HYPHEN, CASE, SPACE, SPELLING, ACRONYM = "hyphen", "case", "space", "spelling", "acronym"

HIGH, MEDIUM, LOW = "high", "medium", "low"
RANK = {HIGH: 0, MEDIUM: 1, LOW: 2}

FEWEST = 2
"""Uses of a form from which it counts as more than a slip."""

STRONG = 3
"""Uses of both forms from which a space group is proposed."""

SHORTEST = 3
"""Letters of each part of a word that may also be written as two."""

EXAMPLES = 2
"""Places that are kept of each form."""

AROUND, WIDER = 30, 60
"""Characters of text that are kept beside a form, and those beyond that are looked at before."""

_PREFIXES_WORDS = (
    "anti auto bio bi co counter cyber de e extra hyper hypo infra inter intra macro mega meta micro "
    "mid mini mis mono multi neo neuro non over para peri poly post pre pro pseudo psycho semi sub "
    "super supra tele trans tri ultra under uni"
)
_PREFIXES = frozenset(_PREFIXES_WORDS.split())
_FUNCTION_WORDS = (
    "a all an and any as at be by can day down every for from full here how in into just may more much "
    "no not of off on one or out over per place self set some than that the then there these this time "
    "to under up way well what when where while who with within"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_INNER = re.compile(r"[^\W\d_]*[a-z][A-Z][^\W\d_]*|[A-Z]{2,}[a-z]{2,}[^\W\d_]*")
"""A word with a large letter inside."""


@dataclass(frozen=True)
class Place:
    """Where a form stands, and the text around it."""

    where: str
    around: str


@dataclass
class Group:
    """Forms of what may be one term.

    Attributes:
        kind: what the forms differ in.
        forms: form and its uses.
        long: of an acronym, its long forms and how often each is given.
        places: of each form, the first.
    """

    kind: str
    forms: Counter[str]
    long: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[Place]] = field(default_factory=dict)

    @property
    def preferred(self) -> str:
        """The form that is used most; of equals, the shorter one."""
        return min(self.forms, key=lambda form: (-self.forms[form], len(form), form))

    @property
    def is_ambiguous(self) -> bool:
        """Whether an acronym has several long forms, or is a number too (IV): nobody can say which is meant."""
        return len(self.long) > 1 or bool(self.long and _ROMAN.fullmatch(min(self.forms, default="")))

    @property
    def confidence(self) -> str:
        """How likely it is that these are forms of one term."""
        if self.kind == ACRONYM:
            return LOW if self.is_ambiguous else HIGH if self.long.total() >= FEWEST else MEDIUM
        seldom = min(self.forms.values())
        if self.kind == SPACE:
            return MEDIUM
        return HIGH if seldom >= FEWEST else MEDIUM

    def rank(self) -> tuple[object, ...]:
        """Acronyms last, as they are many; surer ones first, then those with more uses that are not preferred."""
        others = self.forms.total() - self.forms[self.preferred] + self.long.total()
        return (self.kind == ACRONYM, RANK[self.confidence], -others, self.kind, self.preferred)


def groups_of(counts: Counts) -> list[Group]:
    """Candidates from the first pass; counts of forms with spaces are still to come."""
    low: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for word, count in sorted(counts.words.items(), key=lambda item: (-item[1], item[0])):
        low[fold(word)] += count
        is_own_case = word not in (word.capitalize(), word.title(), word.lower())
        shown.setdefault(fold(word), word if is_own_case else fold(word))
    found = [*_hyphens(low), *_spellings(low), *_spaces(low)]
    for group in found:
        group.forms = Counter({shown.get(form, form): count for form, count in group.forms.items()})
    return [*_without_plurals(found), *_cases(counts.words), *_acronyms(counts.pairs)]


def _hyphens(low: Mapping[str, int]) -> Iterator[Group]:
    """``e-mail`` and ``email``: both words must be there, and their parts be words or prefixes, or both be no slips.

    *II-IV* is a range of numbers, and *IIIV* is none.

    With a space it is a third form only where the word is written as one more often than with a hyphen: *at high
    risk* is right beside *a high-risk patient*.
    """
    for word in sorted(low):
        parts = word.split("-")
        joined = "".join(parts)
        if len(parts) != 2 or joined not in low or parts[0] == "re" or len(joined) <= SHORTEST:  # noqa: PLR2004 (one hyphen)
            continue
        is_made_of_words = (parts[0] in low or parts[0] in _PREFIXES) and parts[1] in low
        if _ROMAN.fullmatch(joined.upper()):
            continue
        if is_made_of_words or min(low[word], low[joined]) >= FEWEST:
            forms = Counter({word: low[word], joined: low[joined]})
            if low[joined] > low[word] and not set(parts) & (_FUNCTION | _PREFIXES):
                forms[" ".join(parts)] = 0
            yield Group(HYPHEN, forms)


def _spellings(low: Mapping[str, int]) -> Iterator[Group]:
    """British and American forms of the list."""
    for british, other in sorted(american().items()):
        if british in low and other in low:
            yield Group(SPELLING, Counter({british: low[british], other: low[other]}))


def _spaces(low: Mapping[str, int]) -> Iterator[Group]:
    """``healthcare`` and ``health care``, of words that mean something by themselves."""
    for word in sorted(low):
        if low[word] < STRONG or "-" in word:
            continue
        for at in range(SHORTEST, len(word) - SHORTEST + 1):
            first, second = word[:at], word[at:]
            if {first, second} & _FUNCTION or low.get(first, 0) < STRONG or low.get(second, 0) < STRONG:
                continue
            yield Group(SPACE, Counter({word: low[word], f"{first} {second}": 0}))


def _without_plurals(groups: list[Group]) -> Iterator[Group]:
    """The plurals of another group's forms are forms of that group."""
    known = {frozenset(group.forms) for group in groups}
    derived = {frozenset(map(plural, forms)) for forms in known}
    yield from (group for group in groups if frozenset(group.forms) not in derived)


def _cases(words: Mapping[str, int]) -> Iterator[Group]:
    """``MedlinePlus`` and ``Medlineplus``; what is all small or all large is a heading's or a sentence's doing."""
    by_fold: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words.items():
        by_fold[fold(word)][word] = count
    for folded in sorted(by_fold):
        forms = by_fold[folded]
        inner = [form for form in forms if _INNER.fullmatch(form)]
        kept = Counter({form: forms[form] for form in forms if not form.isupper()})
        if inner and len(kept) > 1 and max(forms[form] for form in inner) >= FEWEST:
            yield Group(CASE, kept)


def _acronyms(pairs: Mapping[tuple[str, str], int]) -> Iterator[Group]:
    """Short forms with the long forms that the corpus gives them."""
    by_short: dict[str, Counter[str]] = defaultdict(Counter)
    for (short, long), count in pairs.items():
        is_plural = _PLURAL.fullmatch(short) and long.endswith("s")
        by_short[short[:-1] if is_plural else short][_singular(long) if is_plural else long] += count
    for short in sorted(by_short):
        yield Group(ACRONYM, Counter({short: 0}), long=_alike(by_short[short]))


_PLURAL = re.compile("[A-Z]{2,}s")
_ROMAN = re.compile("[IVX]+")


def _singular(long: str) -> str:
    return long[:-3] + "y" if long.endswith("ies") else long[:-1]


def _alike(longs: Counter[str]) -> Counter[str]:
    """Long forms that differ in case, hyphens, a plural or a longer beginning are one, as most write it."""
    merged: dict[str, Counter[str]] = {}
    for long, count in sorted(longs.items(), key=lambda item: (len(item[0]), item[0])):
        key = re.sub(r"[^\w]+", "", fold(_singular(long) if long.endswith("s") else long))
        same = next((other for other in merged if key.endswith(other)), key)
        merged.setdefault(same, Counter())[long] += count
    return Counter({_as_written(one): one.total() for one in merged.values()})


def _as_written(longs: Counter[str]) -> str:
    """The commonest way to write it; small at the beginning, where that occurs."""
    return min(longs, key=lambda form: (not form[0].islower(), -longs[form], form))


class Verifier:
    """The second pass: true counts of all forms of all groups, and places to look at."""

    def __init__(self, groups: list[Group]) -> None:
        self.groups = groups
        self._matcher = Matcher(
            [
                Term(
                    preferred=form,
                    case=Case.EXACT if group.kind in (CASE, ACRONYM) else Case.KEEP,
                    inflection=Inflection.NONE if group.kind in (CASE, ACRONYM) else Inflection.PLURAL,
                )
                for group in groups
                for form in group.forms
            ]
        )
        self._owners = [(group, form) for group in groups for form in group.forms]
        for group in groups:
            group.forms = Counter(dict.fromkeys(group.forms, 0))

    def add(self, texts: Iterable[tuple[str, str]]) -> None:
        """Count the forms in some texts, each with the place where it stands."""
        for where, text in texts:
            for use in self._matcher.every(text):
                if use.form.role != "preferred":
                    continue
                group, form = self._owners[use.form.term]
                group.forms[form] += 1
                places = group.places.setdefault(form, [])
                if len(places) < EXAMPLES:
                    places.append(Place(where, _around(text, use.start, use.end)))

    def merge(self, others: list[Group]) -> None:
        """Add what was counted elsewhere of the same groups."""
        for group, other in zip(self.groups, others, strict=True):
            group.forms.update(other.forms)
            for form, places in other.places.items():
                known = group.places.setdefault(form, [])
                known += places[: EXAMPLES - len(known)]

    def proposals(self) -> list[Group]:
        """The groups that hold, surest first."""
        for group in self.groups:
            group.forms = +group.forms
        return sorted(filter(_holds, self.groups), key=Group.rank)


def _around(text: str, start: int, end: int) -> str:
    """The words beside a form; nothing where they hold personal data or a secret."""
    low, high = max(0, start - AROUND), end + AROUND
    piece = text[max(0, low - WIDER) : high + WIDER]
    return "" if mask(piece) != piece else " ".join(text[low:high].split())


def _holds(group: Group) -> bool:
    """Whether what was counted speaks for the group."""
    if group.kind == ACRONYM:
        return bool(group.forms)
    if group.kind == SPACE:
        return len(group.forms) > 1 and min(group.forms.values()) >= STRONG
    return len(group.forms) > 1
