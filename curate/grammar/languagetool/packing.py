"""Many short texts in one request, and one long text in several, with the same matches as each text alone.

A request costs LanguageTool 5 to 60 ms before it reads any text, so texts are joined. Before, between and behind them
stand paragraphs that are a full stop, so that each text, one alone in its request too, has the same around it: what
looks back sees the end of a sentence. Rules that look further are left out (:data:`LOOKING_AROUND`). That the server
saw each text begin a sentence is verified in its answer; where it did not, or does not say, texts are sent one by one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from curate.grammar.engine import Lint
from curate.grammar.languagetool.masking import Piece, Units, piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from curate.grammar.engine import Masked
    from curate.grammar.languagetool.client import Answer
    from curate.grammar.languagetool.masking import Annotation

SEPARATOR = "\n\n.\n\n"
LEAD = SEPARATOR.lstrip()
TAIL = SEPARATOR.rstrip()
_STOP_IN_IT = SEPARATOR.index(".")

LOOKING_AROUND = (
    *("EN_UNPAIRED_BRACKETS", "EN_UNPAIRED_QUOTES", "ES_UNPAIRED_BRACKETS", "UNPAIRED_BRACKETS"),
    *(
        "ENGLISH_WORD_REPEAT_BEGINNING_RULE",
        "SPANISH_WORD_REPEAT_BEGINNING_RULE",
        "WORD_REPEAT_BEGINNING_RULE",
    ),
    *("EN_REPEATEDWORDS", "ES_REPEATEDWORDS", "EN_WORD_COHERENCY", "EN_CONSISTENT_APOS"),
    *("PARAGRAPH_REPEAT_BEGINNING_RULE", "TOO_LONG_PARAGRAPH", "TOO_LONG_SENTENCE", "FILLER_WORDS_EN"),
    *("PUNCTUATION_PARAGRAPH_END", "PUNCTUATION_PARAGRAPH_END2", "EMPTY_LINE"),
    *("WHITESPACE_RULE", "WHITESPACE_PARAGRAPH", "WHITESPACE_PARAGRAPH_BEGIN"),
)
"""Rules of LanguageTool 6.8 for English and Spanish that look beyond a sentence (its ``TextLevelRule``), and those on
white space: what they say of a text depends on what stands around it, or is layout. Left out of all requests."""

SENTENCE_START = "UPPERCASE_SENTENCE_START"
"""Looks back as well, but only to the last sign of the paragraph before; it gives up at a sentence of spaces."""

SHORTEST = 200
"""Characters of a stretch that is not split any more where the server finds it too long."""

_BREAKS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n"),
    re.compile(r"[.?!…][\"'”’)\]]*\s+"),
    re.compile(r"\s+"),
)
"""Where a long text may be split, best first."""

_ENDS = (".", "?", "!", "…")


def pieces(number: int, language: str, masked: Masked, longest: int) -> Iterator[Piece]:
    """A text as one stretch, or as several of at most ``longest`` characters, split at paragraphs where possible."""
    whole = piece(number, language, masked, 0, len(masked.text))
    if whole is not None:
        yield from split(whole, longest)


def split(whole: Piece, longest: int) -> Iterator[Piece]:
    """A stretch in stretches of at most ``longest`` characters."""
    if len(whole.sent) <= longest:
        yield whole
        return
    ends = [whole.start, *map(whole.origin, _split_at(whole.sent, longest)), whole.end]
    for start, end in pairwise(ends):
        part = piece(whole.text, whole.language, whole.masked, start, end)
        if part is not None:
            yield part


def _split_at(sent: str, longest: int) -> Iterator[int]:
    at = 0
    while len(sent) - at > longest:
        low, high = at + longest // 2, at + longest
        for pattern in _BREAKS:
            ends = [found.end() for found in pattern.finditer(sent, low, high)]
            if ends:
                at = ends[-1]
                break
        else:
            at = high
        yield at


def packed(whole: Iterable[Piece], count: int, longest: int) -> Iterator[list[Piece]]:
    """Stretches of one language in the order given, at most so many and so long a request."""
    group: list[Piece] = []
    size = 0
    for one in whole:
        if group and (len(group) >= count or size + len(one.sent) > longest):
            yield group
            group, size = [], 0
        group.append(one)
        size += len(one.sent) + len(SEPARATOR)
    if group:
        yield group


def annotation(group: Sequence[Piece]) -> list[Annotation]:
    """One request."""
    parts: list[Annotation] = []
    for one in group:
        parts += [{"text": SEPARATOR if parts else LEAD}, *one.annotation()]
    return [*parts, {"text": TAIL}]


def sorted_out(group: Sequence[Piece], answer: Answer) -> list[list[Lint]]:
    """The lints of the first stretches, of as many as the answer can be relied on: none, some or all."""
    sent = LEAD + SEPARATOR.join(one.sent for one in group) + TAIL
    units = Units(sent)
    starts = []
    at = len(LEAD)
    for one in group:
        starts.append(at)
        at += len(one.sent) + len(SEPARATOR)
    relied = _relied(
        sent, starts, {(units.points(low), units.points(high)) for low, high in answer.sentences}
    )
    lints: list[list[Lint]] = [[] for _ in group[:relied]]
    for match in answer.matches:
        start, end = units.points(match.start), units.points(match.end)
        for number, (one, first) in enumerate(zip(group[:relied], starts, strict=False)):
            if first <= start < end <= first + len(one.sent):
                lints[number] += _lint(one, start - first, end - first, match[2:])
    return lints


def _relied(sent: str, starts: list[int], sentences: set[tuple[int, int]]) -> int:
    """How many of the first stretches were seen as they would be alone."""
    if len(starts) == 1:
        return 1
    begun = {low for low, _ in sentences}
    stops = (start - len(SEPARATOR) + _STOP_IN_IT for start in starts[1:])
    if not begun.issuperset(starts) or not begun.issuperset(stops):
        return 0
    blank = [low for low, high in sentences if not sent[low:high].strip()]
    return sum(start <= min(blank) for start in starts) if blank else len(starts)


def _lint(one: Piece, start: int, end: int, rest: tuple[tuple[str, ...], str, str, str]) -> Iterator[Lint]:
    suggestions, rule, category, message = rest
    first, last = one.origin(start), one.origin(end)
    if rule.startswith(LOOKING_AROUND) or one.stands_by_hidden(start, end) or one.masked.touches(first, last):
        return
    before = one.masked.text[: one.start].rstrip()
    if rule == SENTENCE_START and start == 0 and before and not before.endswith(_ENDS):
        return  # the text was split within a sentence
    yield Lint(first, last, suggestions, rule, category, message)
