"""How texts are made from templates: the words that they open with, and their skeletons.

A skeleton is the beginning of a text in which what a generator fills in is blanked: quoted strings, numbers, and names,
which are words with a capital within a sentence. German nouns are blanked with them; in scripts without capitals names
stay.
"""

from __future__ import annotations

import re

from curate.diversity.words import UNSPACED

LOOKED_AT = 160
"""Code points of a text in which its opening is looked for."""

SKELETON_AT = 400
"""Code points that a skeleton is made of."""

SKELETON_WORDS = 12

QUOTED, NUMBER, NAME = "“”", "#", "@"
"""What stands for a blanked part."""

_OPENING = re.compile(r"[^\W_]['’\w-]*(?:[\W_]+[^\W_]['’\w-]*){0,2}")
_QUOTES = re.compile(
    r"\"[^\"]{1,300}(?:\"|\Z)|“[^”]{1,300}(?:”|\Z)|«[^»]{1,300}(?:»|\Z)|`[^`]{1,300}(?:`|\Z)|「[^」]{1,300}(?:」|\Z)"
)
_NUMBERS = re.compile(r"[$€£¥]?\d[\d.,:/-]*%?")
_NAMES = re.compile(r"(?<=[^\W\d_][,;’'] |.[^\W\d_] )[A-Z][\w’'-]*(?: (?:of |the |de |von )?[A-Z][\w’'-]*)*")
_PIECES = re.compile(rf"{QUOTED}|[{NUMBER}{NAME}]|[{UNSPACED}]|[^\W_{UNSPACED}]+(?:['’-][^\W_{UNSPACED}]+)*")


def opening(text: str) -> str:
    """The first three words of a text, numbers among them, in lower case; fewer if there are no more."""
    found = _OPENING.search(text[:LOOKED_AT])
    return " ".join(found[0].lower().split()) if found else ""


def skeleton(text: str) -> str:
    """The first pieces of a text with quoted strings, numbers and names blanked, in lower case."""
    head = text[:SKELETON_AT]
    for pattern, blank in ((_QUOTES, QUOTED), (_NAMES, NAME), (_NUMBERS, NUMBER)):
        head = pattern.sub(f" {blank} ", head)
    return " ".join(_PIECES.findall(head.lower())[:SKELETON_WORDS])
