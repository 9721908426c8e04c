"""One JSON record's bytes to a value: strict where something would be lost, lenient where it can be noted.

The grammar is RFC 8259. Python's decoder does the work; it is told to stop at what it would swallow in
silence (a key that occurs twice, NaN, a number beyond the range of a double), and such a row is read again
with notes.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 512
"""Deepest nesting that is read. A fixed bound, because Python's own depends on how deep the caller stands."""


class Note(NamedTuple):
    """Something about the syntax of a row that is kept."""

    kind: str  # duplicate-key, nonfinite, surrogate
    at: str  # RFC 6901 pointer; empty where the place is not part of the value
    detail: str


class Decoded(NamedTuple):
    """The value of a record, or the reason why it has none."""

    value: object
    notes: tuple[Note, ...] = ()
    error: str = ""  # one sentence without any text of the row; empty if the record is readable


class _OddError(Exception):
    """The record holds something to note: it must be read again with the recording decoder."""


def decode_row(raw: bytes) -> Decoded:
    """Decode one record: a line of JSONL without its newline, or an element of an array.

    Clean rows take one pass of the C decoder; only rows with something to note are looked at in Python.

    Args:
        raw: the record's bytes, UTF-8, without a byte order mark.
    """
    try:
        text = raw.decode()
        if len(raw) > 2 * MAX_DEPTH and _is_too_deep(raw):
            return Decoded(None, (), _TOO_DEEP)
        if _MAYBE_LONE.search(raw):
            return _decode_with_notes(text)
        return Decoded(_STRICT(text))
    except _OddError:
        return _decode_with_notes(text)
    except (RecursionError, ValueError) as fault:
        return Decoded(None, (), _explain(raw, fault))


_TOO_DEEP = f"the record is nested deeper than {MAX_DEPTH} levels"

_MAYBE_LONE = re.compile(
    rb"\\u[dD](?:[89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..\\u[dD])[c-fC-F]|(?<=\\\\u[dD]))",
    re.DOTALL,
)
"""Half of a surrogate pair alone; or an escaped backslash before one, where only decoding can tell."""

_LONE = re.compile(r"[\ud800-\udfff]")


