"""How the columns of an own table make conversations: which says what, which lines belong together, which go.

The words in which people say it (``--map``, ``--roles``, ``--drop``) are read and written here, so that a command
that is suggested can be read back.

>>> write_map(read_map("user=Subject+Description,assistant='Resolution, final'"))
'user=Subject+Description,assistant="Resolution, final"'
"""

from __future__ import annotations

import difflib
import re
import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PARTS = ("system", "context", "user", "prompt", "assistant", "chosen", "rejected", "text", "id")
"""What a column can be; ``prompt`` is another word for ``user``, ``text`` is a comment of a grouped table."""

SPOKEN = ("user", "assistant", "system", "tool")
"""The roles that a name can stand for."""

ALL_OTHERS = "*"
"""Stands in ``--roles`` for every name that is not named."""

DATES = ("dmy", "mdy", "ymd")
"""Orders of day, month and year that ``--order-by COLUMN:ORDER`` names."""

FOR_INSTANCE = "for instance: --map 'user=Subject+Description,assistant=Resolution,id=Ticket ID'"

Columns = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grouping:
    """Lines that are one conversation together.

    Attributes:
        by: the column whose value they share.
        order: the column that puts them in order; that of the file if empty.
        role: the column that says who speaks.
        roles: what the names in it stand for; ``*`` is every other name, and the usual names are known.
        form: the order of day, month and year in the dates of ``order``, one of ``DATES``; told by the cells if empty.
        guessed: the option that says what had to be guessed of the speakers, once the lines were seen.
    """

    by: str
    order: str = ""
    role: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    guessed: str = ""


@dataclass(frozen=True)
class TableMap:
    """What is asked for of own tables.

    Attributes:
        columns: the columns that are joined, by a blank line, to each part of a conversation (``PARTS``).
        group: which lines are one conversation; each is one if None.
        drop: values of columns whose lines are left out on purpose.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: Grouping | None = None
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.group or self.drop)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is named, once."""
        named = [name for names in self.columns.values() for name in names]
        if self.group is not None:
            named += [name for name in (self.group.by, self.group.order, self.group.role) if name]
        return tuple(dict.fromkeys([*named, *self.drop]))

    def refuse_nonsense(self) -> None:
        """Make sure that conversations can come of it.

        Raises:
            UsageError: an answer, a prompt or the speaker's column is missing.
        """
        given = set(self.columns)
        if self.group is not None:
            if not self.group.role:
                raise UsageError(
                    "lines are grouped, but nothing says who speaks",
                    hint="name the column: --role-from author",
                )
            odd = sorted(given - {"text", "system", "context", "id"})
            if odd:
                raise UsageError(
                    f"lines are grouped, so that --map cannot say '{odd[0]}'",
                    hint="the column of the comments is text, for instance: --map text=Comment",
                )
            return
        if not given:
            return
        if not given & {"user", "prompt"}:
            raise UsageError("--map names no column for the user", hint=FOR_INSTANCE)
        if not given & {"assistant", "chosen", "rejected"}:
            raise UsageError("--map names no column for the answer", hint=FOR_INSTANCE)
        if "text" in given:
            raise UsageError(
                "--map text=… is for grouped tables", hint="add --group-by, or say user and assistant"
            )

    @property
    def options(self) -> str:
        """The options of a command that say the same, ready for a shell."""
        told = [("--map", write_map(self.columns))] if self.columns else []
        if self.group is not None:
            order = f"{self.group.order}:{self.group.form}".rstrip(":") if self.group.order else ""
            told += [("--group-by", self.group.by), ("--order-by", order)]
            told += [("--role-from", self.group.role), ("--roles", write_roles(self.group.roles))]
        told += [
            ("--drop", f"{write_name(name, '=')}={value}")
            for name, values in self.drop.items()
            for value in values
        ]
        return " ".join(f"{option} {shlex.quote(value)}" for option, value in told if value)

    def __str__(self) -> str:
        """In a few words."""
        told = [write_map(self.columns)] if self.columns else []
        if self.group is not None:
            order = f" in the order of {self.group.order}" if self.group.order else ""
            told.append(f"grouped by {self.group.by}{order}, roles from {self.group.role}")
        return "; ".join(told)


_QUOTED = r"""\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^{stops}"'\s][^{stops}]*?))\s*"""
_NAME = re.compile(_QUOTED.replace("{stops}", r",+") + r"(?=[,+]|$)")
_ROLE = re.compile(_QUOTED.replace("{stops}", r",=") + r"=\s*(\w+)\s*(?:,|$)")
_VALUE = re.compile(_QUOTED.replace("{stops}", r"=") + r"=(.*)", re.DOTALL)
_PART = re.compile(r"\s*(\w+)\s*=")
_NEEDS_QUOTES = re.compile(r"""[,+]|^["'\s]|\s$|^$""")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
"""Characters of no width that exports leave in names: byte order marks, joiners, marks of direction."""


