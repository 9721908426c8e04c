"""Consecutive messages of one role as one, where nothing but their texts is their own.

A pair is found as ``schema.same-role-twice`` finds it, in the turns of a row, and mended in the list of messages that
the turns were read from: fields, order and whatever else the row holds stay. Nothing is guessed: two messages whose
other fields differ (a name, a weight, an id) stay two, and the reason is told.
"""

from __future__ import annotations

import json
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts.chats import ROLE_KEYS, TEXT_KEYS, unfold
from curate.formats.layouts.turns import CALLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.formats.layouts.render import Turn

BLANK_LINE = "\n\n"
"""Between texts that are joined."""

MERGED_LAYOUTS = ("messages", "sharegpt", "preference")
"""Layouts whose rows hold lists of messages that can be mended; a tree of replies has none."""

ELSEWHERE = "they stand in different fields of the row"
LATE = "system turns behind the beginning"
EMPTY = "one of them is empty"
NO_TEXT = "one of them is no plain text"
THOUGHTS = "they hold reasoning, which belongs to the answer behind it"
OTHER_NAMES = "their roles have different names"
MOST_NAMED = 4
"""Fields that a reason names."""


class Merged(NamedTuple):
    """A row whose turns are merged: how many went into the one before them, and why others did not."""

    row: dict[str, Any]
    joined: int
    left: tuple[str, ...]


class _Place(NamedTuple):
    """Where a message stands: the field of the row, and its index in the list there."""

    field: str
    at: int


def merge_turns(row: dict[str, Any], layout: str, turns: Sequence[Turn]) -> Merged:
    """A row without two messages in a row that could be one.

    Args:
        row: in one of ``MERGED_LAYOUTS``; any other is given back as it is.
        layout: its layout.
        turns: what it was read as.
    """
    lists: dict[str, list[dict[str, Any]]] = {}
    joins: dict[str, list[int]] = {}
    left: list[str] = []
    for first, second in _pairs(turns) if layout in MERGED_LAYOUTS else ():
        one, other = _place(first.at), _place(second.at)
        if one is None or other is None or one.field != other.field or other.at != one.at + 1:
            left.append(ELSEWHERE)
            continue
        messages = lists.setdefault(one.field, _messages(row, one.field))
        is_late = first.role == "system" and turns[0].role != "system"
        why = LATE if is_late else _apart(messages[one.at], messages[other.at])
        if why:
            left.append(why)
        else:
            joins.setdefault(one.field, []).append(other.at)
    return Merged(_joined(row, lists, joins), sum(map(len, joins.values())), tuple(left))


def gist(turns: Sequence[Turn]) -> list[tuple[str, str, str]]:
    """What a conversation says whether or not its turns are merged: role, part and text of each side's turns."""
    return [
        (role, part, BLANK_LINE.join(one.text for one in said))
        for (role, part), said in groupby(turns, key=attrgetter("role", "part"))
    ]


def _pairs(turns: Sequence[Turn]) -> Iterator[tuple[Turn, Turn]]:
    """The first lines of messages that follow one of the same side; calls of tools are no messages."""
    kept = [one for one in turns if one.part != "rejected" and one.name is not None]
    messages = [list(lines) for _, lines in groupby(kept, key=attrgetter("turn"))]
    for before, after in pairwise(messages):
        is_call = any(line.kind == "call" for line in (*before, *after))
        if before[0].role == after[0].role in ("system", "user", "assistant") and not is_call:
            yield before[0], after[0]


def _place(at: str) -> _Place | None:
    """The field and the index that a pointer to a message's text begins with."""
    way = [part.replace("~1", "/").replace("~0", "~") for part in at.split("/")[1:] if part != "#json"]
    return _Place(way[0], int(way[1])) if len(way) > 1 and way[1].isdecimal() else None


def _messages(row: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    messages, _ = unfold(row[field], "")
    assert isinstance(messages, list)  # noqa: S101 (its messages were read)
    return messages


def _apart(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Why two messages of one side cannot be one; empty if they can."""
    keys = [(_key(one, ROLE_KEYS), _key(one, TEXT_KEYS)) for one in (first, second)]
    texts = [one.get(text) for one, (_, text) in zip((first, second), keys, strict=True)]
    names = [str(one.get(role)).strip().lower() for one, (role, _) in zip((first, second), keys, strict=True)]
    if not all(isinstance(text, str) for text in texts) or set(names) & set(CALLS):
        return NO_TEXT
    if not all(str(text).strip() for text in texts):
        return EMPTY
    if names[0] != names[1]:
        return OTHER_NAMES
    if any("<think" in str(text) or "</think" in str(text) for text in texts):
        return THOUGHTS
    rest = [
        {name: one[name] for name in one if name not in used}
        for one, used in zip((first, second), keys, strict=True)
    ]
    differ = [name for name in {**rest[0], **rest[1]} if rest[0].get(name) != rest[1].get(name)]
    return f"their other fields differ ({', '.join(differ[:MOST_NAMED])})" if differ else ""


def _key(message: Mapping[str, Any], keys: Sequence[str]) -> str:
    return next((key for key in keys if message.get(key) is not None), "")


def _joined(
    row: dict[str, Any], lists: Mapping[str, list[dict[str, Any]]], joins: Mapping[str, Sequence[int]]
) -> dict[str, Any]:
    """The row with some messages joined to the one before; a list in a text is written as a text again."""
    made = dict(row)
    for field, indices in joins.items():
        for name, messages in (
            (field, lists[field]),
            *_same_beginning(row, field, lists[field], max(indices)),
        ):
            together = _together(messages, indices)
            made[name] = json.dumps(together, ensure_ascii=False) if isinstance(row[name], str) else together
    return made


def _same_beginning(
    row: Mapping[str, Any], field: str, messages: Sequence[object], last: int
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rejected side of a pair, where it repeats the prompt as the chosen one does."""
    name = field.replace("chosen", "rejected")
    other, _ = unfold(row.get(name), "")
    if (
        name != field
        and isinstance(other, list)
        and len(other) > last + 1
        and other[: last + 1] == messages[: last + 1]
    ):
        yield name, other


def _together(messages: Sequence[dict[str, Any]], indices: Sequence[int]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for index, message in enumerate(messages):
        if index in indices:
            key = _key(made[-1], TEXT_KEYS)
            made[-1] = {**made[-1], key: made[-1][key] + BLANK_LINE + message[_key(message, TEXT_KEYS)]}
        else:
            made.append(message)
    return made
