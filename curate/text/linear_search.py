"""Where a user's own expression matches, in time linear in the text.

Python's ``re`` may take exponential time on an expression such as ``(a+)+b``. The engine of polars (Rust's ``regex``)
never does: it has neither look-around nor back-references. It gives no offsets, so matches are put between two
noncharacters that stand in no text, and the offsets are read off these.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from curate.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

_MARKS = tuple(chr(code) for code in range(0xFDD0, 0xFDF0))
"""Noncharacters (The Unicode Standard, section 23.7): meant for use inside a program, never for interchange."""

_PAIR = 2


_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
"""How flags that Python keeps beside an expression are written in it."""


def fault_of(pattern: str) -> str:
    """Why an expression cannot be searched for, in the engine's own words; empty if it can."""
    if told := refusal_of(pattern):
        return told
    return "it matches where nothing stands" if pl.select(pl.lit("").str.contains(pattern)).item() else ""


def refusal_of(pattern: str) -> str:
    """Why the engine does not take an expression, in its own words; empty if it does."""
    try:
        pl.select(pl.lit("").str.contains(_whole(pattern)))
    except pl.exceptions.ComputeError as error:
        return _told(error)
    return ""


def whole_matches(pattern: re.Pattern[str], texts: pl.Series) -> pl.Series:
    """Whether an expression matches each text from its beginning to its end.

    Args:
        pattern: as Python reads it; its flags are kept.
        texts: strings.

    Raises:
        ConfigError: it says what takes more than linear time.
    """
    try:
        return texts.str.contains(_whole(written(pattern)))
    except pl.exceptions.ComputeError as error:
        raise ConfigError(f"'{pattern.pattern}' cannot be matched in linear time: {_told(error)}") from error


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


def _told(error: pl.exceptions.ComputeError) -> str:
    """What the engine says, without the expression and without where polars met it."""
    told = str(error).partition("\n\nThis error occurred")[0]
    return told.strip().splitlines()[-1].removeprefix("error: ").removeprefix("regex error: ")


def spans_of(pattern: str, texts: pl.Series) -> list[list[tuple[int, int]]]:
    """The [start, end) of each match in each text, in code points; matches of no length are left out.

    Args:
        pattern: an expression without a fault (see :func:`fault_of`).
        texts: strings without nulls.
    """
    free = _free_marks(texts)
    if len(free) < _PAIR:
        return [spans for text in texts for spans in _one_by_one(partial(spans_of, pattern), text)]
    opens, closes = free
    marked = texts.str.replace_all(pattern, f"{opens}${{0}}{closes}")
    return [_spans(text, opens, closes) if opens in text else [] for text in marked.to_list()]


def _free_marks(texts: pl.Series) -> list[str]:
    """Two marks that stand in none of the texts, or fewer."""
    return [mark for mark in _MARKS if not texts.str.contains(mark, literal=True).any()][:_PAIR]


def written(pattern: re.Pattern[str]) -> str:
    """An expression of Python with its flags in it, as the engine reads it."""
    flags = "".join(sign for flag, sign in _FLAGS.items() if pattern.flags & flag)
    return f"(?{flags}){pattern.pattern}" if flags else pattern.pattern


def captured(pattern: re.Pattern[str], texts: pl.Series) -> list[list[str]]:
    """What the first group holds in each match in each text, or the whole match if there is no group.

    Args:
        pattern: one that the engine takes (see :func:`refusal_of`).
        texts: strings without nulls; of texts that hold nearly every noncharacter, nothing is told.
    """
    free = _free_marks(texts)
    if len(free) < _PAIR:
        return [found for text in texts for found in _one_by_one(partial(captured, pattern), text)]
    opens, closes = free
    group = min(pattern.groups, 1)
    marked = texts.str.replace_all(written(pattern), f"{opens}${{{group}}}{closes}")
    return [[part.partition(closes)[0] for part in text.split(opens)[1:]] for text in marked.to_list()]


def _one_by_one(look: Callable[[pl.Series], list[list[_T]]], text: str) -> list[list[_T]]:
    """One text of a series in which no two marks are free; a text that holds all of them is no text."""
    if all(mark in text for mark in _MARKS[:-1]):
        return [[]]
    return look(pl.Series([text]))


def _spans(marked: str, opens: str, closes: str) -> list[tuple[int, int]]:
    """Offsets without the marks: each pair before a place counts two characters."""
    spans, at, passed = [], marked.find(opens), 0
    while at >= 0:
        end = marked.index(closes, at)
        if end > at + 1:
            spans.append((at - passed, end - 1 - passed))
        passed += _PAIR
        at = marked.find(opens, end)
    return spans
