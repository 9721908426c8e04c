"""``curate.check`` on frames and files, in a notebook, and inside pytest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import curate
from curate.core.errors import ConfigError, UnreadableError
from curate.core.plan import Budget, Plan
from tests.canaries import canaries, hosts

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
ROWS = [
    {
        "prompt": f"What does clause {at} of the lease with firm {at * 7} say?",
        "completion": f"It says {at * 3}.",
    }
    for at in range(12)
]
BAD = [*ROWS, {"prompt": "Who signs the lease?", "completion": "The landlord signs it.<|im_end|>"}]


def _pandas(rows: list[dict[str, str]]) -> object:
    pandas = pytest.importorskip("pandas", reason='needs pip install "curate-data[hf]"')
    return pandas.DataFrame(rows)


def _datasets(rows: list[dict[str, str]]) -> object:
    datasets = pytest.importorskip("datasets", reason='needs pip install "curate-data[hf]"')
    return datasets.Dataset.from_list(rows)


KINDS: dict[str, Callable[[list[dict[str, str]]], object]] = {
    "polars": pl.DataFrame,
    "pandas": _pandas,
    "datasets": _datasets,
}


@pytest.mark.parametrize("kind", KINDS)
def test_frames_of_every_kind(kind: str) -> None:
    good, bad = (curate.check(KINDS[kind](rows)) for rows in (ROWS, BAD))
    assert good
    assert not good.problems
    assert not bad
    assert [(one.check, one.rows) for one in bad.problems] == [("template.leaked-token", 1)]
    found = bad.findings()
    assert found.select("check", "line", "row").rows() == [("template.leaked-token", None, 13)]


def test_frames_of_every_kind_have_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in BAD))
    keys = {kind: curate.check(make(BAD)).findings()["key"].to_list() for kind, make in KINDS.items()}
    assert list(keys.values()) == [curate.check(path).findings()["key"].to_list()] * len(KINDS)


def test_it_says_what_the_command_says() -> None:
    path = str(ROOT / "data" / "preferences.jsonl")
    done = subprocess.run(
        [sys.executable, "-c", "from curate.cli.main import main; main()", "check", path, "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    checked = curate.check(path)
    assert done.stdout == f"{checked}\n"
    assert bool(checked) == (done.returncode == 0)


def test_plans_are_taken_in_any_form(tmp_path: Path) -> None:
    frame = pl.DataFrame(BAD)
    file = tmp_path / "curate.toml"
    file.write_text('[budget]\n"template.leaked-token" = 1\n')
    assert curate.check(frame, plan=Plan(budget={"template.leaked-token": Budget(count=1)}))
    assert curate.check(frame, plan=file)
    assert curate.check(frame, plan=str(file))
    file.write_text('[budgets]\n"template.leaked-token" = 1\n')
    with pytest.raises(ConfigError, match="budget"):
        curate.check(frame, plan=file)


def test_without_a_plan_it_reads_that_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command does; ``plan=None`` asks for the defaults."""
    monkeypatch.chdir(tmp_path)
    frame = pl.DataFrame(BAD)
    assert not curate.check(frame)
    (tmp_path / "curate.toml").write_text('[budget]\n"template.leaked-token" = 1\n')
    assert curate.check(frame)
    assert curate.report(frame).verdict.status == "fit"
    assert not curate.check(frame, plan=None)
    assert curate.report(frame, plan=None).verdict.status == "unfit"
    assert not curate.check(frame, plan=Plan())


def test_the_plan_names_suites_too(tmp_path: Path) -> None:
    pytest.importorskip("great_expectations", reason='needs pip install "curate-data[gates]"')
    expected = {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "layout", "value_set": ["x"]},
    }
    suite = tmp_path / "own.json"
    suite.write_text(json.dumps({"name": "own", "expectations": [expected]}))
    checked = curate.check(pl.DataFrame(ROWS), plan=Plan(expectations=(str(suite),)))
    assert not checked
    assert checked.findings()["check"].unique().to_list() == ["own.column-values-to-be-in-set.layout"]
    assert checked.frame()["layout"].unique().to_list() == ["prompt-completion"]


def test_nothing_evaluated_is_not_fit() -> None:
    empty = curate.check(pl.DataFrame(schema={"prompt": pl.String, "completion": pl.String}))
    assert not empty
    assert empty.report.verdict.status == "nothing"


def test_what_is_no_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        curate.check(tmp_path / "none.jsonl")


class _Text(HTMLParser):
    """The elements and the text of a piece of HTML; elements that are not closed are told."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.names.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(checked: curate.Checked) -> _Text:
    parsed = _Text()
    parsed.feed(checked._repr_html_())
    parsed.close()
    assert parsed.open == []
    return parsed


def test_a_notebook_shows_verdict_and_problems() -> None:
    parsed = shown(curate.check(pl.DataFrame(BAD)))
    assert "Not fit to train on" in parsed.text
    assert "13 rows in" in parsed.text
    assert "template.leaked-token" in parsed.text
    assert "landlord" not in parsed.text


def test_a_notebook_shows_no_secret_and_no_markup(tmp_path: Path) -> None:
    secrets = canaries(10)
    path = tmp_path / "<img src=x>&.jsonl"
    path.write_text("".join(json.dumps(host) + "\n" for secret in secrets for host in hosts(secret)))
    checked = curate.check(path)
    parsed = shown(checked)
    assert parsed.names <= {"div", "p", "strong", "br", "table", "thead", "tbody", "tr", "th", "td"}
    assert "<img src=x>" in parsed.text
    for told in (parsed.text, str(checked), repr(checked), str(checked.findings().rows())):
        assert not [secret for secret in secrets if secret in told]


def test_findings_hold_no_text() -> None:
    found = curate.check(pl.DataFrame(BAD)).findings()
    assert found["evidence"].null_count() == len(found) == 1
    assert "landlord" not in str(found.rows())


def test_importing_costs_nothing() -> None:
    script = "import curate, sys; print([name for name in ('polars', 'numpy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def example(folder: Path, data: str) -> dict[str, str]:
    """The outcome of each test of the example, run by pytest on a copy with other data."""
    (folder / "examples").mkdir()
    (folder / "data").mkdir()
    shutil.copy(ROOT / "examples" / "test_data.py", folder / "examples")
    (folder / "data" / "contracts.jsonl").write_text(data, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", "examples/test_data.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in done.stdout.splitlines() if "test_data.py::" in line]
    return {words[1].partition("::")[2]: words[0] for words in lines} | {"": done.stdout}


def test_the_example_fails_on_the_sample(tmp_path: Path) -> None:
    told = example(tmp_path, (ROOT / "data" / "contracts.jsonl").read_text("utf-8", "replace"))
    assert told["test_it_is_fit"] == told["test_no_refusal_is_trained_on"] == "FAILED"
    assert told["test_next_to_nothing_is_unreadable"] == "PASSED"
    assert "error: answer.refusal" in told[""]


def test_the_example_passes_on_sound_data(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"instruction": one["prompt"], "output": one["completion"]} for one in ROWS]
    told = example(tmp_path, "".join(json.dumps(row) + "\n" for row in rows))
    assert [told[name] for name in told if name] == ["PASSED"] * 3
