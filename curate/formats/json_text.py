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
from contextlib import suppress
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
    place = _Places(raw).find(pointer)
    return (place.to_raw[place.start], place.to_raw[place.end]) if place else None


def span_bytes(raw: bytes, pointer: str, start: int, end: int) -> tuple[int, int] | None:
    r"""The byte range of the code points ``[start, end)`` of the string at ``pointer``.

    An escape (``\n``, ``\u00e9``, the pair ``\ud83d\ude00``) is one code point, as is a UTF-8 sequence.

    Returns:
        ``(start, end)`` in ``raw``, or None if there is no string or it is shorter than ``end``.
    """
    place = _Places(raw).find(pointer)
    span = Edit(pointer, start, end, "")
    return _spans(place, [span])[span] if place else None


def patch(raw: bytes, edits: Sequence[Edit]) -> bytes:
    r"""The record with spans of its strings replaced; every byte outside the spans stays.

    New text is escaped as little as JSON allows. Characters beyond ASCII are written as they are, except in a
    record that is pure ASCII because it escapes them (``\u00e9``): there the new text is escaped, too. Two
    lone halves of a surrogate pair between which all is deleted become one character.

    The time grows with the size of the record plus the number of edits: each text is passed once.

    Raises:
        ValueError: if an edit's place does not exist, or two edits overlap.
    """
    changes = sorted(_changes(raw, edits), key=lambda change: change[:2])
    parts: list[bytes] = []
    done = 0
    for start, end, text in changes:
        if start < done:
            raise ValueError(f"two edits overlap at byte {start}")
        parts += (raw[done:start], text)
        done = end
    return b"".join((*parts, raw[done:]))


def _changes(raw: bytes, edits: Sequence[Edit]) -> Iterator[tuple[int, int, bytes]]:
    """The range of each edit in the record, and what goes there."""
    places = _Places(raw)
    escaping: dict[bytes, bool] = {}
    together: dict[str, list[Edit]] = {}
    for edit in edits:
        together.setdefault(edit.pointer, []).append(edit)
    for pointer, several in together.items():
        place = places.find(pointer)
        spans = _spans(place, several) if place else {}
        layers = place.layers if place else ()
        escaping.update((data, _escapes_non_ascii(data)) for data in layers if data not in escaping)
        for edit in several:
            span = spans.get(edit)
            if span is None:
                raise ValueError(f"there is no text [{edit.start}, {edit.end}) at {pointer!r}")
            text = mend_surrogates(edit.text)
            for data in layers:
                text = _escape(text, ascii_only=escaping[data])
            yield (*span, text.encode())


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


class _Places:
    """The places of one record; what has been found on the way to one is not looked for again."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._known: dict[str, _Place | None] = {}
        self._members: dict[str, dict[str, tuple[int, int]]] = {}

    def find(self, pointer: str) -> _Place | None:
        """Where a pointer leads; None if there is nothing."""
        if pointer and not pointer.startswith("/"):
            return None
        try:
            return self._place(pointer)
        except _NotJsonError:
            return None

    def _place(self, pointer: str) -> _Place | None:
        if pointer not in self._known:
            above, slash, segment = pointer.rpartition("/")
            if not slash:
                self._known[pointer] = _root(self._raw, range(len(self._raw) + 1), ())
            else:
                place = self._place(above)
                self._known[pointer] = self._step(place, above, segment) if place else None
        return self._known[pointer]

    def _step(self, place: _Place, above: str, segment: str) -> _Place | None:
        first = place.data[place.start : place.start + 1]
        if first == b'"':
            return _enter(place) if segment == INSIDE else None
        if first not in (b"{", b"["):
            return None
        if above not in self._members:
            self._members[above] = _members(place)
        name = segment.replace("~1", "/").replace("~0", "~") if first == b"{" else segment
        found = self._members[above].get(name)
        return place._replace(start=found[0], end=found[1]) if found else None


def _members(place: _Place) -> dict[str, tuple[int, int]]:
    """The ranges of a container's values by their keys, of equal keys the last, or by their numbers."""
    children = _children(place.data, place.start)
    if place.data[place.start] == ord("["):
        return {str(at): (start, end) for at, (_, start, end) in enumerate(children)}
    return {_key(key): (start, end) for key, start, end in children}


def _key(key: bytes) -> str:
    return "".join(text for _, _, text in _pieces(key, 0, len(key)))


def _root(data: bytes, to_raw: Sequence[int], around: tuple[bytes, ...]) -> _Place:
    start = _eat(_SPACE, data, 0).end()
    return _Place(data, start, _value_end(data, start), to_raw, (data, *around))


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


def _spans(place: _Place, edits: Sequence[Edit]) -> dict[Edit, tuple[int, int] | None]:
    """The ranges of the edits of one string in the record; None where the string has no such span."""
    if place.data[place.start : place.start + 1] != b'"':
        return dict.fromkeys(edits)
    counts = {count for edit in edits for count in (edit.start, edit.end)}
    offsets = _offsets(place, sorted(counts))
    return {
        edit: (place.to_raw[offsets[edit.start]], place.to_raw[offsets[edit.end]])
        if edit.start <= edit.end and edit.start in offsets and edit.end in offsets
        else None
        for edit in edits
    }


def _offsets(place: _Place, counts: Sequence[int]) -> dict[int, int]:
    """Where code points of a string begin in the text that holds it, in one pass over the string.

    Args:
        place: of the string.
        counts: numbers of code points from 0, in order. One behind the last is the string's end.

    Returns:
        The offset of each number that there is.
    """
    found = {0: place.start + 1}
    waiting = [count for count in reversed(counts) if count > 0]
    passed = 0
    with suppress(_NotJsonError):
        for start, end, text in _pieces(place.data, place.start + 1, place.end - 1):
            if not waiting:
                break
            at, offset = 0, start
            while waiting and waiting[-1] <= passed + len(text):
                count = waiting.pop()
                offset += len(text[at : count - passed].encode())
                at = count - passed
                found[count] = end if at == len(text) else offset
            passed += len(text)
    return found


# The grammar, as far as it takes to walk over values.

_SPACE = re.compile(rb"[ \t\r\n]*")
_KEY = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_NEXT = re.compile(rb"[ \t\r\n]*([,\]}])[ \t\r\n]*")
_SCALAR = re.compile(rb"[^\[\]{},:\"\s]+")
_TOKEN = re.compile(_STRING.pattern + rb"|[\[\]{}]", re.DOTALL)


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
