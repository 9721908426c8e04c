"""The section ``[fix]`` of a plan: what ``curate fix`` may change, and what its editors need to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.config.sections import close, read_keys, read_several
from curate.core.fix_plan import GRAMMARS, KINDS, PARTS, POLICIES, FixPlan, is_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.sections import At, Reader


def read_fix(value: object, at: At, reader: Reader) -> FixPlan:
    """``[fix]`` as a plan; every mistake goes to the reader, and what is wrong is left out."""
    return FixPlan(**read_keys(value, at, reader, FIX_KEYS))


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
        reader.wrong(at, f"there is no {noun} '{value}'", close(str(value), known))
        return None

    return read


def _kinds(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = _several(value, at, reader) or ()
    for name in names:
        if name not in KINDS:
            reader.wrong((*at, name), f"there is no kind of edit '{name}'", close(name, KINDS))
    return tuple(name for name in names if name in KINDS) or None


def _several(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = read_several(value)
    if names is None:
        reader.wrong(at, f"{at[-1]} must be a string, or a list of strings")
    return names


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
            reader.wrong((*at, part), f"there is no part '{part}'", close(part, PARTS))
        elif (read := policy(item, (*at, part), reader)) is not None:
            found[part] = read
    return found


def _options(value: object, at: At, reader: Reader) -> dict[str, dict[str, object]] | None:
    if not isinstance(value, dict):
        reader.wrong(at, "options must be tables, as [fix.options.pii]")
        return None
    for kind, item in value.items():
        if kind not in KINDS:
            reader.wrong((*at, kind), f"there is no kind of edit '{kind}'", close(kind, KINDS))
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
