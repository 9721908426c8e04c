"""What names a row: the hash of its content, and the id that it gives itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from curate.text.fold import hash64

if TYPE_CHECKING:
    from collections.abc import Mapping

ID_FIELDS = ("id", "_id", "uid", "uuid", "row_id", "task_id", "message_id", "message_tree_id", "ticket_id")
ID_SET = frozenset(ID_FIELDS)


def canonical(value: object) -> bytes:
    """The content of a row independent of key order, spacing and escapes: JSON with sorted keys.

    ``orjson`` is ten times as fast and refuses what JSON cannot hold; such a row is always written the other way.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return text.encode("utf-8", "surrogatepass")


def content_hash(value: object) -> int:
    """64 bits of BLAKE2b over the canonical content."""
    return hash64(canonical(value))


def id_field(row: Mapping[str, Any]) -> str | None:
    """The field that holds the row's own id: the first of ``ID_FIELDS`` that is a text or a whole number."""
    if ID_SET.isdisjoint(row):
        return None
    for name in ID_FIELDS:
        given = row.get(name)
        if isinstance(given, str | int) and not isinstance(given, bool):
            return name
    return None
