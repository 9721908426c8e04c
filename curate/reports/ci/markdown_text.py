"""Text, code and tables in Markdown (GFM 0.29): what comes from data and from files stays what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!&~])")
_BREAK = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_TICKS = re.compile("`+")


def markdown_text(text: str) -> str:
    """Text that stays text, on one line, in a table as well."""
    return _SPECIAL.sub(r"\\\1", _BREAK.sub(" ", text))


def code(text: str) -> str:
    """A name or a hash as code; one that could end the code, or the table, is text."""
    return f"`{text}`" if text and not set(text) & set("`|\r\n\v\f\x85\u2028\u2029") else markdown_text(text)


def prose(text: str) -> str:
    """A sentence: what stands between backquotes is code, unless they do not come in pairs."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return markdown_text(text)
    return "".join(code(part) if at % 2 else markdown_text(part) for at, part in enumerate(parts))


def block(command: str) -> list[str]:
    """A command as a block that nothing in it can end: its fence is longer than any run of backquotes (section 4.5)."""
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(command)), 3)
    return [f"{fence}sh", command, fence]


def table(names: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table of cells that are Markdown already."""
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    yield from (f"| {' | '.join(cells)} |" for cells in lines)
