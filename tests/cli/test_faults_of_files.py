"""A fault of the whole file is counted in files, in every form of the report, and no row is dropped for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from curate.api import report
from curate.cli.main import cli
from curate.core.plan import Plan, Severity
from curate.engines.dropping import drop
from curate.reports.html import render_html
from curate.reports.plain import render_lines

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "".join(
    f'{{"prompt": "Wie heißt Ort {i}?", "completion": "Ort {i} heißt Köln-{i}."}}\n' for i in range(9)
)


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "orte.jsonl"
    path.write_bytes(ROWS.encode("cp1252"))
    return str(path)


def test_it_is_counted_in_files(data: str, tmp_path: Path) -> None:
    (tmp_path / "clean.jsonl").write_text('{"prompt": "Which?", "completion": "This one."}\n')
    result = report(data, str(tmp_path / "clean.jsonl"))
    (problem,) = result.problems
    assert (problem.check, problem.about, problem.rows, problem.share) == ("schema.encoding", "file", 1, 0.5)
    assert (problem.harm.tokens, problem.harm.share) == (0, 0.0)
    assert problem.examples[0].place.line == 1
    assert "schema.encoding: 1 file (50.00%)" in render_lines(result)


def test_every_form_says_file(data: str) -> None:
    shown = CliRunner().invoke(cli, ["report", data, "-q"], standalone_mode=False).output
    assert "1 file" in shown
    assert "1 row" not in shown
    page = render_html(report(data))
    assert "<dt>Files</dt><dd>1 " in page
    assert "no row is at fault" in page


def test_it_can_block(data: str) -> None:
    result = report(data, plan=Plan(severity={"schema.encoding": Severity.ERROR}))
    assert result.verdict.reasons == ("schema.encoding: 1 file (100.00%), allowed 0 files",)
    assert result.verdict.exit_code == 1


@pytest.mark.parametrize("select", ["schema", "schema.encoding"])
def test_no_row_is_dropped_for_it(data: str, tmp_path: Path, select: str) -> None:
    out = tmp_path / "kept.jsonl"
    arguments = ["drop", data, "--select", select, "-o", str(out), "-q"]
    shown = CliRunner().invoke(cli, arguments, standalone_mode=False).output
    assert "schema.encoding found a fault of the file: no row is dropped for it." in shown
    assert out.read_bytes() == ROWS.encode("cp1252")


def test_nor_where_it_is_an_error(data: str, tmp_path: Path) -> None:
    plan = Plan(severity={"schema.encoding": Severity.ERROR})
    done = drop(data, out=tmp_path / "kept.jsonl", plan=plan)
    assert (done.rows.kept, done.rows.dropped, done.files) == (9, 0, ("schema.encoding",))
