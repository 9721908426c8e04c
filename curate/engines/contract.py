"""The contract that every check keeps, a team's own included: its examples are its tests, and its page is complete."""

from __future__ import annotations

import inspect
import pickle
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from curate.core.finding import FOUND
from curate.core.manual import manual_of
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.scan import scan
from curate.formats.fetch import fetch
from curate.formats.sources import discover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.check import Check
    from curate.core.examples import Example

ENOUGH = 20
"""Characters that a section of a page must have to say anything."""


def broken_promises(check: Check) -> list[str]:
    """What the check does not keep, a sentence each; empty if it keeps the contract."""
    return [*_page(check), *_form(check), *_examples(check), *_empty(check)]


def _page(check: Check) -> Iterator[str]:
    manual = manual_of(check)
    if not manual.title:
        yield "the module's docstring has no first line"
    for name, text in (("Why", manual.why), ("Mend", manual.mend), ("Limits", manual.limits)):
        if len(text) < ENOUGH:
            yield f"the section {name} of the page says nothing"
    for name in ("FLAGGED", "CLEAN"):
        if not _constants(check, name):
            yield f"there are no examples {name}"


def _form(check: Check) -> Iterator[str]:
    if pickle.loads(pickle.dumps(check)) != check:  # noqa: S301 (our own bytes)
        yield "it does not survive pickling"
    if not check.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        yield "it is not frozen: write @dataclass(frozen=True)"
    source = inspect.getsource(sys.modules[type(check).__module__])
    for module in re.findall(r"^(?:from|import) (curate[\w.]*)", source, re.MULTILINE):
        if not module.startswith(("curate.core", "curate.text")):
            yield f"it imports {module}: a check may import curate.core and curate.text only"


def _examples(check: Check) -> Iterator[str]:
    for number, example in enumerate(_constants(check, "FLAGGED")):
        yield from (f"FLAGGED[{number}]: {wrong}" for wrong in _flagged(check, example))
    for number, example in enumerate(_constants(check, "CLEAN")):
        if _run(check, example)[0]:
            yield f"CLEAN[{number}] is flagged"


def _flagged(check: Check, example: Example) -> Iterator[str]:
    """What is wrong with the findings of a flagged example."""
    rows, spans = _run(check, example)
    if rows != set(example.flagged):
        yield f"lines {sorted(rows)} are flagged instead of {sorted(example.flagged)}"
    if example.span is not None and example.span not in spans:
        yield f"no finding has the span {example.span!r}"


def _empty(check: Check) -> Iterator[str]:
    if _run_lines(check, ())[0]:
        yield "an empty file is flagged"


def _constants(check: Check, name: str) -> tuple[Example, ...]:
    return getattr(sys.modules[type(check).__module__], name, ())


def _run(check: Check, example: Example) -> tuple[set[int], set[str]]:
    return _run_lines(check, example.lines)


def _run_lines(check: Check, lines: tuple[bytes, ...]) -> tuple[set[int], set[str]]:
    """The lines that the check flags, counted from 0, and the texts of the spans."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.jsonl"
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        result = scan(discover([str(path)]), (check,), Plan(), InlineEngine())
        found = result.found.get(check.name, pl.DataFrame(schema=FOUND))
        rows = fetch(result.opened[0], result.index)
    spans = set()
    for row, at, start, end in found.select("row", "at", "start", "end").iter_rows():
        text = rows[row].text_at(at) or ""
        spans.add(text if start is None else text[start:end])
    return set(found["row"].to_list()), spans
