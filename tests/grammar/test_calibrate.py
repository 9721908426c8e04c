"""Counting on one's own data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from curate.cli.grammar import command
from curate.engines.calibrating_grammar import calibrate, whole
from curate.grammar.trust import Evidence

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = (
    "The government believes that {} should receive an answer because the results of the study are different.",
    "They are of the opinion that {} is necessary. It is an important decision for the whole environment.",
    "However, it is possible that {} has a beneficial effect on the development of the children.",
)
THINGS = ("the committee", "the library", "the company", "the river", "the garden", "the laboratory")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("calibrate") / "rows.jsonl"
    lines = [
        json.dumps({"instruction": f"What about {thing}?", "output": answer.format(thing)})
        for thing in THINGS
        for answer in ANSWERS
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_it_counts_what_takes_errors_back(rows: Path) -> None:
    lines = calibrate(rows, editor=whole("harper"), rows=12)
    by_key = {(line.rule, line.guard): line for line in lines}
    spelling = by_key["SpellCheck", "spelling"]
    assert 0 < spelling.right <= spelling.found
    assert all(line.words == 0 and line.safety != "auto" for line in lines)
    assert lines == calibrate(rows, editor=whole("harper"), rows=12)


def test_the_command_prints_a_table_and_writes_all_of_it(rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.json"
    done = CliRunner().invoke(command, ["calibrate", str(rows), "--quiet", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "at least" in done.output
    assert [Evidence(**line) for line in json.loads(out.read_text("utf-8"))["lines"]]
