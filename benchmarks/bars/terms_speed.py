"""How fast terms are found, in CPU time of one process, against one large alternation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.bar import Outcome, own_cpu
from curate.fixing.editor import EDITABLE
from curate.fixing.terms import Terms
from curate.terms.matcher import Matcher, forms_of, matcher_of
from curate.terms.term import Glossary
from tests.terms.lab import LENGTH, make_terms, make_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.terms.term import Term

TERMS, ROWS, SAMPLE = 2_000, 30_000, 400
FASTEST, TIMES = 25_000, 50


def run() -> list[Outcome]:
    """Finding alone, the whole editor, and the ratio."""
    terms = make_terms(TERMS)
    texts = make_texts(ROWS)
    began = own_cpu()
    matcher = Matcher(terms)
    built = own_cpu() - began
    found = _rate(lambda: sum(len(matcher.uses(text)) for text in texts), ROWS)
    uses = sum(len(matcher.uses(text)) for text in texts[:SAMPLE]) / SAMPLE
    offered = _offers(terms, texts)
    slow = _alternation(terms, texts[:SAMPLE])
    what = f"{TERMS:,} terms, {ROWS:,} texts of {LENGTH} characters, {uses:.1f} uses a text"
    return [
        Outcome(
            f"texts a CPU second, terms found: {what}",
            f"{found:,.0f} (automaton built in {built:.2f} s)",
            f"≥ {FASTEST:,}",
            found >= FASTEST,
        ),
        Outcome(
            f"the same with offers made: {what}", f"{offered:,.0f}", f"≥ {FASTEST:,}", offered >= FASTEST
        ),
        Outcome(
            "times as fast as one regular expression of all forms",
            f"{found / slow:,.0f} ({slow:,.0f} texts a second)",
            f"≥ {TIMES}",
            found >= TIMES * slow,
        ),
    ]


def _rate(work: Callable[[], object], rows: int) -> float:
    """Rows a CPU second, the best of three runs: another process may hold the core's caches."""
    spent = []
    for _ in range(3):
        began = own_cpu()
        work()
        spent.append(own_cpu() - began)
    return rows / min(spent)


def _offers(terms: list[Term], texts: list[str]) -> float:
    frame = pl.DataFrame(
        [(row, "/output", "target", "assistant", text, "") for row, text in enumerate(texts)],
        schema=EDITABLE,
        orient="row",
    )
    editor = Terms(Glossary(tuple(terms)))
    matcher_of(editor.glossary)
    return _rate(lambda: editor.offers(frame), len(texts))


def _alternation(terms: list[Term], texts: list[str]) -> float:
    forms = sorted({form.text for term in terms for form in forms_of(term)}, key=len, reverse=True)
    one = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w-])", re.IGNORECASE)
    return _rate(lambda: sum(1 for text in texts for _ in one.finditer(text)), len(texts))
