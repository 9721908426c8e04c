"""Proposals as a glossary in YAML that can be read again, with the counts and places that speak for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from curate.terms.discover import ACRONYM, CASE
from curate.terms.folding import fold
from curate.terms.matcher import Matcher
from curate.terms.term import Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.terms.discover import Group

HEAD = """\
# Proposals, surest first: read each one, and delete what is not one term. What stands behind # is not read.
# Acronyms are proposed as suggestions (severity: info); those with several meanings are only told.
terms:
"""


def write_yaml(groups: Sequence[Group], *, with_text: bool = True) -> str:
    """The glossary's text; no entry of it contradicts another one.

    Args:
        groups: proposals in their order.
        with_text: whether words around a form are shown.
    """
    blocks = [HEAD]
    taken: set[str] = set()
    rewritten = _Rewritten(groups)
    for group in groups:
        forms = {fold(form) for form in group.forms}
        reason = _reason(group, forms, taken, rewritten)
        taken |= forms if not reason else set()
        lines = [*_told(group, with_text=with_text), *([f"# left out: {reason}"] if reason else [])]
        entry = [("  # " if reason else "  ") + line for line in _entry(group)]
        blocks.append("\n".join(["  " + line for line in lines] + entry) + "\n")
    return "\n".join(blocks) if len(blocks) > 1 else HEAD.replace("terms:", "terms: []")


class _Rewritten:
    """Which texts hold a form that one of the proposals would replace."""

    def __init__(self, groups: Sequence[Group]) -> None:
        variants = ((group, form) for group in groups if group.kind != ACRONYM for form in group.forms)
        self._matcher = Matcher([Term(preferred=form) for group, form in variants if form != group.preferred])

    def inside(self, text: str, forms: set[str]) -> str:
        """The first such form that is not one of the group's own."""
        found = (text[use.start : use.end] for use in self._matcher.every(text))
        return next((form for form in found if fold(form) not in forms), "")


def _reason(group: Group, forms: set[str], taken: set[str], rewritten: _Rewritten) -> str:
    """Why a proposal is told and not proposed."""
    if group.is_ambiguous:
        return (
            "it means several things: " + ", ".join(sorted(group.long))
            if len(group.long) > 1
            else "it may be a number"
        )
    if forms & taken:
        return "another proposal has one of its forms"
    if group.kind == ACRONYM and any(map(str.isdigit, _long(group))):
        return "its long form holds a number"
    inside = rewritten.inside(_first(group) if group.kind == ACRONYM else group.preferred, forms)
    return f"it holds '{inside}', which another proposal replaces" if inside else ""


def _told(group: Group, *, with_text: bool) -> Iterator[str]:
    """Kind, confidence, counts and places."""
    forms = sorted(group.forms.items(), key=lambda item: (-item[1], item[0]))
    counts = " · ".join([*(f"{form} {count:,}" for form, count in forms), *_longs(group)])
    yield f"# {group.kind}, {group.confidence}: {counts}"
    for form, _ in forms:
        for place in group.places.get(form, ())[:1]:
            yield f"#   {place.where}" + (f": … {place.around} …" if with_text and place.around else "")


def _longs(group: Group) -> Iterator[str]:
    for long, count in sorted(group.long.items(), key=lambda item: (-item[1], item[0])):
        yield f"{long} {count:,}"


def _long(group: Group) -> str:
    return next(iter(sorted(group.long, key=lambda long: (-group.long[long], long))), "")


def _first(group: Group) -> str:
    return f"{_long(group)} ({group.preferred})"


def _entry(group: Group) -> Iterator[str]:
    preferred = group.preferred
    yield f"- preferred: {_quoted(preferred)}"
    if group.kind == ACRONYM:
        yield f"  first: {_quoted(_first(group))}"
        yield "  case: exact"
        yield "  inflection: none"
        yield "  severity: info"
        yield "  declares: [acronym]"
        return
    others = sorted(form for form in group.forms if form != preferred)
    yield f"  variants: [{', '.join(map(_quoted, others))}]"
    if group.kind == CASE:
        yield "  case: exact"
        yield "  declares: [name]"


def _quoted(text: str) -> str:
    """A text as YAML reads it back."""
    return json.dumps(text, ensure_ascii=False)
