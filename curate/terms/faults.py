"""What terms of a glossary do to each other: cycles, forms that rewrite themselves, one variant in two terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.core.errors import ConfigError
from curate.terms.folding import fold
from curate.terms.matcher import ADMITTED, FORBIDDEN, PREFERRED, VARIANT, Form, Matcher, forms_of
from curate.terms.opposites import turned_round
from curate.terms.term import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.terms.term import Term

REPLACED = (VARIANT, FORBIDDEN)

_DIGITS = re.compile(r"\d+")
_NEGATIONS = re.compile(r"\b(?:no|not|never|none|without|neither|nor|cannot)\b|n't\b")
_MODALS = re.compile(r"\b(?:shall|may|must|should|can|could|would|will|might|ought)\b")


def note_conflicts(terms: Sequence[Term]) -> None:
    """Refuse terms that would undo, repeat or contradict each other.

    Raises:
        ConfigError: with every conflict and the places of both terms.
    """
    told = [*_collisions(terms)] or [*_cycles(terms)] or [*_rewrites(terms)]
    told += [text for term in terms for text in (*_own(term), *_meanings(term))]
    if told:
        raise ConfigError("\n".join(dict.fromkeys(told)))


def _given(term: Term) -> Iterator[tuple[str, str]]:
    """Roles and forms as listed."""
    if term.preferred:
        yield PREFERRED, term.preferred
    for role, forms in ((VARIANT, term.variants), (FORBIDDEN, term.forbidden), (ADMITTED, term.admitted)):
        yield from ((role, form) for form in forms)


def _own(term: Term) -> Iterator[str]:
    """A term that lists a form twice, or replaces its preferred form by itself."""
    seen: dict[str, str] = {}
    for _, form in _given(term):
        key = form if term.case is Case.EXACT else fold(form)
        if key in seen and seen[key] == term.preferred:
            hint = "with 'case: fold' its other cases are found" if form != term.preferred else "leave it out"
            yield f"{term.place}: '{form}' is the preferred form itself; {hint}"
        elif key in seen:
            yield f"{term.place}: '{form}' stands twice in the entry; leave one out"
        seen.setdefault(key, form)


def _meanings(term: Term) -> Iterator[str]:
    """A replacement that would change a number, a negation or a modal verb, or turn a text round."""
    for form in (*term.variants, *term.forbidden):
        for kind, pattern in (("number", _DIGITS), ("negation", _NEGATIONS), ("modal verb", _MODALS)):
            if term.preferred and pattern.findall(fold(form)) != pattern.findall(fold(term.preferred)):
                yield (
                    f"{term.place}: '{form}' → '{term.preferred}' changes a {kind}, which no edit may do; "
                    "leave the form out, or forbid it without a preferred form"
                )
        if term.preferred and (why := turned_round(form, term.preferred)):
            yield (
                f"{term.place}: '{form}' → '{term.preferred}' turns round what is said: {why}; "
                "leave the form out, or forbid it without a preferred form"
            )


def _collisions(terms: Sequence[Term]) -> Iterator[str]:
    """One form that two terms replace, or that one prefers twice."""
    seen: dict[tuple[str, bool], Term] = {}
    for term in terms:
        for role, form in _given(term):
            key = (fold(form), role in REPLACED)
            other = seen.setdefault(key, term)
            if other is not term and (key[1] or role == PREFERRED):
                yield f"{term.place}: '{form}' is in the term of {other.place}, too; keep it in one of them"


def _cycles(terms: Sequence[Term]) -> Iterator[str]:
    """Terms that lead back to where they began."""
    goes = {
        fold(form): (fold(t.preferred), t)
        for t in terms
        for r, form in _given(t)
        if r in REPLACED and t.preferred
    }
    reported: set[str] = set()
    for start in goes:
        path, at = [start], goes[start][0]
        while at in goes and at not in path:
            path.append(at)
            at = goes[at][0]
        if at == start and len(path) > 1 and start not in reported:
            reported.update(path)
            chain = " → ".join([*path, start])
            yield f"{goes[start][1].place}: the terms go round in a circle: {chain}; keep one direction"


def _rewrites(terms: Sequence[Term]) -> Iterator[str]:
    """A preferred form, or what stands at a first use, in which another term would replace something again."""
    matcher = Matcher(terms)
    for number, term in enumerate(terms):
        for text in filter(None, dict.fromkeys(_written(term, number))):
            for use in _inside(matcher, text, number):
                other = terms[use.term]
                yield (
                    f"{term.place}: '{text}' holds '{use.text}', which the term of {other.place} replaces by "
                    f"'{use.after}'; give the longer form that is wanted, or an 'unless' there"
                )


def _written(term: Term, number: int) -> Iterator[str]:
    """What edits of the term would write."""
    yield from (form.after for form in forms_of(term, number) if form.role in REPLACED)
    yield term.preferred
    yield term.first


def _inside(matcher: Matcher, text: str, number: int) -> Iterator[Form]:
    """Forms that would be replaced in a text: other terms' anywhere, its own where no longer form covers them."""
    covered = (use.form for use in matcher.every(text) if use.form.term != number)
    own = (use.form for use in matcher.uses(text) if use.form.term == number)
    yield from (form for form in (*covered, *own) if form.role in REPLACED and form.after)
