"""Which words of some texts differ from those of another one, and the stretches around them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby

from curate.core.pairs import Piece

MOST_WORDS = 1500
"""Words, signs and gaps that are compared once what texts begin and end with in common is set aside."""

AROUND = 120
"""Characters of a common stretch that are shown on either side of a difference."""

MOST_SHOWN = 1200
"""Characters of a text that are shown."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_SAME, _CHANGED, _UNREAD = 0, 1, 2


def word_diff(
    text: str, others: list[str], around: int = AROUND, most: int = MOST_SHOWN
) -> tuple[tuple[Piece, ...], list[tuple[Piece, ...] | None]]:
    """A text and others in pieces: what only one of the two has, and the common stretches around it.

    Pieces of the first text are changed where any of the others lacks them. What lies further in than ``MOST_WORDS``
    is left out on both sides, since nothing is known of it.

    Args:
        text: what the others are compared with.
        others: each is compared with ``text`` alone.
        around: characters of a common stretch shown at each of its ends.
        most: characters of each text that are shown.

    Returns:
        The pieces of ``text``, and of each other text; None for one that is equal to it.
    """
    words = _WORDS.findall(text)
    marks = bytearray(len(words))
    pieces: list[tuple[Piece, ...] | None] = []
    for other in others:
        if other == text:
            pieces.append(None)
            continue
        found = _WORDS.findall(other)
        left, right = _compare(words, found)
        marks = bytearray(map(max, marks, left))
        pieces.append(_pieces(found, right, around, most))
    return _pieces(words, marks, around, most), pieces


def _compare(one: list[str], two: list[str]) -> tuple[bytearray, bytearray]:
    """For each word of both lists whether it is common, changed, or was not compared."""
    start, shortest = 0, min(len(one), len(two))
    while start < shortest and one[start] == two[start]:
        start += 1
    tail = 0
    while tail < shortest - start and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    marks = bytearray(len(one)), bytearray(len(two))
    middles = []
    for words, told in zip((one, two), marks, strict=True):
        end = min(len(words) - tail, start + MOST_WORDS)
        middles.append(words[start:end])
        told[end : len(words) - tail] = bytes([_UNREAD]) * (len(words) - tail - end)
    for tag, i, j, k, m in SequenceMatcher(None, *middles).get_opcodes():
        if tag != "equal":
            marks[0][start + i : start + j] = bytes([_CHANGED]) * (j - i)
            marks[1][start + k : start + m] = bytes([_CHANGED]) * (m - k)
    for words, told in zip((one, two), marks, strict=True):
        _join(words, told)
    return marks


def _join(words: list[str], marks: bytearray) -> None:
    """Gaps between two changed words are changed with them: ``a b`` is read at once."""
    for at in range(1, len(words) - 1):
        if words[at].isspace() and marks[at - 1] == marks[at + 1] == _CHANGED:
            marks[at] = _CHANGED


def _pieces(words: list[str], marks: bytearray, around: int, most: int) -> tuple[Piece, ...]:
    runs = []
    at = 0
    for mark, same in groupby(marks):
        size = len(list(same))
        runs.append((mark, "".join(words[at : at + size])))
        at += size
    pieces: list[Piece] = []
    for number, (mark, text) in enumerate(runs):
        if mark == _SAME:
            pieces += _shortened(text, 0 < number, number < len(runs) - 1, around)
        else:
            pieces.append(Piece(text, is_changed=True) if mark == _CHANGED else Piece("", skipped=len(text)))
    return _capped(pieces, most)


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
    return (*shown, Piece("", skipped=skipped)) if skipped else tuple(shown)
