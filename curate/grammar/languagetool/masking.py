"""A stretch of a text as the server is shown it, and back from the server's places to places in the text.

What is protected and reads as words (a number, a name, a quotation) is shown as it stands, because what surrounds it
must agree with it. All else that is protected (code, links, formulas) goes as markup with a word in its place, so that
it does not leave the machine. Both have the same length, so the server's two ways of counting are one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from curate.grammar.engine import Masked

LONGEST_RUN = 64
"""Characters without a space that are shown: nothing longer is a word."""

_WORDS = re.compile(r"[\w .,;'’%()“”\"°€£$–—-]*")
_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
_STANDS_FOR_IT = "X"
_MARK = "#"
_LINES = 2
"""Line breaks kept of hidden text: two part paragraphs, as any more would."""

Span = tuple[int, int]
Annotation = dict[str, str]


class _Cut(NamedTuple):
    """A stretch shown as it stands, or hidden: from ``low`` to ``high`` in what is sent, from ``start`` in the text."""

    low: int
    high: int
    start: int
    end: int
    is_hidden: bool


class Piece(NamedTuple):
    """A stretch of a text, ready to be sent; there is no space at its ends.

    Attributes:
        text: the number of the text that it comes from.
        language: LanguageTool's code of the language in which it is to be checked.
        masked: that text.
        cuts: what is shown and what hidden, in order.
        sent: what the server counts.
    """

    text: int
    language: str
    masked: Masked
    cuts: tuple[_Cut, ...]
    sent: str

    @property
    def start(self) -> int:
        """Where the stretch begins in the text, in code points."""
        return self.cuts[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.cuts[-1].end

    def annotation(self) -> list[Annotation]:
        """What is sent, in the form of the API."""
        shown = ((self.sent[cut.low : cut.high], cut.is_hidden) for cut in self.cuts)
        return [
            {"markup": _MARK + part[1:], "interpretAs": part} if is_hidden else {"text": part}
            for part, is_hidden in shown
        ]

    def origin(self, sent: int) -> int:
        """The place in the text of a place in what is sent; behind what is hidden, if it is inside."""
        cut = self.cuts[bisect_right(self.cuts, sent, key=lambda cut: cut.low) - 1]
        return cut.end if cut.is_hidden and sent > cut.low else min(cut.start + sent - cut.low, cut.end)

    def stands_by_hidden(self, start: int, end: int) -> bool:
        """Whether a place in what is sent touches what is hidden, or only spaces part them.

        What stands beside it would have to agree with it, as an article does, and the server did not see it.
        """
        before = len(self.sent[:start].rstrip())
        after = len(self.sent) - len(self.sent[end:].lstrip())
        return any(cut.is_hidden and cut.low <= after and cut.high >= before for cut in self.cuts)


def piece(number: int, language: str, masked: Masked, start: int, end: int) -> Piece | None:
    """The stretch of a text without the spaces around it; none if nothing else is there."""
    inner = masked.text[start:end]
    start, end = start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
    if start >= end:
        return None
    cuts: list[_Cut] = []
    sent = ""
    for first, last, is_hidden in _cuts(masked, start, end):
        inner = masked.text[first:last]
        shown = _STANDS_FOR_IT + "\n" * min(inner.count("\n"), _LINES) if is_hidden else inner
        cuts.append(_Cut(len(sent), len(sent) + len(shown), first, last, is_hidden))
        sent += shown
    return Piece(number, language, masked, tuple(cuts), sent)


def hidden(masked: Masked) -> list[Span]:
    """What is not shown: protected and not readable as words, or too long for a word. Sorted, without overlaps."""
    text = masked.text
    spans = [span for span in masked.spans if span[0] < span[1] and not _WORDS.fullmatch(text, *span)]
    spans += [found.span() for found in _RUN.finditer(text)]
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _cuts(masked: Masked, start: int, end: int) -> list[tuple[int, int, bool]]:
    found = []
    at = start
    for low, high in hidden(masked):
        first, last = max(low, start), min(high, end)
        if first >= last:
            continue
        if at < first:
            found.append((at, first, False))
        found.append((first, last, True))
        at = last
    if at < end:
        found.append((at, end, False))
    return found


class Units:
    """Places in UTF-16 code units, in which Java counts, and in code points."""

    def __init__(self, text: str) -> None:
        wide = (at for at, letter in enumerate(text) if letter > "\uffff")
        self._behind = [at + before + 2 for before, at in enumerate(wide)]  # where each pair of units ends

    def points(self, unit: int) -> int:
        """The place in code points of a place in code units."""
        return unit - bisect_right(self._behind, unit)

    def units(self, point: int) -> int:
        """The other way."""
        return point + bisect_right(self._behind, point, key=self._point_behind)

    def _point_behind(self, unit: int) -> int:
        return unit - bisect_right(self._behind, unit)
