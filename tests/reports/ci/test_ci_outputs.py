"""What platforms are given: valid, short enough, without text of any row, and the same when lines move."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import sarif_om
import xmlschema
from click.testing import CliRunner

from curate.api import report
from curate.cli.check import command
from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.reports.ci.annotations import annotate
from curate.reports.outputs import FORMATS, renderer
from tests.canaries import canaries, hosts
from tests.reports.ci.breaks import JUNIT_BREAKS, SARIF_BREAKS
from tests.reports.ci.sarif_form import CLASSES, SARIF

if TYPE_CHECKING:
    from curate.core.report import Report

DATA = Path(__file__).parents[3] / "data"
PLAN = Plan(show_text=False, workers=1)
XSD = Path(__file__).parent / "junit.xsd"
SCHEMAS = Path(__file__).parent / "schemas"
STANDARD = jsonschema.Draft4Validator(
    json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")),
    format_checker=jsonschema.FormatChecker(),
)
JENKINS = SCHEMAS / "junit-10.xsd"
STEP_SUMMARY = 1024 * 1024
COMMENT = 65_536


@pytest.fixture(scope="module")
def bad() -> Report:
    return report(str(DATA / "contracts.jsonl"), str(DATA / "support_chats.jsonl"), plan=PLAN)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("empty") / "empty.jsonl"
    path.write_text("\n")
    return report(str(path), plan=PLAN)


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """60,000 findings and 200 unreadable records."""
    path = tmp_path_factory.mktemp("huge") / "huge.jsonl"
    leaked = '{"instruction": "Name %d.", "input": "", "output": "It is %d.<|im_end|> \\u200b<|im_end|>"}\n'
    lines = [leaked % (at, at) for at in range(20_000)] + ['{"instruction": \n'] * 200
    path.write_text("".join(lines))
    done = report(str(path), plan=PLAN)
    assert sum(one.findings for one in done.problems) >= 60_000
    return done


def sarif(done: Report) -> dict[str, Any]:
    return json.loads(renderer("sarif")(done))


def test_sarif_is_valid(bad: Report, huge: Report) -> None:
    for done in (bad, huge):
        STANDARD.validate(sarif(done))
        jsonschema.validate(sarif(done), SARIF, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("name", CLASSES)
def test_our_form_of_sarif_is_that_of_the_standard(name: str) -> None:
    fields = getattr(sarif_om, name).__attrs_attrs__
    names = {one.metadata["schema_property_name"] for one in fields}
    needed = {
        one.metadata["schema_property_name"] for one in fields if one.default.__class__.__name__ == "_Nothing"
    }
    assert set(CLASSES[name]["properties"]) <= names | {"$schema"}
    assert needed <= set(CLASSES[name]["required"]), name


@pytest.mark.parametrize("name", SARIF_BREAKS)
def test_the_validator_sees_what_is_wrong(bad: Report, name: str) -> None:
    log = sarif(bad)
    SARIF_BREAKS[name](log)
    assert not STANDARD.is_valid(log)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, SARIF)


def test_rules_and_results_belong_together(bad: Report) -> None:
    run = sarif(bad)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert len({one["partialFingerprints"]["curateProblem/v1"] for one in run["results"]}) == len(
        run["results"]
    )


@pytest.mark.parametrize("schema", [XSD, JENKINS])
def test_junit_is_valid(bad: Report, huge: Report, empty: Report, schema: Path) -> None:
    form = xmlschema.XMLSchema(schema)
    for done in (bad, huge, empty):
        form.validate(renderer("junit")(done))


def test_a_report_on_nothing_is_valid(empty: Report) -> None:
    STANDARD.validate(sarif(empty))
    assert sarif(empty)["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize("name", ["sarif-2.1.0-rtm.5.json", "junit-10.xsd"])
def test_the_schemas_are_those_that_were_published(name: str) -> None:
    told = (SCHEMAS / "README.md").read_text("utf-8")
    assert hashlib.sha256((SCHEMAS / name).read_bytes()).hexdigest() in told


@pytest.mark.parametrize("change", JUNIT_BREAKS)
def test_the_xml_validator_sees_what_is_wrong(bad: Report, change: tuple[str, str]) -> None:
    broken = renderer("junit")(bad).replace(*change)
    ET.fromstring(broken.encode())  # noqa: S314 (our own)
    assert not xmlschema.XMLSchema(JENKINS).is_valid(broken)
    assert not xmlschema.XMLSchema(XSD).is_valid(broken)


def test_counts_are_numbers(bad: Report) -> None:
    """The schema of Jenkins takes any text for a count; ours does not."""
    broken = renderer("junit")(bad).replace('tests="', 'tests="x')
    assert not xmlschema.XMLSchema(XSD).is_valid(broken)


def test_a_failure_for_each_problem_that_blocks(bad: Report) -> None:
    blocking = sum(one.blocks for one in bad.problems) + bad.quarantine_blocks
    assert renderer("junit")(bad).count("<failure ") == blocking
    assert f'failures="{blocking}"' in renderer("junit")(bad)


def test_github_keeps_within_ten_of_a_level(bad: Report, huge: Report) -> None:
    for done in (bad, huge):
        lines = renderer("github")(done).splitlines()
        for level in ("error", "warning", "notice"):
            assert sum(line.startswith(f"::{level} ") for line in lines) <= 10
        assert all(re.match(r"::(?:error|warning|notice) [^\n]*::\S", line) for line in lines)


def test_github_says_how_many_are_left_out(bad: Report) -> None:
    errors = sum(one.level == "error" for one in annotate(bad))
    assert errors > 10
    assert f"and {errors - 9} more" in renderer("github")(bad)


def test_60000_findings_stay_within_the_limits(huge: Report) -> None:
    assert len(sarif(huge)["runs"][0]["results"]) == len(huge.problems) + 1
    assert len(renderer("markdown")(huge)) < COMMENT
    for name in FORMATS:
        assert len(renderer(name)(huge)) < STEP_SUMMARY, name


def test_no_secret_in_any_output(tmp_path: Path) -> None:
    secrets = canaries(50)
    path = tmp_path / "secret.jsonl"
    rows = [host for secret in secrets for host in hosts(secret)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = report(str(path), plan=PLAN)
    for name in FORMATS:
        text = renderer(name)(done)
        assert not [secret for secret in secrets if secret in text], name


def test_no_text_of_any_row(bad: Report) -> None:
    words = ("Corrigan", "Northam", "Lindqvist", "invoice number")
    for name in FORMATS:
        assert not [word for word in words if word in renderer(name)(bad)], name


def test_fingerprints_do_not_depend_on_lines(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    lines = (DATA / "preferences.jsonl").read_text().splitlines(keepends=True)
    prints = []
    for order in (lines, lines[::-1]):
        path.write_text("".join(order))
        prints.append({one.fingerprint for one in annotate(report(str(path), plan=PLAN))})
    assert prints[0] == prints[1]


def test_rows_without_lines_have_a_logical_place(tmp_path: Path) -> None:
    import polars as pl  # noqa: PLC0415 (only here)

    path = tmp_path / "rows.parquet"
    pl.DataFrame({"prompt": ["Who?"], "completion": [""]}).write_parquet(path)
    result = sarif(report(str(path), plan=PLAN))["runs"][0]["results"][0]
    assert result["locations"][0]["logicalLocations"][0]["name"] == "row 1"
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_gitlab_has_what_it_needs(bad: Report) -> None:
    issues = json.loads(renderer("gitlab")(bad))
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(issue)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1


def test_several_outputs_in_one_run(tmp_path: Path) -> None:
    names = {name: tmp_path / name for name in ("sarif", "junit", "gitlab", "markdown", "badge", "json")}
    flags = [word for name, path in names.items() for word in ("--output", f"{name}={path}")]
    done = CliRunner().invoke(
        command, [str(DATA / "preferences.jsonl"), *flags, "--quiet"], standalone_mode=False
    )
    assert done.return_value == 1
    assert all(path.stat().st_size > 100 for path in names.values())


def test_the_reason_of_a_quarantine_is_a_whole_sentence_without_its_place(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text('{"prompt": "Name one.", "completion": "One."}\n{"prompt": "cut')
    told = renderer("github")(report(str(path), plan=PLAN))
    assert "(truncated), inside the string (1)" in told
    assert "at byte" not in told


def test_a_format_that_there_is_not_is_told() -> None:
    with pytest.raises(UsageError, match="no output format 'sariff'"):
        renderer("sariff")
