"""Planting faults: a sound row is spoiled in one way. ``curate probe`` measures a gate with such rows.

A fault is a function from a row and its texts to the spoiled row. They are written from what goes wrong in real
exports, and not from what the checks look for (``planting_faults``).
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.fetch import unescape

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Value = dict[str, Any]

UNREADABLE = "quarantine"
"""Stands for a check where records cannot be read."""

LINE = "@"
"""Begins the name of each line of a conversation that is made of several, as in the pointers of grouped tables."""


@dataclass(frozen=True)
class Sound:
    """A row to spoil.

    Attributes:
        value: the row; of a grouped table the lines of the conversation, by ``@`` and a number.
        row: its number over all inputs.
        prompt: pointer and text of the last prompt.
        target: pointer and text of the last answer, or of the chosen side of a pair.
        more: pointers of further cells or parts of that answer, whose text is in ``target`` as well.
        answers: pointers of all answers of the row, in their order.
        rejected: pointer and text of the other side of a pair; None if there is none.
        group: the column by which lines are grouped; empty if each line is a row.
    """

    value: Value
    row: int
    prompt: tuple[str, str]
    target: tuple[str, str]
    more: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    rejected: tuple[str, str] | None = None
    group: str = ""

    def with_target(self, text: object) -> Value:
        """The row with another answer, whole in its first cell."""
        row = self.value
        for pointer in self.more:
            row = replaced(row, pointer, "")
        return replaced(row, self.target[0], text)

    def without_target(self) -> Value:
        """The row with no answer at all."""
        row = self.value
        for pointer in reversed(list(dict.fromkeys(map(message_of, self.answers)))):
            row = without(row, pointer)
        return row

    def with_field(self, name: str, value: object) -> Value:
        """The row with a field of its own, which stands in the last line if there are several."""
        if not self.group:
            return {**self.value, name: value}
        last = list(self.value)[-1]
        return {**self.value, last: {**self.value[last], name: value}}

    def lines(self, value: Value, thread: str) -> list[bytes]:
        """A spoiled row as lines of JSON; those of a conversation get a group of their own."""
        if not self.group:
            return [line(value)]
        return [line({**one, self.group: thread}) for one in value.values()]


class Planted(NamedTuple):
    """A kind of fault.

    Attributes:
        name: what is told.
        check: the one that must see it; ``UNREADABLE`` for records that cannot be read.
        spoil: makes the value of the spoiled row.
        write: what becomes of its last line.
        fits: whether a row can have it.
    """

    name: str
    check: str
    spoil: Callable[[Sound, Random], Value]
    write: Callable[[bytes], bytes] = bytes
    fits: Callable[[Sound], bool] = bool


def replaced(value: Value, pointer: str, new: object) -> Value:
    """A copy of a row with another value at an RFC 6901 pointer; a missing last step is added."""
    row: Any = deepcopy(value)
    *steps, last = steps_of(pointer)
    here = _walked(row, steps)
    here[int(last) if isinstance(here, list) else last] = new
    return row  # type: ignore[no-any-return]  # a dict, as given


def without(value: Value, pointer: str) -> Value:
    """A copy of a row without what a pointer names; of a line of a conversation, and of a message, all goes."""
    row: Any = deepcopy(value)
    steps = steps_of(pointer)
    if len(steps) > 1 and not steps[-1].isdigit():
        steps = steps[:-1]
    here = _walked(row, steps[:-1])
    del here[int(steps[-1]) if isinstance(here, list) else steps[-1]]
    return row  # type: ignore[no-any-return]  # a dict, as given


def message_of(pointer: str) -> str:
    """The pointer to the message of a list that another pointer leads into; where there is none, that one.

    >>> message_of("/messages/3/tool_calls/0/function/arguments"), message_of("/output")
    ('/messages/3', '/output')
    """
    steps = pointer.split("/")
    at = next((at for at, step in enumerate(steps[2:], 2) if step.isdigit()), len(steps))
    return "/".join(steps[: at + 1])


def steps_of(pointer: str) -> list[str]:
    """The names and numbers of a pointer."""
    return [unescape(step) for step in pointer.split("/")[1:]]


def _walked(row: Any, steps: list[str]) -> Any:  # noqa: ANN401 (whatever JSON holds)
    for step in steps:
        row = row[int(step)] if isinstance(row, list) else row[step]
    return row


def line(value: object) -> bytes:
    """A row as a line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
