"""Which words of some texts differ from those of another one, and the stretches around them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from curate.core.pairs import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_WORDS = 1500
"""Words, signs and gaps that are compared once what texts begin and end with in common is set aside."""

AROUND = 120
"""Characters of a common stretch that are shown on either side of a difference."""

MOST_SHOWN = 1200
"""Characters of a text that are shown."""

_WORDS = re.compile(r"\s+|\d+(?:[.,:/-]\d+)+|\w+(?:['’-]\w+)*|[^\w\s]")
_SAME, _CHANGED, _UNREAD = 0, 1, 2


class _Marked(NamedTuple):
    """The words of a text, what each is, and the numbers of the words before which the other text has more."""

    words: list[str]
    marks: bytearray
    gaps: set[int]


def word_diff(
    text: str, others: list[str], around: int = AROUND, most: int = MOST_SHOWN, *, is_cut: bool = False
) -> tuple[tuple[Piece, ...], list[tuple[Piece, ...] | None]]:
    """A text and others in pieces: what only one of the two has, and the common stretches around it.

    Pieces of the first text are changed where any of the others lacks them. What lies further in than ``MOST_WORDS``
    is left out on both sides, since nothing is known of it.

    Args:
        text: what the others are compared with.
        others: each is compared with ``text`` alone.
        around: characters of a common stretch shown at each of its ends.
        most: characters of each text that are shown.
        is_cut: whether the texts go on, so that their ends tell nothing.

    Returns:
        The pieces of ``text``, and of each other text; None for one that is equal to it.
    """
    words = _WORDS.findall(text)
    whole = _Marked(words, bytearray(len(words)), set())
    pieces: list[tuple[Piece, ...] | None] = []
    for other in others:
        if other == text:
            pieces.append(None)
            continue
        left, right = _compare(words, _WORDS.findall(other), is_cut=is_cut)
        whole = _Marked(words, bytearray(map(max, whole.marks, left.marks)), whole.gaps | left.gaps)
        pieces.append(_pieces(right, around, most))
    return _pieces(whole, around, most), pieces


def _compare(one: list[str], two: list[str], *, is_cut: bool) -> tuple[_Marked, _Marked]:
    start, shortest = 0, min(len(one), len(two))
    while start < shortest and one[start] == two[start]:
        start += 1
    tail = 0
    while tail < shortest - start and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    left, right = (_Marked(words, bytearray(len(words)), set()) for words in (one, two))
    middles: list[list[str]] = []
    for words, marks, _ in (left, right):
        end = min(len(words) - tail, start + MOST_WORDS)
        is_cut |= end < len(words) - tail
        middles.append(words[start:end])
        marks[end : len(words) - tail] = bytes([_UNREAD]) * (len(words) - tail - end)
    changes = SequenceMatcher(None, middles[0], middles[1]).get_opcodes()
    is_open = is_cut and len(changes) > 1
    for number, (tag, i, j, k, m) in enumerate(changes, 1):
        if tag != "equal":
            mark = _UNREAD if is_open and number == len(changes) else _CHANGED
            _mark(left, start + i, start + j, mark)
            _mark(right, start + k, start + m, mark)
    for side in (left, right):
        _join(side.words, side.marks)
    return left, right


def _mark(side: _Marked, start: int, end: int, mark: int) -> None:
    side.marks[start:end] = bytes([mark]) * (end - start)
    if start == end:
        side.gaps.add(start)


def _join(words: list[str], marks: bytearray) -> None:
    """Gaps between two changed words are changed with them: ``a b`` is read at once."""
    for at in range(1, len(words) - 1):
        if words[at].isspace() and marks[at - 1] == marks[at + 1] == _CHANGED:
            marks[at] = _CHANGED


def _pieces(side: _Marked, around: int, most: int) -> tuple[Piece, ...]:
    runs = list(_runs(side))
    pieces: list[Piece] = []
    for number, (mark, text) in enumerate(runs):
        if mark == _SAME:
            has_before = number > 0 or 0 in side.gaps
            has_after = number < len(runs) - 1 or len(side.words) in side.gaps
            pieces += _shortened(text, has_before, has_after, around)
        else:
            pieces.append(Piece(text, is_changed=True) if mark == _CHANGED else Piece("", skipped=len(text)))
    return _capped(pieces, most)


def _runs(side: _Marked) -> Iterator[tuple[int, str]]:
    """Stretches of one mark; a gap parts two of them, so that what stands on both sides of it is shown."""
    words, marks, gaps = side
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or marks[at] != marks[at - 1] or at in gaps:
            yield marks[start], "".join(words[start:at])
            start = at


def _shortened(text: str, has_before: bool, has_after: bool, around: int) -> list[Piece]:
    """A common stretch: its ends, and what is left out between them; a text without differences keeps its head."""
    head = around if has_before or not has_after else around // 2
    tail = around if has_after else 0
    if not (has_before or has_after):
        head = 2 * around
    if len(text) <= head + tail + around // 3:
        return [Piece(text)]
    low, high = _word_end(text, head), _word_start(text, len(text) - tail)
    if low >= high:
        return [Piece(text)]
    kept = [Piece(text[:low]), Piece("", skipped=high - low), Piece(text[high:])]
    return [piece for piece in kept if piece.text or piece.skipped]


SNAP = 16
"""Characters by which a cut may move so that it falls between words."""


def _word_end(text: str, at: int) -> int:
    found = re.compile(r"\s").search(text, at, at + SNAP)
    return found.start() if found else at


def _word_start(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    found = re.compile(r"\s").search(text, max(0, at - SNAP), at)
    return found.end() if found else at


def _capped(pieces: list[Piece], most: int) -> tuple[Piece, ...]:
    """The pieces until ``most`` characters are shown; the rest is counted."""
    shown: list[Piece] = []
    room, skipped = most, 0
    for piece in pieces:
        if room <= 0 or skipped:
            skipped += len(piece.text) + piece.skipped
            continue
        shown.append(piece._replace(text=piece.text[:room]))
        skipped = max(0, len(piece.text) - room)
        room -= len(piece.text)
    return joined([*shown, Piece("", skipped=skipped)])


def joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """The pieces without empty ones; what is left out in one place is counted once."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.skipped and found[-1].skipped:
            found[-1] = Piece("", skipped=found[-1].skipped + piece.skipped)
        elif piece.text or piece.skipped:
            found.append(piece)
    return tuple(found)
