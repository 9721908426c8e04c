"""Reads a text into canonical words: what a word says, apart from its case, spelling and the punctuation around it.

Words are cut at white space, and a chunk is read once in its life: the readers are memories from chunk to words, so
that a text costs one split and one look-up a word.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

from curate.similarity.wording import (
    ABBREVIATIONS,
    CASED,
    FOLDING_NAMES,
    GERMAN,
    HAN_SAME,
    LONG,
    LOUD,
    NUMBERS,
    UNITS,
)
from curate.similarity.wording_spelling import SPELLINGS

MARKS = frozenset([".", ",", "?", "!", ":", ";", "¶"])
"""Words that are punctuation: they tell where sentences and clauses end, and are dropped once that is known."""

BULLET = "•"
DASH = "-"
ELLIPSIS = "..."
QUOTE = '"'

_CHARACTERS = {
    **{0xFF01 + i: chr(0x21 + i) for i in range(94)},  # full-width ASCII
    **dict.fromkeys((0x200B, 0xFEFF, 0x2060, 0x00AD)),  # nothing to see, nothing said
    **dict.fromkeys(map(ord, "“”„‟«»「」『』"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛"), "'"),
    **dict.fromkeys(map(ord, "—―"), " -- "),
    **dict.fromkeys(map(ord, "‐‑"), "-"),
    ord("…"): "...",
    ord("。"): ". ",
    ord("、"): ", ",
    ord("，"): ", ",
    ord("；"): "; ",
    ord("："): ": ",
    ord("！"): "! ",
    ord("？"): "? ",
    ord("¿"): None,
    ord("¡"): None,
}
_QUOTED = re.compile(r"""("[^"]*"|(?<![\w'])'[^'\n]+'(?![\w'])|`[^`\n]+`)""")
_SHORT_LINE = re.compile(r"(?m)(^.{0,39}\w)[^\S\n]*\n\s*(?=\S)")
_BULLETS = re.compile(r"(?m)^[^\S\n]*[-*•][^\S\n]+(?=\S)")
_HAN = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f])")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_JOINED = re.compile(r"([A-Za-z]{2,})[,;]([A-Za-z]{2,})")
_AMOUNT = re.compile(r"([-+]?\d[\d.,]*)(%|[A-Za-z°µμ/]+)")
_LONG_PARTS = re.compile(rf"([^\W\d_]{{{LONG},}})-([^\W\d_]{{{LONG},}})")
_SHORT = {"e.g": "eg", "i.e": "ie", "n't": "not"}
_MARKS = ".,;:!?"
_MEMORY = 1 << 17
SYMBOL = 3
"""Letters up to which a capital within a sentence may make a symbol or a unit: Mg, Cal, Sie."""


class Reader(dict[str, tuple[str, ...]]):
    """The canonical words of a chunk, read when it is first met; forgets all when it has grown too large."""

    def __init__(self, *, fold: bool) -> None:
        """``fold``: whether an initial capital within a sentence is only case (not so in German)."""
        super().__init__()
        self.fold = fold

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= _MEMORY:
            self.clear()
        words = self[chunk] = tuple(_read(chunk, fold=self.fold))
        return words


_FOLDING = Reader(fold=True)
_KEEPING = Reader(fold=False)


