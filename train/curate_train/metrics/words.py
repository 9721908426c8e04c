"""Words of any script, for measures that count them, and the form in which two answers count as the same.

The tokenizer of Google's ``rouge-score`` keeps ``[a-z0-9]`` and drops all else, so that two identical answers in
Japanese or Russian score 0. Here a word is a run of letters, digits and combining marks of any script; where a script
puts no spaces between words, each of its characters is one, as in the usual practice for Chinese (Lin, "ROUGE", 2004,
was written for English alone). On ASCII text both tokenizers agree.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSPACED: Final = (
    (0x0E01, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals of Han
    (0x3005, 0x3007),  # iteration mark, closing mark, zero
    (0x3021, 0x30FF),  # numerals, Hiragana, Katakana
    (0x31F0, 0x31FF),  # phonetic extensions of Katakana
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han, for compatibility
    (0xFF66, 0xFF9F),  # halfwidth Katakana
    (0x20000, 0x3FFFF),  # Han, further extensions
)
"""Code points of scripts that are written without spaces between words (UAX 24, UAX 14 class SA)."""

_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


class _Kinds(dict[int, str]):
    """A translation table that learns a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        spaced = f" {char} " if is_unspaced(code) else char
        self[code] = spaced if unicodedata.category(char)[0] in "LMN" else " "
        return self[code]


_KINDS = _Kinds()


def is_unspaced(code: int) -> bool:
    """Whether a code point belongs to a script that puts no spaces between words."""
    return any(low <= code <= high for low, high in _UNSPACED)


def words(text: str) -> list[str]:
    """The words of a text in lower case.

    >>> words("Don't panic: 42 naïve cats")
    ['don', 't', 'panic', '42', 'naïve', 'cats']
    >>> words("東京は晴れ")
    ['東', '京', 'は', '晴', 'れ']
    """
    return unicodedata.normalize("NFC", text).lower().translate(_KINDS).split()


def normalised(text: str) -> str:
    """The form in which answers are compared as a whole: NFKC, casefolded, plain quotes and dashes, single spaces.

    A final stop goes, too. Everything else counts: ``1.5`` is not ``15``, and ``-1`` is not ``1``, which is why the
    normalisation of SQuAD (Rajpurkar et al. 2016: all punctuation and the English articles go) is not used.

    >>> normalised(" The  Answer is “42”. ")
    'the answer is "42"'
    """
    folded = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).casefold()
    return " ".join(folded.split()).rstrip(".。").rstrip()
