"""``curate coverage``: what it prints, its JSON, its page, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from curate.cli.check import command as check
from curate.cli.coverage import command
from curate.core.errors import CurateError

ROOT = Path(__file__).parents[2]
DATA, PLAN = "data/coverage.jsonl", "data/coverage.toml"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")


def run(*words: object) -> Result:
    arguments = [str(word) for word in words]
    return CliRunner().invoke(command, [*arguments, "-q"], standalone_mode=False, catch_exceptions=False)


def test_the_matrix_the_gaps_and_the_work_are_told() -> None:
    result = run(DATA, "--plan", PLAN)
    assert result.return_value == 1
    said = " ".join(result.output.split())
    assert "66 rows in data/coverage.jsonl 7 of 21 cells are out of bounds" in said
    assert "easement 5/5 0/5 ✗ 4/5 ✗" in said
    assert "Harwell Pike LLP 31 ≤ 26 ✗" in said
    assert "To write next: 15 rows" in said
    assert "meta.clause=easement, meta.source=Lindqvist & Okoro, term=arbitration 100%" in said
    assert "✗ 5 too many" in said


def test_a_table_that_is_too_wide_is_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    said = " ".join(run(DATA, "--plan", PLAN).output.split())
    assert "✗ 5 missing" in said
    assert "0/5 ✗" not in said


def test_everything_is_in_the_json() -> None:
    result = run(DATA, "--plan", PLAN, "--json", "--examples", "1")
    told = json.loads(result.output)
    assert result.return_value == 1
    assert told["schema"] == "curate.coverage/1"
    assert (told["status"], told["rows"], len(told["cells"])) == ("fail", 66, 21)
    assert told["work"]["rows"] == sum(item["rows"] for item in told["work"]["items"]) == 15
    assert told["facets"][0]["name"] == "meta.clause"
    assert set(told["cells"][0]["examples"][0]["place"]) == {"file", "line", "row", "key"}
    assert told["numbers"]
    assert told["topics"]
    assert result.output.isascii()


def test_without_a_contract_the_rows_are_told_and_nothing_fails() -> None:
    result = run(DATA, "--plan", "/dev/null")
    assert result.return_value == 0
    for name in ("task", "topic", "language", "answer_format", "prompt_length", "Openings", "diversity"):
        assert name in result.output


def test_named_facets_alone_and_against_each_other() -> None:
    result = run(DATA, "--plan", "/dev/null", "--facet", "meta.source", "--facet", "task", "--by-cross")
    assert "task × meta.source" in result.output
    assert "\nlanguage" not in result.output


def test_an_earlier_release_is_compared() -> None:
    said = " ".join(run(DATA, "--facet", "task", "--plan", "/dev/null", "--against", DATA).output.split())
    assert "Against 66 rows of data/coverage.jsonl: 66 rows stand there, too" in said
    assert "task 0.000" in said
    assert "within chance" in said


def test_no_text_of_any_row_on_request() -> None:
    result = run(DATA, "--plan", PLAN, "--no-text", "--json")
    assert '"text":' not in result.output
    assert "clause" in result.output


def test_the_page_takes_the_place_of_no_input(tmp_path: Path) -> None:
    copy = tmp_path / "rows.jsonl"
    copy.write_bytes((ROOT / DATA).read_bytes())
    with pytest.raises(CurateError, match="is an input"):
        run(copy, "--html", copy)
    with pytest.raises(CurateError, match="is an input"):
        run(DATA, "--against", copy, "--html", copy)
    assert copy.read_bytes() == (ROOT / DATA).read_bytes()


def test_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "coverage.html"
    result = run(DATA, "--plan", PLAN, "--html", page)
    assert result.return_value == 1
    assert "easement" in page.read_text("utf-8")


def test_the_gate_prints_the_same_verdict() -> None:
    result = CliRunner().invoke(
        check,
        [DATA, "--plan", PLAN, "--select", "schema", "-q"],
        standalone_mode=False,
        catch_exceptions=False,
    )
    assert result.return_value == 1
    assert "data/coverage.toml:7: error: coverage.cells: 7 cells" in result.output


def test_an_empty_file_has_nothing_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"")
    assert run(path, "--plan", "/dev/null").return_value == 0
    assert run(path, "--plan", PLAN).return_value == 1
