"""Edits that two engines propose alike: better evidence than one engine, for they rarely make the same mistake.

Engines name the same edit in different ways: one replaces a phrase, the other inserts a comma. So edits are compared by
what they make of the text, in their smallest form. Of injected errors they take back nearly all that they agree on; but
there is little to mend in good prose, and a third of what they agree on there was not wrong (headings that begin the
sentence behind them, style: "all of the"). The table of trust has the figures, and decides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.grammar.engine import Lint

MOST_WORDS = 4
"""Words that an agreed edit may touch; longer ones rewrite."""

SPELLING = frozenset({"Spelling", "TYPOS", "Typo"})
"""Categories of unknown words. Both engines take the most similar word, so agreement says little: .811."""


class Edit(NamedTuple):
    """The smallest change that a lint's first suggestion makes."""

    start: int
    end: int
    after: str


class Agreed(NamedTuple):
    """An edit, and what each engine says there."""

    edit: Edit
    one: Lint
    two: Lint


def smallest(text: str, lint: Lint) -> Edit | None:
    """The first suggestion of a lint without what it leaves as it is; None if there is none, or it changes nothing."""
    if not lint.suggestions:
        return None
    before, after = text[lint.start : lint.end], lint.suggestions[0]
    if before == after:
        return None
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    most -= head
    tail = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    return Edit(lint.start + head, lint.end - tail, after[head : len(after) - tail])


def agreed(text: str, one: Sequence[Lint], two: Sequence[Lint]) -> list[Agreed]:
    """The edits that the first suggestions of both engines make alike, spelling aside, in order of place."""
    others = {smallest(text, lint): lint for lint in reversed(two) if _is_fit(text, lint)}
    found: dict[Edit, Agreed] = {}
    for lint in one:
        edit = smallest(text, lint) if _is_fit(text, lint) else None
        if edit is not None and edit in others:
            found.setdefault(edit, Agreed(edit, lint, others[edit]))
    return sorted(found.values())


def _is_fit(text: str, lint: Lint) -> bool:
    """Whether agreement on a lint would tell anything: no spelling, nothing with digits, and few words."""
    before = text[lint.start : lint.end]
    return (
        lint.category not in SPELLING
        and len(before.split()) <= MOST_WORDS
        and re.search(r"\d", before + "".join(lint.suggestions[:1])) is None
    )
