"""Finding all forms of all terms in a text, in one pass.

All forms go into one automaton (Aho and Corasick 1975) that reports overlapping matches. Those that do not stand
between word boundaries are left out *first*, and of those that are left the longest win: the other order loses
matches, because a longer form that ends within a word would hide a shorter one that stands there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from curate.terms.folding import fold, straight
from curate.terms.forms import other_hyphens, plural
from curate.terms.term import Boundary, Case, Hyphen, Inflection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curate.terms.term import Glossary, Term

PREFERRED, VARIANT, FORBIDDEN, ADMITTED, UNLESS, OTHER = (
    *("preferred", "variant", "forbidden", "admitted", "unless", "other"),
)
"""What a form is to its term. ``other`` is the preferred form in a case that the term does not mean."""


class Form(NamedTuple):
    """One way to write a term.

    Attributes:
        term: number of the term in the glossary.
        role: what it is to the term.
        text: as listed, or derived from it.
        after: what should stand there, in the case of the glossary.
        is_exact: whether it is found only in this letter case.
        is_plural: whether it was made from a plural.
        boundary: where it may begin and end.
    """

    term: int
    role: str
    text: str
    after: str
    is_exact: bool
    is_plural: bool
    boundary: str


class Use(NamedTuple):
    """A form that stands in a text at [start, end), in code points."""

    start: int
    end: int
    form: Form


def forms_of(term: Term, number: int = 0) -> Iterator[Form]:
    """All forms of a term, what is given before what is derived."""
    given = dict(term.plurals)

    def plural_of(form: str) -> str:
        return given.get(form) or plural(form)

    listed = (
        *((PREFERRED, form) for form in filter(None, [term.preferred])),
        *((VARIANT, form) for form in term.variants),
        *((FORBIDDEN, form) for form in term.forbidden),
        *((ADMITTED, form) for form in term.admitted),
    )
    makers = [(False, str)] + [(True, plural_of)] * (term.inflection is Inflection.PLURAL)
    is_exact = term.case is Case.EXACT
    for is_plural, make in makers:
        after = make(term.preferred) if term.preferred else ""
        for role, form in listed:
            made = straight(make(form))
            yield Form(number, role, made, after, is_exact, is_plural, term.boundary)
            if term.hyphen is Hyphen.FOLD and role in (VARIANT, FORBIDDEN):
                for other in other_hyphens(made):
                    yield Form(number, role, other, after, is_exact, is_plural, term.boundary)
    if term.first:
        yield Form(
            number,
            PREFERRED,
            straight(term.first),
            term.first,
            is_exact,
            is_plural=False,
            boundary=term.boundary,
        )
    for phrase in term.unless:
        yield Form(number, UNLESS, straight(phrase), "", is_exact, is_plural=False, boundary=Boundary.WORD)


class Matcher:
    """The compiled forms of a glossary."""

    def __init__(self, terms: Sequence[Term]) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415 (loaded when a glossary is used)

        self.terms = tuple(terms)
        forms: dict[tuple[str, int], list[Form]] = {}
        for form in _given_first(self.terms):
            known = forms.setdefault((fold(form.text), form.term if form.role == UNLESS else -1), [])
            if not any(one.text == form.text or not form.is_exact for one in known):
                known.append(form)
        self._keys = list(forms.values())
        self._plain = [_only(known) for known in self._keys]
        self._has_unless = any(term.unless for term in terms)
        patterns = [folded for folded, _ in forms] or ["\ufffd"]
        small = Implementation.ContiguousNFA  # as fast here as the DFA, in a twentieth of its memory
        self._find = AhoCorasick(patterns, implementation=small).find_matches_as_indexes

    def uses(self, text: str) -> list[Use]:
        """What stands in a text, from left to right, without overlaps; phrases of ``unless`` are obeyed."""
        folded = fold(text)
        found = self._found(text, folded)
        if not found:
            return []
        if not self._has_unless:
            return longest(found)
        return _unspared(folded, longest([use for use in found if use.form.role != UNLESS]), found)

    def every(self, text: str) -> list[Use]:
        """The same with overlaps: also forms that a longer one covers."""
        folded = fold(text)
        found = self._found(text, folded)
        return _unspared(folded, [use for use in found if use.form.role != UNLESS], found)

    def _found(self, text: str, folded: str) -> list[Use]:
        """All forms that stand between word boundaries, with overlaps."""
        plain, found, size = self._plain, [], len(folded)
        for key, start, end in self._find(folded, overlapping=True) if self._keys else ():
            form = plain[key]
            if form is not None:
                before = folded[start - 1] if start else " "
                after = folded[end] if end < size else " "
                if before in JOINING or after in JOINING:
                    continue
                if (before in APART and after in APART) or is_whole(folded, start, end, form.boundary):
                    found.append(Use(start, end, form))
            elif is_whole(folded, start, end, self._keys[key][0].boundary):
                form = _meant(self._keys[key], straight(text[start:end]))
                if form is not None:
                    found.append(Use(start, end, form))
        return found


JOINING = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-@/\\#")
"""Characters (folded) that make a word another one, where they touch it."""

APART = frozenset(' \n\t,;:!?()[]"')
"""Characters that end a word, whatever is beyond them."""


def is_whole(folded: str, start: int, end: int, boundary: str) -> bool:
    """Whether [start, end) begins and ends where words do, by Unicode's letters, digits and marks.

    A full stop or an apostrophe within a word joins it: example.com, O'Brien. The possessive 's does not.
    """
    if boundary == Boundary.PART:
        return True
    free = "-" if boundary == Boundary.HYPHEN else ""
    before, after = folded[max(0, start - 2) : start], folded[end : end + 2]
    if before and before[-1] not in free and _joins(before[-1]):
        return False
    if after and after[0] not in free and _joins(after[0]):
        return False
    if len(before) > 1 and before[1] in ".'" and _joins(before[0]):
        return False
    return not (len(after) > 1 and (after[0] == "." and _joins(after[1])))


def _joins(letter: str) -> bool:
    return (
        letter in JOINING or letter.isalnum() or (letter > "\x7f" and unicodedata.category(letter)[0] == "M")
    )


_START = itemgetter(0)


def _given_first(terms: Iterable[Term]) -> Iterator[Form]:
    """Singular and given forms of all terms before derived ones, so that what is given wins."""
    forms = [form for number, term in enumerate(terms) for form in forms_of(term, number)]
    listed = [
        {straight(form) for form in (t.preferred, t.first, *t.variants, *t.forbidden, *t.admitted)}
        for t in terms
    ]
    yield from sorted(forms, key=lambda form: form.text not in listed[form.term])


def _only(forms: list[Form]) -> Form | None:
    """The form, where letter case decides nothing and words are whole as usual; None where more must be asked."""
    is_plain = len(forms) == 1 and not forms[0].is_exact and forms[0].boundary == Boundary.WORD
    return forms[0] if is_plain else None


def _meant(forms: list[Form], found: str) -> Form | None:
    """The form that is meant by what was found; the exact one if there is."""
    exact = next((form for form in forms if form.text == found), None)
    if exact is not None:
        return exact
    loose = next((form for form in forms if not form.is_exact), None)
    if loose is not None:
        return loose
    shown = next((form for form in forms if form.role == PREFERRED), None)
    return shown and shown._replace(role=OTHER)


def longest(uses: list[Use]) -> list[Use]:
    """Without overlaps: longer ones win, then earlier ones."""
    uses = sorted(uses, key=_START)
    chosen: list[Use] = []
    cluster: list[Use] = []
    reach = 0
    for use in uses:
        if use.start >= reach:
            chosen += cluster if len(cluster) < 2 else _settled(cluster)  # noqa: PLR2004 (nothing can overlap)
            cluster = []
        cluster.append(use)
        reach = max(reach, use.end)
    return chosen + _settled(cluster)


def _settled(cluster: list[Use]) -> list[Use]:
    """The same for uses that hang together."""
    chosen: list[Use] = []
    for use in sorted(cluster, key=lambda one: (one.start - one.end, one.start)):
        if all(use.end <= one.start or one.end <= use.start for one in chosen):
            chosen.append(use)
    return sorted(chosen, key=_START)


def _unspared(folded: str, uses: list[Use], found: list[Use]) -> list[Use]:
    """The uses that no phrase of ``unless`` among what was found touches."""
    phrases = [use for use in found if use.form.role == UNLESS]
    return (
        [use for use in uses if not any(_touches(folded, use, one) for one in phrases)] if phrases else uses
    )


def _touches(folded: str, use: Use, phrase: Use) -> bool:
    """Whether the phrase overlaps the use, or stands beside it with nothing but spaces between them."""
    if phrase.form.term != use.form.term:
        return False
    gap = folded[use.end : phrase.start] if use.end <= phrase.start else folded[phrase.end : use.start]
    return not gap.strip(" ")


@lru_cache(maxsize=8)
def matcher_of(glossary: Glossary) -> Matcher:
    """The glossary's matcher, made once in a process; glossaries are told apart by their digests."""
    return Matcher(glossary.terms)
