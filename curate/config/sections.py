"""What the sections of a plan share: a table whose keys are known, and names that may be a slip of the pen."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Protocol

from curate.text.linear_search import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

At = tuple[str, ...]
"""The path of a key: ``("fix", "fields", "prompt")``."""


class Reader(Protocol):
    """What collects the mistakes of a plan."""

    def wrong(self, at: At, what: str, hint: str = "") -> None:
        """Remember a mistake at the line of a key."""


def read_keys(
    value: object,
    at: At,
    reader: Reader,
    keys: Mapping[str, Callable[[Any, At, Reader], Any]],
    name: str = "",
) -> dict[str, Any]:
    """The keys of a table that are right, as fields of a plan; every mistake goes to the reader.

    Args:
        value: what should be a table.
        at: its path.
        reader: of the plan.
        keys: each with what reads it; None for what is wrong.
        name: of the table, as it is written between brackets; its path if empty.
    """
    name = name or ".".join(at)
    if not isinstance(value, dict):
        reader.wrong(at, f"{name.rpartition('.')[2]} must be a table, [{name}]")
        return {}
    given: dict[str, Any] = {}
    for key, item in value.items():
        if key not in keys:
            reader.wrong((*at, key), f"unknown key '{key}' in [{name}]", close(key, keys))
        elif (read := keys[key](item, (*at, key), reader)) is not None:
            given[key.replace("-", "_")] = read
    return given


def close(name: str, known: Collection[str]) -> str:
    """The name that may be meant, or all there are."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else "one of: " + ", ".join(known)


def read_several(value: object) -> tuple[str, ...] | None:
    """A text, or a list of texts of which none is empty; None if it is anything else."""
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
        return tuple(names)
    return None


def read_pattern(text: str, at: At, reader: Reader) -> re.Pattern[str] | None:
    """An expression that a user's data can be held against in linear time; None if it is none.

    Python's engine may take exponential time on ``(a+)+b``. What is matched is matched by Rust's, which takes neither
    look-around nor back-references (``curate.text.linear_search``).
    """
    try:
        pattern = re.compile(text)
    except re.error as error:
        reader.wrong(at, f"'{text}' is no regular expression: {error}")
        return None
    if told := refusal_of(text):
        reader.wrong(at, f"'{text}' cannot be matched in linear time: {told}", "say it without")
        return None
    return pattern
