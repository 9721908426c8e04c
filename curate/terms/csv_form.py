"""Glossaries as tables: one line a term, columns named as the keys, several values with ``|`` between them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from curate.terms.entries import MANY, ONE, Entry, Said

if TYPE_CHECKING:
    from curate.terms.entries import Mistakes

BETWEEN = "|"


def read_csv(text: str, mistakes: Mistakes) -> list[Entry]:
    """The entries of a table with commas, semicolons or tabs."""
    lines = text.splitlines()
    if not lines:
        return []
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=lines[0].count), strict=True)
    entries: list[Entry] = []
    header: list[str] = []
    last = 0
    try:
        for cells in reader:
            line, last = last + 1, reader.line_num
            if not header:
                header = _header(cells, mistakes)
            elif any(map(str.strip, cells)):
                entries.append(_entry(header, cells, line, mistakes))
    except csv.Error as error:
        mistakes.note(reader.line_num, f"is not a valid table: {error}")
    return entries


def _header(cells: list[str], mistakes: Mistakes) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in ONE + MANY:
            mistakes.unknown(1, "column", name, ONE + MANY)
        elif names.count(name) > 1:
            mistakes.note(1, f"the column '{name}' stands twice")
    return names


def _entry(header: list[str], cells: list[str], line: int, mistakes: Mistakes) -> Entry:
    if len(cells) > len(header):
        mistakes.note(
            line, f"{len(cells)} cells under {len(header)} columns", "put quotation marks around commas"
        )
    values = {}
    for key, cell in zip(header, cells, strict=False):
        parts = cell.split(BETWEEN) if key in MANY else [cell]
        if key in ONE + MANY and cell.strip():
            values[key] = [Said(part, line) for part in parts]
    return Entry(line, values)
