"""Code: in fences and backquotes, indented, and without any mark, told by its lines (:mod:`curate.protect.code_lines`).

Fences, backquotes and indented blocks are those of CommonMark 0.31, sections 4.4, 4.5 and 6.1, except that a fence
which nothing closes counts as well, and that an indented line counts only if it does not read like prose: answers
continue list items with four spaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.code_lines import TOOLS, Kind, kind_of, reads_like_prose
from curate.protect.look import Line, Look, Protected, hits

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"[ \t>]*(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)\r?$")
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(?:[^`\n]|\n(?!\s*\n)|(?!(?<!`)\1(?!`))`){1,2000}?(?<!`)\1(?!`)")
_TRIPLE = re.compile(r"('''|\"\"\")(?:(?!\1).)*(?:\1|\Z)", re.DOTALL)
_SIGNS = frozenset('(){}[];=<>#$\\/_|@:*+"')
_ITEM = re.compile(r"\s*(?:[-*+•–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s")
_SIGNED = re.compile(r"[{}\[\];=<>$\\_|@`\"]|\w\(|\w\.\w|^\s*#")
_KEY = re.compile(r"\s*(?:- )?[a-z][\w.-]*:(?:\s\S+){0,3}\s*$|\s+- \S+$")
_KEYED = 3
_WHOLE = 0.6
"""The share of lines that must be code for the whole text to be code."""
_LEAST = 2
_GAP = 4
"""Lines between two lines of code that may be anything but prose."""


def find(look: Look) -> Iterator[Protected]:
    """Every place that is code."""
    fenced = list(_fences(look)) if "```" in look.text or "~~~" in look.text else []
    yield from fenced
    if "`" in look.signs:
        yield from hits(_INLINE, look.text, "code")
    if (
        look.signs.isdisjoint(_SIGNS)
        and look.words.isdisjoint(TOOLS)
        and "    " not in look.text
        and "\t" not in look.signs
    ):
        return
    yield from _unfenced(look, [(place.start, place.end) for place in fenced])


def _fences(look: Look) -> Iterator[Protected]:
    opened: tuple[int, str] | None = None
    for line in look.lines:
        hit = _FENCE.match(line.text) if "```" in line.text or "~~~" in line.text else None
        if hit is None:
            continue
        if opened is None:
            opened = (line.start, hit["mark"])
        elif hit["mark"].startswith(opened[1]) and not hit["info"].strip():
            yield Protected(opened[0], line.end, "code")
            opened = None
    if opened is not None:
        yield Protected(opened[0], len(look.text), "code")


def _unfenced(look: Look, fenced: list[tuple[int, int]]) -> Iterator[Protected]:
    """Indented blocks, and blocks of lines that are code by what they say."""
    free = [line for line in look.lines if not any(start <= line.start < end for start, end in fenced)]
    kinds = [kind_of(line.text) for line in free]
    if not {Kind.CODE, Kind.DEEP} & set(kinds) and kinds.count(Kind.MAYBE) < _KEYED:
        return
    _raise_triple_quoted(look.text, free, kinds)
    _raise_indented(free, kinds)
    _raise_keyed(free, kinds)
    written = [kind for kind in kinds if kind is not Kind.BLANK]
    code = written.count(Kind.CODE)
    if (
        code >= _LEAST
        and code + written.count(Kind.MAYBE) >= _WHOLE * len(written)
        and code >= len(written) / 3
    ):
        inner = [line for line, kind in zip(free, kinds, strict=True) if kind in (Kind.CODE, Kind.MAYBE)]
        is_all = kinds.count(Kind.PROSE) == 0
        first, last = (free[0], free[-1]) if is_all else (inner[0], inner[-1])
        yield Protected(first.start, last.end, "code")
        return
    yield from _blocks(free, kinds)


def _raise_triple_quoted(text: str, lines: list[Line], kinds: list[Kind]) -> None:
    """What stands between triple quotes belongs to the code around it."""
    if "'''" not in text and '"""' not in text:
        return
    inside = [hit.span() for hit in _TRIPLE.finditer(text)]
    for at, line in enumerate(lines):
        if any(start <= line.end and line.start < end for start, end in inside):
            kinds[at] = Kind.CODE


def _raise_indented(lines: list[Line], kinds: list[Kind]) -> None:
    """Deeply indented lines at the beginning or after a blank line or code, unless of a list or prose."""
    after, in_list = True, False
    for at, line in enumerate(lines):
        if kinds[at] is Kind.BLANK:
            after = True
            continue
        if kinds[at] is Kind.DEEP:
            kinds[at] = Kind.MAYBE
            is_item = _ITEM.match(line.text) is not None
            if (
                after
                and not in_list
                and not is_item
                and _SIGNED.search(line.text)
                and not reads_like_prose(line.text)
            ):
                kinds[at] = Kind.CODE
        elif kinds[at] is not Kind.CODE:
            in_list = _ITEM.match(line.text) is not None
        after = kinds[at] is Kind.CODE


def _raise_keyed(lines: list[Line], kinds: list[Kind]) -> None:
    """Runs of keys and values as in YAML, where one is indented or has its value on further lines."""
    begin = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and _KEY.match(lines[at].text):
            continue
        run = [line.text.rstrip() for line in lines[begin:at]]
        if len(run) >= _KEYED and any(text[0] in " -" or text[-1] == ":" for text in run):
            kinds[begin:at] = [Kind.CODE] * len(run)
        begin = at + 1


def _blocks(lines: list[Line], kinds: list[Kind]) -> Iterator[Protected]:
    """From a line of code to the last that no prose parts from it."""
    begin = last = -1
    for at, kind in enumerate(kinds):
        if kind is Kind.CODE:
            if begin < 0:
                begin = at
            last = at
        elif begin >= 0 and (kind is Kind.PROSE or at - last > _GAP):
            yield Protected(lines[begin].start, lines[last].end, "code")
            begin = -1
    if begin >= 0:
        yield Protected(lines[begin].start, lines[last].end, "code")
