"""Suites of Great Expectations that are broken: none passes, and each is named."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bar import Outcome, measure

NULL = "expect_column_values_to_not_be_null"
CRASHING = """
from great_expectations.expectations.expectation import BatchExpectation


class ExpectNothingToCrash(BatchExpectation):
    metric_dependencies = ("table.row_count",)

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):
        raise RuntimeError("within")
"""
SCRIPT = "import crashing, sys; from curate.cli.main import main; main(sys.argv[1:])"


class Broken(NamedTuple):
    """A way for a suite to be broken: its expectations, and the culprit that must be named."""

    declared: list[dict[str, Any]]
    culprit: str


WAYS = {
    "a mistyped expectation": Broken([{"type": f"{NULL}l", "kwargs": {"column": "target"}}], f"{NULL}l"),
    "an empty suite": Broken([], "own.json"),
    "a missing column": Broken([{"type": NULL, "kwargs": {"column": "targt"}}], "targt"),
    "a missing column in a row_condition": Broken(
        [{"type": NULL, "kwargs": {"column": "target", "row_condition": "trns > 1"}}], "trns"
    ),
    "a column without any value": Broken(
        [{"type": "expect_column_values_to_match_regex", "kwargs": {"column": "rejected", "regex": "a"}}],
        "expect_column_values_to_match_regex",
    ),
    "a custom expectation that crashes": Broken(
        [{"type": "expect_nothing_to_crash", "kwargs": {}}], "expect_nothing_to_crash"
    ),
}


def run() -> list[Outcome]:
    """Each way, and a sound suite as the control."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [{"prompt": f"Name {at}.", "completion": f"It is {at}."} for at in range(9)]
        (folder / "rows.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        (folder / "crashing.py").write_text(CRASHING)
        return [*(_broken(folder, *way) for way in WAYS.items()), _sound(folder)]


def _checked(folder: Path, declared: list[dict[str, Any]]) -> tuple[int, str]:
    """Exit code and error of ``curate check`` with a suite."""
    (folder / "own.json").write_text(json.dumps({"name": "own", "expectations": declared}))
    words = ("check", "rows.jsonl", "--select", "schema", "--expectations", "own.json", "--quiet")
    done = measure([sys.executable, "-c", SCRIPT, *words], cwd=folder)
    return done.code, done.stderr


def _broken(folder: Path, way: str, broken: Broken) -> Outcome:
    code, error = _checked(folder, broken.declared)
    named = broken.culprit in error
    figure = f"exit code {code}, {'named' if named else 'not named'}"
    return Outcome(way, figure, "exit code 2 or 3, named", code in (2, 3) and named)


def _sound(folder: Path) -> Outcome:
    code, _ = _checked(folder, [{"type": NULL, "kwargs": {"column": "target"}}])
    return Outcome("a sound suite (the control)", f"exit code {code}", "exit code 0", code == 0)
