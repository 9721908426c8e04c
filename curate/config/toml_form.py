"""Writing TOML: as much of it as plans hold."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_toml(table: Mapping[str, Any]) -> str:
    """A table as text that reads back the same.

    >>> print(write_toml({"by": ["source"], "budget": {"answer.echo": 3}}).rstrip())
    by = ["source"]
    <BLANKLINE>
    [budget]
    "answer.echo" = 3
    """
    return "\n".join(_lines(table, ())).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Plain keys first, for after a header every key is the header's."""
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    lists = {key: value for key, value in table.items() if _holds_tables(value)}
    for key, value in table.items():
        if key not in tables and key not in lists:
            yield f"{write_key(key)} = {write_value(value)}"
    for key, value in tables.items():
        yield f"\n[{_header((*path, key))}]"
        yield from _lines(value, (*path, key))
    for key, value in lists.items():
        for item in value:
            yield f"\n[[{_header((*path, key))}]]"
            yield from _lines(item, (*path, key))


def _holds_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _header(path: tuple[str, ...]) -> str:
    return ".".join(map(write_key, path))


def write_key(key: str) -> str:
    """A key, quoted where it must be."""
    return key if _BARE.fullmatch(key) else write_value(key)


def write_value(value: object) -> str:
    """A value on one line."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write_key(key)} = {write_value(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)
