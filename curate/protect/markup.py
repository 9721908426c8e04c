"""Markup and data in braces: tags of HTML and XML with short content, comments, scripts, JSON, footnotes, link targets.

Character references (``&amp;``) are not protected: to undo them where they are broken is the task of the text repair.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE = re.compile(
    r"<(?P<tag>script|style|pre|code|svg|math|kbd|samp|textarea|template)\b[^<>]*>.*?(?:</(?P=tag)\s*>|\Z)"
    r"|<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?(?:xml|php)\b.*?(?:\?>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s+[^<>\n]*(?:\n[^<>\n]*){0,20})?/?>|<!DOCTYPE[^<>]*>")
_ELEMENT = re.compile(r"<(?P<tag>[A-Za-z][\w:.-]*)(?:\s[^<>]*)?>(?P<held>[^<>]{0,60})</(?P=tag)\s*>")
_FEW_WORDS = 4
_OBJECT = re.compile(r"[{\[]\s*(?:[\"'][^\"'\n]{0,80}[\"']\s*[:,\]}]|\{|\[\s*[\"'{\d-])")
_LONGEST = 100_000
_LINK = re.compile(
    r"(?<=\])\((?:[^()\s]|\([^()\s]*\))+(?: \"[^\"\n]*\")?\)|(?<=\])\[[^\[\]\n]{1,60}\]"
    r"|^ {0,3}\[[^\]\n]+\]: \S+.*$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"\[\^[\w-]+\]|!\[[^\]\n]*\](?=\()")
_OPENERS, _CLOSERS = "{[", "}]"


def find(look: Look) -> Iterator[Protected]:
    """Every tag, element, comment, JSON value and link target."""
    if "<" in look.signs and ">" in look.signs:
        yield from hits(_WHOLE, look.text, "markup")
        yield from hits(_TAG, look.text, "markup")
        for hit in _ELEMENT.finditer(look.text):
            if len(hit["held"].split()) <= _FEW_WORDS:
                yield Protected(*hit.span(), "markup")
    if look.has("{", "[") and look.has("}", "]"):
        yield from _data(look.text)
        if "](" in look.text or "][" in look.text or "]:" in look.text:
            yield from hits(_LINK, look.text, "url")
        if "[^" in look.text or "![" in look.text:
            yield from hits(_FOOTNOTE, look.text, "markup")


def _data(text: str) -> Iterator[Protected]:
    """From an opening bracket with what JSON or a literal begins with to the bracket that closes it."""
    done = 0
    for hit in _OBJECT.finditer(text):
        if hit.start() >= done:
            done = _closed(text, hit.start())
            yield Protected(hit.start(), done, "markup")


def _closed(text: str, start: int) -> int:
    """The end of the bracket that opens at a place, strings passed over; the end of the line where none closes it."""
    depth, quote, at = 0, "", start
    for at in range(start, min(len(text), start + _LONGEST)):
        sign = text[at]
        if quote:
            if sign == quote and text[at - 1] != "\\":
                quote = ""
        elif sign == '"':
            quote = sign
        elif sign in _OPENERS:
            depth += 1
        elif sign in _CLOSERS:
            depth -= 1
            if not depth:
                return at + 1
    stop = text.find("\n", start)
    return stop if stop >= 0 else len(text)
