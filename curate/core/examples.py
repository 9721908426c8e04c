"""Examples that stand beside a check: its tests and its manual page are generated from them.

>>> ask("Explain bail.").answer("As an AI language model I cannot.").at("As an AI language model").span
'As an AI language model'
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Example:
    """Some lines of a JSONL file, which of them are at fault (counted from 0), and the span that shows it."""

    lines: tuple[bytes, ...]
    flagged: tuple[int, ...] = (0,)
    span: str | None = None

    def at(self, span: str) -> Example:
        """The text that the finding's span must cover exactly."""
        return replace(self, span=span)

    def flags(self, *lines: int) -> Example:
        """The lines that must be flagged; the others must not be."""
        return replace(self, flagged=lines)


@dataclass(frozen=True)
class Question:
    """A prompt that waits for its answer."""

    fields: tuple[tuple[str, Any], ...]

    def answer(self, text: object) -> Example:
        """The finished row, in the alpaca layout."""
        return row({**dict(self.fields), "output": text})


def ask(prompt: object, context: str = "", **fields: object) -> Question:
    """An alpaca row without its output; ``context`` becomes the ``input`` field."""
    return Question((("instruction", prompt), ("input", context), *fields.items()))


def chat(*turns: tuple[str, object]) -> Example:
    """A row in the messages layout, from ``(role, content)`` pairs."""
    return row({"messages": [{"role": role, "content": content} for role, content in turns]})


def preference(prompt: object, chosen: object, rejected: object) -> Example:
    """A preference pair."""
    return row({"prompt": prompt, "chosen": chosen, "rejected": rejected})


def row(fields: dict[str, Any]) -> Example:
    """Any one row."""
    return Example((json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass"),))


def raw(*lines: bytes) -> Example:
    """Lines as they stand in a file."""
    return Example(lines)


def corpus(*examples: Example) -> Example:
    """Several rows as one file; say which of them are at fault with ``flags``."""
    return Example(tuple(line for example in examples for line in example.lines), flagged=())
