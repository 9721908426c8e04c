"""The section ``[fix]`` of a plan: what ``curate fix`` may change, and what its editors need to know."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Protocol

from curate.core.fix_plan import GRAMMARS, KINDS, PARTS, POLICIES, FixPlan, is_class

if TYPE_CHECKING:
    from collections.abc import Callable

At = tuple[str, ...]


class Reader(Protocol):
    """What collects the mistakes of a plan."""

    def wrong(self, at: At, what: str, hint: str = "") -> None:
        """Remember a mistake at the line of a key."""


def read_fix(value: object, at: At, reader: Reader) -> FixPlan:
    """``[fix]`` as a plan; every mistake goes to the reader, and what is wrong is left out."""
    if not isinstance(value, dict):
        reader.wrong(at, "fix must be a table, [fix]")
        return FixPlan()
    given: dict[str, Any] = {}
    for key, item in value.items():
        if key not in FIX_KEYS:
            reader.wrong((*at, key), f"unknown key '{key}' in [fix]", _close(key, list(FIX_KEYS)))
            continue
        read = FIX_KEYS[key](item, (*at, key), reader)
        if read is not None:
            given[key.replace("-", "_")] = read
    return FixPlan(**given)


def _close(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else "one of: " + ", ".join(known)


def _text(value: object, at: At, reader: Reader) -> str | None:
    if isinstance(value, str) and value:
        return value
    reader.wrong(at, f"{at[-1]} must be a string")
    return None


def _flag(value: object, at: At, reader: Reader) -> bool | None:
    if isinstance(value, bool):
        return value
    reader.wrong(at, f"{at[-1]} must be true or false")
    return None


def _one_of(known: tuple[str, ...], noun: str) -> Callable[[object, At, Reader], str | None]:
    def read(value: object, at: At, reader: Reader) -> str | None:
        if isinstance(value, str) and value in known:
            return value
        reader.wrong(at, f"there is no {noun} '{value}'", _close(str(value), list(known)))
        return None

    return read


def _kinds(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = _several(value, at, reader) or ()
    for name in names:
        if name not in KINDS:
            reader.wrong((*at, name), f"there is no kind of edit '{name}'", _close(name, list(KINDS)))
    return tuple(name for name in names if name in KINDS) or None


def _several(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
        return tuple(names)
    reader.wrong(at, f"{at[-1]} must be a string, or a list of strings")
    return None


def _classes(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = _several(value, at, reader) or ()
    for name in names:
        if not is_class(name):
            reader.wrong(
                (*at, name), f"there is no class of edits '{name}'", "as 'grammar.consensus', or 'all'"
            )
    return tuple(filter(is_class, names)) or None


def _fields(value: object, at: At, reader: Reader) -> dict[str, str] | None:
    if not isinstance(value, dict):
        reader.wrong(at, 'fields must be a table, as {prompt = "report", context = "off"}')
        return None
    policy = _one_of(POLICIES, "policy")
    found: dict[str, str] = {}
    for part, item in value.items():
        if part not in PARTS:
            reader.wrong((*at, part), f"there is no part '{part}'", _close(part, list(PARTS)))
        elif (read := policy(item, (*at, part), reader)) is not None:
            found[part] = read
    return found


def _options(value: object, at: At, reader: Reader) -> dict[str, dict[str, object]] | None:
    if not isinstance(value, dict):
        reader.wrong(at, "options must be tables, as [fix.options.pii]")
        return None
    for kind, item in value.items():
        if kind not in KINDS:
            reader.wrong((*at, kind), f"there is no kind of edit '{kind}'", _close(kind, list(KINDS)))
        elif not isinstance(item, dict):
            reader.wrong((*at, kind), f"[fix.options.{kind}] must be a table")
    return {kind: item for kind, item in value.items() if kind in KINDS and isinstance(item, dict)}


FIX_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {
    "only": _kinds,
    "unsafe": _classes,
    "fields": _fields,
    "glossary": _text,
    "grammar": _one_of(GRAMMARS, "grammar engine"),
    "language-tool": _text,
    "allow-remote": _flag,
    "known": _several,
    "cache": _text,
    "options": _options,
}
"""The keys of the section and how each is read."""
