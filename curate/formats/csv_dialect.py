r"""The grammar of delimited text, and how a file's first bytes tell its dialect and its columns.

The grammar is RFC 4180 as spreadsheets write it: any of four delimiters, ``\n`` or ``\r\n``, and literal
quotes inside cells that do not begin with one.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

DELIMITERS = (",", "\t", ";", "|")
"""In the order in which they win a tie."""

MOST_CELLS = 10_000
"""A record of more cells is not read: no table is that wide, and a broken file must not fill the memory."""

_SNIFFED_RECORDS = 50
_SNIFFED_BYTES = 1024 * 1024
_SNIFFED_HEAD = 64 * 1024
_CONSISTENT = 0.8
_BLANK = re.compile(rb"(?:\r?\n)*")
_CR = 0x0D
_LF = 0x0A


class Cell(NamedTuple):
    """The bytes of a cell's content, without its quotes."""

    start: int
    end: int
    quoted: bool


class Walk(NamedTuple):
    """A record read cell by cell.

    ``state`` is ``line`` if a line end follows, ``cut`` if the bytes end in or after a cell, ``open`` if they
    end before a closing quote, ``junk`` if text follows a closing quote, and ``many`` if there are more than
    ``MOST_CELLS``.
    """

    state: Literal["line", "cut", "open", "junk", "many"]
    end: int
    cells: list[Cell]

    def fault(self) -> str:
        """Why this is no record, for quarantine."""
        if self.state == "open":
            return f"the quote that opens cell {len(self.cells) + 1} is never closed"
        if self.state == "junk":
            return f"text after the closing quote of cell {len(self.cells)}"
        if self.state == "many":
            return f"more than {MOST_CELLS:,} cells"
        return "a quoted cell does not end where it should"


class Grammar(NamedTuple):
    """A dialect; its expressions are compiled once.

    ``skip_space``: spaces between a delimiter and an opening quote belong to no cell.
    """

    delimiter: str = ","
    skip_space: bool = False

    def walk(self, data: bytes, start: int = 0) -> Walk:
        """Read the record that begins at ``start``."""
        cell = _cell_pattern(self)
        delimiter = ord(self.delimiter)
        cells: list[Cell] = []
        at = start
        last = len(data) - 1
        while hit := cell.match(data, at):
            group = hit.lastindex or 0
            cells.append(Cell(*hit.span(group), group == 1))
            at = hit.end()
            if at > last or (at == last and data[at] == _CR):
                return Walk("cut", at, cells)
            if data[at] != delimiter:
                ends = data[at] == _LF or data.startswith(b"\r\n", at)
                return Walk("line" if ends else "junk", at, cells)
            if len(cells) == MOST_CELLS:
                return Walk("many", at, cells)
            at += 1
        return Walk("open", at, cells)

    def text(self, data: bytes, cell: Cell) -> str:
        """What a cell says; the bytes must be UTF-8."""
        text = data[cell.start : cell.end].decode()
        return text.replace('""', '"') if cell.quoted else text


def _cell_source(grammar: Grammar, *, groups: bool) -> bytes:
    """The expression for a cell: quoted, or anything that does not begin with a quote.

    Groups are never repeated possessively where they could backtrack: Python before 3.11.5 gets that wrong.
    """
    lead = b" *" if grammar.skip_space else b""
    mark = b"" if groups else b"?:"
    plain = rb"[^%b\r\n]*+" % re.escape(grammar.delimiter.encode())
    quoted = rb'%b"(%b[^"]*+(?:""[^"]*+)*+)" *+' % (lead, mark)
    literal = rb'(?!%b")(%b%b(?:\r(?!\n)%b)*+)' % (lead, mark, plain, plain)
    return rb"(?:%b|%b)" % (quoted, literal)


@lru_cache(maxsize=16)
def _cell_pattern(grammar: Grammar) -> re.Pattern[bytes]:
    return re.compile(_cell_source(grammar, groups=True))


@lru_cache(maxsize=64)
def record_pattern(grammar: Grammar, cells: int) -> re.Pattern[bytes]:
    """Blank lines, then (group 1) a record of so many cells that a line end follows."""
    cell = _cell_source(grammar, groups=False)
    delimiter = re.escape(grammar.delimiter.encode())
    return re.compile(
        rb"(?>(?:\r?\n)*)(?!\r?\n)((?:%b%b){%d}%b)(?=\r?\n)" % (cell, delimiter, cells - 1, cell)
    )