def plain(text: str) -> str:
    """The text with one form of each character: composed (NFC), ASCII quotes and widths, nothing invisible.

    Compatibility forms (NFKC) are not folded: ``x²`` is not ``x2``.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_CHARACTERS)


def chunks(text: str) -> list[str]:
    """The pieces of a plain text that are read each for itself: quoted spans, and what white space divides."""
    if "``" in text or "''" in text:
        text = text.replace("``", '"').replace("''", '"')
    if '"' not in text and "`" not in text and "'" not in text:
        return _cut(text)
    pieces: list[str] = []
    for at, part in enumerate(_QUOTED.split(text)):
        if at % 2:
            pieces.append(part)
        else:
            pieces += _cut(part)
    return pieces


def _cut(text: str) -> list[str]:
    if "\n" in text:
        if "- " in text or "* " in text or f"{BULLET} " in text:
            text = _BULLETS.sub(f" {BULLET} ", text)
        text = _SHORT_LINE.sub(r"\1 ¶ ", text)
    if not text.isascii():
        text = _HAN.sub(r" \1 ", text)
    return text.split()


def words_of(pieces: list[str]) -> list[tuple[str, ...]]:
    """The canonical words of each piece, marks among them."""
    reader = _KEEPING if len(GERMAN.intersection(pieces)) > 1 else _FOLDING
    return [reader[piece] for piece in pieces]


def flat(words: list[tuple[str, ...]]) -> list[str]:
    """All words in one list."""
    return list(chain.from_iterable(words))


def _read(chunk: str, *, fold: bool) -> list[str]:
    """The words of one chunk: brackets before it, its core, and what follows, innermost first."""
    if chunk[0] == chunk[-1] and chunk[0] in "\"'`" and len(chunk) > 1:
        return [_quotation(chunk)]
    if not chunk.strip(_MARKS):
        return [ELLIPSIS if ".." in chunk else "?" if "?" in chunk else chunk[0]]
    before: list[str] = []
    while len(chunk) > 1 and chunk[0] in "([{":
        before.append(chunk[0])
        chunk = chunk[1:]
    after: list[str] = []
    while len(chunk) > 1 and chunk[-1] in ".,;:!?)]}" and not _factorial(chunk):
        bare = chunk.rstrip(".") if chunk.endswith("..") else chunk[:-1]
        if chunk[-1] != "." or not (bare.lower() in ABBREVIATIONS or _INITIALS.fullmatch(bare)):
            after.append(chunk[-1] if len(chunk) - len(bare) == 1 else ELLIPSIS)
        chunk = bare
    return before + (_core(chunk, fold=fold) if chunk else []) + after[::-1]


def _quotation(chunk: str) -> str:
    """A quoted span as one word: no-break spaces, which no other word holds, tell it from words beside each other."""
    said = chunk[1:-1]
    if chunk[0] == "`":
        return f"`{said}`".replace(" ", "\u00a0")
    return QUOTE + "\u00a0".join(said.split()) + QUOTE


def _factorial(chunk: str) -> bool:
    return chunk[-1] == "!" and (len(chunk) == 2 or chunk[-2].isdigit())  # noqa: PLR2004 (n!)


def _core(core: str, *, fold: bool) -> list[str]:
    if core.isascii() and core.isalpha():
        return _word(core, fold=fold)
    if core.isalpha():
        return [HAN_SAME.get(core) or _case(core, fold=fold)]
    if core in {"--", "–"}:
        return [DASH]
    if _INITIALS.fullmatch(core):
        return _word(core.replace(".", ""), fold=fold)
    if (amount := _AMOUNT.fullmatch(core)) and amount[2] in UNITS:
        return [amount[1], UNITS[amount[2]]]
    if (joined := _JOINED.fullmatch(core)) is not None:
        return [*_word(joined[1], fold=fold), ",", *_word(joined[2], fold=fold)]
    return _compound(core, fold=fold)


def _compound(core: str, *, fold: bool) -> list[str]:
    """A word with an apostrophe, hyphens or slashes between letters; anything else stays as it is written."""
    low = core.lower()
    if low in _SHORT:
        return [_SHORT[low]]
    if low in FOLDING_NAMES:
        return [low]
    if low in SPELLINGS and _plainly(core):
        return SPELLINGS[low].split()
    if "'" in core:
        head, _, tail = core.rpartition("'")
        if tail.lower() == "s" and head:
            return [*_core(head, fold=fold), "'s"]
        return [low] if core.replace("'", "").isalpha() and _plainly(core) else [core]
    if (hyphenated := _LONG_PARTS.fullmatch(core)) and NUMBERS.isdisjoint(low.split("-")):
        return [word for part in hyphenated.groups() for word in _word(part, fold=fold)]
    for mark in "-/":
        parts = core.split(mark)
        if len(parts) > 1 and all(part.isalnum() for part in parts):
            said = [_word(part, fold=fold)[0] if part.isalpha() else part for part in parts]
            return [mark.join(said)] if mark == "-" else list(chain(*([part, mark] for part in said)))[:-1]
    return [core]


def _plainly(core: str) -> bool:
    """Whether only the first letter, if any, is a capital."""
    return core[1:] == core[1:].lower()


def _word(word: str, *, fold: bool) -> list[str]:
    word = _case(word, fold=fold)
    said = SPELLINGS.get(word)
    return said.split() if said else [word]


def _case(word: str, *, fold: bool) -> str:
    """The word in lower case where its capitals say nothing."""
    low = word.lower()
    if word in {low, "I"}:
        return low
    if len(word) == 1:
        return word
    if low in FOLDING_NAMES or (word.isupper() and low in LOUD):
        return low
    if word[1:] == low[1:]:
        return low if fold and len(word) > SYMBOL and low not in CASED else word
    return word
