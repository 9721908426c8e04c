"""UTF-8 that was read in a one-byte encoding, found and turned back.

A byte of a UTF-8 sequence read as Windows-1252 (or as Latin-1, where 0x80 to 0x9F become C1 controls) leaves a letter
followed by signs that no language puts there. A run counts only if its bytes are strict UTF-8 for characters that a
run of its length can vouch for. The idea is that of ftfy (R. Speer, 2019); the rules are narrower and our own.
"""

from __future__ import annotations

import re

from curate.text.marks import Mark

_C1 = {chr(code): code for code in range(0x80, 0xC0)}
_CP1252 = {bytes([code]).decode("cp1252", "replace"): code for code in range(0x80, 0xA0)}
_CODE = {**{chr(code): code for code in range(0xC0, 0x100)}, **_C1, **_CP1252}
_CODE.pop("\ufffd", None)

_TAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"

GARBLED = f"[Â-ß]{_TAIL}|[à-ô]{_TAIL}{_TAIL}|â€|‚Ä"
"""A quick test, for any engine of regular expressions: texts without a match need no closer look."""

_RUN = re.compile(f"(?:[Â-ß]{_TAIL}|[à-ï]{_TAIL}{{2}}|[ð-ô]{_TAIL}{{3}})+")
_LOST = re.compile(f"â€(?!{_TAIL})([śť]?)")
_LOST_SIGNS = {"ś": "“", "ť": "”", "": None}
_MAC = re.compile("‚Ä([ôòúùìî])")
_MAC_SIGNS = {"ô": "’", "ò": "‘", "ú": "“", "ù": "”", "ì": "–", "î": "—"}

_CLOSERS = frozenset("‘’“”…–—›»‚„‹«")
"""Punctuation that may follow a capital letter in clean text, and is a continuation byte as well."""

_ALONE = (
    *((0xA0, 0x180), (0x1E00, 0x1F00)),  # Latin-1, Latin Extended-A, Vietnamese
    *((0x2010, 0x2070), (0x20A0, 0x20C1), (0x2100, 0x2300), (0x2500, 0x27C0)),  # punctuation, money, signs
    *((0xFEFF, 0xFF00), (0xFFFD, 0xFFFE), (0x1F000, 0x20000)),  # byte order mark, replacement, emoji
)
_IN_TWOS = ((0x370, 0x700), (0x900, 0x1200), (0x3000, 0xD7A4), (0xFF00, 0xFFF0))
"""Greek to Arabic, Indic and South-East Asian scripts, and East Asia."""

_SHORT = 2

ABOUT = (
    r"(?i)\b(?:mojibake|utf-?8|utf-?16|latin-?1|windows-?125\d|cp-?125\d|iso-?8859|ascii|unicode|(?:en|de)cod(?:ed?|es|ing)"
    r"|charsets?|character sets?|code ?pages?|garbled)\b"
)
"""Words of a text about encodings, in which garbled characters may be an example; for any engine."""

_ABOUT = re.compile(ABOUT)


def repairs(text: str) -> list[Mark]:
    """The garbled runs of a text, in order, with what they were; no repair where a byte is lost.

    One Latin letter or sign counts, unless its last character is punctuation that may close a word in capitals
    (``“MANHÃ”``) and no small letter follows. Letters of other scripts must come in twos, because one capital
    letter and one quotation mark can look like one of them.
    """
    hits = [hit for match in _RUN.finditer(text) if (hit := _repair(text, match))]
    hits += [Mark(*match.span(), fix=_LOST_SIGNS[match[1]]) for match in _LOST.finditer(text)]
    hits += [Mark(*match.span(), fix=_MAC_SIGNS[match[1]]) for match in _MAC.finditer(text)]
    return sorted(hits, key=lambda hit: hit.start)


def speaks_of_encoding(text: str) -> bool:
    """Whether a text is about encodings, so that what is garbled in it may be meant."""
    return _ABOUT.search(text) is not None


def _repair(text: str, match: re.Match[str]) -> Mark | None:
    decoded = _decode(match[0])
    while decoded and _RUN.fullmatch(decoded) and (again := _decode(decoded)):
        decoded = again
    after = text[match.end() : match.end() + 1]
    return Mark(*match.span(), fix=decoded) if decoded and _plausible(decoded, match[0], after) else None


def _decode(run: str) -> str | None:
    try:
        return bytes(map(_CODE.__getitem__, run)).decode()
    except UnicodeDecodeError:
        return None


def _plausible(decoded: str, run: str, after: str) -> bool:
    alone = sum(_within(char, _ALONE) for char in decoded)
    if alone + sum(_within(char, _IN_TWOS) for char in decoded) < len(decoded):
        return False
    if len(run) == _SHORT and run[-1] in _CLOSERS:
        return after.islower()
    return alone > 0 or len(decoded) > 1


def _within(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(char) < high for low, high in ranges)
