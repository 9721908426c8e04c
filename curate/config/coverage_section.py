"""The section ``[coverage]`` of a plan: facets of one's own, and the cells that must hold so many rows."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from curate.config.sections import close, read_keys
from curate.core.coverage_apart import heaviest_apart
from curate.core.coverage_plan import (
    FACETS,
    META,
    NO_VALUE,
    PARTS,
    TURNS,
    Bound,
    CoveragePlan,
    OwnFacet,
    TablePlan,
    bands,
)
from curate.text.language import NAMES
from curate.text.linear_search import refusal_of, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.sections import At, Reader
    from curate.core.coverage_plan import CellPlan

MATCHERS = ("pattern", "patterns", "glossary")
"""What a facet of one's own looks for: exactly one of them."""

ALL_VALUES = "*"
"""Stands for each value of a facet of one's own."""

WHOLE = 1.0 + 1e-9


def read_coverage(value: object, at: At, reader: Reader) -> CoveragePlan:
    """``[coverage]`` as a plan; every mistake goes to the reader, and what is wrong is left out."""
    raw = value if isinstance(value, dict) else {}
    given = read_keys(value, at, reader, COVERAGE_KEYS)
    own = {facet.name: facet for facet in given.get("facets", ())}
    plan = CoveragePlan(tuple(own.values()), edges=given.get("lengths", CoveragePlan().edges))
    unread = frozenset(raw.get("facets", ())) if isinstance(raw.get("facets"), dict) else frozenset()
    tables = _tables(raw.get("cells", []), (*at, "cells"), reader, plan, unread - set(own))
    _refuse_twice(tables, (*at, "cells"), reader)
    _refuse_impossible(tables, plan, (*at, "cells"), reader)
    return CoveragePlan(plan.facets, tables, plan.edges)


# --- facets ---------------------------------------------------------------------------------------------


def _facets(value: object, at: At, reader: Reader) -> tuple[OwnFacet, ...]:
    if not isinstance(value, dict):
        reader.wrong(at, "facets must be a table, [coverage.facets]")
        return ()
    read = [_facet(name, item, (*at, name), reader) for name, item in value.items()]
    return tuple(facet for facet in read if facet is not None)


def _facet(name: str, value: object, at: At, reader: Reader) -> OwnFacet | None:
    if name in FACETS or name.startswith(META) or name in (*BOUNDS, "meta"):
        reader.wrong(at, f"'{name}' is taken: facets of your own need another name")
        return None
    given = read_keys(value, at, reader, FACET_KEYS)
    if not isinstance(value, dict):
        return None
    if len([key for key in MATCHERS if key in value]) != 1:
        hint = 'as { glossary = "clauses.yaml" } or { pattern = "(?i)damages|injunction", in = "target" }'
        reader.wrong(at, f"{name} must have one of pattern, patterns and glossary", hint)
        return None
    if not any(key in given for key in MATCHERS):
        return None
    return OwnFacet(name, part=given.pop("in", "both"), **given)


def _text(value: object, at: At, reader: Reader) -> str | None:
    if isinstance(value, str) and value.strip():
        return value
    reader.wrong(at, f"{at[-1]} must be a text that is not empty")
    return None


def _pattern(value: object, at: At, reader: Reader) -> re.Pattern[str] | None:
    text = _text(value, at, reader)
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        reader.wrong(at, f"'{text}' is no regular expression: {error}")
        return None
    if told := refusal_of(written(pattern)):
        reader.wrong(at, f"'{text}' cannot be matched in linear time: {told}")
        return None
    return pattern


def _patterns(value: object, at: At, reader: Reader) -> tuple[tuple[str, re.Pattern[str]], ...] | None:
    if not isinstance(value, dict) or not value:
        reader.wrong(at, 'patterns is a table from values to expressions, as { damages = "(?i)damage" }')
        return None
    read = [(name, _pattern(item, (*at, name), reader)) for name, item in value.items()]
    return tuple((name, pattern) for name, pattern in read if pattern is not None)


def _part(value: object, at: At, reader: Reader) -> str | None:
    if value in PARTS:
        return str(value)
    reader.wrong(at, f"{at[-1]} must say where to look", close(str(value), PARTS))
    return None


