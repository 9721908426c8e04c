"""Required metadata, a minimum of rows, and waivers: what the verdict says, where, and who is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import curate
from curate.api import report, report_of, scan_inputs
from curate.cli.check import command as check
from curate.config.load import load_plan
from curate.core.plan import Plan
from curate.core.policy import Require
from curate.engines.export import all_findings, named_rows
from curate.engines.fingerprints import fingerprints
from curate.gate import new_only
from curate.gates.baseline import save_baseline
from curate.reports.html import render_html
from tests.cli.test_baseline import LEAK, rows, write

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from curate.core.report import Report

LEAKED = range(0, 50, 10)
WAIVER = """
[[waiver]]
check = "template.leaked-token"
{which}
owner = "Ann Lee"
reason = "quoted in a manual"
until = 2026-12-31
"""
BEFORE, AFTER = "2026-12-31", "2027-01-01"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Fifty rows of which five leak a token; 40 have a source, and 45 a licence among their metadata."""
    lines: list[dict[str, Any]] = list(rows(50))
    for at, line in enumerate(lines):
        line["source"] = "web" if at < 40 else " "
        line["meta"] = {"license": "mit"} if at >= 5 else {}
    for at in LEAKED:
        lines[at]["output"] += f" {LEAK}"
    path = tmp_path / "data.jsonl"
    write(path, lines)
    return path


def judged(data: Path, text: str, today: str = BEFORE) -> Report:
    plan = load_plan(text, "curate.toml")
    return report(data, plan=replaced(plan, today))


def replaced(plan: Plan, today: str) -> Plan:
    return replace(plan, today=date.fromisoformat(today))


def waived(data: Path, which: str, today: str = BEFORE) -> Report:
    return judged(data, WAIVER.format(which=which), today)


def run(data: Path, plan: str, *options: str) -> Result:
    file = data.parent / "plan.toml"
    file.write_text(plan, "utf-8")
    return CliRunner().invoke(
        check, [str(data), "--plan", str(file), "--quiet", *options], standalone_mode=False
    )


# --- required metadata ------------------------------------------------------------------------------------


def test_a_missing_field_is_a_finding_with_its_place(data: Path) -> None:
    plan = load_plan('select = ["schema"]\n[require]\nfields = ["source", "meta.license"]', "curate.toml")
    scan = scan_inputs((data,), plan)
    found = all_findings(scan, plan)
    assert found.filter(check="require.source")["line"].to_list() == list(range(41, 51))
    assert found.filter(check="require.meta.license")["line"].to_list() == list(range(1, 6))
    done = report_of(scan, plan)
    assert set(done.verdict.reasons) == {
        "require.source: 10 rows (20.00%), allowed 0 rows",
        "require.meta.license: 5 rows (10.00%), allowed 0 rows",
    }
    assert done.verdict.exit_code == 1


@pytest.mark.parametrize("value", [None, "", " \t", [], {}, float("nan")])
def test_what_says_nothing_is_missing(tmp_path: Path, value: object) -> None:
    lines = [{**line, "source": "web"} for line in rows(3)]
    path = tmp_path / "data.jsonl"
    write(path, [*lines[:2], lines[2] | {"source": value}])
    plan = Plan(select=("require",), require=Require(("source",)))
    assert [problem.rows for problem in report(path, plan=plan).problems] == [1]


def test_a_pointer_names_a_field_too(data: Path) -> None:
    plan = Plan(select=("require",), require=Require(("/meta/license",)))
    (problem,) = report(data, plan=plan).problems
    assert (problem.check, problem.rows) == ("require.meta-license", 5)


def test_a_required_field_may_have_a_budget(data: Path) -> None:
    text = 'select = ["text"]\n[require]\nfields = ["source"]\n[budget]\n"require.source" = {}\n'
    assert judged(data, text.format(10)).verdict.status == "fit"
    assert judged(data, text.format(9)).verdict.status == "unfit"


