"""Text of unknown origin made harmless and legible: what cannot be seen is named, what is long is cut.

Row text may hold anything: markup, control characters, bidirectional overrides, lone surrogates, a hundred
combining marks on one letter. Jinja escapes the markup; this module names the rest, because a reader who
looks for the fault must see a character that a browser would hide, and because an override must not reorder
the words around it (Boucher and Anderson, "Trojan Source: Invisible Vulnerabilities", 2021).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup, escape

from curate.core.report import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

Text = TypeVar("Text", str, Markup)

NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls; tab and line feed are white space
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, joiners, fillers
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, separators, directions
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, noncharacters
    "\U000e0000-\U000e0fff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # tags, private use
) + NONCHARACTERS
MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
JOINERS = "\u200c\u200d"
"""They shape Persian, Hindi and emoji, where they follow a character that is not ASCII; elsewhere they hide."""

# fmt: off
CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)
# fmt: on
"""Abbreviations of ISO 6429; the pictures of U+2400 are missing in many fonts."""

MOST_MARKS = 4
MOST_REPEATS = 3
SPECIAL = re.compile(
    rf"(?P<unseen>[{UNSEEN}])(?P=unseen)*"
    rf"|(?P<joiner>(?<![^\x00-\x7f{JOINERS}])[{JOINERS}])(?P=joiner)*"
    rf"|(?P<kept>[{MARKS}]{{{MOST_MARKS}}})(?P<piled>[{MARKS}]+)"
)

SHORT, SHORT_LINES = 260, 6
"""Characters and lines of an excerpt that are shown before it is unfolded."""

LONG = 4000
"""Characters of an excerpt that are shown at all."""


def visible(text: object) -> Markup:
    """Escaped text in which characters that cannot be seen are named in small chips."""
    return _named(str(text), escape, _chip)


def plain(text: object) -> str:
    """The same without markup, for attributes and the page title."""
    return _named(str(text), str, lambda sign, _title: f"[{sign}]")


def words(text: str) -> Markup:
    """A command whose words are kept whole on narrow screens: a break after a hyphen would change how it reads."""
    return Markup(" ").join(Markup("<span>{}</span>").format(visible(word)) for word in text.split(" "))


def is_plain(text: str) -> bool:
    """Whether every character of the text can be seen, so that what is copied is what was read."""
    return SPECIAL.search(text) is None


def marked(excerpt: Excerpt) -> Markup:
    """The excerpt as escaped text with its span in a ``mark`` element."""
    text, mark = excerpt.text, excerpt.mark
    ends = [
        Markup('<span class="cut">…</span>') if cut else Markup()
        for cut in (excerpt.cut_before, excerpt.cut_after)
    ]
    if mark is None:
        return ends[0] + visible(text) + ends[1]
    low, high = _clamped(mark, len(text))
    opening = Markup("<mark>") if high > low else Markup('<mark class="point">')
    inner = opening + visible(text[low:high]) + Markup("</mark>")
    return ends[0] + visible(text[:low]) + inner + visible(text[high:]) + ends[1]


def is_long(excerpt: Excerpt) -> bool:
    """Whether an excerpt is to be folded; one that is only a little longer is not."""
    return len(excerpt.text) > SHORT * 1.3 or excerpt.text.count("\n") > SHORT_LINES + 2


def shortened(excerpt: Excerpt, most: int = SHORT, lines: int = SHORT_LINES) -> Excerpt:
    """A window of the excerpt that shows where its span begins.

    Args:
        excerpt: what to cut.
        most: characters that stay.
        lines: lines that stay.
    """
    text = excerpt.text
    at, end = _clamped(excerpt.mark, len(text)) if excerpt.mark else (0, 0)
    low = 0 if end <= most - most // 6 else min(max(0, at - most // 3), max(0, len(text) - most))
    high = min(len(text), low + most)
    low += _cut_lines_before(text[low:at], lines - 2)
    kept = "\n".join(text[low:high].split("\n")[:lines])
    high = low + len(kept)
    mark = (min(at, high) - low, min(end, high) - low) if excerpt.mark else None
    return Excerpt(kept, mark, excerpt.cut_before or low > 0, excerpt.cut_after or high < len(text))


def _cut_lines_before(before: str, lines: int) -> int:
    """How many characters to drop so that at most ``lines`` line feeds stand before the span."""
    parts = before.split("\n")
    return len(before) - len("\n".join(parts[-lines - 1 :]))


def _clamped(span: tuple[int, int], size: int) -> tuple[int, int]:
    low = min(max(0, span[0]), size)
    return low, min(max(low, span[1]), size)


def _named(text: str, escaped: Callable[[str], Text], chip: Callable[[str, str], Text]) -> Text:
    parts: list[Text] = []
    end = 0
    for hit in SPECIAL.finditer(text):
        parts.append(escaped(text[end : hit.start()]))
        if hit["piled"]:
            parts += [
                escaped(hit["kept"]),
                chip(f"+{len(hit['piled'])} marks", "more combining marks on this character"),
            ]
        else:
            parts.append(_chips(hit.group(), chip))
        end = hit.end()
    parts.append(escaped(text[end:]))
    return escaped("").join(parts)


def _chips(same: str, chip: Callable[[str, str], Text]) -> Text:
    sign, title = _sign(same[0]), _title(same[0])
    if len(same) > MOST_REPEATS:
        return chip(f"{sign} ×{len(same)}", title)
    one = chip(sign, title)
    return one + one * (len(same) - 1)


def _chip(sign: str, title: str) -> Markup:
    return Markup('<span class="ctl" title="{}">{}</span>').format(title, sign)


def _sign(char: str) -> str:
    code = ord(char)
    return CONTROLS[code] if code < len(CONTROLS) else "DEL" if char == "\x7f" else f"U+{code:04X}"


def _title(char: str) -> str:
    code = ord(char)
    name = unicodedata.name(char, "") or {"Cc": "control", "Cs": "lone surrogate", "Co": "private use"}.get(
        unicodedata.category(char), "not a character"
    )
    return f"U+{code:04X} {name}"
