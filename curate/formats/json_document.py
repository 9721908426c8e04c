"""Records of a JSON file that does not hold one record a line: arrays, objects keyed by id, wrappers, sequences.

The file is never held as a whole. Python's decoder finds the end of each record at the speed of C; what is
written in Python is only what lies between records, and the way out of a damaged one. That way is a guess about
where the next record begins, and it is taken from how the file's good records begin (see :class:`_Starts`): a
damaged record must not take its good neighbours with it.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Literal

from curate.formats.chunk import BLOCK, Chunk, Kind, Segment
from curate.formats.json_row import decode_row, mend_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = 64 * 1024
"""How much of a file is looked at to tell its container."""

FIELDS = frozenset(
    "instruction messages conversations prompt question text chosen output completion".split(" ")  # noqa: SIM905
)
"""Keys that only a row has: an object with one of them is a row and no collection of rows."""


def split_document(blocks: Iterable[bytes], file: int) -> Iterator[Chunk]:
    """Cut a JSON document into chunks whose segments cover every byte exactly once.

    A segment is a ``row`` (a value that looks complete; ``decode_row`` has the last word), a ``separator``
    (brackets, commas, space, comments, keys and members around the rows, a byte order mark) or a ``quarantine``
    (what no value can be made of, with the reason). Takes time linear in the size of the file, and memory for
    about two blocks or for the largest record.

    Args:
        blocks: the file's bytes in order, UTF-8.
        file: index of the file among the inputs.
    """
    splitter = _Splitter(_Window(blocks), _Writer(file))
    yield from splitter.run()


def looks_like_lines(head: bytes) -> bool:
    """Whether a file is one JSON record a line, judged by its first ``HEAD`` bytes, whatever it is called."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    lines = [line.strip() for line in text.split("\n")]
    if len(head) >= HEAD and len(lines) > 1:
        lines.pop()
    lines = [line for line in lines if line]
    start = _match_end(_BLANK, text, 0)
    if not lines or (lines[0] == "[" and text[start : start + 1] == "["):
        return not lines
    if len(lines) == 1:
        return text[start : start + 1] == "{" and _shape(text, start) == "row"
    whole = sum(line[0] + line[-1] in ("{}", "[]") for line in lines)
    return 2 * whole > len(lines)