def test_any_worker_count_finds_the_same(data: Path) -> None:
    found = []
    for workers in (1, 2):
        plan = Plan(select=("require",), require=Require(("source",)), workers=workers)
        found.append(all_findings(scan_inputs((data,), plan), plan))
    assert found[0].equals(found[1])


# --- a minimum of rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("least", "code"), [(0, 0), (50, 0), (51, 1)])
def test_too_few_rows_block(data: Path, least: int, code: int) -> None:
    plan = Plan(select=("text",), require=Require(rows=least))
    assert report(data, plan=plan).verdict.exit_code == code


def test_too_few_rows_are_told_at_the_line_of_the_plan(data: Path) -> None:
    done = run(data, 'select = ["text"]\n[require]\nrows = 1000\n', "--output", "github")
    assert done.return_value == 1
    (line,) = done.output.strip().splitlines()
    assert line.startswith("::error file=")
    assert "plan.toml,line=3,title=curate%3A require.minimum-rows" in line
    assert "fewer than 1,000 rows" in line
    assert "50 readable rows (5.00%25)" in line


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ('[budget]\n"require.minimum-rows" = 2', 0),
        ('[budget]\n"require.minimum-rows" = 1', 1),
        ('[budget]\n"require.minimum-rows" = "4%"', 0),
        ('[budget]\n"require.minimum-rows" = "none"', 0),
        ('[severity]\n"require.minimum-rows" = "warning"', 0),
        ('ignore = ["require.minimum-rows"]', 0),
    ],
)
def test_too_few_rows_may_have_a_budget(data: Path, policy: str, code: int) -> None:
    text = f"{policy}\n[require]\nrows = 52\n"
    plan = load_plan(text, "curate.toml")
    assert report(data, plan=replace(plan, select=("text",))).verdict.exit_code == code


def test_select_narrows_the_checks_and_not_what_is_required(data: Path) -> None:
    done = run(data, '[require]\nfields = ["source"]\n', "--select", "text")
    assert done.return_value == 1
    assert "error: require.source: 10 rows" in done.output
    left = run(data, '[require]\nfields = ["source"]\n', "--select", "text", "--ignore", "require.source")
    assert left.return_value == 0


