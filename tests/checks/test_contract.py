"""Every check keeps the same contract: its examples are its tests, and its page is complete."""

from __future__ import annotations

import inspect
import os
import pickle
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.core.check import Check, CorpusCheck, RowCheck
from curate.core.finding import FOUND
from curate.core.manual import manual_of
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import check_names, load_check
from curate.engines.scan import scan
from curate.formats.fetch import fetch
from curate.formats.sources import discover

if TYPE_CHECKING:
    from curate.core.examples import Example
    from curate.engines.scan import Scan

CHECKS = [load_check(name) for name in check_names()]
BY_NAME = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def constants(check: Check, name: str) -> tuple[Example, ...]:
    return getattr(sys.modules[type(check).__module__], name)


def cases(name: str) -> list[object]:
    return [
        pytest.param(check, example, id=f"{check.name}-{i}")
        for check in CHECKS
        for i, example in enumerate(constants(check, name))
    ]


def run(check: Check, example: Example, folder: Path) -> Scan:
    path = folder / "example.jsonl"
    path.write_bytes(b"\n".join(example.lines) + b"\n")
    return scan(discover([str(path)]), (check,), Plan(), InlineEngine())


@pytest.mark.parametrize(("check", "example"), cases("FLAGGED"))
def test_flagged_examples_are_flagged(check: Check, example: Example, tmp_path: Path) -> None:
    result = run(check, example, tmp_path)
    found = result.found.get(check.name, pl.DataFrame(schema=FOUND))
    assert sorted(set(found["row"].to_list())) == sorted(example.flagged)
    if example.span is not None:
        rows = fetch(result.opened[0], result.index)
        spans = []
        for row, at, start, end in found.select("row", "at", "start", "end").rows():
            text = rows[row].text_at(at) or ""
            spans.append(text if start is None else text[start:end])
        assert example.span in spans


@pytest.mark.parametrize(("check", "example"), cases("CLEAN"))
def test_clean_examples_are_not_flagged(check: Check, example: Example, tmp_path: Path) -> None:
    assert run(check, example, tmp_path).found == {}


@BY_NAME
def test_page_is_complete(check: Check) -> None:
    manual = manual_of(check)
    assert manual.title
    assert not manual.title.endswith(".")
    assert len(manual.why) > 20
    assert len(manual.mend) > 20
    assert len(manual.limits) > 20
    assert constants(check, "FLAGGED")
    assert constants(check, "CLEAN")


@BY_NAME
def test_commands_that_mend_exist(check: Check) -> None:
    from curate.cli.main import GROUPS  # noqa: PLC0415 (only here)

    known = {name for group in GROUPS.values() for name in group}
    for command in re.findall(r"`(curate [^`]+)`", manual_of(check).mend):
        assert command.split()[1] in known


@BY_NAME
def test_check_survives_pickling_and_is_frozen(check: Check) -> None:
    assert pickle.loads(pickle.dumps(check)) == check  # noqa: S301 (our own bytes)
    with pytest.raises(AttributeError):
        check.severity = check.severity  # type: ignore[misc]


@BY_NAME
def test_check_is_self_contained(check: Check) -> None:
    """Checks import core and text only, never each other."""
    source = inspect.getsource(sys.modules[type(check).__module__])
    for module in re.findall(r"^from (curate[\w.]*) import", source, re.MULTILINE):
        assert module.startswith(("curate.core", "curate.text"))
    assert isinstance(check, RowCheck | CorpusCheck)


@BY_NAME
def test_empty_input_is_no_fault(check: Check, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    result = scan(discover([str(tmp_path / "empty.jsonl")]), (check,), Plan(), InlineEngine())
    assert result.found == {}


def test_names_are_paths() -> None:
    root = Path(inspect.getfile(sys.modules["curate.checks"])).parent
    files = {
        f"{p.parent.name}.{p.stem}".replace("_", "-") for p in root.glob("*/*.py") if p.stem != "__init__"
    }
    assert files == {check.name for check in CHECKS}
    assert os.sep not in "".join(files)
