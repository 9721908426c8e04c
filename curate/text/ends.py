"""The special tokens that a text may end with, which are a fault of their own and hide others."""

from __future__ import annotations

import re

END = r"(?:<\|[a-z_]{1,30}\|>|</s>|\s)+$"
"""End tokens and white space at a text's end, for engines whose time is linear; in Python use :func:`without_end`."""

_TOKEN = re.compile(r"(?:<\|[a-z_]{1,30}\|>|</s>)\Z")
_LONGEST = 40


def without_end(text: str) -> str:
    """The text without end tokens and white space at its end, in time that is linear in what is taken away."""
    end = len(text)
    while True:
        while end and text[end - 1].isspace():
            end -= 1
        token = _TOKEN.search(text, max(0, end - _LONGEST), end)
        if token is None:
            return text[:end]
        end = token.start()
