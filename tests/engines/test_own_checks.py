"""A team's own checks: where they must lie, and what is said of one that crashes or returns nonsense."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.core.errors import CheckError, UsageError
from curate.core.plan import Plan
from curate.engines.registry import load_checks
from tests.faults import clean_rows

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '''"""Tries things.

Why     To see what is said of a check that does not work.
Mend    Mend the check, which lies in a folder of a test.
Limits  Finds nothing, whatever the data is.
"""

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, CorpusCheck, RowCheck, Severity, found
from curate.core.finding import no_findings


@dataclass(frozen=True)
class Trial('''
DIGEST = """CorpusCheck):
    def digest(self, batch):
        return batch.rows.select(key="hash", row="row")

"""
MISSING = "crashed: ColumnNotFoundError, no column 'nothing'"


def run(folder: Path, source: str) -> None:
    (folder / "style").mkdir()
    (folder / "style" / "trial.py").write_text(HEAD + source)
    data = folder / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in clean_rows("pair")))
    report(str(data), plan=Plan(select=("style",), checks=(str(folder),)))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("RowCheck):\n    def examine(self, batch):\n        return batch.turns.select('nothing')", MISSING),
        (
            "RowCheck):\n    def examine(self, batch):\n        return batch.turns.select('the rent')",
            "Error\n",
        ),
        ("RowCheck):\n    def examine(self, batch):\n        return 1 / 0", "crashed: ZeroDivisionError\n"),
        ("RowCheck):\n    def examine(self, batch):\n        return []", "returned list instead of a frame"),
        (
            "RowCheck):\n    def examine(self, batch):\n        return batch.rows",
            "wrong columns for findings: 'at' is missing",
        ),
        (
            "RowCheck):\n    def examine(self, batch):\n        return no_findings().with_columns(more=1)",
            "wrong columns for findings: 1 too many",
        ),
        (
            "CorpusCheck):\n    def digest(self, batch):\n        return batch.rows.select('row')",
            "wrong columns for a digest: 'key' is missing",
        ),
        (
            "CorpusCheck):\n    def digest(self, batch):\n        return batch.rows.select(key='row', row='row')",
            "wrong columns for a digest: 'key' is Int64 instead of UInt64",
        ),
        (
            DIGEST + "    def judge(self, rows):\n        return rows",
            "wrong columns for findings: 'at' is missing",
        ),
        (
            DIGEST + "    def judge(self, rows):\n        return no_findings()\n\n"
            "    def settle(self, found):\n        return found.drop('message')",
            "wrong columns for findings: 'message' is missing",
        ),
        (DIGEST + "    def judge(self, rows):\n        return rows['nothing']", MISSING),
    ],
)
def test_what_does_not_work_is_named_with_its_file(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(CheckError) as error:
        run(tmp_path, source)
    text = str(error.value)
    assert "check style.trial " in text
    assert said in text
    assert "rent" not in text
    assert error.value.exit_code == 3
    assert error.value.where.startswith(str(tmp_path / "style" / "trial.py"))
    assert "report it" not in text


def test_the_place_of_a_crash_is_in_the_check(tmp_path: Path) -> None:
    lines = ["RowCheck):", "    def examine(self, batch):", "        return batch.turns.select('nothing')"]
    with pytest.raises(CheckError) as error:
        run(tmp_path, "\n".join(lines))
    assert error.value.where.endswith(f"trial.py:{HEAD.count(chr(10)) + 3}")
    assert "your own" in error.value.hint


@pytest.mark.parametrize(
    ("stray", "advice"), [("top.py", "FAMILY/top.py"), ("style/deep/inner.py", "style/inner.py")]
)
def test_a_file_outside_a_family_is_an_error(tmp_path: Path, stray: str, advice: str) -> None:
    (tmp_path / stray).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stray).write_text(HEAD)
    with pytest.raises(UsageError) as error:
        load_checks(Plan(checks=(str(tmp_path),)))
    assert str(error.value) == (
        f"{tmp_path / stray}: a check must be in the folder of its family\n  move it to {tmp_path / advice}"
    )


def test_helpers_may_lie_anywhere(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    for name in ("_helpers.py", "__pycache__/x.py", "__init__.py"):
        (tmp_path / name).write_text("")
    assert load_checks(Plan(checks=(str(tmp_path),)))
