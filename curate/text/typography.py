"""Blanks, line separators, and letters in pieces: other code points for what a reader sees the same.

A no-break space between two words of prose is left over from a page; between a number and its unit, before French
punctuation, after "No." or an initial it is typography and stays unless all are to go. Of Unicode's normal forms NFC
alone is applied by itself, and to Latin letters alone: NFKC makes 2 of ² and 1⁄2 of ½.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANKS = "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u205f"
BLANK = f"[{_BLANKS}]"
SEPARATOR = "[\u2028\u2029]"
IN_PIECES = "[A-Za-z][\u0300-\u036f]"
COMPATIBLE = "[\ufb00-\ufb06\uff01-\uff5e\u2126\u212a\u212b]"
"""Quick tests for any engine of regular expressions."""

_STRAY = re.compile(
    "\u00a0(?:(?<=[a-z]{2}\u00a0)(?=[a-z]{2})(?<!\\bsq\u00a0)(?<!\\bcu\u00a0)(?<!square\u00a0)(?<!cubic\u00a0)"
    "|(?<=[A-Za-z.,;] \u00a0)(?=[A-Za-z]))"
)
_ALL = re.compile(f"{BLANK}(?![!?;:»%])(?<!«.)")
_SEPARATOR = re.compile(SEPARATOR + "(?=\\s*[\\w\"'“‘«(*•-])")
_IN_PIECES = re.compile(f"{IN_PIECES}+")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_WIDE = re.compile("[\uff01-\uff0f\uff1a-\uff5e]+")
_SINGLE = re.compile("[\u212a\u212b]")


def stray_blanks(text: str) -> Iterator[Mark]:
    """No-break spaces between two words in small letters, or after a space, if they bind no unit ("sq mi")."""
    return (Mark(*hit.span(), fix=" ") for hit in _STRAY.finditer(text))


def all_blanks(text: str) -> Iterator[Mark]:
    """Every blank that is no plain space, those of French punctuation and of per cent aside."""
    return (Mark(*hit.span(), fix=" ") for hit in _ALL.finditer(text))


def separators(text: str) -> Iterator[Mark]:
    """LINE SEPARATOR and PARAGRAPH SEPARATOR before words, as the line break that they stand for."""
    return (Mark(*hit.span(), fix="\n") for hit in _SEPARATOR.finditer(text))


def composed(text: str) -> Iterator[Mark]:
    """Latin letters in pieces that Unicode has as one character (NFC, UAX #15); K and Å that are signs of units."""
    for hit in _IN_PIECES.finditer(text):
        whole = unicodedata.normalize("NFC", hit[0])
        if whole != hit[0]:
            yield Mark(*hit.span(), fix=whole)
    for hit in _SINGLE.finditer(text):
        yield Mark(*hit.span(), fix=unicodedata.normalize("NFC", hit[0]))


def compatible(text: str) -> Iterator[Mark]:
    """Ligatures, and full-width letters and signs among Latin ones; digits, ², ½ and full-width Chinese stay."""
    for hit in _LIGATURE.finditer(text):
        yield Mark(*hit.span(), fix=unicodedata.normalize("NFKC", hit[0]))
    if not re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", text):
        for hit in _WIDE.finditer(text):
            yield Mark(*hit.span(), fix=unicodedata.normalize("NFKC", hit[0]))
