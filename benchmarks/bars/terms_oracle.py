"""The automaton finds what brute force finds: 2,000 terms in 3,000 texts with hard neighbours."""

from __future__ import annotations

from benchmarks.bar import Outcome
from curate.terms.matcher import UNLESS, Matcher
from tests.terms import oracle
from tests.terms.lab import make_terms, make_texts

TERMS, ROWS = 2_000, 3_000


def run() -> list[Outcome]:
    """One line."""
    terms = make_terms(TERMS)
    matcher = Matcher(terms)
    sought = [one for number, term in enumerate(terms) for one in oracle.written(term, number)]
    differing = uses = 0
    for text in make_texts(ROWS, terms=terms):
        mine = [(use.start, use.end, use.form.term, use.form.role) for use in matcher.uses(text)]
        assert all(role != UNLESS for *_, role in mine)  # noqa: S101 (none is in these terms)
        theirs = [tuple(spot[:4]) for spot in oracle.find(text, sought)]
        uses += len(theirs)
        differing += mine != theirs
    return [
        Outcome(
            f"texts with other matches than brute force, {TERMS:,} terms, {ROWS:,} texts",
            f"{differing} ({uses:,} uses)",
            "0, of 5,000 uses and more",
            differing == 0 and uses >= 5_000,
        )
    ]
