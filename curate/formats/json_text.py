r"""The bytes of one JSON record, addressed by JSON pointer and changed in place.

Nothing here builds the record's value: ranges are found by scanning, so that a change of one word changes the
bytes of that word and no other. Pointers are those of RFC 6901 with one addition: where a string holds JSON,
the segment ``#json`` enters it (``/messages/#json/0/content``). The functions take a record that
:func:`curate.formats.json_row.decode_row` reads without an error; of others they may find nothing.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, NamedTuple

from curate.formats.json_row import mend_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INSIDE = "#json"
"""The pointer segment that enters a string that holds JSON."""


class Edit(NamedTuple):
    """Replace the code points ``[start, end)`` of the string at ``pointer`` by ``text``."""

    pointer: str
    start: int
    end: int
    text: str


def locate(raw: bytes, pointer: str) -> tuple[int, int] | None:
    """The byte range of the value at ``pointer``, quotes and brackets included.

    Of equal keys the last one counts, as it does for the decoder.

    Returns:
        ``(start, end)``, or None if there is no such value. Within a string that holds JSON, the range covers
        the escapes of the outer string that stand for the inner value.
    """
    place = _resolve(raw, pointer)
    return (place.to_raw[place.start], place.to_raw[place.end]) if place else None


def span_bytes(raw: bytes, pointer: str, start: int, end: int) -> tuple[int, int] | None:
    r"""The byte range of the code points ``[start, end)`` of the string at ``pointer``.

    An escape (``\n``, ``\u00e9``, the pair ``\ud83d\ude00``) is one code point, as is a UTF-8 sequence.

    Returns:
        ``(start, end)`` in ``raw``, or None if there is no string or it is shorter than ``end``.
    """
    place = _resolve(raw, pointer)
    return _span(place, start, end) if place else None


def patch(raw: bytes, edits: Sequence[Edit]) -> bytes:
    r"""The record with spans of its strings replaced; every byte outside the spans stays.

    New text is escaped as little as JSON allows. Characters beyond ASCII are written as they are, except in a
    record that is pure ASCII because it escapes them (``\u00e9``): there the new text is escaped, too. Two
    lone halves of a surrogate pair between which all is deleted become one character.

    Raises:
        ValueError: if an edit's place does not exist, or two edits overlap.
    """
    changes = sorted((_change(raw, edit) for edit in edits), key=lambda change: change[:2])
    parts: list[bytes] = []
    done = 0
    for start, end, text in changes:
        if start < done:
            raise ValueError(f"two edits overlap at byte {start}")
        parts += (raw[done:start], text)
        done = end
    return b"".join((*parts, raw[done:]))


def _change(raw: bytes, edit: Edit) -> tuple[int, int, bytes]:
    place = _resolve(raw, edit.pointer)
    span = _span(place, edit.start, edit.end) if place else None
    if place is None or span is None:
        raise ValueError(f"there is no text [{edit.start}, {edit.end}) at {edit.pointer!r}")
    text = mend_surrogates(edit.text)
    for data in place.layers:
        text = _escape(text, ascii_only=_escapes_non_ascii(data))
    return (*span, text.encode())


# Strings: their pieces, their bytes, their escapes.

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_PIECE = re.compile(
    rb"[^\\]+|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL
)
_MUST_ESCAPE = re.compile(r'["\\\x00-\x1f]')
_BEYOND_ASCII = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")


def _pieces(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """``(start, end, text)`` of the plain runs and the escapes between a string's quotes."""
    for piece in _PIECE.finditer(data, start, end):
        yield piece.start(), piece.end(), _unescape(piece[0])


def _unescape(piece: bytes) -> str:
    try:
        return mend_surrogates(json.loads(b'"%b"' % piece)) if piece[0] == ord("\\") else piece.decode()
    except ValueError as fault:
        raise _NotJsonError from fault


def _escape(text: str, *, ascii_only: bool) -> str:
    if ascii_only:
        return json.dumps(text)[1:-1]
    return _MUST_ESCAPE.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _escapes_non_ascii(data: bytes) -> bool:
    return data.isascii() and _BEYOND_ASCII.search(data) is not None


# Places: where a pointer leads.


class _Place(NamedTuple):
    """A value within the text that holds it: the record, or JSON within one of its strings."""

    data: bytes
    start: int
    end: int
    to_raw: Sequence[int]  # for each byte of ``data``, and for its end, the byte of the record it comes from
    layers: tuple[bytes, ...]  # ``data``, and the texts around it, from the inside to the outside


