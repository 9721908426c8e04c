"""The copy lock: what an answer copies from its prompt or context stays as it is.

An extract must stay a substring of what it was taken from, and a word that the prompt asks about must stay as the
prompt spells it, misspelt or not. A function word (``a``, ``the``) stands in nearly every prompt, which tells nothing;
it counts as copied together with the words up to the next content word on one of its sides.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter

from curate.protect.names import FUNCTION_WORDS

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SHORT = 3
_REMEMBERED = 64
_start, _end = itemgetter(0), itemgetter(1)
_MOST = 6
"""Words of a side that are looked at for a content word."""


@dataclass(frozen=True)
class Given:
    """What the model is given before an answer: prompts and contexts of the row.

    Whatever is asked of one text is quick after the first question; white space counts as one blank on both sides.

    Args:
        given: the text; empty where nothing is given.
    """

    given: str

    @cached_property
    def _plain(self) -> str:
        return " ".join(self.given.split())

    @cached_property
    def _words(self) -> frozenset[str]:
        words = _WORD.findall(self.given)
        return frozenset(words).union(*(re.findall(r"\w+", word) for word in words if not word.isalnum()))

    def copied(self, text: str, start: int, end: int) -> bool:
        """Whether what stands at a place, grown to whole words, occurs in what is given, letter for letter.

        >>> Given("Correct: I recieve mail.").copied("You wrote recieve twice.", 10, 17)
        True

        Args:
            text: an answer.
            start: where the place begins, in code points.
            end: where it ends; equal to ``start`` for an insertion, where the words on both sides are looked at.
        """
        if not self.given or not text:
            return False
        words = _words_of(text)
        first = bisect_right(words, start, key=_end)
        last = bisect_left(words, end, key=_start) - 1
        if first > last:
            return self._around(text, first, end)
        begin, stop = min(start, words[first][0]), max(end, words[last][1])
        shown = text[begin:stop].strip()
        if first != last or not _tells_little(shown):
            return self._holds(shown)
        return self._with_sides(text, first)

    def _around(self, text: str, at: int, end: int) -> bool:
        """Whether the words on both sides of a place without words, and what is between them, are copied.

        Args:
            text: an answer.
            at: the first word that ends behind where the place begins.
            end: where the place ends.
        """
        words = _words_of(text)
        if not words:
            return False
        left, right = at - 1, bisect_left(words, end, key=_start)
        begin = words[left][0] if left >= 0 else 0
        finish = words[right][1] if right < len(words) else len(text)
        return self._holds(text[begin:finish].strip())

    def _with_sides(self, text: str, at: int) -> bool:
        """Whether a function word is copied along with its neighbours up to a content word on the left or right."""
        words = _words_of(text)
        left = right = at
        while left > 0 and at - left < _MOST:
            left -= 1
            if not _tells_little(text[slice(*words[left])]):
                break
        while right + 1 < len(words) and right - at < _MOST:
            right += 1
            if not _tells_little(text[slice(*words[right])]):
                break
        sides = ((words[left][0], words[at][1]), (words[at][0], words[right][1]))
        alone = left == right == at
        return any(
            self._holds(text[begin:stop]) for begin, stop in sides if alone or (begin, stop) != words[at]
        )

    def _holds(self, shown: str) -> bool:
        """Whether a run of words stands in what is given, as whole words."""
        wanted = " ".join(shown.split())
        if not wanted:
            return False
        if wanted.isalnum():
            return wanted in self._words
        at = self._plain.find(wanted)
        while at >= 0:
            if _stands_alone(self._plain, at, at + len(wanted)):
                return True
            at = self._plain.find(wanted, at + 1)
        return False


@lru_cache(maxsize=_REMEMBERED)
def _words_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a text stand; remembered, since many places of one text are asked about."""
    return tuple(hit.span() for hit in _WORD.finditer(text))


def _tells_little(word: str) -> bool:
    return len(word) <= _SHORT or word.lower() in FUNCTION_WORDS


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches a place that begins and ends with one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before and _is_word(before) and _is_word(text[start])) and not (
        after and _is_word(after) and _is_word(text[end - 1])
    )


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