def _lengths(value: object, at: At, reader: Reader) -> tuple[int, ...] | None:
    is_list = isinstance(value, list) and value and all(type(one) is int and one > 0 for one in value)
    if isinstance(value, list) and is_list and sorted(set(value)) == value:
        return tuple(value)
    reader.wrong(at, "lengths must be whole numbers of tokens in ascending order, as [64, 256, 1024]")
    return None


def _cells(value: object, at: At, reader: Reader) -> None:
    """Read by :func:`_tables`, once the facets are known."""
    if not isinstance(value, list):
        reader.wrong(
            at, "cells are written [[coverage.cells]], each with its facets and a minimum or maximum"
        )


# --- cells ----------------------------------------------------------------------------------------------


def _tables(
    value: object, at: At, reader: Reader, plan: CoveragePlan, unread: frozenset[str]
) -> tuple[TablePlan, ...]:
    """Every entry that is right; ``unread`` are facets that were reported as wrong already."""
    entries = enumerate(value, 1) if isinstance(value, list) else ()
    read = [_table(entry, number, (*at, str(number)), reader, (plan, unread)) for number, entry in entries]
    return tuple(table for table in read if table is not None)


def _table(
    value: object, number: int, at: At, reader: Reader, known: tuple[CoveragePlan, frozenset[str]]
) -> TablePlan | None:
    if not isinstance(value, dict):
        reader.wrong(at, "a cell is a table, [[coverage.cells]]")
        return None
    plan, unread = known
    bounds = {key: _bound(value[key], (*at, key), reader) for key in BOUNDS if key in value}
    if not bounds:
        reader.wrong(at, "the cell has no bound", 'as minimum = 200, minimum = "5%", or maximum = "40%"')
    axes = []
    for name, item, path in _flat(value, at):
        if name in unread:
            continue
        if not _is_facet(name, plan):
            reader.wrong(path, f"there is no facet '{name}'", _meant(name, plan))
        elif values := _values(name, item, path, reader, plan):
            axes.append((name, values))
    if not [key for key in value if key not in BOUNDS]:
        reader.wrong(at, "the cell names no facet", 'as task = "summarise"')
    minimum, maximum = bounds.get("minimum"), bounds.get("maximum")
    if minimum and maximum and _is_above(minimum, maximum):
        reader.wrong((*at, "minimum"), f"the minimum {minimum} is above the maximum {maximum}")
        return None
    return TablePlan(tuple(axes), minimum, maximum, number) if axes and (minimum or maximum) else None


def _flat(value: dict[str, Any], at: At) -> list[tuple[str, Any, At]]:
    """Facets with what is asked of them; ``meta.source = …`` without quotes is a table within."""
    found = []
    for key, item in value.items():
        if key == "meta" and isinstance(item, dict):
            found += [(f"{META}{name}", inner, (*at, key, name)) for name, inner in item.items()]
        elif key not in BOUNDS:
            found.append((key, item, (*at, key)))
    return found


def _is_facet(name: str, plan: CoveragePlan) -> bool:
    return name in FACETS or name in plan.own or (name.startswith(META) and name != META)


def _meant(name: str, plan: CoveragePlan) -> str:
    return f"{close(name, [*FACETS, *plan.own, *BOUNDS])}; a field of the rows is '{META}{name}'"


def _values(name: str, value: object, at: At, reader: Reader, plan: CoveragePlan) -> tuple[str, ...]:
    """The values that a cell, or each cell of a cross table, has in a facet."""
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(one, str | bool | int | float) and one != "" for one in listed):
        reader.wrong(at, f"{name} must be a value, or a list of values")
        return ()
    texts = tuple(dict.fromkeys(str(one).lower() if isinstance(one, bool) else str(one) for one in listed))
    known = values_of(name, plan)
    if ALL_VALUES in texts:
        if known is None or name not in plan.own or len(texts) > 1:
            reader.wrong(at, '"*" stands alone, for all values of a facet that has patterns')
            return ()
        return known
    wrong = [text for text in texts if known is not None and text not in (*known, NO_VALUE)]
    for text in wrong:
        hint = close(next((code for code in NAMES if NAMES[code].lower() == text.lower()), text), known or ())
        reader.wrong((*at, text), f"{name} is never '{text}'", hint)
    return () if wrong else texts


