"""Where layouts write what they read: one line for each text, and columns at the end."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from curate.core.batch import TURNS

MISSING = object()
"""Stands for a field that is not there, as opposed to one that holds null."""

ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "customer": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "ai": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
    "bing": "assistant",
    "claude": "assistant",
    "model": "assistant",
    "agent": "assistant",
    "function_call": "assistant",
    "tool_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "tool_response": "tool",
    "tool_result": "tool",
    "tool_output": "tool",
    "function_response": "tool",
    "function-response": "tool",
    "ipython": "tool",
}
"""Role names seen in public data sets, and what they mean."""

CALLS = ("function_call", "tool_call")
"""Roles, and types of parts, whose text is a call written as a JSON object."""

PARTS = {"system": "prompt", "user": "prompt", "assistant": "target", "tool": "context", "unknown": "context"}


class Turns:
    """Columns of the ``turns`` frame under construction."""

    def __init__(self) -> None:
        self._lines: list[tuple[Any, ...]] = []
        self._first = 0
        self.row = 0
        self.turn = 0

    def begin(self, row: int) -> None:
        """The turns that follow belong to this row."""
        self.row = row
        self.turn = 0
        self._first = len(self._lines)

    def put(  # noqa: PLR0913 (one parameter for each column of the frame)
        self,
        role: str,
        part: str,
        kind: str,
        text: str,
        at: str,
        name: str | None = None,
        call_id: str | None = None,
        trained: bool | None = None,
        label: bool | None = None,
    ) -> None:
        """One line; the turn number is the current one."""
        self._lines.append((self.row, self.turn, role, part, kind, text, name, call_id, trained, label, at))

    def lines(self) -> list[tuple[tuple[Any, ...], str, tuple[Any, ...]]]:
        """Of each line: what stands before its text, without the row's number, the text, and what is behind it."""
        return [(line[1:5], line[5], line[6:]) for line in self._lines]

    def pointers(self) -> list[str]:
        """Where the texts of the current row stand."""
        return [line[-1] for line in self._lines[self._first :]]

    def repeat(self, before: tuple[Any, ...], text: str, behind: tuple[Any, ...]) -> None:
        """A line as :meth:`lines` gives it, for the current row and with this text."""
        self._lines.append((self.row, *before, text, *behind))

    def say(  # noqa: PLR0913 (the same)
        self,
        role: str,
        part: str,
        value: object,
        at: str,
        name: str | None = None,
        call_id: str | None = None,
        trained: bool | None = None,
        label: bool | None = None,
    ) -> None:
        """One turn, whatever its content is: text, null, missing, a list of parts, or something else."""
        if isinstance(value, str):
            self.put(role, part, "text", value, at, name, call_id, trained, label)
        elif value is MISSING or value is None:
            kind = "null" if value is None else "missing"
            self.put(role, part, kind, "", at, name, call_id, trained, label)
        elif isinstance(value, list) and value and all(map(_is_part, value)):
            for index, piece in enumerate(value):
                kind, text, tail = _part(piece)
                self.put(role, part, kind, text, f"{at}/{index}{tail}", name, call_id, trained, label)
        else:
            text = json.dumps(value, ensure_ascii=False, default=str)
            self.put(role, part, "object", text, at, name, call_id, trained, label)
        self.turn += 1

    def say_system(self, row: dict[str, Any]) -> None:
        """The system prompt that a row holds in a field of its own."""
        for name in ("system", "system_prompt"):
            if isinstance(row.get(name), str) and row[name]:
                self.say("system", "prompt", row[name], pointer(name), name="system")
                return

    def frame(self) -> pl.DataFrame:
        """Everything said so far."""
        columns = zip(*self._lines, strict=True) if self._lines else [()] * len(TURNS)
        return pl.DataFrame(
            [
                pl.Series(name, cells, dtype)
                for (name, dtype), cells in zip(TURNS.items(), columns, strict=True)
            ]
        )


def _is_part(piece: object) -> bool:
    return isinstance(piece, dict) and isinstance(piece.get("type"), str)


def _part(piece: dict[str, Any]) -> tuple[str, str, str]:
    """Kind, text and pointer tail of one part of a list of contents."""
    if any(medium in piece["type"] for medium in ("image", "audio", "video", "file")):
        return "media", "", ""
    for key in ("text", "value", "content", "refusal", "thinking"):
        if isinstance(piece.get(key), str):
            return ("call" if piece["type"] in CALLS else "parts"), piece[key], f"/{key}"
    return "media", "", ""


def pointer(*names: str | int) -> str:
    """An RFC 6901 pointer."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)
