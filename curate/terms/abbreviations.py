"""Pairs of a long form and its acronym: *electrocardiogram (ECG)*.

Schwartz and Hearst, *A simple algorithm for identifying abbreviation definitions in biomedical text* (PSB 2003): the
letters of the short form are sought from right to left in the words before the parenthesis; the first one must begin
a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUND = re.compile(r"(?<=[\w'’\"”-] )\(([^()\n;,]{2,12})(?:[;,][^()\n]*)?\)")
_TURNED = re.compile(r"\b([A-Z][\w.-]{0,8}[A-Z0-9]) \(([a-zA-Z][^()\n;,]{5,80})\)")
_SHORT = re.compile(r"(?=.*[A-Z].*[A-Z])[^\W_][\w./&-]{1,9}")
_BREAK = re.compile(r"[.;:!?,()\n]\s")

MOST_SHORT = 10
"""Letters of a short form."""


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Short and long forms, as they are defined in the text."""
    if "(" not in text:
        return
    for hit in _ROUND.finditer(text):
        short = hit[1].strip()
        if _SHORT.fullmatch(short):
            long = long_form(short, _words_before(text, hit.start(), short))
            if long:
                yield short, long
    for hit in _TURNED.finditer(text):
        long = long_form(hit[1], hit[2])
        if long == hit[2] and _SHORT.fullmatch(hit[1]):
            yield hit[1], long


def _words_before(text: str, at: int, short: str) -> str:
    """At most min(|A| + 5, 2 |A|) words of the same clause, as in the paper."""
    low = max(0, at - 12 * (len(short) + 5))
    clause = _BREAK.split(text[low:at])[-1]
    words = clause.split(" ")
    return " ".join(words[-min(len(short) + 5, 2 * len(short)) - 1 :]).strip()


def long_form(short: str, words: str) -> str:
    """The part of the words that the short form stands for; empty if there is none.

    Words whose initials spell the short form are taken first: the paper's way finds the *shortest* long form, which
    for NINDS would be *Neurological Disorders and Stroke*.
    """
    spelled = _by_initials(short, words)
    if spelled:
        return spelled
    at = len(words)
    letters = [letter.lower() for letter in short if letter.isalnum()]
    low = words.lower()
    if len(low) != len(words):
        return ""
    for number, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and (low[at] != letter or (number == 0 and at > 0 and low[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
    found = words[low.rfind(" ", 0, at) + 1 :].strip(" '\"“”’")
    return found if _is_likely(short, found) else ""


_SMALL = frozenset(("a", "an", "and", "for", "in", "of", "on", "the", "to", "with"))


def _by_initials(short: str, words: str) -> str:
    """The last words whose initials, but for those of small words, are the letters of the short form."""
    left = [letter.lower() for letter in short]
    spans = [hit.span() for hit in re.finditer(r"[^\W_]+", words)]
    for start, end in reversed(spans):
        word = words[start:end].lower()
        if word[0] == left[-1]:
            left.pop()
        elif word not in _SMALL:
            return ""
        if not left:
            found = words[start:].strip(" '\"“”’")
            return found if _is_likely(short, found) else ""
    return ""


def _is_likely(short: str, long: str) -> bool:
    """Longer than its short form, does not hold it, and has no more words than the paper allows."""
    words = re.findall(r"[^\W_]+", long)
    size = sum(map(str.isalnum, short))
    is_short_enough = len(words) <= min(size + 5, 2 * size)
    return (
        len(long) > len(short) + 1
        and is_short_enough
        and short.lower() not in long.lower().split()
        and not long[0].isdigit()
    )
