"""From the forms that stand in a text to what should stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.core.finding import Severity
from curate.terms.folding import fold
from curate.terms.forms import article, carried
from curate.terms.matcher import ADMITTED, FORBIDDEN, PREFERRED, VARIANT
from curate.terms.term import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.terms.matcher import Matcher, Use
    from curate.terms.term import Term

CHECKS = {
    VARIANT: "terms.variant",
    FORBIDDEN: "terms.forbidden",
    PREFERRED: "terms.case",
}
FIRST_USE = "terms.first-use"

AUTO, SUGGEST, REPORT = "auto", "suggest", "report"

_ARTICLE = re.compile(r"(?<![\w'’.-])(an?) $", re.IGNORECASE)
_LAST_OF_ARTICLE = ("a ", "n ", "A ", "N ")
_START = re.compile(r"(?:^|[\n.!?:•*]|[.!?][\"'”’)\]]*)[\s\"'“‘(\[*_#>-]*(?:\d{1,3}[.)]\s+)?$")
_NEXT = re.compile(r" ([^\W_]+)")
_BEFORE = re.compile(r"([^\W_]+)[ -]$")
_DEFINES = re.compile(
    r"^(?:[\s,\"'“”‘’/–—-]*[(\[][\"'“‘]?|[\s,\"'”’)]*\b(?:or|is|are)\b(?: also)?[\s\"'“‘]*|\s?[/=]\s?)$"
    r"|^[^.!?\n]{0,80}\b(?:called|known as|named|termed|(?:name|term|word)s? (?:for|of)|means?|refers? to|defined as"
    r"|synonyms?|spel(?:led|t)|abbreviated)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
"""What stands between two forms where one of them explains the other."""

_AROUND = 60
"""Characters before a place that are looked at; where a sentence begins is to be seen in them."""


class Offer(NamedTuple):
    """What could be written at [start, end) instead of what stands there."""

    start: int
    end: int
    after: str
    check: str
    safety: str
    term: Term
    listed: str


def offers_for(text: str, matcher: Matcher, part: str) -> Iterator[Offer]:
    """What the glossary has to say of a text, from left to right.

    Args:
        text: as it stands.
        matcher: of the glossary.
        part: of the row that it is; terms for other parts are passed over.
    """
    first: set[int] = set()
    uses = matcher.uses(text)
    for use in uses:
        term = matcher.terms[use.form.term]
        if term.fields and part not in term.fields:
            continue
        offer = _offer(text, use, term)
        if offer is None and term.first and use.form.term not in first and use.form.role == PREFERRED:
            offer = _first_use(text, use, term)
        first.add(use.form.term)
        if offer is not None:
            is_unsure = len(uses) > 1 and offer.safety == AUTO and _is_explained(text, use, uses)
            yield offer._replace(safety=SUGGEST) if is_unsure else offer


def _is_explained(text: str, use: Use, uses: list[Use]) -> bool:
    """Whether the sentence says what the form means: *conjunctivitis, also called pinkeye*, *pinkeye (conjunctivitis)*.

    With the preferred form in its place it would say nothing.
    """
    same = [one for one in uses if one.form.term == use.form.term and one.form.role in (PREFERRED, ADMITTED)]
    return any(_DEFINES.search(text[min(use.end, one.end) : max(use.start, one.start)]) for one in same)


def _offer(text: str, use: Use, term: Term) -> Offer | None:
    """One form; None if it is as it should be."""
    found, form = text[use.start : use.end], use.form
    if form.role not in CHECKS:
        return None
    if form.role == PREFERRED and (term.case is not Case.FOLD or form.after in (found, term.first)):
        return None
    check = CHECKS[form.role]
    if not form.after:
        return Offer(use.start, use.end, found, check, REPORT, term, form.text)
    after = carried(found, form.text, form.after) if term.case is Case.KEEP else form.after
    is_sure = after is not None and term.severity is not Severity.INFO and not may_be_name(text, use)
    start, written = _with_article(text, use, after or form.after, form.after)
    return Offer(start, use.end, written, check, AUTO if is_sure else SUGGEST, term, form.text)


def _with_article(text: str, use: Use, after: str, base: str) -> tuple[int, str]:
    """Where the edit begins and what it writes: with the article before it, where that must change.

    The article goes by ``base``, which is what is written in the case of the glossary.
    """
    hit = None
    if text[max(0, use.start - 2) : use.start] in _LAST_OF_ARTICLE:
        hit = _ARTICLE.search(text, max(0, use.start - 4), use.start)
    if hit is None:
        return use.start, after
    old, new = article(use.form.text), article(base)
    if new is None or old == new or hit[1].lower() != old:
        return use.start, after
    is_loud = hit[1].isupper() and (len(hit[1]) > 1 or after[:2].isupper())
    written = new.upper() if is_loud else new.capitalize() if hit[1][0].isupper() else new
    return hit.start(1), f"{written} {after}"


def may_be_name(text: str, use: Use) -> bool:
    """Whether a form that is written small may be part of a name here: Email Corp, the Lessee Act."""
    found = text[use.start : use.end]
    if not found[:1].isupper() or not use.form.text[:1].islower() or found.isupper():
        return False
    after = _NEXT.match(text, use.end)
    if after and after[1][0].isupper() and after[1] != "I":
        return True
    before = _BEFORE.search(text, max(0, use.start - _AROUND), use.start)
    return bool(before and before[1][0].isupper() and not starts_sentence(text, before.start()))


def starts_sentence(text: str, at: int) -> bool:
    """Whether a sentence, a line or a list item begins there."""
    low = max(0, at - _AROUND)
    return bool(_START.search(text[low:at]) if low else _START.search("\n" + text[:at]))


def _first_use(text: str, use: Use, term: Term) -> Offer | None:
    """The long form put in at the first use, if it is not in the text and nothing speaks against it."""
    found = text[use.start : use.end]
    if found != term.preferred or fold(term.long_form) in fold(text):
        return None
    if text[max(0, use.start - 1) : use.start] in ("(", "[", "/") or text[use.end : use.end + 1] in (
        ")",
        "]",
        "/",
    ):
        return None
    after = term.first
    if starts_sentence(text, use.start) and after[0].islower():
        after = after[0].upper() + after[1:]
    start, written = _with_article(text, use, after, term.first)
    safety = SUGGEST if term.severity is Severity.INFO else AUTO
    return Offer(start, use.end, written, FIRST_USE, safety, term, term.preferred)
