"""Where a TOML file says what: the line of each key, which Python's own reader does not tell."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAME = r"""(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_KEY = re.compile(rf"(?:^|[{{,])\s*({_DOTTED})\s*=")
_QUOTED = re.compile(r"""["']([^"'\n]*)["']""")

Path = tuple[str, ...]


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of every key by its path, and of every string in a list below its key.

    The tables of a list (``[[waiver]]``) are told apart by their numbers, from 1: ``("waiver", "2", "until")``.
    What is not told apart here (a key within a multi-line string) never hides a key that comes before it.
    """
    lines: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    last: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header and "=" not in line.partition("#")[0]:
            table = last = _path(header[2])
            if header[1] == "[[":
                counts[table] += 1
                table = last = (*table, str(counts[table]))
            _note(lines, table, number)
            continue
        for path in _keys(line):
            last = (*table, *path) if line.lstrip()[:1] != "{" else (*last, *path)
            _note(lines, last, number)
        for item in _QUOTED.findall(line):
            lines.setdefault((*last, item), number)
    return lines


def line_at(lines: Mapping[Path, int], path: Sequence[str]) -> int:
    """The line of a key, or of the nearest table around it; 1 if nothing is known."""
    for end in range(len(path), 0, -1):
        if tuple(path[:end]) in lines:
            return lines[tuple(path[:end])]
    return 1


def _keys(line: str) -> Iterator[Path]:
    """The path of a line's key, and of the keys of a table within the line below it."""
    outer: Path = ()
    for number, hit in enumerate(_KEY.finditer(line)):
        yield (*outer, *_path(hit[1]))
        if not number:
            outer = _path(hit[1])


def _note(lines: dict[Path, int], path: Path, number: int) -> None:
    for end in range(1, len(path) + 1):
        lines.setdefault(path[:end], number)


def _path(dotted: str) -> Path:
    """The names of a dotted key."""
    names = []
    table: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(table, dict):
        ((name, table),) = table.items()
        names.append(name)
    return tuple(names)
