"""Faults as small functions: each takes a clean row, spoils one thing, and says where.

A place is an RFC 6901 pointer into the row, or a function that finds one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Where = Callable[[Row], str]
Wish = Callable[[Row], bool]


@dataclass(frozen=True)
class Fault:
    """What the truth file says about a row: ``span`` is the text at ``at``, or None for all of it."""

    check: str
    at: str
    span: str | None
    note: str


@dataclass(frozen=True)
class Spoiled:
    """The bytes of a record and its faults."""

    data: bytes
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Plant:
    """One row to plant.

    Attributes:
        check: the check that should find it, or ``none`` for a look-alike that must be spared.
        spoil: makes the record from a finished row.
        wants: which clean rows can carry the fault.
        copies: the row repeats an earlier clean one, which stays; ``same_id`` keeps its metadata too.
        row: a hand-written row to use instead of a clean one.
        group: rows of one group refer to the first of them.
        last: the record must be the last of the file.
    """

    check: str
    spoil: Callable[[Row], Spoiled]
    wants: Wish = lambda _: True
    copies: bool = False
    same_id: bool = False
    row: Row | None = None
    group: str = ""
    last: bool = False


def dump(row: Row) -> bytes:
    """The row as one line of JSON, without its newline."""
    return json.dumps(row, ensure_ascii=False).encode()


def look(row: Row, at: str) -> Any:  # noqa: ANN401 - a row holds anything
    """The value at a pointer."""
    value: Any = row
    for step in at.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def store(row: Row, at: str, value: object) -> Row:
    """A copy of the row with another value at the pointer."""
    copy = deepcopy(row)
    parent, _, step = at.rpartition("/")
    holder = look(copy, parent)
    holder[int(step) if isinstance(holder, list) else step] = value
    return copy


def field(name: str) -> Where:
    """The pointer of a field of the row."""
    return lambda _: f"/{name}"


def change(  # noqa: PLR0913 - a fault has a place, a change, a span and a note
    check: str,
    where: Where,
    make: Callable[[Any], Any],
    note: str,
    *,
    span: str | None = None,
    wants: Wish = lambda _: True,
) -> Plant:
    """The value at a place is replaced by what ``make`` makes of it."""

    def spoil(row: Row) -> Spoiled:
        at = where(row)
        return Spoiled(dump(store(row, at, make(look(row, at)))), (Fault(check, at, span, note),))

    return Plant(check, spoil, wants)


def swap(check: str, where: Where, old: str, new: str, note: str, span: str | None = None) -> Plant:  # noqa: PLR0913
    """The first ``old`` in a text becomes ``new``; only rows that have it are taken."""
    return change(
        check,
        where,
        lambda text: text.replace(old, new, 1),
        note,
        span=new if span is None else span,
        wants=lambda row: old in look(row, where(row)),
    )


def garble(where: Where, wants: Wish) -> Plant:
    """A text that was written as UTF-8 and read as Windows-1252; the span is its first garbled letter."""

    def spoil(row: Row) -> Spoiled:
        at = where(row)
        text = look(row, at)
        first = next(letter for letter in text if not letter.isascii())
        fault = Fault("text.mojibake", at, _garbled(first), "UTF-8 that was read as Windows-1252")
        return Spoiled(dump(store(row, at, _garbled(text))), (fault,))

    return Plant("text.mojibake", spoil, wants)


def _garbled(text: str) -> str:
    return text.encode().decode("cp1252")


def whole(check: str, make: Callable[[Row], Row], note: str, wants: Wish = lambda _: True) -> Plant:
    """The row as a whole is another one."""
    return Plant(
        check, lambda row: Spoiled(dump(make(deepcopy(row))), (Fault(check, "", None, note),)), wants
    )


def unreadable(
    make: Callable[[bytes], bytes], note: str, wants: Wish = lambda _: True, *, last: bool = False
) -> Plant:
    """The bytes of the record are spoiled; it is to be quarantined where it begins."""

    def spoil(row: Row) -> Spoiled:
        return Spoiled(make(dump(row)), (Fault("quarantine", "", None, note),))

    return Plant("quarantine", spoil, wants, last=last)


def copy(check: str, make: Callable[[Row], Row], note: str, *, same_id: bool = False, wants: Wish) -> Plant:
    """An earlier row again, as ``make`` leaves it."""

    def spoil(row: Row) -> Spoiled:
        return Spoiled(dump(make(deepcopy(row))), (Fault(check, "", None, note),))

    return Plant(check, spoil, wants, copies=True, same_id=same_id)


def spare(row: Row, note: str, group: str = "") -> Plant:
    """A hand-written row that looks like a fault and is none."""
    fault = Fault("none", "", None, note)
    return Plant("none", lambda finished: Spoiled(dump(finished), (fault,)), row=row, group=group)
