"""The text of a mail that was written in HTML: each tag as what it stands for, so that every edit has a place.

Block elements become line breaks, items of lists get a hyphen, links keep their target behind their words, what a
browser does not show goes. It is done only to what is a page or a mail as a whole; tags in a text about tags stay.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from curate.text.codelike import looks_like_code

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSEEN = "style|script|head|title|svg|noscript|template|object"
_HIDDEN = rf"<(?P<hidden>{_UNSEEN})\b[^<>]*>[\s\S]{{0,200000}}?</(?P=hidden)\s*>"
_COMMENT = r"<!--[\s\S]{0,100000}?-->|<!DOCTYPE[^<>]*>|<\?xml[^<>]*>"
_QUOTE = r"<blockquote\b[^<>]*(?:type=[\"']?cite|class=[\"'][^\"']*gmail_quote)[^<>]*>[\s\S]{0,500000}</blockquote\s*>"
_TAG = r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,15})(?P<rest>(?:\s[^<>]{0,4000})?)/?>"
_REFERENCE = r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,30});"
_PIECE = re.compile(rf"(?P<gone>{_HIDDEN}|{_COMMENT})|{_TAG}|(?P<reference>{_REFERENCE})", re.IGNORECASE)
_CITED = re.compile(_QUOTE, re.IGNORECASE)
_SHOWS = re.compile(r"(?i)<(?:html|body|div|p|br|table|td|span|blockquote|li|font|h[1-6])\b[^<>]{0,4000}/?>")
_CLOSES = re.compile(
    r"(?i)</(?:html|body|div|p|table|td|span|blockquote|li|font|h[1-6]|ul)\s*>|<br\b[^<>]{0,200}/?>"
)
_BLOCKS = "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote hr section article header footer"
_BREAKS = frozenset(_BLOCKS.split())
_CELLS = frozenset(("td", "th"))
_LINES = frozenset(("br", "hr"))
_ITEM = "li"
_ENDS = re.compile(r"[ \t]*\n|(?:\s|<[^<>]{0,4000}>)*\Z")
"""A line break of the source, or nothing more to show."""

_HREF = re.compile(r"(?i)\bhref\s*=\s*[\"']?((?:https?|mailto):[^\s\"'<>]+)")
_ALT = re.compile(r"(?i)\balt\s*=\s*(?:\"([^\"]+)\"|'([^']+)')")
_ELEMENTS = f"""{_BLOCKS} a abbr address aside b big body button caption center cite col colgroup dd del dl dt em
figure font html i img ins label link main meta nav picture s small source span strike strong sub sup tbody td tfoot th
thead tt u wbr o"""
_KNOWN = frozenset(_ELEMENTS.split())
_FEWEST = 2
_ACTS = re.compile(
    r"(?i)<(?:button|input|form|select|textarea|script|label|nav|pre|code|kbd|iframe|canvas|i\s)\b|\bon[a-z]{4,12}\s*="
)
"""What no mail program writes, but code does."""

_GONE = re.compile(f"{_HIDDEN}|{_COMMENT}", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,4000}>")


class Piece(NamedTuple):
    """A span of HTML and the text that stands for it."""

    start: int
    end: int
    after: str


def is_html(text: str) -> bool:
    """Whether a text is HTML as a whole: tags of layout open and close, and nothing of it is code or a form."""
    if "<" not in text or "```" in text or _ACTS.search(text):
        return False
    if len(_SHOWS.findall(text)) < _FEWEST or not _CLOSES.search(text):
        return False
    return not looks_like_code(_TAGS.sub(" ", _GONE.sub(" ", text)))


def cited(text: str) -> list[tuple[int, int]]:
    """The spans that mail programs mark as quoted from an earlier mail."""
    return [hit.span() for hit in _CITED.finditer(text)]


def pieces(text: str) -> Iterator[Piece]:
    """What becomes of each tag, comment and character reference, in order; the text is known to be HTML."""
    links: list[tuple[str, int]] = []
    at, fresh = 0, True
    for hit in _PIECE.finditer(text):
        between = text[at : hit.start()].strip(" \t")
        fresh = between.endswith("\n") if between else fresh
        at = hit.end()
        after = _after(text, hit, links, fresh=fresh)
        if after is not None:
            yield Piece(*hit.span(), after)
            fresh = after.endswith("\n") if after.strip(" \t") else fresh


def _after(text: str, hit: re.Match[str], links: list[tuple[str, int]], *, fresh: bool) -> str | None:
    """What becomes of a piece; None for what is no HTML. ``fresh`` says that a line begins here."""
    if hit["gone"] is not None:
        return ""
    if hit["reference"] is not None:
        char = unescape(hit["reference"]).replace("\u00a0", " ")
        return char if char != hit["reference"] else None
    name, closes = hit["name"].lower(), bool(hit["close"])
    if name not in _KNOWN:
        return None
    if name == "a":
        return _link(text, hit, links)
    if name == "img":
        alt = _ALT.search(hit["rest"])
        return (alt[1] or alt[2]) if alt else ""
    if name in _CELLS:
        return " " if closes else ""
    is_line = name in _LINES
    if name not in _BREAKS or (is_line and closes):
        return ""
    is_break = (is_line or not fresh) and not _ENDS.match(text, hit.end())
    return ("\n" if is_break else "") + ("- " if name == _ITEM and not closes else "")


def _link(text: str, hit: re.Match[str], links: list[tuple[str, int]]) -> str:
    """The target behind the words of a link, unless they say it."""
    if not hit["close"]:
        target = _HREF.search(hit["rest"])
        links.append((target[1] if target else "", hit.end()))
        return ""
    address, begins = links.pop() if links else ("", hit.start())
    said = re.sub(r"<[^<>]*>", "", text[begins : hit.start()]).strip()
    plain = unescape(address).removeprefix("mailto:")
    return (
        f" ({plain})"
        if plain and plain.rstrip("/") not in (said, f"https://{said}", f"http://{said}")
        else ""
    )