def skip_blank(data: bytes, at: int) -> int:
    """Where the blank lines and line ends that begin at ``at`` are over."""
    hit = _BLANK.match(data, at)
    return hit.end() if hit else at


def sniff(data: bytes, start: int, name: str) -> Grammar:
    """The dialect under which most of the first records have as many cells as the header.

    A delimiter that the header does not hold is taken only if no other one stands there. The name's ``.tsv``
    decides between equals.
    """
    sample = data[start : start + _SNIFFED_BYTES]
    best: tuple[tuple[float, ...], Grammar] = ((-1,), Grammar())
    for rank, delimiter in enumerate(DELIMITERS):
        spaced = re.search(rb'%b +"' % re.escape(delimiter.encode()), sample) is not None
        for skip in (True, False) if spaced else (False,):
            grammar = Grammar(delimiter, skip)
            share, cells = _consistency(sample, grammar)
            by_name = delimiter == "\t" and name.lower().endswith((".tsv", ".tab"))
            best = max(best, ((cells > 1, share, cells, by_name, -rank, skip), grammar))
    return best[1]


def looks_like_table(data: bytes, name: str) -> bool:
    """Whether one of the delimiters divides nearly all of the first records into as many cells as the header.

    At least one record must follow the header, and the header's cells must be names, each another.
    """
    start = len(data) - len(data.removeprefix(codecs.BOM_UTF8))
    sample = data if len(data) >= _SNIFFED_HEAD or data.endswith(b"\n") else data + b"\n"
    grammar = sniff(sample, start, name)
    header = grammar.walk(sample, skip_blank(sample, start))
    names = [sample[cell.start : cell.end].strip() for cell in header.cells]
    share, cells = _consistency(sample[skip_blank(sample, start) :], grammar)
    is_followed = bool(sample[header.end :].strip())
    return cells > 1 and share >= _CONSISTENT and is_followed and all(names) and len(set(names)) == len(names)


def _consistency(sample: bytes, grammar: Grammar) -> tuple[float, int]:
    """The share of the first records with as many cells as the header, and how many these are."""
    header = grammar.walk(sample)
    if header.state != "line":
        return 0.0, len(header.cells) + (header.state == "open")
    at, good, total = header.end, 0, 0
    while total < _SNIFFED_RECORDS:
        at = skip_blank(sample, at)
        walk = grammar.walk(sample, at)
        if walk.state == "cut":
            break
        total += 1
        good += walk.state == "line" and len(walk.cells) == len(header.cells)
        at = walk.end if walk.state == "line" else sample.find(b"\n", at)
        if at < 0:
            break
    return (good / total if total else 1.0), len(header.cells)


def column_names(grammar: Grammar, data: bytes, header: Walk, where: str) -> list[str]:
    """The names in the header, without the spaces around them.

    Raises:
        UnreadableError: the header cannot be read, or does not name each column once.
    """
    if any(not cell.quoted and b"\r" in data[cell.start : cell.end] for cell in header.cells):
        raise UnreadableError(
            "lines end with a lone carriage return, as on the first Macintosh",
            where=where,
            hint="convert the line ends: tr '\\r' '\\n' < old.csv > new.csv",
        )
    if header.state != "line":
        what = "it does not end" if header.state == "cut" else header.fault()
        raise UnreadableError(
            f"the header cannot be read: {what}",
            where=where,
            hint="the first line must name the columns, separated by commas, semicolons, tabs or bars",
        )
    try:
        names = [grammar.text(data, cell).strip() for cell in header.cells]
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "the header is not UTF-8", where=where, hint="name the encoding, for instance: --encoding cp1252"
        ) from error
    _refuse_bad_names(names, where)
    return names


def _refuse_bad_names(names: Sequence[str], where: str) -> None:
    seen: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            pandas = " (pandas writes its index like this: use to_csv(index=False))" if number == 1 else ""
            raise UnreadableError(
                f"column {number} of {len(names)} has no name", where=where, hint=f"name it{pandas}"
            )
        if name in seen:
            raise UnreadableError(
                f"columns {seen[name]} and {number} are both named '{name}'",
                where=where,
                hint="rename one of them: a row could not say which is meant",
            )
        seen[name] = number
