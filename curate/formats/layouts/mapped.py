"""Own tables: the columns of a row, or of several lines that are one conversation, as the user maps them.

Columns that are joined stay apart as the parts of one message, so that a finding names its cell. In a grouped
table a pointer begins with the line of its cell: ``/@17/Comment`` is the cell ``Comment`` of line 17 (of row 17,
from 1, in containers that have no lines).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import UsageError
from curate.core.table_map import ALL_OTHERS, fold
from curate.formats.fields import plain, value_at
from curate.formats.layouts.turns import MISSING, ROLES, pointer
from curate.formats.table_words import ANSWERING, ASKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.table_map import Grouping, TableMap
    from curate.formats.layouts.turns import Turns

THREAD = "messages"
"""The layout that grouped lines are read as."""

BLANK_LINE = "\n\n"
"""Between joined columns."""

SAYS = {
    "system": ("system", "prompt"),
    "context": ("user", "context"),
    "user": ("user", "prompt"),
    "prompt": ("user", "prompt"),
    "assistant": ("assistant", "target"),
    "chosen": ("assistant", "target"),
    "rejected": ("assistant", "rejected"),
}
"""Role and part of what a column says, in the order in which it is said."""

OPTIONAL = ("system", "context")
"""Parts that are left away where they are empty."""

SPEAKERS = {
    **ROLES,
    **dict.fromkeys(ANSWERING, "assistant"),
    **dict.fromkeys(ASKING, "user"),
}
"""Names of roles in ticket systems, offices and practices, beside those of chat data."""

SIDES = {"user": "assistant", "assistant": "user"}
"""Who speaks to whom."""

_BOTH_FORMS = re.compile(r"(?:[/:*_]-?(?:in|innen|e|a)|\(in\))$")
"""The ending of a word that names women and men: ``Sachbearbeiter/in``."""


GENERIC = "--roles 'NAME=assistant,*=user'"
"""How roles are said, where no name may be shown."""


class Line(NamedTuple):
    """A line of a grouped table: its number and its cells."""

    number: int
    value: Mapping[str, Any]


def left_out(row: Mapping[str, Any], drop: Mapping[str, tuple[str, ...]]) -> str:
    """Why a row is left out on purpose, in the words of the option; empty if it stays."""
    for name, values in drop.items():
        cell = value_at(row, name)
        if cell is not None:
            hit = next((value for value in values if same_value(value, cell)), None)
            if hit is not None:
                return f"{name}={hit}"
    return ""


def same_value(asked: str, cell: str) -> bool:
    """Whether a cell has the value that was asked for: exactly so, but true and false however they are written."""
    return asked == cell or (asked.lower() == cell.lower() and cell.lower() in ("true", "false"))


def id_of(row: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> str | None:
    """The id that the map names; None if it names none, or the cells are empty."""
    cells = [plain(row.get(name)) for name in columns.get("id", ())]
    return " ".join(cell for cell in cells if isinstance(cell, str) and cell.strip()) or None


def read_mapped(row: Mapping[str, Any], turns: Turns, columns: Mapping[str, tuple[str, ...]]) -> str:
    """One row as one conversation; the layout that it is read as."""
    for part, (role, place) in SAYS.items():
        if part in columns:
            _say(role, place, _cells(row, columns[part], ""), turns, optional=part in OPTIONAL)
    return "preference" if {"chosen", "rejected"} & set(columns) else "prompt-completion"


def read_thread(lines: Sequence[Line], turns: Turns, mapping: TableMap) -> int:
    """Several lines, in their order, as one conversation; how many speakers had to be guessed."""
    assert mapping.group is not None  # noqa: S101 (lines are grouped)
    first = lines[0]
    system = _cells(first.value, mapping.columns.get("system", ()), f"/@{first.number}")
    _say("system", "prompt", system, turns, optional=True)
    context = _cells(first.value, mapping.columns.get("context", ()), f"/@{first.number}")
    _say("user", "context", context, turns, optional=True)
    roles, guessed = speakers(lines, mapping.group)
    places = {role: place for role, place in SAYS.values() if place != "rejected"}
    for line, role in zip(lines, roles, strict=True):
        place = {**places, "user": "prompt", "tool": "context", "unknown": "context"}[role]
        _say(role, place, _cells(line.value, mapping.columns["text"], f"/@{line.number}"), turns)
    return guessed


def speakers(lines: Sequence[Line], group: Grouping) -> tuple[list[str], int]:
    """The role of each line, and how many were guessed; a line that nobody signed is of an unknown role."""
    names = [speaker_name(line.value, group) for line in lines]
    known = {name: known_speaker(name, group) for name in names if name}
    guessed = guess_speakers(known)
    roles = {name: known[name] or guessed[name] for name in known}
    return [roles[name] if name else "unknown" for name in names], sum(name in guessed for name in names)


def speaker_name(row: Mapping[str, Any], group: Grouping) -> str:
    """Who speaks in a line, folded; empty if it does not say."""
    return fold(str(plain(row.get(group.role)) or ""))


def known_speaker(name: str, group: Grouping) -> str | None:
    """The role of a name: as the user says, or that of a usual word; None if neither tells."""
    said = group.roles.get(name) or SPEAKERS.get(name) or SPEAKERS.get(_BOTH_FORMS.sub("", name))
    return said or group.roles.get(ALL_OTHERS)


def guess_speakers(known: Mapping[str, str | None]) -> dict[str, str]:
    """The likely role of each name of a conversation whose role is not known.

    Who stands opposite the only side that is known has the other one. Else the one who opens the conversation
    asks, and everybody else answers.

    Args:
        known: the role of each name, in the order in which they first speak.
    """
    unknown = [name for name, role in known.items() if role is None]
    sides = {role for role in known.values() if role in SIDES}
    opener = next(iter(known), "")
    if sides == {"user"}:
        return dict.fromkeys(unknown, "assistant")
    if known.get(opener) == "assistant" or (sides == {"assistant"} and len(unknown) == 1):
        return dict.fromkeys(unknown, "user")
    asks = next(iter(unknown), "") if "user" not in sides else opener
    return {name: "user" if name == asks else "assistant" for name in unknown}


def _cells(row: Mapping[str, Any], names: Sequence[str], before: str) -> list[tuple[object, str]]:
    return [(plain(row.get(name, MISSING)), before + pointer(name)) for name in names]


def _say(
    role: str, part: str, cells: list[tuple[object, str]], turns: Turns, *, optional: bool = False
) -> None:
    """One message; of several cells the empty ones are left away, and the others are its parts."""
    filled = [(value, at) for value, at in cells if not _is_empty(value)]
    if not filled and optional:
        return
    if len(filled) <= 1:
        turns.say(role, part, *(filled or cells)[0], name=role)
        return
    for value, at in filled:
        if isinstance(value, str):
            turns.put(role, part, "parts", value, at, role)
        else:
            turns.say(role, part, value, at, name=role)
            turns.turn -= 1
    turns.turn += 1


def _is_empty(value: object) -> bool:
    return value is None or value is MISSING or (isinstance(value, str) and not value.strip())


# --- as rows of a layout that trainers read --------------------------------------------------------------


def unmapped(row: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The row with the names that the prompt-completion and the preference layout use; nothing is lost."""
    names = {"user": "prompt", "assistant": "completion"}
    parts = {names.get(part, part): _together(row, columns[part]) for part in SAYS if part in columns}
    given = {part: text for part, text in parts.items() if part not in OPTIONAL or not _is_empty(text)}
    used = {name for joined in columns.values() for name in joined}
    rest = {name: value for name, value in row.items() if name not in used}
    return _with_rest(_id_field(id_of(row, columns)) | given, rest)


