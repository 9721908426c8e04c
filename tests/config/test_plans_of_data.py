"""What a plan says, against the checks that there are and the rows that are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.config.load import load_plan
from curate.core.errors import ConfigError
from tests.faults import clean_rows

if TYPE_CHECKING:
    from pathlib import Path

REFUSAL = {"prompt": "Who repairs it?", "completion": "I'm sorry, but I can't help with that request."}
ROWS = [*clean_rows("pair"), {**REFUSAL, "source": "forum"}]


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return str(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '\nselect = ["answr"]',
            "p.toml:2: there is no check or family 'answr' (in select); did you mean 'answer'?",
        ),
        ('ignore = [\n"x.y",\n]', "p.toml:2: there is no check or family 'x.y' (in ignore)"),
        (
            '[severity]\n"answer.eco" = "error"',
            "p.toml:2: there is no check or family 'answer.eco' (in severity)",
        ),
        ('[budget]\nanswers = "1%"', "p.toml:2: there is no check or family 'answers' (in budget)"),
        ('[allow]\n"a.b" = []', "p.toml:2: there is no check or family 'a.b' (in allow)"),
        ('[skip]\n"a.b" = {c = "d"}', "p.toml:2: there is no check or family 'a.b' (in skip)"),
        ('\n[checks."a.b"]\nlow = 1', "p.toml:2: there is no check 'a.b' (in checks)"),
        ("[checks.answer]\nlow = 1", "p.toml:1: there is no check 'answer' (in checks)"),
        ('[checks."answer.echo"]\n\nlo = 1', "p.toml:3: answer.echo has no option 'lo'"),
        ('[checks."schema.encoding"]\nabout = "row"', "p.toml:2: schema.encoding has no option 'about'"),
    ],
)
def test_unknown_names_have_their_line(data: str, text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as error:
        report(data, plan=load_plan(text, "p.toml"))
    assert expected in str(error.value)


def test_all_unknown_names_are_shown_together(data: str) -> None:
    plan = load_plan('select = ["a.b"]\n[budget]\n"c.d" = 1', "p.toml")
    with pytest.raises(ConfigError) as error:
        report(data, plan=plan)
    assert "p.toml:1:" in str(error.value)
    assert "p.toml:3:" in str(error.value)


def test_the_budget_of_a_family_decides(data: str) -> None:
    assert report(data).verdict.exit_code == 1
    result = report(data, plan=load_plan('[budget]\nanswer = "50%"', "p.toml"))
    assert [(problem.check, problem.budget) for problem in result.problems] == [("answer.refusal", "50.00%")]
    assert result.verdict.exit_code == 0


def test_a_field_that_no_row_has_is_refused(data: str) -> None:
    plan = load_plan('[skip]\nanswer = {source = "forum"}', "p.toml")
    assert report(data, plan=plan).problems == ()
    plan = load_plan('[skip]\n\n"answer.refusal" = {sauce = "forum"}', "p.toml")
    with pytest.raises(ConfigError, match=r"^p.toml:3: no row has the field 'sauce' by which answer.refusal"):
        report(data, plan=plan)


def test_a_field_of_a_check_that_does_not_run_is_no_matter(data: str, tmp_path: Path) -> None:
    skip = '[skip]\n"answer.refusal" = {sauce = "forum"}'
    assert report(data, plan=load_plan('select = ["schema"]\n' + skip, "p.toml")).verdict.exit_code == 0
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert report(str(tmp_path / "empty.jsonl"), plan=load_plan(skip, "p.toml")).rows.in_ == 0
