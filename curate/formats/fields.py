"""Fields of a row by name, path or pointer, and what they hold as text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def plain(value: object) -> object:
    """A cell's text: a spreadsheet holds numbers and flags where people see text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return None if math.isnan(value) else str(int(value) if value.is_integer() else value)
    return str(value) if isinstance(value, int) else value


def value_at(row: Mapping[str, Any], name: str) -> str | None:
    """The value of a field as text; None if the row has none, or an empty one.

    A field is named as it stands in the row, by a path of names with dots, or by a pointer (RFC 6901).

    >>> value_at({"meta": {"vendor": "acme", "score": 3.0}}, "meta.vendor")
    'acme'
    >>> value_at({"meta": '{"a/b": [true]}'}, "/meta/a~1b/0")
    'true'
    """
    if name in row:
        return told(row[name])
    if name.startswith("/"):
        return told(_walk(row, [unescape(part) for part in name[1:].split("/")]))
    return told(_walk(row, name.split("."))) if "." in name else None


def unescape(part: str) -> str:
    """A part of a pointer as the name that it stands for."""
    return part.replace("~1", "/").replace("~0", "~")


def _walk(value: object, path: list[str]) -> object:
    """The value at the end of a path; a text that holds JSON is looked into, since cells hold it."""
    for name in path:
        if isinstance(value, str) and value[:1] in ("{", "["):
            value = _parsed(value)
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def told(value: object) -> str | None:
    """A value as text, without the space around it; None if it is empty."""
    value = plain(value)
    if isinstance(value, dict | list):
        value = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str) if value else None
    return None if value is None else str(value).strip() or None
