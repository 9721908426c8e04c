"""Row text and names made harmless for a terminal: what would steer it, or hide or turn text around, is a sign."""

from __future__ import annotations

import re
import shlex

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff]"
)
_BREAKS = re.compile("[\t\n]")


def visible(text: str) -> str:
    """The text with control, bidirectional and zero-width characters as U+2400 pictures or ``<U+202E>``.

    Line breaks and tabs stay. Terminal escape sequences need ESC, so none survives (ECMA-48).
    """
    return _STEERING.sub(lambda match: _sign(ord(match[0])), text)


def visible_span(text: str) -> str:
    """The same for a text that is at fault: whatever cannot be told from a space or from nothing is named, too."""
    return _UNSEEN.sub(lambda match: _sign(ord(match[0])), text)


def visible_name(name: str) -> str:
    """The name of a file or folder on one line: line breaks and tabs, too, are signs, and bytes that are no text.

    Names may hold any byte but NUL and ``/``; a line break in one must not make a line of its own in a report.
    """
    return _BREAKS.sub(lambda match: _sign(ord(match[0])), visible(text_name(name)))


def text_name(name: str) -> str:
    r"""A name that any output can hold: bytes that are not UTF-8 (surrogates, PEP 383) are ``\xff``."""
    return _SURROGATE.sub(lambda match: _escaped(match[0]), name)


def shell_word(name: str) -> str:
    r"""A name as one word for bash, on one line and of plain characters: ``$'a\x0ab'`` where it must be."""
    if not _STEERING.search(name) and not _BREAKS.search(name):
        return shlex.quote(name)
    return "$'" + "".join(char if _is_plain(char) else _escaped(char) for char in name) + "'"


_SURROGATE = re.compile("[\ud800-\udfff]")


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isprintable() and char not in "'\\"


def _escaped(char: str) -> str:
    way = "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", way))


def _sign(code: int) -> str:
    if code < 0x20:  # noqa: PLR2004 (C0 controls have pictures)
        return chr(0x2400 + code)
    return f"<U+{code:04X}>"
