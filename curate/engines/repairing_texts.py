"""Changes of one text: which findings' repairs go together, what they make of it, and what must not change.

All of it is pure. A change is written in the coordinates of the text before any change, whatever the pass that
made it, so that one list of changes says how a text came to be and can be undone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from curate.text.escapes import ESCAPE_SEQUENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGIT = re.compile(r"\d")
_CODES = re.compile(r"&(?:amp;)*#[xX]?[0-9A-Fa-f]+;")
"""Character references: their digits are the code of a sign (HTML 5, 13.5), and no number of the text."""


@dataclass(frozen=True, order=True)
class Change:
    """The code points ``[start, end)`` of a text become ``after``.

    Attributes:
        start: in the text before any change.
        end: likewise.
        after: what stands there then.
        check: name of the check whose finding offered it.
        severity: of the check.
        message: of the finding.
        also: other checks whose repairs became part of it.
        rule: the editor's own name for why.
        engine: which engine offered it, and its version.
        safety: what may be done with it: ``auto``, ``suggest`` or ``report``.
        declares: kinds of meaning that it openly changes, with commas.
    """

    start: int
    end: int
    after: str
    check: str = ""
    severity: str = ""
    message: str = ""
    also: tuple[str, ...] = ()
    rule: str = ""
    engine: str = ""
    safety: str = "auto"
    declares: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All the classes of edit that it is made of."""
        return (self.check, *self.also)

    @property
    def declared(self) -> frozenset[str]:
        """The kinds of meaning that it openly changes."""
        return frozenset(filter(None, (kind.strip() for kind in self.declares.split(","))))


def choose(text: str, offered: Iterable[Change]) -> list[Change]:
    """The changes to make in one pass: of those that overlap the longest, then the first; in order of place.

    What lies outside the text, or changes nothing, is passed over.
    """
    fits = [
        one
        for one in offered
        if 0 <= one.start <= one.end <= len(text) and text[one.start : one.end] != one.after
    ]
    starts: list[int] = []
    chosen: dict[int, Change] = {}
    for one in sorted(fits, key=lambda one: (one.start - one.end, one)):
        at = bisect_left(starts, one.start)
        before = chosen[starts[at - 1]].end if at else 0
        after = starts[at] if at < len(starts) else len(text) + 1
        if before <= one.start and one.end <= after and one.start < after:
            starts.insert(at, one.start)
            chosen[one.start] = one
    return [chosen[start] for start in starts]


def apply(text: str, changes: Sequence[Change]) -> str:
    """The text after changes that are in order and do not overlap."""
    pieces: list[str] = []
    at = 0
    for one in changes:
        pieces += (text[at : one.start], one.after)
        at = one.end
    return "".join((*pieces, text[at:]))


def compose(text: str, done: Sequence[Change], more: Sequence[Change]) -> list[Change]:
    """Changes of a text and changes of what they made of it, as changes of the text itself.

    Args:
        text: before any change.
        done: its changes, in order.
        more: changes of ``apply(text, done)``, in order.

    Returns:
        Changes for which ``apply(text, …)`` gives what both lists give one after the other; those that take each
        other back are left out.
    """
    if not done:
        return list(more)
    together = list(done)
    for one in reversed(more):
        together = _with(together, one)
    return [one for one in together if text[one.start : one.end] != one.after]


def _with(done: Sequence[Change], new: Change) -> list[Change]:
    """``done`` with one change of their result; what it touches of them becomes part of it."""
    before: list[Change] = []
    touched: list[_Placed] = []
    grown = lead = 0
    for one in done:
        place = _Placed(one, one.start + grown)
        if place.high <= new.start:
            before.append(one)
            lead += place.growth
        elif place.low >= new.end:
            break
        else:
            touched.append(place)
        grown += place.growth
    rest = done[len(before) + len(touched) :]
    return [*before, _merged(touched, new, lead, grown), *rest]


class _Placed(NamedTuple):
    """A change of a text, and where it begins in the text that it helped to make."""

    change: Change
    low: int

    @property
    def high(self) -> int:
        return self.low + len(self.change.after)

    @property
    def growth(self) -> int:
        return len(self.change.after) - (self.change.end - self.change.start)


def _merged(touched: Sequence[_Placed], new: Change, lead: int, grown: int) -> Change:
    """A later change and those that it touches, as one change of the text before any.

    Args:
        touched: the changes that it touches, in order.
        new: the later one.
        lead: by how much the text had grown before these places.
        grown: by how much it had grown behind them.
    """
    if not touched:
        return replace(new, start=new.start - lead, end=new.end - lead)
    first, last = touched[0], touched[-1]
    left = first.change.after[: max(0, new.start - first.low)]
    right = last.change.after[len(last.change.after) - max(0, last.high - new.end) :]
    names = dict.fromkeys(name for one in (*(place.change for place in touched), new) for name in one.names)
    declared = frozenset().union(new.declared, *(place.change.declared for place in touched))
    is_auto = all(one.safety == "auto" for one in (*(place.change for place in touched), new))
    return replace(
        first.change,
        start=min(new.start, first.low) - lead,
        end=max(new.end, last.high) - grown,
        after=left + new.after + right,
        also=tuple(name for name in names if name != first.change.check),
        safety="auto" if is_auto else "suggest",
        declares=",".join(sorted(declared)),
    )


def keeps_digits(text: str, changes: Iterable[Change]) -> bool:
    """Whether each change leaves the sequence of digits as it was.

    Those of a terminal's escape sequences and of character references are none.
    """
    return all(_digits(text[one.start : one.end]) == _digits(one.after) for one in changes)


def _digits(text: str) -> list[str]:
    return _DIGIT.findall(_CODES.sub("", ESCAPE_SEQUENCE.sub("", text)))
