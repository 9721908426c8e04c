"""Character references of HTML that stand in prose, and what they are.

Text that was cut out of a page keeps ``&#39;`` and ``&nbsp;``, sometimes escaped twice (``&amp;quot;``), sometimes with
the ampersand lost (``#36;46`` for "$46"). In HTML and in text about HTML they belong where they stand.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import name2codepoint
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = r"&(?:amp;)*(?:#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,9});|& nbsp ;"
"""For any engine of regular expressions; not every match is a reference."""

LOST = r"(?:#[0-9]{2,4}|quot|nbsp|amp);"
"""What is left of a reference whose ampersand is lost; the same."""

_REFERENCE = re.compile(REFERENCE)
_LOST = re.compile(rf"(?<![&\w;#]){LOST}")
_NAMES = frozenset({*name2codepoint, "apos"})
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,12}(?:\s[^<>]{0,200})?/?>|<!--|<!\[CDATA\[")
_ABOUT = re.compile(
    r"(?i)\b(?:x?html\d?|xml|xhtml|svg|mathml|entit(?:y|ies)|character references?|escap\w*|unescap\w*|markup|web ?page"
    r"|encod\w*|decod\w*|ampersand|sgml|rss|php|javascript|jsx|css|sanitiz\w*|xss|nbsp\b(?!;)|regex\w*"
    r"|(?:non-?breaking|no-?break) spaces?|(?:less|greater)[- ]than (?:sign|symbol)s?)\b"
)
_WRITES = re.compile(
    r"(?i)\b(?:us(?:e|es|ed|ing)|writ(?:e|es|ing|ten)|wrote|typ(?:e|es|ed|ing)|put|puts|insert|enter|add|adds|adding|says?"
    r"|sees?|shows?|shown|reads?|means?|becomes?|called|named|code|is|are|with|by|like|as|from|to|of|the|an?)[ :]+\Z"
)
_SPACED = re.compile(r"\Z|[\s.,;:!?)]")
_OPENS_TAG = re.compile(r"<[A-Za-z/!?]")
_MEANS_FORM = frozenset("|`*_#[]\\~")
_BLANKS = "\u00a0\u2002\u2003\u2009"
_ADDRESS = ("=", "?", "/", "%", "+")
_PLAIN = frozenset("&'\" \u2018\u2019\u201c\u201d\u2013\u2014\u2026")


class Reference(NamedTuple):
    """A reference, the character that it is, and whether that is certain."""

    start: int
    end: int
    char: str
    sure: bool


def speaks_of_markup(text: str) -> bool:
    """Whether a text is about HTML, escapes and the like, so that references in it may be meant."""
    return _ABOUT.search(text) is not None


def is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether a place stands by itself behind a word of writing, as in "use &nbsp; between them"."""
    return (
        _WRITES.search(text[max(0, start - 24) : start]) is not None and _SPACED.match(text, end) is not None
    )


def references(text: str) -> list[Reference]:
    """The references of a text that are no markup, in order; none in a text that holds tags or is about them."""
    found = [*_whole(text), *_broken(text)]
    if not found or _TAG.search(text) or _ABOUT.search(text):
        return []
    found.sort()
    if any(is_mentioned(text, one.start, one.end) for one in found):
        found = [one._replace(sure=False) for one in found]
    angles = [one for one in found if one.char in "<>"]
    if angles and _OPENS_TAG.search(_decoded(text, found)):
        found = [one for one in found if one.char not in "<>"]
    return found


def _whole(text: str) -> Iterator[Reference]:
    for hit in _REFERENCE.finditer(text) if "&" in text else ():
        name = hit[0].rstrip(";").rpartition(";")[2].lstrip("&")
        char = _char(f"&{name};") if name.startswith("#") or name in _NAMES else ""
        if char:
            nested = hit[0].count(";") > 1 and char not in _PLAIN
            in_address = text[hit.start() - 1 : hit.start()] in _ADDRESS
            yield Reference(*hit.span(), char, sure=char not in _MEANS_FORM and not nested and not in_address)
        elif hit[0] == "& nbsp ;":
            yield Reference(*hit.span(), " ", sure=False)


def _broken(text: str) -> Iterator[Reference]:
    for hit in _LOST.finditer(text) if ";" in text else ():
        char = _char(f"&{hit[0]}")
        if char:
            yield Reference(*hit.span(), char, sure=False)


def _char(reference: str) -> str:
    """The character; a plain space for any blank; nothing for digits, controls and what HTML does not know."""
    char = unescape(reference)
    if len(char) != 1 or char.isdigit() or char == "\ufffd":
        return ""
    if char in _BLANKS:
        return " "
    return char if char.isprintable() else ""


def _decoded(text: str, found: list[Reference]) -> str:
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], one.char]
        at = one.end
    return "".join([*pieces, text[at:]])
