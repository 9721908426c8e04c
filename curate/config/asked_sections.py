"""The sections ``[require]`` and ``[[waiver]]`` of a plan: what must be there, and who answers for what is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from curate.checks.required import name_of
from curate.config.sections import read_keys, read_pattern, read_several
from curate.core.policy import Require, Waiver

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.sections import At, Reader

NEEDED = ("check", "owner", "reason", "until")
WHICH = ("rows", "file", "pattern")
"""Keys that say which findings of the check are waived: at least one of them."""


def read_require(value: object, at: At, reader: Reader) -> Require:
    """``[require]`` as a plan; every mistake goes to the reader, and what is wrong is left out."""
    asked = Require(**read_keys(value, at, reader, REQUIRE_KEYS))
    names: dict[str, str] = {}
    for field in asked.fields:
        if (other := names.setdefault(name_of(field), field)) != field:
            reader.wrong(
                (*at, "fields", field),
                f"'{field}' and '{other}' make one check, {name_of(field)}",
                "name one of them",
            )
    return asked


def read_waivers(value: object, at: At, reader: Reader) -> tuple[Waiver, ...]:
    """Every ``[[waiver]]`` that is right."""
    if not isinstance(value, list):
        reader.wrong(at, "waivers are written [[waiver]], each with its check, owner, reason and until")
        return ()
    read = [_waiver(one, (*at, str(number)), reader) for number, one in enumerate(value, 1)]
    return tuple(one for one in read if one is not None)


def _waiver(value: object, at: At, reader: Reader) -> Waiver | None:
    if not isinstance(value, dict):
        reader.wrong(at, "a waiver is a table, [[waiver]]")
        return None
    given = read_keys(value, at, reader, WAIVER_KEYS, at[0])
    for key in NEEDED:
        if key not in value:
            reader.wrong(at, f"the waiver has no {key}", _WHY[key])
    if not any(key in value for key in WHICH):
        hint = "name them by rows, file or pattern; to live with a check as a whole, give it a budget"
        reader.wrong(at, "the waiver does not say which findings", hint)
    return Waiver(**given) if all(key in given for key in NEEDED) else None


_WHY = {
    "check": 'as check = "answer.refusal"',
    "owner": "somebody must answer for it",
    "reason": "say why it may stay",
    "until": "as until = 2026-12-31: nothing is waived for good",
}


def _text(value: object, at: At, reader: Reader) -> str | None:
    if isinstance(value, str) and value.strip():
        return value.strip()
    reader.wrong(at, f"{at[-1]} must be a text that is not empty")
    return None


def _several(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = read_several(value)
    if names is None:
        reader.wrong(at, f"{at[-1]} must be a list of texts, none of them empty")
        return None
    return tuple(dict.fromkeys(names))


def _rows(value: object, at: At, reader: Reader) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    reader.wrong(at, "rows must be a whole number above 0: how many there must be at least")
    return None


def _keys(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    keys = _several(value, at, reader)
    for key in keys or ():
        if not re.fullmatch(KEY, key):
            hint = "keys stand in the column key of --findings FILE"
            reader.wrong((*at, key), f"'{key}' is no key of a row", hint)
            return None
    return keys


KEY = r"[0-9a-f]{16}(\.[1-9]\d*)?"
"""A row's key: the hash of its content, and its number among equals from the second on."""


def _pattern(value: object, at: At, reader: Reader) -> re.Pattern[str] | None:
    text = _text(value, at, reader)
    return read_pattern(text, at, reader) if text is not None else None


def _day(value: object, at: At, reader: Reader) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(DAY, value) else _no_day()
    except ValueError:
        reader.wrong(at, f"{at[-1]} must be a day, as 2026-12-31")
        return None


DAY = r"\d{4}-\d{2}-\d{2}"


def _no_day() -> date:
    raise ValueError


REQUIRE_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {"fields": _several, "rows": _rows}
WAIVER_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {
    "check": _text,
    "owner": _text,
    "reason": _text,
    "until": _day,
    "rows": _keys,
    "file": _text,
    "pattern": _pattern,
}
"""The keys of the sections and how each is read."""
