"""Brute force beside the similarity engine: another tokeniser, sets of tuples of strings, every pair counted.

Written from the definition in ``curate/similarity/words.py``, not from its code: it walks through a text from token to
token, knows characters by ``unicodedata``, and hashes nothing.
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction

SPACELESS_NAMES = (
    *(
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "HANGUL",
        "BOPOMOFO",
        "YI",
        "THAI",
        "LAO",
        "KHMER",
        "MYANMAR",
        "BALINESE",
    ),
    *("JAVANESE", "TAI LE", "TAI THAM", "TAI VIET", "NEW TAI LUE", "HALFWIDTH KATAKANA", "HALFWIDTH HANGUL"),
    *(
        "IDEOGRAPHIC",
        "VERTICAL IDEOGRAPHIC",
        "VERTICAL KANA",
        "HENTAIGANA",
        "HANGZHOU",
        "KATAKANA-HIRAGANA",
        "COMBINING KATAKANA-HIRAGANA",
    ),
)


@cache
def sort_of(char: str) -> str:
    """``word``, ``alone``, ``symbol`` or ``gap``."""
    category = unicodedata.category(char)
    if category in {"Sm", "Sc", "So"} or char in "#%&*/@\\^":
        return "symbol"
    if category[0] not in "LMN" and char != "_":
        return "gap"
    name = unicodedata.name(char, "")
    if name.startswith("VARIATION SELECTOR"):
        return "gap"
    return "alone" if name.startswith(SPACELESS_NAMES) else "word"


@cache
def folded(char: str) -> str:
    """One character for one."""
    if len(char.casefold()) == 1:
        return char.casefold()
    return char.lower() if len(char.lower()) == 1 else char


def words(text: str) -> list[str]:
    """The tokens of a text."""
    return [token for token, _ in placed_words(text)]


def placed_words(text: str) -> Iterator[tuple[str, int]]:
    """The tokens of a text, and where they start."""
    at = 0
    while at < len(text):
        end = _word_end(text, at) or _alone_end(text, at) or _operator_end(text, at)
        if end:
            yield "".join(map(folded, text[at:end])) if sort_of(text[at]) != "alone" else text[at:end], at
        at = max(end, at + 1)


def _is(text: str, at: int, sort: str) -> bool:
    return 0 <= at < len(text) and sort_of(text[at]) == sort


def _alone_end(text: str, at: int) -> int:
    return at + 1 if _is(text, at, "alone") else 0


def _word_end(text: str, at: int) -> int:
    """The end of the word that starts here, or 0."""
    end = at
    if _starts_with_sign(text, at) or _starts_with_dot(text, at):
        end = at + 1
    elif not _is(text, at, "word"):
        return 0
    while True:
        while _is(text, end, "word"):
            end += 1
        if text[end - 1] not in "#+":
            end = _after_suffix(text, end)
        if not (text[end : end + 1] == "." and _is(text, end + 1, "word")):
            return end
        end += 1


def _starts_with_dot(text: str, at: int) -> bool:
    return text[at] == "." and _is(text, at + 1, "word") and text[max(at - 1, 0) : at] != "."


def _starts_with_sign(text: str, at: int) -> bool:
    before = text[max(at - 1, 0) : at]
    digit = at + 1 < len(text) and text[at + 1] in "0123456789"
    return text[at] == "-" and digit and before not in {"-", ")", "]"} and not _is(text, at - 1, "word")


def _after_suffix(text: str, end: int) -> int:
    for suffix in ("#", "++"):
        after = end + len(suffix)
        if (
            text.startswith(suffix, end)
            and not _is(text, after, "word")
            and text[after : after + 1] != suffix[0]
        ):
            return after
    return end


def _operator_end(text: str, at: int) -> int:
    """The end of the run of operators that starts here, or 0."""
    end = at
    while end < len(text) and _is_operator(text, end):
        end += 1
    return end if end > at else 0


def _is_operator(text: str, at: int) -> bool:
    char, after, before = text[at], text[at + 1 : at + 2], text[max(at - 1, 0) : at]
    if sort_of(char) == "symbol":
        return True
    if char not in "!:-" or _starts_with_sign(text, at):
        return False
    if after in {"=", ">"} or (char == "-" and before == "<"):
        return True
    return (
        char == "!"
        and (_is(text, at + 1, "word") or after == "(")
        and before != "!"
        and not _is(text, at - 1, "word")
    )


def shingles(text: str, n: int) -> frozenset[tuple[str, ...]]:
    """The n-grams of a text; all its tokens as one, if they are fewer."""
    tokens = words(text)
    if len(tokens) < n:
        return frozenset([tuple(tokens)] if tokens else [])
    return frozenset(
        itertools.pairwise(tokens) if n == 2 else zip(*(tokens[k:] for k in range(n)), strict=False)
    )


def number(
    texts: Iterable[str | None], n: int, numbers: dict[tuple[str, ...], int] | None = None
) -> list[list[int]]:
    """Sets of shingles, each shingle as a number of its own."""
    known: dict[tuple[str, ...], int] = {} if numbers is None else numbers
    return [[known.setdefault(gram, len(known)) for gram in shingles(text or "", n)] for text in texts]


def all_pairs(
    left: Sequence[list[int]], right: Sequence[list[int]] | None, t: Fraction
) -> dict[tuple[int, int], int]:
    """Every pair at least as similar as t, with what it shares: by counting all that any two sets share."""
    others = left if right is None else right
    sizes = np.array([len(members) for members in others], np.int64)
    codes: dict[int, int] = {}
    members = np.array([codes.setdefault(member, len(codes)) for row in others for member in row], np.int64)
    order = np.argsort(members, kind="stable")
    owners = np.repeat(np.arange(len(others)), sizes)[order]
    ends = np.cumsum(np.bincount(members, minlength=1))
    found = {}
    for i, row in enumerate(left):
        known = [codes[member] for member in row if member in codes]
        lists = [owners[ends[code - 1] if code else 0 : ends[code]] for code in known]
        shares = np.bincount(np.concatenate([*lists, owners[:0]]), minlength=len(others))
        enough = shares * t.denominator >= t.numerator * (len(row) + sizes - shares)
        for j in np.flatnonzero(enough & (shares > 0)).tolist():
            if right is not None or i < j:
                found[i, j] = int(shares[j])
    return found