def test_of_no_rows_nothing_is_claimed(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("")
    assert report(path, plan=Plan(require=Require(rows=5))).verdict.exit_code == 3


# --- waivers ----------------------------------------------------------------------------------------------


def test_without_a_waiver_it_blocks(data: Path) -> None:
    assert judged(data, "").verdict.reasons == ("template.leaked-token: 5 rows (10.00%), allowed 0 rows",)


@pytest.mark.parametrize(
    ("which", "left"),
    [
        ('file = "data.*"', 0),
        ('file = "*/data.jsonl"', 0),
        ('file = "other.jsonl"', 5),
        ("pattern = '<\\|im_end\\|>'", 0),
        ("pattern = '<\\|im_'", 5),
        ("pattern = '<\\|im_.*'\nfile = \"other\"", 5),
    ],
)
def test_a_waiver_covers_what_meets_all_of_its_conditions(data: Path, which: str, left: int) -> None:
    done = waived(data, which)
    assert sum(one.rows for one in done.problems) == left
    assert (done.verdict.status == "fit") == (left == 0)
    (told,) = done.waivers
    assert (told.rows, told.findings, told.expired) == (5 - left, 5 - left, False)


def test_rows_are_known_by_their_keys_wherever_they_stand(data: Path) -> None:
    keys = named_rows(scan_inputs((data,), Plan()))["key"].to_list()
    which = f"rows = {json.dumps([keys[at] for at in LEAKED])}"
    assert waived(data, which).verdict.status == "fit"
    lines = data.read_text().splitlines(keepends=True)
    data.write_text("".join(reversed(lines)))
    assert waived(data, which).verdict.status == "fit"
    data.write_text("".join(lines) + lines[0].replace("clause", "section"))
    assert waived(data, which).verdict.reasons == ("template.leaked-token: 1 row (1.96%), allowed 0 rows",)


def test_a_family_is_waived_as_a_whole(data: Path) -> None:
    assert (
        judged(data, WAIVER.format(which='file = "*"').replace(".leaked-token", "")).verdict.status == "fit"
    )


def test_the_first_waiver_that_covers_a_finding_counts(data: Path) -> None:
    twice = WAIVER.format(which='file = "*"') + WAIVER.format(which="pattern = '.*'").replace("Ann Lee", "Bo")
    assert [(one.owner, one.rows) for one in judged(data, twice).waivers] == [("Ann Lee", 5), ("Bo", 0)]


def test_an_expired_waiver_fails_by_name_and_covers_nothing(data: Path) -> None:
    done = waived(data, 'file = "*"', AFTER)
    assert done.verdict.exit_code == 1
    first, second = done.verdict.reasons
    assert first == "template.leaked-token: 5 rows (10.00%), allowed 0 rows"
    assert second == (
        "waiver.expired: Expired: the waiver of Ann Lee for template.leaked-token held until 2026-12-31 (1 waiver)"
    )


def test_it_fails_even_when_the_rows_are_mended(data: Path) -> None:
    """So that the plan does not fill up with promises that nobody keeps."""
    data.write_text(data.read_text().replace(LEAK, ""))
    assert waived(data, 'file = "*"').verdict.status == "fit"
    assert waived(data, 'file = "*"', AFTER).verdict.exit_code == 1


def test_the_command_tells_who_why_and_until_when(data: Path) -> None:
    plan = WAIVER.format(which='file = "*"')
    done = run(data, plan, "--today", BEFORE)
    assert done.return_value == 0
    told = "waived: template.leaked-token: 5 rows by Ann Lee until 2026-12-31: quoted in a manual"
    assert told in done.output.splitlines()
    late = run(data, plan, "--today", AFTER)
    assert late.return_value == 1
    assert "plan.toml:2: error: waiver.expired: 1 waiver (100.00%)" in late.output
    assert "expired: template.leaked-token: by Ann Lee until 2026-12-31: quoted in a manual" in late.output


@pytest.mark.parametrize("output", ["sarif", "junit", "github", "gitlab", "markdown", "json"])
def test_every_output_names_the_owner(data: Path, output: str) -> None:
    done = run(data, WAIVER.format(which='file = "*"'), "--today", AFTER, "--output", output)
    assert done.return_value == 1
    assert "Ann Lee" in done.output


def test_an_unused_waiver_is_told(data: Path) -> None:
    done = run(data, WAIVER.format(which='file = "other"'), "--today", BEFORE)
    assert "(it covers nothing any more: take it out)" in done.output


def test_a_waiver_comes_before_a_baseline(data: Path, tmp_path: Path) -> None:
    """What is waived is neither known nor new: its owner answers for it."""
    plan = replaced(load_plan(WAIVER.format(which='file = "*"'), "curate.toml"), BEFORE)
    scan = scan_inputs((data,), plan)
    base = tmp_path / "base"
    save_baseline(fingerprints(scan), base)
    left = new_only(scan, plan, base)
    assert (left.facts.known, left.facts.new) == (0, 0)
    assert left.report().waivers[0].rows == 5


def test_python_sees_the_same(data: Path) -> None:
    plan = replaced(load_plan(WAIVER.format(which='file = "*"'), "curate.toml"), BEFORE)
    assert curate.check(data, plan=plan)
    assert not curate.check(data, plan=replaced(plan, AFTER))


def test_the_page_tells_it_too(data: Path) -> None:
    assert "5 rows by Ann Lee until 2026-12-31" in render_html(waived(data, 'file = "*"'))
    assert "held until 2026-12-31" in render_html(waived(data, 'file = "*"', AFTER))
