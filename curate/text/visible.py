"""Row text made harmless for a terminal: what would steer it, or hide or turn text around, is shown as a sign."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """The text with control, bidirectional and zero-width characters as U+2400 pictures or ``<U+202E>``.

    Line breaks and tabs stay. Terminal escape sequences need ESC, so none survives (ECMA-48).
    """
    return _STEERING.sub(lambda match: _sign(ord(match[0])), text)


def _sign(code: int) -> str:
    if code < 0x20:  # noqa: PLR2004 (C0 controls have pictures)
        return chr(0x2400 + code)
    return f"<U+{code:04X}>"
