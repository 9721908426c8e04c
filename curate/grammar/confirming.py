"""A list proposes, an engine confirms: the two together are what may be trusted.

Harper reads only the sentences in which a list has something to say; that is most of what makes the pass cheap.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.engine import Engine, Lint, Masked, Unchecked, Verdict
from curate.grammar.listed import CONTRACTION, JOINED, MASS, SPELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.grammar.listed import Proposal

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z])|\n+")


LONGEST = 200
"""Characters of a lint; what is longer speaks of whole sentences and confirms nothing."""

_SPELLING = frozenset({"Spelling", "TYPOS"})
"""Categories of rules that say a word is unknown."""


_OF_UNKNOWN_WORDS = frozenset({SPELLING, CONTRACTION, JOINED, MASS})
"""Lists whose errors are words that an engine does not know; all others lean on the words around."""


class Confirmed(NamedTuple):
    """A proposal, and the engine's lints that say the same."""

    proposal: Proposal
    lints: tuple[Lint, ...]


def windows(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences that hold some places, each once, in order."""
    ends = [0, *(hit.end() for hit in _SENTENCE_END.finditer(text)), len(text)]
    found: dict[tuple[int, int], None] = {}
    for start, end in places:
        first = bisect_right(ends, start) - 1
        found[ends[first], ends[max(bisect_left(ends, end), first + 1)]] = None
    return list(found)


def says_the_same(text: str, lint: Lint, proposal: Proposal) -> bool:
    """Whether one of the engine's suggestions makes of the text what the list makes of it."""
    if lint.start > proposal.end or proposal.start > lint.end:
        return False
    start, end = min(lint.start, proposal.start), max(lint.end, proposal.end)
    wanted = text[start : proposal.start] + proposal.after + text[proposal.end : end]
    return any(
        text[start : lint.start] + after + text[lint.end : end] == wanted for after in lint.suggestions
    )


def confirmed(text: str, lints: Sequence[Lint], proposals: Sequence[Proposal]) -> list[Confirmed]:
    """The proposals that lints confirm; none that leans on a word which the engine does not know."""
    found = []
    for proposal in proposals:
        first = bisect_left(lints, proposal.start - LONGEST, key=itemgetter(0))
        last = bisect_right(lints, proposal.end, key=itemgetter(0))
        near = [lint for lint in lints[first:last] if proposal.start <= lint.end]
        same = tuple(lint for lint in near if says_the_same(text, lint, proposal))
        leans = proposal.guard not in _OF_UNKNOWN_WORDS
        if same and not (leans and any(lint.category in _SPELLING and lint not in same for lint in near)):
            found.append(Confirmed(proposal, same))
    return found


def lint_windows(
    engine: Engine, texts: Sequence[Masked], proposals: Sequence[Sequence[Proposal]]
) -> list[Verdict]:
    """What an engine says of the sentences that hold a proposal; nothing of the others."""
    pieces: list[Masked] = []
    owners: list[tuple[int, int]] = []
    for at, (text, ours) in enumerate(zip(texts, proposals, strict=True)):
        for start, end in windows(text.text, [(one.start, one.end) for one in ours]):
            pieces.append(_piece(text, start, end))
            owners.append((at, start))
    verdicts: list[Verdict] = [[] for _ in texts]
    for (at, start), verdict in zip(owners, engine.lint(pieces), strict=True):
        verdicts[at] = _joined(verdicts[at], verdict, start)
    return verdicts


def _piece(text: Masked, start: int, end: int) -> Masked:
    """A part of a text, with the protected places that lie in it."""
    first = bisect_right(text.spans, start, key=itemgetter(1))
    last = bisect_left(text.spans, end, key=itemgetter(0))
    spans = tuple((max(one - start, 0), min(two, end) - start) for one, two in text.spans[first:last])
    return Masked(text.text[start:end], spans, text.language)


def _joined(before: Verdict, verdict: Verdict, start: int) -> Verdict:
    """The lints of one more sentence of a text."""
    if isinstance(before, Unchecked) or isinstance(verdict, Unchecked):
        return before if isinstance(before, Unchecked) else verdict
    return [*before, *(lint._replace(start=lint.start + start, end=lint.end + start) for lint in verdict)]