def unmapped_thread(lines: Sequence[Line], mapping: TableMap) -> dict[str, Any]:
    """A conversation as ``messages``; columns whose value does not change are fields, the others lists.

    Raises:
        UsageError: the role of a speaker would have to be guessed, and a file outlives the guess.
    """
    assert mapping.group is not None  # noqa: S101 (lines are grouped)
    first = lines[0].value
    roles, guessed = speakers(lines, mapping.group)
    if guessed:
        raise UsageError(
            f"nothing says which side some names in '{mapping.group.role}' are on, and what is written is not guessed",
            hint=f"say it: add {mapping.group.guessed or GENERIC}",
        )
    system = _together(first, mapping.columns.get("system", ()))
    context = _together(first, mapping.columns.get("context", ()))
    messages = [] if _is_empty(system) else [{"role": "system", "content": system}]
    messages += [] if _is_empty(context) else [{"role": "user", "content": context}]
    text = mapping.columns["text"]
    messages += [
        {"role": role, "content": _together(line.value, text)}
        for line, role in zip(lines, roles, strict=True)
    ]
    used = {name for joined in mapping.columns.values() for name in joined} | {mapping.group.by}
    rest: dict[str, Any] = {}
    for name in dict.fromkeys(name for line in lines for name in line.value if name not in used):
        values = [line.value.get(name) for line in lines]
        rest[name] = values if any(value != values[0] for value in values) else values[0]
    given = id_of(first, mapping.columns) or str(plain(first.get(mapping.group.by)))
    return _with_rest(_id_field(given) | {"messages": messages}, rest)


def _together(row: Mapping[str, Any], names: Sequence[str]) -> object:
    cells = [plain(row.get(name)) for name in names]
    filled = [cell for cell in cells if not _is_empty(cell)]
    if len(filled) > 1 and all(isinstance(cell, str) for cell in filled):
        return BLANK_LINE.join(map(str, filled))
    return (filled or cells or [None])[0]


def _id_field(given: str | None) -> dict[str, Any]:
    return {} if given is None else {"id": given}


def _with_rest(fields: dict[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    """The fields and all other columns; one that would hide a field gets another name."""
    for name, value in rest.items():
        free = name
        while free in fields:
            free += "_"
        fields[free] = value
    return fields