def values_of(name: str, plan: CoveragePlan) -> tuple[str, ...] | None:
    """All values that a facet can have; None where the data decides."""
    own = plan.own.get(name)
    if own is not None:
        return tuple(value for value, _ in own.patterns) or None
    return CLOSED[name](plan) if name in CLOSED else None


def _kinds(_: CoveragePlan) -> tuple[str, ...]:
    from curate.diversity.task_types import KINDS  # noqa: PLC0415 (only for plans with cells)

    return tuple(KINDS)


def _formats(_: CoveragePlan) -> tuple[str, ...]:
    from curate.diversity.answer_formats import FORMATS  # noqa: PLC0415 (only for plans with cells)

    return tuple(FORMATS)


def _bands(plan: CoveragePlan) -> tuple[str, ...]:
    return bands(plan.edges)


UNKNOWN = "und"
"""The language of texts with too little prose (ISO 639-2: undetermined)."""

CLOSED: dict[str, Callable[[CoveragePlan], tuple[str, ...]]] = {
    "task": _kinds,
    "answer_format": _formats,
    "language": lambda _: (*NAMES, UNKNOWN),
    "prompt_length": _bands,
    "target_length": _bands,
    "turns": lambda _: TURNS,
}
"""Facets whose values are known before any data is read."""


def _bound(value: object, at: At, reader: Reader) -> Bound | None:
    """``200`` rows, or ``"5%"`` of all rows."""
    if type(value) is int and value >= 0:
        return Bound(rows=value)
    share = re.fullmatch(SHARE, value.strip()) if isinstance(value, str) else None
    if share and float(share[1]) <= 100:  # noqa: PLR2004 (per cent)
        return Bound(share=float(share[1]) / 100)
    reader.wrong(
        at, f'{at[-1]} must be a number of rows or a share up to 100%, as 200 or "5%"; got {value!r}'
    )
    return None


SHARE = r"(\d+(?:\.\d+)?)\s*%"


def _is_above(minimum: Bound, maximum: Bound) -> bool:
    if minimum.rows is not None and maximum.rows is not None:
        return minimum.rows > maximum.rows
    return minimum.share is not None and maximum.share is not None and minimum.share > maximum.share


# --- the contract as a whole ------------------------------------------------------------------------------


def _refuse_twice(tables: tuple[TablePlan, ...], at: At, reader: Reader) -> None:
    """The same cell twice has two minima, and one of them would be lost on the reader."""
    seen: dict[frozenset[tuple[str, str]], int] = {}
    for table in tables:
        for cell in table.cells():
            first = seen.setdefault(frozenset(cell.where), table.number)
            if first != table.number:
                reader.wrong(
                    (*at, str(table.number)),
                    f"the cell {cell.name} is asked for by entry {first} already",
                    "write its minimum and maximum in one entry",
                )
                return


def _refuse_impossible(tables: tuple[TablePlan, ...], plan: CoveragePlan, at: At, reader: Reader) -> None:
    """Minima of cells that no row can share must leave room for each other."""
    shares: list[tuple[CellPlan, float]] = [
        (cell, table.minimum.share)
        for table in tables
        if table.minimum is not None and table.minimum.share
        for cell in table.cells()
    ]
    total, chosen = heaviest_apart([cell for cell, _ in shares], [share for _, share in shares], plan.sharing)
    if total > WHOLE:
        last = shares[max(chosen)][0]
        reader.wrong(
            (*at, str(last.table)),
            f"the minima of {len(chosen)} cells that no row can share add up to {100 * total:.6g}%",
            "together they can be 100% at most",
        )


BOUNDS: dict[str, Callable[[Any, At, Reader], Any]] = {"minimum": _bound, "maximum": _bound}
FACET_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {
    "pattern": _pattern,
    "patterns": _patterns,
    "glossary": _text,
    "in": _part,
}
COVERAGE_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {
    "facets": _facets,
    "cells": partial(_cells),
    "lengths": _lengths,
}
"""The keys of the section and how each is read."""
