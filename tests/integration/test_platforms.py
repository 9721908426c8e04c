"""The steps of the GitHub Action and of the GitLab template, run by a shell as their runners run them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.integration.lab import LEAK, ROOT, Repository, inputs_filled, row

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab.yml").read_text("utf-8"))
GITHUB_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""How GitHub runs a step with ``shell: bash``."""


@pytest.fixture
def bad(repository: Repository) -> Repository:
    """Two files of data, in which two checks block."""
    repository.write("data/a.jsonl", [*(row(at) for at in range(9)), row(9, LEAK)])
    repository.write("data/b.jsonl", [row(20, LEAK), row(21), row(22) | {"output": ""}])
    repository.git("add", ".")
    repository.git("commit", "-qm", "Data")
    return repository


def github(repository: Repository, summary: Path, **given: str) -> CompletedProcess[str]:
    """All steps of the action but the installation, with the inputs of a workflow."""
    declared = ACTION["inputs"]
    inputs = {name: given.get(name, one.get("default", "")) for name, one in declared.items()}
    assert all(inputs[name] for name, one in declared.items() if one.get("required"))
    steps = [step for step in ACTION["runs"]["steps"] if "pip install" not in step["run"]]
    assert len(steps) == len(ACTION["runs"]["steps"]) - 1 == 1
    runner = repository.folder.parent / "runner"
    runner.mkdir(exist_ok=True)
    script = runner / "step.sh"
    script.write_text(steps[0]["run"])
    env = {name: inputs_filled(value, inputs) for name, value in steps[0]["env"].items()}
    assert not [value for value in env.values() if "${{" in value]
    places = {
        "GITHUB_STEP_SUMMARY": str(summary),
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTION_PATH": str(ROOT),
    }
    return repository.run([*GITHUB_BASH, str(script)], **env, **places)


def test_the_action_annotates_and_summarises(bad: Repository, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Another step\n")
    done = github(bad, summary, data="data/*.jsonl", sarif="curate.sarif")
    assert done.returncode == 1, done.stderr
    errors = [line for line in done.stdout.splitlines() if line.startswith("::error ")]
    assert len(errors) == 2
    assert "file=data/a.jsonl,line=10" in "".join(errors)
    assert summary.read_text().startswith("# Another step\n## curate: Not fit to train on")
    sarif = json.loads((bad.folder / "curate.sarif").read_text())
    assert {one["ruleId"] for one in sarif["runs"][0]["results"] if one["level"] == "error"} == {
        "template.leaked-token",
        "schema.empty-answer",
    }
    assert "clause 22" not in done.stdout + done.stderr + summary.read_text()


def test_the_action_passes_on_good_data(repository: Repository, tmp_path: Path) -> None:
    repository.write("data/a.jsonl", [row(at) for at in range(9)])
    done = github(repository, tmp_path / "summary.md", data="data/")
    assert (done.returncode, done.stderr) == (0, "")
    assert "::error" not in done.stdout
    assert "Fit to train on" in (tmp_path / "summary.md").read_text()
    assert not list(repository.folder.glob("*.sarif"))


def test_the_action_takes_options(bad: Repository, tmp_path: Path) -> None:
    bad.run(["curate", "baseline", "data/a.jsonl", "data/b.jsonl", "--quiet"])
    options = "--baseline curate.baseline"
    assert github(bad, tmp_path / "summary.md", data="data/*.jsonl", options=options).returncode == 0
    bad.write("data/c.jsonl", [row(30, LEAK)])
    done = github(bad, tmp_path / "summary.md", data="data/*.jsonl", options=options)
    assert done.returncode == 1
    assert "file=data/c.jsonl,line=1" in done.stdout


def errors_of(done: CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("::error ")]


def test_names_with_spaces_and_quoted_options_arrive_whole(bad: Repository, tmp_path: Path) -> None:
    bad.write("more data/c d.jsonl", [row(40, LEAK)])
    (bad.folder / "our plan.toml").write_text('[budget]\n"schema.empty-answer" = 1\n')
    given = {
        "data": "data/a.jsonl\n'more data/c d.jsonl' \"data/b.jsonl\"",
        "options": "--plan 'our plan.toml' --select \"template, schema\"",
        "sarif": "our sarif.json",
    }
    done = github(bad, tmp_path / "summary.md", **given)
    assert done.returncode == 1, done.stderr
    assert len(errors_of(done)) == 1
    assert "3 rows" in errors_of(done)[0]
    assert (bad.folder / "our sarif.json").exists()


def test_nothing_of_an_input_is_run(bad: Repository, tmp_path: Path) -> None:
    for word in ("$(touch made)", "`touch made`", "data/a.jsonl; touch made", "--plan=x"):
        assert github(bad, tmp_path / "summary.md", data=word).returncode == 2
        assert github(bad, tmp_path / "summary.md", data="data/a.jsonl", options=word).returncode == 2
    assert not (bad.folder / "made").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"data": "dta/*.jsonl"}, "no file matches"),
        ({"data": "data/a.jsonl", "options": "--plan gone.toml"}, "no such plan file"),
        ({"data": "data/a.jsonl", "options": "--selct answer"}, "No such option"),
        ({"data": "data/a.jsonl", "options": "--plan 'x"}, "No closing quotation"),
        ({"data": "data/a.jsonl", "options": "--json"}, "would both be printed"),
    ],
)
def test_a_mistake_is_annotated(bad: Repository, tmp_path: Path, given: dict[str, str], told: str) -> None:
    summary = tmp_path / "summary.md"
    done = github(bad, summary, **given)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(errors_of(done)) == 1
    assert told in errors_of(done)[0]
    assert told in summary.read_text()
    assert "nothing was checked (exit code 2)" in summary.read_text()


