"""Folding letter case so that every character stays where it is."""

from __future__ import annotations

import re

_LONE = re.compile("[\ud800-\udfff]")

_ALIKE = (
    ("İ", "i"),
    ("’", "'"),
    ("ʼ", "'"),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u00a0", " "),
    ("\u202f", " "),
)
"""What is written in more than one way. ``İ`` is the one character whose lower case has another length."""


def fold(text: str) -> str:
    """The text in lower case, apostrophes, hyphens and spaces in one form; character for character as long.

    Lone surrogates, which no automaton takes, become U+FFFD.
    """
    if text.isascii():
        return text.lower()
    for sign, plain in _ALIKE:
        text = text.replace(sign, plain)
    return _LONE.sub("\ufffd", text).lower()


def straight(text: str) -> str:
    """The same with its letter case."""
    if text.isascii():
        return text
    for sign, plain in _ALIKE[1:]:
        text = text.replace(sign, plain)
    return text
