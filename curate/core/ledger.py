"""The ledger: what a step took out of its inputs or changed in them, so that it can be explained and undone.

A JSONL file: a header, an entry for each record that was left out and for each edit, and totals. ``docs/ledger.md``
describes every field. Nothing in it depends on the time or the machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LEDGER_SCHEMA = "curate.ledger/1"
"""The version of the format; a field is only ever added within one version."""


def ledger_beside(out: str) -> str:
    """Where the ledger of an output goes, unless somebody says otherwise; of a folder, beside the folder."""
    return out.rstrip(os.sep) + ".ledger.jsonl"


@dataclass(frozen=True)
class FileMark:
    """A file by its content.

    Attributes:
        name: as named by the user.
        sha256: of the bytes after decompression.
        size: of the bytes after decompression.
        added: what an output has at its end and its input has not, written like ``raw``.
    """

    name: str
    sha256: str
    size: int
    added: str | Mapping[str, str] = ""


@dataclass(frozen=True)
class Entry:
    """A record that was left out, or an edit of a text in a row that stays.

    Attributes:
        action: ``drop`` for a row with a finding, ``quarantine`` for a record that cannot be read, ``edit`` for a
            place in a text that was replaced, ``suggest`` for one that stays as it is until somebody agrees.
        key: of the row; null for what cannot be read.
        file: name of the input.
        line: 1-based line in the input; null where there are no lines.
        row: 1-based number of the record in its file.
        bytes: [start, end) of ``raw`` in the input after decompression, in its own encoding; null for tables.
        check: name of the check that decided; null for quarantine, and for what is left out as asked.
        severity: of the check.
        message: what was found.
        also: other selected checks with a finding in the row.
        related: key and line of the other row, where there is one.
        similarity: of the dropped row and the related one that is kept, 0 to 1, where rows were compared.
        differences: between them: of what kind, what stands in the dropped row, what in the kept one.
        raw: the bytes, joiner or line end included: as text if they are UTF-8, otherwise ``{"base64": …}``; a
            table's row is ``{"arrow": …}``, an Arrow IPC stream in base64. Of an edited row, the bytes from the
            first to the last that differ, in the row's first entry; its other entries have neither these nor
            ``bytes``.
        new_key: of an edited row in the output.
        at: RFC 6901 pointer to the edited text.
        span: [start, end) of ``before``, in code points of the text before any edit.
        before: what stood there.
        after: what stands there now.
        put: the bytes that stand in the output in the place of ``raw``, written like it.
        rule: of an edit that an engine proposed, the engine's own name for why.
        engine: which engine, and its version.
        safety: ``auto`` for what was applied by itself, ``suggest`` for what needs somebody's consent.
        refused: of a suggestion that could have been applied by itself, the lock that held it back.
    """

    action: str
    key: str | None
    file: str
    line: int | None
    row: int
    bytes: tuple[int, int] | None
    check: str | None
    severity: str
    message: str
    also: tuple[str, ...] = ()
    related: Mapping[str, object] | None = None
    similarity: float | None = None
    differences: tuple[tuple[str, str, str], ...] = ()
    raw: str | Mapping[str, str] = ""
    new_key: str | None = None
    at: str = ""
    span: tuple[int, int] | None = None
    before: str = ""
    after: str = ""
    put: str | Mapping[str, str] = ""
    rule: str = ""
    engine: str = ""
    safety: str = "auto"
    refused: str = ""


OF_TWINS = ("similarity", "differences")
"""Fields that only the entry of a row has that was compared with another."""

OF_EDITS = ("new_key", "at", "span", "before", "after", "put", "rule", "engine", "safety", "refused")
"""Fields that only the entry of an edit or of a suggestion has."""

EDITS = ("edit", "suggest")
"""Actions about a place in a text of a row that stays."""


@dataclass(frozen=True)
class Totals:
    """Rows in = kept + dropped + quarantined; ``edited`` rows, among the kept, where the step edits."""

    in_: int
    kept: int
    dropped: int
    quarantined: int
    edited: int | None = None


@dataclass(frozen=True)
class Header:
    """Which step made the ledger, from which inputs, by which plan; input and output of a file share an index."""

    curate: str
    step: str
    inputs: tuple[FileMark, ...]
    outputs: tuple[FileMark, ...]
    plan: Mapping[str, object] = field(default_factory=dict)


def write_raw(raw: bytes, *, is_table: bool = False) -> str | dict[str, str]:
    """Bytes as an entry holds them."""
    if is_table:
        return {"arrow": base64.b64encode(raw).decode()}
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    return {"base64": base64.b64encode(raw).decode()} if "\0" in text else text


def raw_bytes(raw: str | Mapping[str, str]) -> bytes:
    """What :func:`write_raw` wrote."""
    return raw.encode() if isinstance(raw, str) else base64.b64decode(next(iter(raw.values())), validate=True)


def header_line(header: Header) -> bytes:
    """The first line of a ledger."""
    marks = {name: [_mark(one) for one in getattr(header, name)] for name in ("inputs", "outputs")}
    first = {"ledger": LEDGER_SCHEMA, "curate": header.curate, "step": header.step}
    return _line({**first, **marks, "plan": header.plan})


def _mark(mark: FileMark) -> dict[str, object]:
    return {name: value for name, value in asdict(mark).items() if name != "added" or value}


def entry_line(entry: Entry) -> bytes:
    """The line of an entry."""
    without = (
        *(OF_EDITS if entry.action not in EDITS else ()),
        *(OF_TWINS if entry.similarity is None else ()),
    )
    fields = {name: value for name, value in vars(entry).items() if name not in without}
    return _line(fields)


def totals_line(totals: Totals) -> bytes:
    """The last line of a ledger."""
    plain = {name: value for name, value in asdict(totals).items() if value is not None}
    return _line({"rows": {"in": plain.pop("in_"), **plain}})


def _line(fields: Mapping[str, object]) -> bytes:
    return _WRITER.encode(fields).encode("utf-8", "surrogatepass") + b"\n"


_WRITER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Ledger:
    """A ledger on the disk, or one of several in a file; entries are read one after the other.

    Attributes:
        path: of the file.
        header: its first line.
        begins: where it begins in the file: its first byte, and its first line from 1.
    """

    path: Path
    header: Header
    begins: tuple[int, int] = (0, 1)

    def entries(self) -> Iterator[Entry]:
        """All entries in order.

        Raises:
            UnreadableError: a line is no entry.
        """
        for line, fields in _lines(self.path, self.begins):
            where = f"{self.path}:{line}"
            if "action" in fields:
                _hold(fields, _ENTRY, where)
                yield _entry(fields, where)
            elif line > self.begins[1] and "rows" not in fields:
                raise UnreadableError("is no entry of a ledger: it lacks `action`", where=where)

    def totals(self) -> Totals:
        """The last line.

        Raises:
            UnreadableError: the ledger has no end.
        """
        last = deque(_lines(self.path, self.begins), maxlen=1)
        line, fields = last[0] if last else (0, {})
        if "rows" not in fields:
            raise UnreadableError(
                "the ledger has no end", where=str(self.path), hint="it was cut short: copy it again"
            )
        where = f"{self.path}:{line}"
        rows = fields["rows"] if isinstance(fields["rows"], dict) else {}
        _hold(rows, _TOTALS, where)
        return Totals(rows["in"], rows["kept"], rows["dropped"], rows["quarantined"], rows.get("edited"))


_HALVES = {
    "index": "is the index of a ledger, without the texts that its store holds",
    "store": "is the store of a ledger, which says nothing without its index",
}
"""What a ledger that was split is, by the first field of either half."""


def read_ledger(path: Path, begins: tuple[int, int] = (0, 1)) -> Ledger:
    """Open a ledger.

    Args:
        path: of the file.
        begins: of one of several in it, its first byte and its first line.

    Raises:
        UnreadableError: it is none, or of another version, or its header is damaged.
    """
    _, first = next(_lines(path, begins), (0, {}))
    if first.get("ledger") != LEDGER_SCHEMA:
        half = next((told for name, told in _HALVES.items() if name in first), None)
        hint = "join the two: curate ledger join INDEX STORE -o LEDGER" if half else ""
        what = half or f"is no ledger of the version {LEDGER_SCHEMA}"
        raise UnreadableError(what, where=str(path), hint=hint)
    where = f"{path}:{begins[1]}"
    _hold(first, _HEADER, where)
    inputs, outputs = (_marks(first[name], where) for name in ("inputs", "outputs"))
    if not inputs or len(inputs) != len(outputs):
        raise UnreadableError(
            f"is damaged: it names {len(inputs)} `inputs` and {len(outputs)} `outputs`", where=where
        )
    return Ledger(path, Header(first["curate"], first["step"], inputs, outputs, first["plan"]), begins)


def _marks(marks: list[dict[str, Any]], where: str) -> tuple[FileMark, ...]:
    for mark in marks:
        _hold(mark, _MARK, where)
    names = FileMark.__dataclass_fields__
    return tuple(FileMark(**{name: mark[name] for name in names if name in mark}) for mark in marks)


def _lines(path: Path, begins: tuple[int, int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of one ledger: to the end of the file, or to where the next one begins."""
    offset, first = begins
    try:
        with path.open("rb") as handle:
            handle.seek(offset)
            for number, line in enumerate(handle, first):
                fields = json.loads(line)
                if not isinstance(fields, dict):
                    raise UnreadableError("is no entry of a ledger", where=f"{path}:{number}")
                if number > first and "ledger" in fields:
                    return
                yield number, fields
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError("is no ledger, or a damaged one", where=str(path)) from error


