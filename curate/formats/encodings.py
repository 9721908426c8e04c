"""Encodings that the user names: which there are, and which cannot be meant."""

from __future__ import annotations

import codecs

from curate.core.errors import UnreadableError

WIDE = ("utf-16", "utf-32")
"""Encodings of two or four bytes a unit: JSON and CSV in them are full of zero bytes."""

MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Byte order marks; that of UTF-32 begins or ends like one of these, and has zero bytes."""

ESCAPES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
"""Codecs that Python counts among the text encodings, of which no file is."""


def named_encoding(encoding: str, head: bytes, where: str) -> str:
    """The name under which an encoding is used from here on.

    Args:
        encoding: what the user called it.
        head: the file's first bytes.
        where: the file's name, for errors.

    Raises:
        UnreadableError: there is no such encoding of text, or the file is plainly not in it.
    """
    name = _lookup(encoding, where)
    if name.startswith(WIDE) and head and b"\0" not in head and not head.startswith(MARKS):
        raise UnreadableError(
            f"is not {encoding}: it holds no zero byte",
            where=where,
            hint="leave --encoding out, or name another",
        )
    if name in WIDE:
        big = codecs.BOM_UTF16_BE if name == "utf-16" else codecs.BOM_UTF32_BE
        return f"{name}-{'be' if head.startswith(big) else 'le'}"
    return "utf-8" if name in ("utf-8-sig", "ascii") else name


def _lookup(encoding: str, where: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        what = "is no encoding of text" if _is_known(encoding) else "unknown encoding"
        raise _unusable(encoding, what, where) from error
    if name.replace("_", "-") in ESCAPES:
        raise _unusable(encoding, "is no encoding of text", where)
    return name


def _is_known(encoding: str) -> bool:
    """Whether Python has a codec of the name: some, such as base64 and rot13, are not for text."""
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return True


def _unusable(encoding: str, what: str, where: str) -> UnreadableError:
    told = f"{what} '{encoding}'" if what.startswith("unknown") else f"'{encoding}' {what}"
    return UnreadableError(told, where=where, hint="for instance: utf-8, utf-16, cp1252, latin-1, shift_jis")
