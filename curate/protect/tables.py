"""Tables: with pipes, tabs or aligned columns, boxes, and lines of comma-separated values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Line, Look, Protected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RULE = re.compile(r"\s*[|+]?[\s:|+=-]*-{3,}[\s:|+=-]*[|+]?\s*$")
_ALIGNED = re.compile(r"(?<![\s.!?:;,])(?:   +|  (?=[\d$€£(+-]))(?! *(?:[-*•]|\d{1,2}[.)]) )")
_BOX = frozenset("│┃║┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬")
_CELL = 40
_LEAST_COMMAS, _LEAST_LINES = 2, 3
_PROSE = re.compile(
    r"[a-z],? (?:and|or|but|so|which|who|that|because|where|when|is|are|was|were) |[a-z]{3}[.!?;](?:\s|$)"
)
_PIPES = 2


def find(look: Look) -> Iterator[Protected]:
    """Every table; a line with two pipes or a tab between words is one by itself, other forms need a neighbour."""
    if "|" in look.signs:
        yield from _runs(look, _is_piped, 1)
    if "\t" in look.signs:
        yield from _runs(look, lambda text: "\t" in text.strip(), 1)
    if not look.signs.isdisjoint(_BOX):
        yield from _runs(look, lambda text: not _BOX.isdisjoint(text), 1)
    if "\n" not in look.signs:
        return
    if "  " in look.text:
        yield from _runs(look, _is_aligned, 2)
    if look.has(",", ";"):
        for sign in ",;":
            yield from _separated(look.lines, sign)


def _is_piped(text: str) -> bool:
    """Whether a line has two pipes, those of chat tokens (``<|end|>``) aside, or rules cells off."""
    pipes = text.count("|")
    return pipes - text.count("<|") - text.count("|>") >= _PIPES or (
        pipes > 0 and _RULE.match(text) is not None
    )


def _is_aligned(text: str) -> bool:
    """Whether a line has two columns, or rules one off."""
    bare = text.strip()
    if "  " in bare and _ALIGNED.search(bare):
        return max(map(len, bare.split("  "))) <= _CELL
    return "---" in bare and _RULE.match(bare) is not None


def _runs(look: Look, is_row: Callable[[str], bool], least: int) -> Iterator[Protected]:
    """Every run of at least so many rows."""
    begin = -1
    for at, line in enumerate([*look.lines, Line(len(look.text), "")]):
        if line.text and is_row(line.text):
            begin = at if begin < 0 else begin
        elif begin >= 0:
            if at - begin >= least:
                yield Protected(look.lines[begin].start, look.lines[at - 1].end, "table")
            begin = -1


def _separated(lines: list[Line], sign: str) -> Iterator[Protected]:
    """Runs of lines with the same number of separators between short cells that read like no sentence.

    One separator is enough if no blank follows it; two lines are enough then, otherwise it takes three.
    """
    begin, last = 0, (0, False)
    for at, line in enumerate([*lines, Line(-1, "")]):
        now = _separators(line.text, sign) if sign in line.text else (0, False)
        if now == last:
            continue
        count, tight = last
        if count >= _LEAST_COMMAS - tight and at - begin >= _LEAST_LINES - tight:
            yield Protected(lines[begin].start, lines[at - 1].end, "table")
        begin, last = at, now


def _separators(text: str, sign: str) -> tuple[int, bool]:
    """How many separators a row has, and whether no blank follows any; (0, False) if it is no row."""
    bare = text.strip()
    if bare[-1:] in ".!?:" or _PROSE.search(bare):
        return 0, False
    cells = bare.split(sign)
    if max(map(len, cells)) > _CELL:
        return 0, False
    return len(cells) - 1, not any(cell.startswith(" ") for cell in cells[1:])