class _Shape(NamedTuple):
    """What a field holds: told where it does not."""

    told: str
    fits: Callable[[Any], bool]
    is_needed: bool = True


def _hold(fields: dict[str, Any], shapes: Mapping[str, _Shape], where: str) -> None:
    """Hold fields against their shapes: a ledger may come from anyone.

    Raises:
        UnreadableError: a field is missing, or is something else.
    """
    for name, shape in shapes.items():
        if name not in fields:
            if shape.is_needed:
                raise UnreadableError(f"is damaged: it lacks `{name}`", where=where)
        elif not shape.fits(fields[name]):
            raise UnreadableError(f"is damaged: `{name}` is not {shape.told}", where=where)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_span(value: object) -> bool:
    is_pair = isinstance(value, list) and len(value) == len(("start", "end")) and all(map(_is_count, value))
    return is_pair and value[0] <= value[1]  # type: ignore[index]  # a list


def _is_raw(value: object) -> bool:
    """Whether :func:`raw_bytes` reads it: text without lone surrogates, or one string of base64 with its kind."""
    is_packed = isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("base64", "arrow")
    if not (is_packed or isinstance(value, str)):
        return False
    try:
        raw_bytes(value)  # type: ignore[arg-type]  # told apart above
    except (ValueError, TypeError):
        return False
    return True