def _resolve(raw: bytes, pointer: str) -> _Place | None:
    if pointer and not pointer.startswith("/"):
        return None
    try:
        place: _Place | None = _root(raw, range(len(raw) + 1), ())
        for segment in pointer.split("/")[1:]:
            if place is None:
                return None
            place = _step(place, segment)
    except _NotJsonError:
        return None
    return place


def _root(data: bytes, to_raw: Sequence[int], around: tuple[bytes, ...]) -> _Place:
    start = _eat(_SPACE, data, 0).end()
    return _Place(data, start, _value_end(data, start), to_raw, (data, *around))


def _step(place: _Place, segment: str) -> _Place | None:
    first = place.data[place.start : place.start + 1]
    if first == b'"':
        return _enter(place) if segment == INSIDE else None
    if first == b"{":
        return _member(place, segment.replace("~1", "/").replace("~0", "~"))
    if first == b"[" and _INDEX.fullmatch(segment):
        return _element(place, int(segment))
    return None


def _member(place: _Place, name: str) -> _Place | None:
    found = None
    for key, start, end in _children(place.data, place.start):
        if _is_key(key, name):
            found = place._replace(start=start, end=end)
    return found


def _is_key(key: bytes, name: str) -> bool:
    if b"\\" not in key:
        return key == name.encode("utf-8", "surrogatepass")
    return "".join(text for _, _, text in _pieces(key, 0, len(key))) == name


def _element(place: _Place, index: int) -> _Place | None:
    for at, (_, start, end) in enumerate(_children(place.data, place.start)):
        if at == index:
            return place._replace(start=start, end=end)
    return None


def _enter(place: _Place) -> _Place:
    """The JSON text that a string holds, with the way back for each of its bytes."""
    inner: list[bytes] = []
    to_raw = array("q")
    for start, end, text in _pieces(place.data, place.start + 1, place.end - 1):
        data = text.encode()
        inner.append(data)
        is_plain = place.data[start] != ord("\\")
        to_raw.extend(place.to_raw[start:end] if is_plain else [place.to_raw[start]] * len(data))
    to_raw.append(place.to_raw[place.end - 1])
    return _root(b"".join(inner), to_raw, place.layers)


def _span(place: _Place, start: int, end: int) -> tuple[int, int] | None:
    if place.data[place.start : place.start + 1] != b'"' or not 0 <= start <= end:
        return None
    try:
        first, last = _offset(place, start), _offset(place, end)
    except _NotJsonError:
        return None
    if first is None or last is None:
        return None
    return place.to_raw[first], place.to_raw[last]


def _offset(place: _Place, count: int) -> int | None:
    """Where the code point number ``count`` of a string begins in the text that holds it."""
    left = count
    for start, end, text in _pieces(place.data, place.start + 1, place.end - 1):
        if left == 0:
            return start
        if left < len(text):
            return start + len(text[:left].encode())
        left -= len(text)
        if left == 0:
            return end
    return place.end - 1 if left == 0 else None


# The grammar, as far as it takes to walk over values.

_SPACE = re.compile(rb"[ \t\r\n]*")
_KEY = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_NEXT = re.compile(rb"[ \t\r\n]*([,\]}])[ \t\r\n]*")
_SCALAR = re.compile(rb"[^\[\]{},:\"\s]+")
_TOKEN = re.compile(_STRING.pattern + rb"|[\[\]{}]", re.DOTALL)
_INDEX = re.compile(r"0|[1-9][0-9]*")


class _NotJsonError(Exception):
    """The text is not JSON; there is nothing to be found in it."""


def _eat(pattern: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes]:
    match = pattern.match(data, at)
    if match is None:
        raise _NotJsonError
    return match


def _children(data: bytes, at: int) -> Iterator[tuple[bytes, int, int]]:
    """``(key, start, end)`` of the members or elements of the container at ``at``; keys as written."""
    is_object = data[at] == ord("{")
    at = _eat(_SPACE, data, at + 1).end()
    if data[at : at + 1] in (b"]", b"}"):
        return
    while True:
        key = b""
        if is_object:
            match = _eat(_KEY, data, at)
            key, at = match[1], match.end()
        end = _value_end(data, at)
        yield key, at, end
        match = _eat(_NEXT, data, end)
        if match[1] != b",":
            return
        at = match.end()


def _value_end(data: bytes, at: int) -> int:
    first = data[at : at + 1]
    if first == b'"':
        return _eat(_STRING, data, at).end()
    if first not in (b"[", b"{"):
        return _eat(_SCALAR, data, at).end()
    depth = 0
    for token in _TOKEN.finditer(data, at):
        mark = token[0]
        depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
        if depth == 0:
            return token.end()
    raise _NotJsonError
