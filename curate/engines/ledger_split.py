"""A ledger in two: an index that may be shared, without any text of a row, and a private store with the texts.

The index keeps where and why: keys, lines, spans, checks, counts. Whatever else a ledger holds goes to the store, and a
mark stands in its place: an HMAC (RFC 2104) of the text, because a plain hash of a telephone number is soon guessed.
Its key is derived from the whole ledger and stands in the store alone. What is kept is on a list, so that a field that
a later version adds is private until somebody decides otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate.core.ledger import LEDGER_SCHEMA
from curate.formats.keep_output import Stage, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INDEX_SCHEMA = "curate.ledger-index/1"
STORE_SCHEMA = "curate.ledger-store/1"

SHARED = frozenset(
    (
        *("ledger", "curate", "step", "inputs", "outputs", "rows"),
        *(
            "action",
            "key",
            "new_key",
            "file",
            "line",
            "row",
            "bytes",
            "at",
            "span",
            "check",
            "severity",
            "message",
        ),
        *("also", "related", "similarity", "rule", "engine", "safety", "refused"),
    )
)
"""Fields that hold no text of a row. ``plan`` is none of them: it may name values that are allowed to stay."""

_HELD = "held"
_DIGITS = 32


@dataclass(frozen=True)
class Split:
    """What was written: lines of the ledger, and values that went to the store."""

    lines: int
    held: int


def split_ledger(ledger: Path, index: Path, store: Path) -> Split:
    """Write the index and the store of a ledger, or of a chain of ledgers; neither is there unless both are whole.

    Raises:
        UnreadableError: it is no ledger, or cannot be read.
    """
    key, digest = _hashes(ledger)
    lines = held = 0
    with Stage() as stage:
        places = stage.place(index), stage.place(store)
        with places[0].open("wb") as shared, places[1].open("wb") as private:
            shared.write(_line({"index": INDEX_SCHEMA}))
            private.write(_line({"store": STORE_SCHEMA, "key": key, "sha256": digest}))
            for lines, line in enumerate(_lines(ledger), 1):
                fields = _fields(line, f"{ledger}:{lines}")
                if lines == 1 and fields.get("ledger") != LEDGER_SCHEMA:
                    raise UnreadableError(f"is no ledger of the version {LEDGER_SCHEMA}", where=str(ledger))
                texts = {name: value for name, value in fields.items() if _is_private(name, value)}
                marks = {name: {_HELD: _mark(key, lines, name, value)} for name, value in texts.items()}
                shared.write(_line({**fields, **marks}))
                if _line(fields) != line:  # no writer of curate's wrote it: kept as it is
                    private.write(_line({"line": lines, "whole": line.decode("utf-8", "surrogateescape")}))
                elif texts:
                    private.write(_line({"line": lines, "fields": texts}))
                held += len(texts)
    return Split(lines, held)


def _is_private(name: str, value: object) -> bool:
    return name not in SHARED and value not in ("", [], None)


def _hashes(path: Path) -> tuple[str, str]:
    """The key of the marks, which nobody can derive from the SHA-256 of the ledger, and that SHA-256."""
    keyed, plain = hashlib.blake2b(digest_size=32, person=b"curate-index"), hashlib.sha256()
    for line in _lines(path):
        keyed.update(line)
        plain.update(line)
    return keyed.hexdigest(), plain.hexdigest()


def join_ledger(index: Path, store: Path, ledger: Path) -> int:
    """Write the ledger again, byte for byte; the number of its lines.

    Raises:
        UnreadableError: index and store do not belong together, or one of them was changed.
    """
    shared, private = _read(index, "index", INDEX_SCHEMA), _read(store, "store", STORE_SCHEMA)
    next(shared)
    head = next(private)
    digest, lines = hashlib.sha256(), 0
    with whole(ledger) as path:
        with path.open("wb") as out:
            for line in _joined(shared, private, str(head.get("key")), index):
                out.write(line)
                digest.update(line)
                lines += 1
        if digest.hexdigest() != head.get("sha256"):
            raise UnreadableError(
                "does not give the ledger that was split",
                where=str(index),
                hint="is it the index of this store?",
            )
    return lines


def _joined(
    shared: Iterator[dict[str, Any]], private: Iterator[dict[str, Any]], key: str, index: Path
) -> Iterator[bytes]:
    """The lines of the ledger; those of the store come in the order of the index."""
    held = next(private, {})
    for number, fields in enumerate(shared, 1):
        known = held if held.get("line") == number else {}
        held = next(private, {}) if known else held
        if "whole" in known:
            yield str(known["whole"]).encode("utf-8", "surrogateescape")
            continue
        texts = known.get("fields", {})
        for name, value in fields.items():
            if name not in SHARED and isinstance(value, dict) and _HELD in value:
                there = name in texts and _mark(key, number, name, texts[name]) == value[_HELD]
                if not there:
                    raise UnreadableError(f"the store has another '{name}'", where=f"{index}:{number + 1}")
        yield _line({**fields, **texts})


def _mark(key: str, line: int, name: str, value: object) -> str:
    """What stands in the index for a value: the same text has another mark in every place."""
    told = f"{line}\0{name}\0{json.dumps(value, ensure_ascii=False)}".encode("utf-8", "surrogatepass")
    return hmac.new(bytes.fromhex(key), told, hashlib.sha256).hexdigest()[:_DIGITS]


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _fields(line: bytes, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("is no ledger, or a damaged one", where=where) from error
    if not isinstance(fields, dict):
        raise UnreadableError("is no line of a ledger", where=where)
    return fields


def _read(path: Path, name: str, schema: str) -> Iterator[dict[str, Any]]:
    """The lines of an index or a store, the first of which says what it is."""
    number = 0
    for number, line in enumerate(_lines(path), 1):
        fields = _fields(line, f"{path}:{number}")
        if number == 1 and fields.get(name) != schema:
            break
        yield fields
    else:
        if number:
            return
    raise UnreadableError(f"is no {name} of the version {schema}", where=str(path))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as handle:
            yield from handle
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=str(path)) from error