def mend_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, so that it can be encoded (Unicode, D71)."""
    return _LONE.sub("\ufffd", text)


def _only_unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _OddError
    return value


def _only_finite(literal: str) -> float:
    value = float(literal)
    if math.isinf(value):
        raise _OddError
    return value


def _no_constant(_literal: str) -> float:
    raise _OddError


_STRICT: Callable[[str], object] = json.JSONDecoder(
    object_pairs_hook=_only_unique, parse_float=_only_finite, parse_constant=_no_constant
).decode


_BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


def _is_too_deep(raw: bytes) -> bool:
    """Whether brackets outside strings nest deeper than is read; counting comes first, since it is cheap."""
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _BRACKETS.finditer(raw):
        depth += _STEP.get(token[0], 0)
        if depth > MAX_DEPTH:
            return True
    return False


_STEP = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}

# Rows with something to note.


class _Recorder:
    """Builds objects, remembers what their keys had, and keeps them, so that no identity occurs twice."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[dict[str, object], list[tuple[str, str]]]] = {}

    def build(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """The object of these members (the last of equal keys wins)."""
        value: dict[str, object] = {}
        seen: dict[tuple[str, str], None] = {}
        for key, member in pairs:
            clean = mend_surrogates(key)
            if clean != key:
                seen["surrogate", clean] = None
            if clean in value:
                seen["duplicate-key", clean] = None
            value[clean] = member
        if seen:
            self._seen[id(value)] = (value, list(seen))
        return value

    def notes(self, value: dict[str, object], at: str) -> list[Note]:
        """The notes of an object that stands at ``at``; each is given once."""
        _, seen = self._seen.pop(id(value), (value, []))
        return [_key_note(kind, key, f"{at}/{escape_pointer(key)}") for kind, key in seen]

    def rest(self) -> list[Note]:
        """The notes of objects that are not part of the value, since a later equal key replaced them."""
        return [_key_note(kind, key, "") for _, seen in self._seen.values() for kind, key in seen]


def _key_note(kind: str, key: str, at: str) -> Note:
    return Note(kind, at, key if kind == "duplicate-key" else "in a key")


def escape_pointer(key: str) -> str:
    """A key as one segment of a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _decode_with_notes(text: str) -> Decoded:
    recorder = _Recorder()
    try:
        value = json.JSONDecoder(object_pairs_hook=recorder.build).decode(text)
    except (RecursionError, ValueError) as fault:
        return Decoded(None, (), _explain(text.encode(), fault))
    root: list[object] = [value]
    notes = _survey(root, recorder)
    return Decoded(root[0], (*notes, *recorder.rest()))


def _survey(root: list[object], recorder: _Recorder) -> list[Note]:
    """Mend the lone surrogates below ``root[0]`` in place and note, in document order, what there is to note.

    Uses a stack of its own: the nesting must not depend on how deep the caller stands.
    """
    notes: list[Note] = []
    stack: list[tuple[Any, Any, str]] = [(root, 0, "")]
    while stack:
        parent, key, at = stack.pop()
        value = parent[key]
        if isinstance(value, str):
            parent[key], count = _LONE.subn("\ufffd", value)
            if count:
                notes.append(Note("surrogate", at, str(count)))
        elif isinstance(value, float) and not math.isfinite(value):
            notes.append(Note("nonfinite", at, _constant_name(value)))
        elif isinstance(value, dict):
            notes += recorder.notes(value, at)
            stack += [(value, name, f"{at}/{escape_pointer(name)}") for name in reversed(value)]
        elif isinstance(value, list):
            stack += [(value, index, f"{at}/{index}") for index in range(len(value) - 1, -1, -1)]
    return notes


def _constant_name(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


# Rows that cannot be read.


class _Reason(NamedTuple):
    """A line of the table of reasons; it holds if both the decoder's message and the text there match."""

    sentence: str
    message: str = ""  # beginning of the decoder's message
    here: str = ""  # expression that must match where the decoder stopped
    before: str = (
        ""  # expression that must match at the end of what stands before; the fault lies where it begins
    )


_REASONS = (
    _Reason("the record is empty", here=r"\Z", before=r"\A\s*"),
    _Reason("the record ends too early (truncated)", here=r"(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)?\Z"),
    _Reason(
        "the record ends too early (truncated), inside the string that begins", message="Unterminated string"
    ),
    _Reason("a raw line break inside a string", message="Invalid control", here=r"[\r\n]"),
    _Reason("a raw control character inside a string", message="Invalid control"),
    _Reason("a bad \\u escape inside a string", message="Invalid \\u", before=r"\\"),
    _Reason("a bad escape inside a string", message="Invalid \\"),
    _Reason("a trailing comma before a closing bracket", here=r"[\]}]", before=r",\s*"),
    _Reason("a trailing comma before a closing bracket", message="Illegal trailing comma"),
    _Reason("a comment, which JSON does not have,", here=r"//|/\*|#"),
    _Reason("single quotes where JSON wants double quotes", here=r"'"),
    _Reason("typographic quotation marks where JSON wants straight ones", here=r"[“”„‘’«»]"),
    _Reason("a byte order mark inside the file", here="\ufeff"),
    _Reason(
        "a Python or JavaScript constant that is not JSON", here=r"(?:None|True|False|nan|inf|undefined)\b"
    ),
    _Reason("a key without double quotes", message="Expecting property name", here=r"[\w$]"),
    _Reason("a stray comma", message="Expecting value", here=","),
    _Reason("a stray comma", message="Expecting property name", here=","),
    _Reason("no key where one must stand", message="Expecting property name"),
    _Reason("no colon after a key", message="Expecting ':'"),
    _Reason("no comma or closing bracket after a value", message="Expecting ','"),
    _Reason("more text after the end of the value", message="Extra data"),
    _Reason("no JSON value where one must stand"),
)
"""Ordered: the first line that holds is the reason."""

_TABLE = [(reason, re.compile(reason.here), re.compile(rf"(?:{reason.before})\Z")) for reason in _REASONS]

_NEARBY = 4096
"""How far back of a fault a reason may look: enough for any spacing, and never the whole of a long record."""


def _explain(raw: bytes, fault: RecursionError | ValueError) -> str:
    """The sentence for a decoder's error; places are bytes of the record, counted from 1."""
    if isinstance(fault, UnicodeDecodeError):
        return _explain_bytes(raw, fault)
    if isinstance(fault, RecursionError) or _is_too_deep(raw):
        return _TOO_DEEP
    if isinstance(fault, json.JSONDecodeError):
        return _explain_syntax(fault)
    return "a whole number has more digits than can be read"


def _explain_syntax(fault: json.JSONDecodeError) -> str:
    near = fault.doc[max(0, fault.pos - _NEARBY) : fault.pos]
    reason, before = next(
        (reason, place)
        for reason, here, before in _TABLE
        if fault.msg.startswith(reason.message)
        and here.match(fault.doc, fault.pos)
        and (place := before.search(near)) is not None
    )
    column = len(fault.doc[: fault.pos - len(before[0])].encode()) + 1
    return f"{reason.sentence} at byte {column}"


_CP1252 = re.compile(rb"(?:[\x00-\x7f]|[\x80\x82-\x8c\x8e\x91-\x9c\x9e-\xff]{1,2}(?![\x80-\xff]))*")
_MULTIBYTE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def _explain_bytes(raw: bytes, fault: UnicodeDecodeError) -> str:
    if fault.end == len(raw) and fault.reason == "unexpected end of data":
        return f"the record ends too early (truncated), inside a character at byte {fault.start + 1}"
    legacy = _CP1252.fullmatch(raw) and not _MULTIBYTE.search(raw)
    hint = " (looks like cp1252: mend this record in its source)" if legacy else ""
    return f"invalid UTF-8, 0x{raw[fault.start]:02X} at byte {fault.start + 1}{hint}"
