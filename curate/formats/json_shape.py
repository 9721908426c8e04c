"""Which kind of JSON file this is, told by its beginning, and the grammar that this takes."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 64 * 1024
"""How much of a file is looked at to tell its container."""

FIELDS = frozenset(
    (
        *("instruction", "messages", "conversations", "prompt", "question", "query", "text", "instances"),
        *("output", "completion", "response", "answer"),
        *("chosen", "rejected", "chosen_messages", "rejected_messages"),
    )
)
"""Keys that only a row has: an object with one of them is a row and no collection of rows."""

Shape = Literal["row", "keyed", "wrapper"]

COMMENT = r"//[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/"
BLANK_SOURCE = rf"(?:[ \t\r\n]++|{COMMENT})*+"
BLANK = re.compile(BLANK_SOURCE)
QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+'
KEY = re.compile(rf'({QUOTED}"){BLANK_SOURCE}:{BLANK_SOURCE}', re.DOTALL)
_BARE = r'[^,\[\]{}"\n]*+'
RECORDS = re.compile(rf"\[{BLANK_SOURCE}(?:{_BARE},{BLANK_SOURCE})*+(?=\{{)")
"""A list of objects, also if its first element is lost."""

_ANOTHER = re.compile(rf"{BLANK_SOURCE},?{BLANK_SOURCE}\{{")
_LOST = re.compile(rf'{_BARE}(?:,{BLANK_SOURCE}(?!["\s]){_BARE})*+')
DECODER = json.JSONDecoder(parse_int=str)


def looks_like_lines(head: bytes) -> bool:
    """Whether a file is one JSON record a line, judged by its first ``HEAD`` bytes, whatever it is called."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    lines = [line.strip() for line in text.split("\n")]
    cut = len(head) >= HEAD and len(lines) > 1
    lines = [line for line in lines[: len(lines) - cut] if line]
    start = match_end(BLANK, text, 0)
    if not lines or (text[start : start + 1] == "[" and (lines[0] == "[" or lines[0][0] == "/")):
        return not lines
    if len(lines) == 1 and not cut:
        return text[start : start + 1] == "{" and shape_of(text, start) == "row"
    whole = sum(line[0] + line[-1] in ("{}", "[]") for line in lines)
    return 2 * whole >= len(lines)


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a match at ``at`` ends; ``at`` itself if there is none."""
    match = pattern.match(text, at)
    return match.end() if match else at


def shape_of(text: str, at: int) -> Shape:
    """What the object at ``at`` is, as far as the text goes: a row, or which collection of rows."""
    is_whole = True
    try:
        value, end = DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        is_whole = False
    else:
        if not FIELDS.isdisjoint(value) or _ANOTHER.match(text, end):
            return "row"
    objects = scalars = 0
    was_object = False
    for key, start in _members(text, at):
        if key in FIELDS:
            return "row"
        if RECORDS.match(text, start):
            return "wrapper"
        is_object = text[start : start + 1] == "{"
        if is_object and was_object:
            return "keyed"
        was_object = is_object
        objects += is_object
        scalars += not is_object
    looks_keyed = objects and (not scalars if is_whole else objects >= scalars)
    return "keyed" if looks_keyed else "row"


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """``(key, start of the value)`` of an object's members, as far as they can be read."""
    at += 1
    while key := KEY.match(text, match_end(BLANK, text, at)):
        yield key[1][1:-1], key.end()
        try:
            end = DECODER.raw_decode(text, key.end())[1]
        except (ValueError, RecursionError):
            end = match_end(_LOST, text, key.end())
        at = match_end(BLANK, text, end) + 1
        if text[at - 1 : at] != ",":
            return
