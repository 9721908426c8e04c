"""Changes of texts become changes of a record: of a JSON record's bytes, a CSV record's cells, a table's values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.engines.repairing_texts import Change, apply
from curate.formats import csv_table, json_text
from curate.formats.csv_table import CellEdit
from curate.formats.json_text import INSIDE, Edit
from curate.formats.stream import ERRORS, encode_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Changes = Mapping[str, Sequence[Change]]


class Splice(NamedTuple):
    """Bytes ``[start, end)`` of a record become ``put``."""

    start: int
    end: int
    put: bytes


def changed_record(raw: bytes, changes: Changes, container: str, context: Mapping[str, Any]) -> bytes:
    """The record with its texts changed, every other byte as it was.

    Args:
        raw: the record.
        changes: by JSON pointer of the text.
        container: ``csv``, or anything else for JSON.
        context: of the chunk that holds the record.

    Raises:
        ValueError: a text does not stand in the record as it is read.
    """
    if container == "csv":
        return _changed_cells(raw, changes, context)
    return json_text.patch(raw, _edits(changes))


def _edits(changes: Changes) -> list[Edit]:
    return [Edit(at, one.start, one.end, one.after) for at, several in changes.items() for one in several]


def _changed_cells(raw: bytes, changes: Changes, context: Mapping[str, Any]) -> bytes:
    edits: list[CellEdit] = []
    inner: dict[str, dict[str, Sequence[Change]]] = defaultdict(dict)
    for at, several in changes.items():
        segment, slash, rest = at[1:].partition("/")
        column = unescape(segment)
        if slash:
            inner[column][slash + rest] = several
        else:
            edits += [CellEdit(column, one.start, one.end, one.after) for one in several]
    edits += [_json_cell(raw, column, within, context) for column, within in inner.items()]
    return csv_table.patch_record(raw, edits, context)


def _json_cell(raw: bytes, column: str, changes: Changes, context: Mapping[str, Any]) -> CellEdit:
    """The edit of a cell whose text is JSON."""
    text = csv_table.cell_text(raw, column, context)
    if text is None:
        raise ValueError(f"the record has no cell in column '{column}'")
    data = text.encode()
    splice = splice_of(data, json_text.patch(data, _edits(changes)))
    return CellEdit(
        column, len(data[: splice.start].decode()), len(data[: splice.end].decode()), splice.put.decode()
    )


def splice_of(old: bytes, new: bytes) -> Splice:
    """The smallest range that differs, at the borders of characters."""
    start = _same(old, new)
    while start and _is_inside(old, new, start):
        start -= 1
    limit = min(len(old), len(new)) - start
    tail = min(_same(old[::-1], new[::-1]), limit)
    while tail and _is_inside(old, new, len(old) - tail, len(new) - tail):
        tail -= 1
    return Splice(start, len(old) - tail, new[start : len(new) - tail])


def _same(old: bytes, new: bytes) -> int:
    """The length of what both begin with, by halving."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _is_inside(old: bytes, new: bytes, at: int, other: int | None = None) -> bool:
    """Whether a place is within the bytes of a character (RFC 3629: continuation bytes begin with the bits 10)."""
    there = at if other is None else other
    return any(byte & 0xC0 == 0x80 for byte in old[at : at + 1] + new[there : there + 1])  # noqa: PLR2004


def is_writable(put: bytes, encoding: str) -> bool:
    """Whether a file's encoding holds a text, so that it is read again as it was meant."""
    if encoding == "utf-8":
        return True
    try:
        text = encode_back(put, encoding).decode(encoding, ERRORS.get(encoding, "surrogateescape"))
    except UnicodeError:
        return False
    return text.encode("utf-8", "surrogatepass") == put


def changed_value(value: object, changes: Changes) -> object:
    """A row of a table, or a value in it, with its texts changed; nothing of the given value is altered.

    Raises:
        ValueError: a text does not stand in the row as it is read.
    """
    if "" in changes:
        if not isinstance(value, str):
            raise ValueError("the value is no text")
        return apply(value, changes[""])
    within: dict[str, dict[str, Sequence[Change]]] = defaultdict(dict)
    for at, several in changes.items():
        segment, slash, rest = at[1:].partition("/")
        within[segment][slash + rest] = several
    if isinstance(value, str) and list(within) == [INSIDE]:
        return json_text.patch(value.encode(), _edits(within[INSIDE])).decode()
    return _changed_children(value, within)


def _changed_children(value: object, within: Mapping[str, Changes]) -> object:
    if isinstance(value, dict):
        names = {unescape(segment): inner for segment, inner in within.items()}
        if all(name in value for name in names):
            return value | {name: changed_value(value[name], inner) for name, inner in names.items()}
    if isinstance(value, list):
        places = {int(segment): inner for segment, inner in within.items()}
        if all(0 <= at < len(value) for at in places):
            return [changed_value(one, places[at]) if at in places else one for at, one in enumerate(value)]
    raise ValueError("the text does not stand where it is read")


def unescape(segment: str) -> str:
    """The key that a segment of a JSON pointer names (RFC 6901, section 4)."""
    return segment.replace("~1", "/").replace("~0", "~")