def _is_list(value: object, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(map(fits, value))


def _is_difference(value: object) -> bool:
    return _is_list(value, _is_text) and len(value) == len(("kind", "here", "there"))  # type: ignore[arg-type]


def _is_related(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    key, line = value.get("key"), value.get("line")
    is_place = (key is None or isinstance(key, str)) and (line is None or _is_count(line))
    return is_place and isinstance(value.get("file", ""), str)


def _or_null(shape: _Shape) -> _Shape:
    return _Shape(f"{shape.told} or null", lambda value: value is None or shape.fits(value), shape.is_needed)


_TEXT = _Shape("text", _is_text)
_COUNT = _Shape("a whole number from 0", _is_count)
_RAW = _Shape("text, or bytes in base64", _is_raw, is_needed=False)
_SPAN = _Shape("a [start, end) of whole numbers", _is_span)
_LISTED = _Shape("a list of objects", lambda value: _is_list(value, lambda one: isinstance(one, dict)))
_MARK = {"name": _TEXT, "sha256": _TEXT, "size": _COUNT, "added": _RAW}
_HEADER = {
    "curate": _TEXT,
    "step": _TEXT,
    "inputs": _LISTED,
    "outputs": _LISTED,
    "plan": _Shape("an object", lambda value: isinstance(value, dict)),
}
_TOTALS = {
    **dict.fromkeys(("in", "kept", "dropped", "quarantined"), _COUNT),
    "edited": _or_null(_COUNT._replace(is_needed=False)),
}
_ENTRY = {
    **dict.fromkeys(("action", "file", "severity", "message"), _TEXT),
    **dict.fromkeys(("key", "check"), _or_null(_TEXT)),
    "line": _or_null(_COUNT),
    "row": _COUNT,
    "bytes": _or_null(_SPAN),
    "also": _Shape("a list of texts", lambda value: _is_list(value, _is_text), is_needed=False),
    "related": _or_null(_Shape("the key, line and file of a row", _is_related, is_needed=False)),
    "similarity": _or_null(_Shape("a number", _is_share, is_needed=False)),
    "differences": _Shape(
        "a list of differences", lambda value: _is_list(value, _is_difference), is_needed=False
    ),
    **dict.fromkeys(("raw", "put"), _RAW),
    "new_key": _or_null(_TEXT._replace(is_needed=False)),
    **dict.fromkeys(
        ("at", "before", "after", "rule", "engine", "safety", "refused"), _TEXT._replace(is_needed=False)
    ),
    "span": _or_null(_SPAN._replace(is_needed=False)),
}


def _entry(fields: dict[str, Any], where: str) -> Entry:
    try:
        entry = Entry(**fields)
    except TypeError as error:
        raise UnreadableError("is no entry of a ledger", where=where) from error
    return entry


def moved(ledger: Ledger, at: int) -> Iterator[Entry]:
    """The entries of an input that say which of its bytes went, and what came in their place, in order."""
    name = ledger.header.inputs[at].name
    return (entry for entry in ledger.entries() if entry.file == name and entry.bytes is not None)


def restore(ledger: Ledger, output: bytes, at: int | None = None) -> bytes:
    """The input of a text file, byte for byte, from what was written and what the ledger holds.

    Args:
        ledger: the ledger of the step.
        output: what the step wrote, decompressed.
        at: which of its files that is; found by its hash if None.

    Returns:
        The input, decompressed.

    Raises:
        UnreadableError: the ledger was not written with this output, or does not give back its input.
    """
    digest = hashlib.sha256(output).hexdigest()
    fits = [number for number, mark in enumerate(ledger.header.outputs) if mark.sha256 == digest]
    if not fits or at not in (None, *fits):
        raise UnreadableError("was not written with this output", where=str(ledger.path))
    for number in fits if at is None else [at]:
        whole = _spliced(ledger, number, output)
        if hashlib.sha256(whole).hexdigest() == ledger.header.inputs[number].sha256:
            return whole
    raise UnreadableError("does not give back its input", where=str(ledger.path))


def _spliced(ledger: Ledger, at: int, output: bytes) -> bytes:
    pieces: list[bytes] = []
    taken = size = 0
    for entry in moved(ledger, at):
        assert entry.bytes is not None  # noqa: S101 (only those are given)
        kept = output[taken : taken + entry.bytes[0] - size]
        raw = raw_bytes(entry.raw)
        pieces += [kept, raw]
        taken += len(kept) + len(raw_bytes(entry.put))
        size += len(kept) + len(raw)
    added = raw_bytes(ledger.header.outputs[at].added)
    return b"".join([*pieces, output[taken : len(output) - len(added)]])
