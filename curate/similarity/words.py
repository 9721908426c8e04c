r"""What a token is, and how tokens and shingles are hashed: the definition that all kernels obey.

**Kinds of code points** (``unicode_table``). *Word*: letters, digits and marks (Unicode L, M, N) and ``_``. *Alone*:
the same of scripts that put no spaces between words (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar and their like).
*Symbol*: mathematical, currency and other symbols (Sm, Sc, So) and ``# % & * / @ \ ^``. All else separates.

**Tokens**, case folded code point by code point:

- A run of word characters. A dot that stands directly before a word character, and not after a dot, is part of the
  word (``2.5``, ``node.js``, ``.net``). So is ``++`` or ``#`` directly after a word character, if neither a word
  character nor one more of its kind follows (``c++``, ``c#``); and a ``-`` before an ASCII digit begins a word, if it
  stands after neither a word character nor ``-``, ``)`` or ``]`` (``-5``, but 3 and 5 in ``3-5``).
- Each character of a script without spaces.
- A run of operators: symbols that belong to no word; ``! : -`` directly before ``=`` or ``>`` (``!=``, ``->``); ``-``
  directly after ``<`` (``<-``); ``!`` directly before a word character or ``(`` and after neither a word character nor
  ``!`` (``!x``). So ``a<b`` and ``a>b`` differ, and C, C++ and C# do.

**Hashes** are 64-bit and unkeyed; ``token_hash`` and ``shingle_hash`` below define them. The finaliser is that of
SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"). Two different shingles share
a hash with a chance of about 2**-64.

**Shingles** are the n-grams of a text's tokens. A text of fewer than n tokens is one shingle of all of them, so that
short rows are compared as wholes. A text without tokens has no shingle and is near nothing.

The functions here are the reference, one character at a time; ``kernels`` computes the same for columns.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from curate.similarity import unicode_table

MASK = 2**64 - 1
TOKEN_SEED = 0x2545F4914F6CDD1D
TOKEN_FACTOR = 0x9FB21C651E98DF25
LENGTH_FACTOR = 0xD6E8FEB86659FD93
ROLL_FACTOR = 0xA0761D6478BD642F
COUNT_STEP = 0x9E3779B97F4A7C15
MIX_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)

SEPARATES, WORD, ALONE, SYMBOL = range(4)
TABLE_SIZE = 0x40000
"""Code points from here on separate."""
KIND_SHIFT = 24
"""A table entry holds the folded code point below this bit, and the kind above it."""


class Token(NamedTuple):
    """A token and where it stands in its text, in code points."""

    text: str
    start: int
    end: int


def spans(column: str) -> list[range]:
    """The ranges of code points that ``unicode_table`` lists."""
    found, last = [], 0
    for item in column.split():
        gap, _, more = item.partition("+")
        first = last + int(gap, 16)
        last = first + int(more or "0", 16)
        found.append(range(first, last + 1))
    return found


def folds() -> list[tuple[range, int]]:
    """Runs of code points and the distance to their folded form."""
    found = []
    for item in unicode_table.FOLDS.split():
        first, count, step, delta = (int(part, 16) for part in item.split(","))
        found.append((range(first, first + count * step, step), delta))
    return found


@cache
def kinds() -> dict[int, int]:
    """The kind of every code point that does not separate."""
    columns = ((WORD, unicode_table.WORDS), (ALONE, unicode_table.ALONE), (SYMBOL, unicode_table.SYMBOLS))
    return {code: kind for kind, column in columns for span in spans(column) for code in span}


@cache
def folding() -> dict[int, int]:
    """What ``str.translate`` needs to fold case."""
    return {code: code + delta for run, delta in folds() for code in run}


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    roles = [_role(text, at) for at in range(len(text))]
    found, start = [], 0
    for at, role in enumerate(roles):
        if at and roles[at - 1] and not _goes_on(roles[at - 1], role):
            found.append((start, at))
        if not (at and roles[at - 1] and _goes_on(roles[at - 1], role)):
            start = at
    if roles and roles[-1]:
        found.append((start, len(text)))
    folded = text.translate(folding())
    return [Token(folded[start:end], start, end) for start, end in found]


def _goes_on(before: str, role: str) -> bool:
    """Whether a character with this role belongs to the token of the one before it."""
    return (before, role) in {("w", "w"), ("-", "w"), ("o", "o")}


def _role(text: str, at: int) -> str:
    """``w`` in a word, ``-`` a sign that begins one, ``a`` alone, ``o`` of an operator, or nothing."""
    here, before, after = _char(text, at), _char(text, at - 1), _char(text, at + 1)
    kind = kinds().get(ord(here), SEPARATES)
    if kind in {WORD, ALONE}:
        return "w" if kind == WORD else "a"
    if (here == "." and before != "." and _is_word(after)) or _is_suffix(text, at):
        return "w"
    if here == "-" and after in "0123456789" and not _is_word(before) and before not in "-)]":
        return "-"
    negates = here == "!" and (_is_word(after) or after == "(") and not _is_word(before) and before != "!"
    joined = (here in "!:-" and after in "=>") or (here == "-" and before == "<")
    return "o" if kind == SYMBOL or negates or joined else ""


def _is_suffix(text: str, at: int) -> bool:
    """Whether the ``++`` or ``#`` at or around a place belongs to the word before it."""
    if text[at] == "#":
        after = _char(text, at + 1)
        return _is_word(_char(text, at - 1)) and not _is_word(after) and after != "#"
    if text[at] != "+":
        return False
    start = at - 1 if _char(text, at - 1) == "+" else at
    after = _char(text, start + 2)
    pair = _char(text, start + 1) == "+"
    return pair and _is_word(_char(text, start - 1)) and not _is_word(after) and after != "+"


def _char(text: str, at: int) -> str:
    return text[at] if 0 <= at < len(text) else "\n"


def _is_word(char: str) -> bool:
    return kinds().get(ord(char)) == WORD


def token_hash(token: str) -> int:
    """The hash of a folded token: its UTF-8 bytes in little-endian words of eight, the last padded with zeros."""
    data = token.encode()
    state = TOKEN_SEED
    for at in range(0, len(data), 8):
        state = (state ^ int.from_bytes(data[at : at + 8], "little")) * TOKEN_FACTOR & MASK
        state ^= state >> 32
    return state ^ (len(data) * LENGTH_FACTOR & MASK)


def shingle_hash(hashes: list[int]) -> int:
    """The hash of a run of token hashes: a polynomial modulo 2**64, and their number, mixed."""
    state = 0
    for value in hashes:
        state = (state * ROLL_FACTOR + value) & MASK
    state = (state + len(hashes) * COUNT_STEP) & MASK
    for shift, factor in zip((30, 27), MIX_FACTORS, strict=True):
        state = (state ^ state >> shift) * factor & MASK
    return state ^ state >> 31


def shingles(text: str, n: int) -> list[int]:
    """The set of a text's shingle hashes, sorted."""
    hashes = [token_hash(token.text) for token in tokens(text)]
    grams = [hashes[at : at + n] for at in range(max(len(hashes) - n + 1, 1))] if hashes else []
    return sorted({shingle_hash(gram) for gram in grams})
