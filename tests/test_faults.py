"""Every promised kind of fault is found where it is, and clean rows are left alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from tests.faults import FAULTS, LAYOUTS, Fault, clean_rows, file_with

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_found_at_its_line(fault: Fault, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(file_with(fault))
    result = report(str(path))
    if fault.check == "quarantine":
        assert [item.line for item in result.quarantine] == [fault.line]
    else:
        problems = {problem.check: problem for problem in result.problems}
        assert fault.check in problems
        assert [example.place.line for example in problems[fault.check].examples] == [fault.line]
    assert result.verdict.exit_code == int(fault.blocks)
    assert result.rows.balanced


@pytest.mark.parametrize("layout", LAYOUTS)
def test_clean_rows_pass_without_a_finding(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in clean_rows(layout)), "utf-8")
    result = report(str(path))
    assert result.problems == ()
    assert result.verdict.exit_code == 0
    assert result.rows.kept == 6