def test_a_check_that_crashes_is_annotated(bad: Repository, tmp_path: Path) -> None:
    check = bad.folder / "own" / "house" / "style.py"
    check.parent.mkdir(parents=True)
    check.write_text(CRASHING)
    summary = tmp_path / "summary.md"
    done = github(bad, summary, data="data/a.jsonl", options="--checks own")
    assert done.returncode == 3, done.stderr
    assert len(errors_of(done)) == 1
    assert "house.style" in errors_of(done)[0]
    assert "house.style" in summary.read_text()
    assert "clause 1" not in done.stdout + done.stderr + summary.read_text()


CRASHING = '''"""A check that crashes."""

from dataclasses import dataclass

from curate.core.check import RowCheck, Severity


@dataclass(frozen=True)
class Style(RowCheck):
    severity: Severity = Severity.WARNING

    def examine(self, batch):
        raise ZeroDivisionError(batch.turns["text"][0])
'''


def test_nothing_evaluated_is_annotated_once(bad: Repository, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    (bad.folder / "data" / "empty.jsonl").write_text("\n")
    done = github(bad, summary, data="data/empty.jsonl")
    assert done.returncode == 3, done.stderr
    assert len(errors_of(done)) == 1
    assert "Nothing was evaluated" in errors_of(done)[0]
    assert "Nothing was evaluated" in summary.read_text()


def test_a_second_step_does_not_repeat_the_summary_of_the_first(bad: Repository, tmp_path: Path) -> None:
    github(bad, tmp_path / "first.md", data="data/a.jsonl")
    github(bad, tmp_path / "second.md", data="gone.jsonl")
    assert "Not fit to train on" in (tmp_path / "first.md").read_text()
    assert "Not fit to train on" not in (tmp_path / "second.md").read_text()


def test_no_expression_stands_in_a_script() -> None:
    """What a workflow passes is data: an expression within a script would be run."""
    assert not [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]]


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_gitlab_job_writes_its_reports(bad: Repository, shell: str) -> None:
    assert shutil.which(shell)
    done = gitlab(bad, shell)
    assert done.returncode == 1, done.stderr
    reports = TEMPLATE["curate"]["artifacts"]["reports"]
    issues = json.loads((bad.folder / reports["codequality"]).read_text())
    assert {one["check_name"] for one in issues} >= {"template.leaked-token", "schema.empty-answer"}
    cases = ET.parse(bad.folder / reports["junit"]).getroot()  # noqa: S314 (our own)
    assert len(cases.findall(".//failure")) == 2
    assert TEMPLATE["curate"]["artifacts"]["when"] == "always"


def test_the_gitlab_job_passes_on_good_data(repository: Repository) -> None:
    repository.write("data/a.jsonl", [row(at) for at in range(9)])
    assert gitlab(repository, "bash").returncode == 0


def test_the_gitlab_job_takes_variables(bad: Repository) -> None:
    assert gitlab(bad, "sh", CURATE_DATA="data/a.jsonl", CURATE_OPTIONS="--ignore template").returncode == 0


def test_the_gitlab_job_reads_quotes(bad: Repository) -> None:
    bad.write("more data/c d.jsonl", [row(40)])
    assert (
        gitlab(
            bad, "sh", CURATE_DATA="'more data/c d.jsonl'", CURATE_OPTIONS="--select 'answer, schema'"
        ).returncode
        == 0
    )
    assert gitlab(bad, "sh", CURATE_DATA="gone.jsonl").returncode == 2


def gitlab(repository: Repository, shell: str, **variables: str) -> CompletedProcess[str]:
    """The job's script, which the runner joins and stops at the first error."""
    script = "\n".join(TEMPLATE["curate"]["script"])
    return repository.run([shell, "-ec", script], **(TEMPLATE["variables"] | variables))
