"""Texts as words, wherever measures of variety and topics need them, in any script.

A word is a run of letters, an apostrophe within it included; numbers and signs are none. In scripts without spaces
between words (Han, kana, Thai, Lao, Khmer, Burmese) every character is a word for the measures, and every pair of
neighbours is a term for the topics: bigrams of characters find about what segmented words do (Nie, Gao, Zhang & Zhou
2000, "On the use of words and n-grams for Chinese information retrieval").
"""

from __future__ import annotations

import re
from itertools import pairwise

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Letters of scripts without spaces between words, for a class of a regular expression."""

MOST_WORDS = 256
"""Words of a text that the measures read, so that their cost is bounded and one long text does not decide."""

HEAD = TAIL = 200
"""Characters at either end of a text that the topics read: an instruction stands before or behind its material."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
_LETTERS = rf"[^\W\d_{UNSPACED}]"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTERS}+(?:['’]{_LETTERS}+)*")
_RUN = re.compile(rf"[{UNSPACED}]+|{_LETTERS}+(?:['’]{_LETTERS}+)*")
_SPACED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ROOM = 16
"""Characters a word that are looked at, at most: no text of ``MOST_WORDS`` longer words is read to its end."""


def words(text: str) -> list[str]:
    """The first words of a text, in lower case."""
    read = text[: _ROOM * MOST_WORDS].lower()
    return (_SPACED if read.isascii() else _WORD).findall(read)[:MOST_WORDS]


def terms(text: str) -> list[str]:
    """What the topics read of a text: words in lower case and pairs of neighbouring ones, ``new york``.

    Where no spaces stand between words, pairs of characters take the place of both.
    """
    read = ends(text).lower()
    if not read.isascii() and _UNSPACED.search(read):
        return [
            term for run in _RUN.findall(read) for term in (_pairs(run) if _UNSPACED.match(run) else (run,))
        ]
    found = _SPACED.findall(read)
    return found + [f"{one} {other}" for one, other in pairwise(found)]


def ends(text: str) -> str:
    """The beginning and the end of a text; all of a short one."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


def _pairs(run: str) -> list[str]:
    return [one + other for one, other in pairwise(run)] or [run]
