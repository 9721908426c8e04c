"""What schema suites find is a finding like any other: with budgets, waivers, lists and baselines."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from curate.cli.baseline import command as baseline
from curate.cli.check import command as check
from curate.config.load import load_plan
from curate.core.errors import ConfigError
from curate.engines.registry import load_checks

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytest.importorskip("great_expectations", reason='needs pip install "curate-data[gates]"')

REGEX = "own.column-values-to-not-match-regex.target"
COUNT = "own.table-row-count-to-be-between"
SUITE = {
    "name": "own",
    "expectations": [
        {
            "type": "expect_column_values_to_not_match_regex",
            "kwargs": {"column": "target", "regex": "secret"},
        },
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 5}},
    ],
}


def rows(count: int, *bad: int) -> list[dict[str, str]]:
    return [
        {"prompt": f"Name number {at}.", "completion": f"It is {'secret ' * (at in bad)}number {at}."}
        for at in range(count)
    ]


def write(path: Path, lines: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite, and twelve rows of which two break it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.json").write_text(json.dumps(SUITE))
    write(tmp_path / "data.jsonl", rows(12, 3, 8))
    return tmp_path


def run(plan: str = "", *options: str, command: Any = check) -> Result:
    from pathlib import Path  # noqa: PLC0415 (in the folder of the test)

    Path("plan.toml").write_text('expectations = ["own.json"]\nselect = ["schema"]\n' + plan, "utf-8")
    arguments = ["data.jsonl", "--plan", "plan.toml", "--quiet", *options]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ("", 1),
        (f'[budget]\n"{REGEX}" = 2\n', 0),
        (f'[budget]\n"{REGEX}" = 1\n', 1),
        ("[budget]\nown = 2\n", 0),
        ('[budget]\nown = "none"\n"own.column-values-to-not-match-regex" = 1\n', 1),
        (f'[severity]\n"{REGEX}" = "warning"\n', 0),
        ('[severity]\nown = "warning"\n', 0),
        (f'ignore = ["{REGEX}"]\n', 0),
        ("[[waiver]]\ncheck = 'own'\nfile = '*'\nowner = 'Ann'\nreason = 'r'\nuntil = 2999-01-01\n", 0),
    ],
)
@pytest.mark.usefixtures("lab")
def test_a_plan_decides_about_expectations_as_about_checks(plan: str, code: int) -> None:
    assert run(plan).return_value == code


@pytest.mark.usefixtures("lab")
def test_what_is_waived_is_told_with_its_rows() -> None:
    waiver = "[[waiver]]\ncheck = 'own'\nfile = '*'\nowner = 'Ann'\nreason = 'kept'\nuntil = 2999-01-01\n"
    assert "waived: own: 2 rows by Ann until 2999-01-01: kept" in run(waiver).output


def test_the_budget_of_a_suite_counts_rows_and_not_tables(lab: Path) -> None:
    write(lab / "data.jsonl", rows(3))
    assert f"error: {COUNT}: 1 table" in run("[budget]\nown = 9\n").output
    assert run(f'[budget]\n"{COUNT}" = 1\n').return_value == 0
    assert run('[budget]\nown = "none"\n').return_value == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[budget]\n"own.column-values-to-not-match-rgex.target" = 1', f"did you mean '{REGEX}'?"),
        ("[severity]\nowm = 'info'", "there is no check or family 'owm' (in severity)"),
        ("[skip]\nown = {a = 'b'}", "there is no check or family 'own' (in skip)"),
        ('[budget]\n"require.minimum-row" = 1', "did you mean 'require.minimum-rows'?"),
    ],
)
@pytest.mark.usefixtures("lab")
def test_slips_are_told_with_what_is_meant(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_checks(load_plan('expectations = ["own.json"]\n' + text, "curate.toml"))
    assert says in str(error.value)


def test_what_is_said_of_a_suite_that_is_not_loaded_is_passed_over() -> None:
    text = '[budget]\n"other.column-values-to-be-in-set.layout" = 3\n"require.minimum-rows" = 1\n'
    assert load_checks(load_plan(text, "curate.toml"))


def test_findings_and_rejects_hold_the_rows(lab: Path) -> None:
    run("", "--findings", "found.csv", "--rejects", "rejects.csv")
    for name in ("found.csv", "rejects.csv"):
        with (lab / name).open(encoding="utf-8", newline="") as handle:
            lines = [line for line in csv.DictReader(handle) if line["check"] == REGEX]
        assert [(line["file"], line["line"], line["row"]) for line in lines] == [
            ("data.jsonl", "4", "4"),
            ("data.jsonl", "9", "9"),
        ]
        assert all(line["key"] for line in lines)
        assert "number" not in (lab / name).read_text().replace("column", "")


def test_what_is_about_the_table_names_no_row(lab: Path) -> None:
    write(lab / "data.jsonl", rows(3))
    run("", "--findings", "found.csv", "--rejects", "rejects.csv")
    for name in ("found.csv", "rejects.csv"):
        with (lab / name).open(encoding="utf-8", newline="") as handle:
            (line,) = [line for line in csv.DictReader(handle) if line["check"] == COUNT]
        assert (line["file"], line["line"], line["row"], line["key"]) == ("data.jsonl", "", "", "")


def test_a_baseline_knows_them(lab: Path) -> None:
    write(lab / "data.jsonl", rows(4, 1))
    told = run("", "-o", "base", command=baseline).output
    assert "2 findings" in told
    text = (lab / "base").read_text()
    assert REGEX in text
    assert COUNT in text
    assert "secret" not in text
    same = run("", "--baseline", "base")
    assert (same.return_value, "2 known, 0 new, 0 mended" in same.output) == (0, True)
    write(lab / "data.jsonl", [*rows(1), *rows(4, 1, 2)])
    worse = run("", "--baseline", "base")
    assert worse.return_value == 1
    assert f"1 known, 1 new, 1 mended ({COUNT} 1)" in worse.output
    assert "data.jsonl:4: error" in worse.output


@pytest.mark.usefixtures("lab")
def test_the_hint_of_a_baseline_names_the_suites_of_its_command() -> None:
    done = CliRunner().invoke(
        baseline,
        ["data.jsonl", "-o", "base", "--expectations", "own.json", "--quiet"],
        standalone_mode=False,
    )
    assert "curate check data.jsonl --expectations own.json --baseline base" in done.output


def test_a_baseline_of_suites_is_left_alone_where_they_are_not_run(lab: Path) -> None:
    run("", "-o", "base", command=baseline)
    before = (lab / "base").read_text()
    CliRunner().invoke(
        check,
        ["data.jsonl", "--baseline", "base", "--ratchet", "--select", "schema", "--quiet"],
        standalone_mode=False,
    )
    assert (lab / "base").read_text() == before


@pytest.mark.usefixtures("lab")
def test_every_output_tells_the_place() -> None:
    told = json.loads(run("", "--json").output)
    (problem,) = [one for one in told["problems"] if one["check"] == REGEX]
    assert [one["place"]["line"] for one in problem["examples"]] == [4, 9]
    assert COUNT in told["passed"]
