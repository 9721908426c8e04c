"""``curate init``: the plan that it writes passes today, and fails on what gets worse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from curate.api import report
from curate.cli.init import command as init
from curate.config.load import load_plan
from curate.config.proposing import fitting_preset
from curate.core.errors import CurateError, UsageError
from tests.cli.test_baseline import LEAK, rows, write

if TYPE_CHECKING:
    from click.testing import Result

SAMPLES = Path(__file__).parents[2] / "data"
TABLE = ("--map", "user=Subject+Description,assistant=Resolution,id=Ticket ID")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(init, [*arguments, "--quiet"], standalone_mode=False)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A hundred rows: three empty answers, two leaked tokens, one line cut; all have a source, 90 a licence."""
    lines: list[dict[str, Any]] = list(rows(100))
    for at, line in enumerate(lines):
        line.update({"source": "web"} | ({"license": "mit"} if at < 90 else {}))
    for at in (3, 5, 7):
        lines[at]["output"] = ""
    for at in (10, 20):
        lines[at]["output"] += LEAK
    path = tmp_path / "data.jsonl"
    write(path, lines)
    with path.open("a") as out:
        out.write('{"instruction": "Cut\n')
    return path


def test_what_it_finds_is_in_the_plan(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "curate.toml"
    done = run(str(faulty), "-o", str(out))
    assert done.return_value == 0
    text = out.read_text()
    plan = load_plan(text, str(out))
    assert {name: budget.count for name, budget in plan.budget.items() if budget.count} == {
        "schema.empty-answer": 3,
        "template.leaked-token": 2,
    }
    assert plan.quarantine.count == 1
    assert plan.require.fields == ("source",)
    assert '# Of 100 rows, 10 without "license": ask for it once they have it.' in text
    assert "100 rows (alpaca 100%); answers in English 100%" in text


def test_it_passes_today_and_fails_on_what_gets_worse(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "curate.toml"
    run(str(faulty), "-o", str(out))
    plan = load_plan(out.read_text(), str(out))
    assert report(faulty, plan=plan).verdict.status == "fit"
    lines = faulty.read_text().splitlines(keepends=True)
    faulty.write_text(
        "".join(lines) + json.dumps({"instruction": "Name it.", "output": "", "source": "x"}) + "\n"
    )
    assert [one.check for one in report(faulty, plan=plan).problems if one.blocks] == ["schema.empty-answer"]


@pytest.mark.parametrize(
    ("sample", "options"),
    [
        ("contracts.jsonl", ()),
        ("support_chats.jsonl", ()),
        ("preferences.jsonl", ()),
        ("tickets.csv", TABLE),
        (
            "ticket_comments.csv",
            (
                *("--map", "text=comment", "--group-by", "ticket", "--order-by", "created"),
                *("--role-from", "author", "--drop", "internal=true"),
            ),
        ),
    ],
)
def test_the_samples_pass_their_plans(sample: str, options: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "plan.toml"
    run(str(SAMPLES / sample), *options, "-o", str(out))
    text = out.read_text()
    assert report(SAMPLES / sample, plan=load_plan(text, str(out))).verdict.status == "fit"
    assert max(map(len, text.splitlines())) < 160


@pytest.mark.parametrize("preset", ["sft-strict", "chat"])
def test_any_preset_can_be_asked_for(faulty: Path, tmp_path: Path, preset: str) -> None:
    out = tmp_path / "plan.toml"
    run(str(faulty), "--preset", preset, "-o", str(out))
    assert f'extends = "{preset}"' in out.read_text()
    assert report(faulty, plan=load_plan(out.read_text(), "")).verdict.status == "fit"


@pytest.mark.parametrize(
    ("layouts", "turns", "preset"),
    [
        ({"alpaca": 10}, {"2": 10}, "sft-lenient"),
        ({"messages": 10}, {"3": 9, "8": 1}, "sft-lenient"),
        ({"messages": 10}, {"2": 5, "8": 5}, "chat"),
        ({"preference": 6, "messages": 4}, {"2": 10}, "preference"),
        ({}, {}, "sft-lenient"),
    ],
)
def test_the_preset_fits_the_data(layouts: dict[str, int], turns: dict[str, int], preset: str) -> None:
    if layouts:
        assert fitting_preset(layouts, turns) == preset
    else:
        assert fitting_preset({"text": 1}, {}) == preset


def test_no_text_of_a_row_is_written(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.toml"
    run(str(faulty), "-o", str(out))
    said = {line["output"] for line in rows(100)} | {line["instruction"] for line in rows(100)}
    assert [text for text in said if text in out.read_text()] == []


def test_nothing_is_overwritten_in_silence(faulty: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.toml"
    out.write_text("workers = 1\n")
    assert isinstance(run(str(faulty), "-o", str(out)).exception, UsageError)
    assert out.read_text() == "workers = 1\n"
    run(str(faulty), "-o", str(out), "--force")
    assert "extends" in out.read_text()
    assert isinstance(run(str(faulty), "-o", str(faulty), "--force").exception, UsageError)


def test_of_data_without_a_row_nothing_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert isinstance(run(str(empty), "-o", str(tmp_path / "p.toml")).exception, CurateError)
    assert not (tmp_path / "p.toml").exists()


def test_it_shows_what_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("--show").output.startswith("# What holds by the defaults:")
    (tmp_path / "curate.toml").write_text('extends = "chat"\n[budget]\n"pii.card" = 4\n')
    shown = run("--show").output
    assert shown.startswith("# What holds by curate.toml, the preset chat and the defaults:")
    assert '"pii.card" = 4  # curate.toml:3' in shown
    assert '"pii.iban" = 0  # sft-strict' in run("--preset", "sft-strict", "--show").output


def test_it_needs_data_or_a_question() -> None:
    assert "name the data" in str(run().exception)
