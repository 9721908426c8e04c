r"""What taking out a character that nobody sees must not do: join two numbers, or words that then say something else.

``10\u00ad20`` may be a range whose dash was lost, and ``not\u0000able`` two words whose blank was. A hidden character
is therefore read as a boundary, and whatever would mean something else without it keeps it.
"""

from __future__ import annotations

import re

from curate.protect.lock import broken
from curate.text.escapes import ESCAPE_SEQUENCE
from curate.text.mojibake import repairs

AS_WRITTEN = frozenset(("code", "markup", "maths", "url", "email", "path", "token", "placeholder"))
"""Kinds of protected place in which every character is meant as it stands."""

JOINED = frozenset(("number", "negation", "modal"))
"""The kinds of meaning that joining may not change."""

_SIGN = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064"
    "\\u2066-\\u2069\\u3164\\ufeff\\uffa0\\U000e0020-\\U000e007f]"
)
_HIDDEN = re.compile(f"(?:{ESCAPE_SEQUENCE.pattern}|{_SIGN})+")
_REACH = 48
"""Code points on either side that are looked at: words longer than that are none."""


def joins(text: str, start: int, end: int, after: str) -> bool:
    r"""Whether replacing a place by nothing, or by what nobody sees, joins what a boundary there keeps apart.

    >>> joins("10\u00ad20 mg", 2, 3, ""), joins("not\0able", 3, 4, ""), joins("hyphen\u00adation", 6, 7, "")
    (True, True, False)

    Args:
        text: as it stands, other hidden characters beside the place included.
        start: of the place, in code points.
        end: behind it.
        after: what would stand there.
    """
    if (after and not _HIDDEN.fullmatch(after)) or not _HIDDEN.fullmatch(text[start:end]):
        return False
    sides = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    left, right = (re.split(r"\s", _HIDDEN.sub("", side)) for side in sides)
    before, behind = left[-1], right[0]
    if not before or not behind:
        return False
    joined = before + behind
    if any(hit.start < len(before) < hit.end for hit in repairs(joined)):  # it cut a garbled letter in two
        return False
    return not JOINED.isdisjoint(broken(f"{before} {behind}", joined))