def read_map(text: str) -> Columns:
    """The columns by part, from ``user=Subject+Description,assistant=Resolution``.

    A name that holds a comma or a plus sign stands in quotes, single or double.

    Raises:
        UsageError: it is not written like this, or names a part that there is not, or twice.
    """
    columns: Columns = {}
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if not part:
            raise UsageError(f"--map cannot be read from '{text[at : at + 20]}' on", hint=FOR_INSTANCE)
        name = _known_part(part[1])
        if name in columns:
            raise UsageError(f"--map says '{name}' twice", hint=f"join columns: {name}=First+Second")
        names, at = _names(text, part.end())
        columns[name] = names
    return columns


def _known_part(name: str) -> str:
    if name.lower() in PARTS:
        return name.lower()
    close = difflib.get_close_matches(name.lower(), PARTS, 1)
    hint = f"did you mean '{close[0]}'?" if close else "the parts: " + ", ".join(PARTS)
    raise UsageError(f"--map does not know the part '{name}'", hint=hint)


def _names(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """The names joined by plus signs, and where the next part begins."""
    names: list[str] = []
    while True:
        hit = _NAME.match(text, at)
        if not hit:
            raise UsageError(f"--map names no column at '{text[at : at + 20]}'", hint=FOR_INSTANCE)
        names.append(_unquoted(hit))
        at = hit.end() + 1
        if text[hit.end() : at] != "+":
            return tuple(names), at


def _unquoted(hit: re.Match[str]) -> str:
    if hit[1] is not None:
        return hit[1].replace('""', '"')
    return hit[2].replace("''", "'") if hit[2] is not None else hit[3]


def read_roles(text: str) -> dict[str, str]:
    """What names stand for, from ``agent=assistant,customer=user``; names are folded.

    Raises:
        UsageError: it is not written like this, or a role is none.
    """
    return dict(_roles(text))


def _roles(text: str) -> Iterator[tuple[str, str]]:
    hint = "for instance: --roles 'agent=assistant,customer=user'"
    at = 0
    while at < len(text):
        hit = _ROLE.match(text, at)
        if not hit:
            raise UsageError(f"--roles cannot be read from '{text[at : at + 20]}' on", hint=hint)
        yield fold(_unquoted(hit)), known_role(hit[4])
        at = hit.end()


def known_role(role: str) -> str:
    """One of the roles.

    Raises:
        UsageError: it is none.
    """
    if role.lower() not in SPOKEN:
        raise UsageError(f"there is no role '{role}'", hint="the roles: " + ", ".join(SPOKEN))
    return role.lower()


def read_drop(texts: tuple[str, ...]) -> Columns:
    """Values by column, from several ``internal=true``.

    Raises:
        UsageError: one of them has no equals sign.
    """
    drop: Columns = {}
    for text in texts:
        hit = _VALUE.fullmatch(text)
        if not hit:
            raise UsageError(f"--drop cannot be read: '{text}'", hint="for instance: --drop internal=true")
        name = _unquoted(hit)
        drop[name] = (*drop.get(name, ()), hit[4].strip())
    return drop


def write_map(columns: Mapping[str, tuple[str, ...]]) -> str:
    """What :func:`read_map` reads."""
    return ",".join(f"{part}={'+'.join(map(write_name, names))}" for part, names in columns.items())


def write_roles(roles: Mapping[str, str]) -> str:
    """What :func:`read_roles` reads."""
    return ",".join(f"{write_name(name, '=')}={role}" for name, role in roles.items())


def write_name(name: str, also: str = "") -> str:
    """A column's name, quoted where it has to be; ``also`` is a sign that asks for quotes besides the usual ones."""
    if not _NEEDS_QUOTES.search(name) and (not also or also not in name):
        return name
    return '"' + name.replace('"', '""') + '"' if '"' not in name else "'" + name.replace("'", "''") + "'"


def fold(text: str) -> str:
    """A name or a value without case, however its words are spaced and whatever in it is not seen."""
    return clean(text).casefold()


def clean(text: str) -> str:
    """A name on one line, of characters that are seen: as it can be shown, and typed again."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_UNSEEN.sub("", text).split())


def renamed(mapping: TableMap, name: Callable[[str], str]) -> TableMap:
    """The same with other names for the columns."""
    group = mapping.group
    if group is not None:
        order = name(group.order) if group.order else ""
        group = replace(group, by=name(group.by), order=order, role=name(group.role) if group.role else "")
    return replace(
        mapping,
        columns={part: tuple(map(name, names)) for part, names in mapping.columns.items()},
        drop={name(column): values for column, values in mapping.drop.items()},
        group=group,
    )
