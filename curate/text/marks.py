"""Places in texts, found by a function that sees each text once, whatever the number of places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.text.backquotes import code_spans, is_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_QUOTED = re.compile(
    r"[“„«「『][^”»」』]*$|(?:^|[\s(])['‘](?=[A-Z])[^'’\n]*$|\b(?:said|says|replied|answered)[:,] *\W?$|[\x22'%]$"
)
"""Before words that somebody else says."""


class Mark(NamedTuple):
    """A place in code points, a word of the check's vocabulary, and what may replace the place."""

    start: int
    end: int
    word: str = ""
    fix: str | None = None


def mark(lines: pl.DataFrame, find: Callable[[str], Iterable[Mark]]) -> pl.DataFrame:
    """The lines repeated for each place, with ``start``, ``end``, ``word`` and ``fix``.

    Args:
        lines: candidates with a ``text`` column, few because Python looks at each.
        find: the places in a text.
    """
    index: list[int] = []
    marks: list[Mark] = []
    for at, text in enumerate(lines["text"]):
        for place in find(text):
            index.append(at)
            marks.append(place)
    return lines[index].with_columns(
        pl.Series("start", [place.start for place in marks], pl.Int32),
        pl.Series("end", [place.end for place in marks], pl.Int32),
        pl.Series("word", [place.word for place in marks], pl.String),
        pl.Series("fix", [place.fix for place in marks], pl.String),
    )


def outside_code(text: str, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
    """The matches that do not begin in code between backquotes."""
    hits = list(pattern.finditer(text))
    if not hits:
        return hits
    spans = code_spans(text)
    return [hit for hit in hits if not is_within(spans, hit.start())] if spans else hits


def is_quoted(before: str) -> bool:
    """Whether the words after these are somebody else's: a quotation mark is open."""
    return before.count('"') % 2 == 1 or _QUOTED.search(before) is not None
