"""The arguments of tool calls as texts: personal data stands there, too.

A call's arguments are edited only where they are written as a string of JSON, as most chats have them; what holds them
as an object, or in a table, is told as not looked at.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from curate.fixing.editor import UNCHECKED
from curate.formats.json_text import INSIDE

if TYPE_CHECKING:
    from curate.core.batch import Batch

UNREACHED = "the arguments of a tool call are no text"
NO_JSON = "the arguments of the call would be no JSON"


def calls_of(batch: Batch) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The calls of a batch, as turns: those whose arguments can be edited, and (``UNCHECKED``) those that cannot."""
    calls = batch.turns.filter((pl.col("kind") == "call") & (pl.col("text").fill_null("") != ""))
    if calls.is_empty():
        return calls, pl.DataFrame(schema=UNCHECKED)
    raws = dict(
        batch.rows.join(calls.select("row").unique(), on="row", how="semi").select("row", "raw").iter_rows()
    )

    @cache
    def value_of(row: int) -> object:
        try:
            return json.loads(raws[row] or b"null")
        except ValueError:
            return None

    places = calls.select("row", "at", "text").rows()
    is_text = [_at(value_of(row), at) == text for row, at, text in places]
    rest = calls.filter([not one for one in is_text]).select("row", "at", pl.lit(UNREACHED).alias("reason"))
    return calls.filter(is_text), rest


def _at(value: object, pointer: str) -> object:
    """What stands at a pointer (RFC 6901; the segment ``#json`` enters a string that holds JSON)."""
    for segment in pointer.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, str) and segment == INSIDE:
            try:
                value = json.loads(value)
            except ValueError:
                return None
        else:
            return None
    return value


def stays_json(before: str, after: str) -> bool:
    """Whether arguments that are JSON still are."""
    return not _is_json(before) or _is_json(after)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
