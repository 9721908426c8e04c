"""The list to send back: every row that blocks, once a check, and no text of any row."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from curate.cli.check import command as check
from curate.engines.rejecting import COLUMNS
from tests.canaries import canaries, hosts

DATA = Path(__file__).parents[2] / "data"
LEAK = "<|im_end|>"


def rejects(folder: Path, *arguments: str) -> list[dict[str, str]]:
    path = folder / "rejects.csv"
    CliRunner().invoke(check, [*arguments, "--rejects", str(path), "--quiet"], standalone_mode=False)
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        lines = list(reader)
    assert reader.fieldnames == list(COLUMNS)
    return lines


def write(path: Path, rows: list[dict[str, Any]], *more: str) -> str:
    path.write_text(
        "".join(json.dumps(row) + "\n" for row in rows) + "".join(f"{line}\n" for line in more), "utf-8"
    )
    return str(path)


def row(at: int, **fields: object) -> dict[str, Any]:
    return {
        "instruction": f"Say what clause {at} of the lease is about.",
        "input": "",
        "output": f"It is {at}.",
        **fields,
    }


def test_a_line_for_a_row_and_a_check(tmp_path: Path) -> None:
    bad = row(2, output=f"It is two.{LEAK} And more.{LEAK}", id="R-2")
    path = write(tmp_path / "data.jsonl", [row(1, id="R-1"), bad, row(3, output="")], '{"instruction": "Cut')
    lines = rejects(tmp_path, path)
    assert [(one["line"], one["row"], one["id"], one["check"]) for one in lines] == [
        ("2", "2", "R-2", "template.leaked-token"),
        ("3", "3", "", "schema.empty-answer"),
        ("4", "4", "", "quarantine"),
    ]
    assert all(one["file"] == path and one["message"] for one in lines)
    assert [bool(one["key"]) for one in lines] == [True, True, False]


def test_it_holds_what_the_findings_hold(tmp_path: Path) -> None:
    """An independent count: rows and checks of ``--findings`` whose problems block in ``--json``."""
    found = tmp_path / "found.jsonl"
    inputs = [str(DATA / name) for name in ("contracts.jsonl", "support_chats.jsonl", "preferences.jsonl")]
    told = CliRunner().invoke(
        check, [*inputs, "--json", "--findings", str(found), "--quiet"], standalone_mode=False
    )
    report = json.loads(told.output)
    blocking = {one["check"] for one in report["problems"] if one["blocks"]}
    lines = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    expected = {
        (one["file"], one["row"], one["key"], one["check"]) for one in lines if one["check"] in blocking
    }
    mine = rejects(tmp_path, *inputs)
    keys = [
        (one["file"], int(one["row"]), one["key"], one["check"])
        for one in mine
        if one["check"] != "quarantine"
    ]
    assert len(keys) == len(set(keys))
    assert set(keys) == expected
    assert len(mine) - len(keys) == report["rows"]["quarantined"] > 0


def test_what_is_within_its_budget_is_not_sent_back(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('quarantine = 1\n[budget]\n"template.leaked-token" = 1\n')
    path = write(tmp_path / "data.jsonl", [row(1, output=f"One.{LEAK}"), row(2)], '{"instruction": "Cut')
    assert rejects(tmp_path, path, "--plan", str(plan)) == []
    assert len(rejects(tmp_path, path)) == 2


def test_what_a_baseline_holds_is_not_sent_back(tmp_path: Path) -> None:
    from curate.cli.baseline import command as baseline  # noqa: PLC0415 (only here)

    path, base = (
        write(tmp_path / "data.jsonl", [row(1, output=f"One.{LEAK}"), row(2)]),
        str(tmp_path / "base"),
    )
    CliRunner().invoke(baseline, [path, "-o", base, "--quiet"], standalone_mode=False)
    write(tmp_path / "data.jsonl", [row(1, output=f"One.{LEAK}"), row(2), row(3, output="")])
    lines = rejects(tmp_path, path, "--baseline", base)
    assert [(one["line"], one["check"]) for one in lines] == [("3", "schema.empty-answer")]


def test_no_text_of_any_row(tmp_path: Path) -> None:
    secrets = canaries(10)
    prose = "The tenant of the flat says that she has never paid"
    rows = [host for secret in secrets for host in hosts(secret)] + [row(1, id=prose, output="")]
    lines = rejects(tmp_path, write(tmp_path / "data.jsonl", rows))
    text = (tmp_path / "rejects.csv").read_text("utf-8")
    assert len(lines) > len(secrets)
    assert not [secret for secret in secrets if secret in text]
    assert "tenant" not in text
    assert lines[-1]["id"] == "…"


@pytest.mark.parametrize("given", ["=1+1", "@SUM(A1)", "-2+3", "+4"])
def test_no_cell_is_a_formula(tmp_path: Path, given: str) -> None:
    lines = rejects(tmp_path, write(tmp_path / "data.jsonl", [row(1, id=given, output="")]))
    assert [one["id"] for one in lines] == [f"'{given}"]


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [row(1)])
    before = Path(path).read_bytes()
    done = CliRunner().invoke(check, [path, "--rejects", path, "--quiet"], standalone_mode=False)
    assert "never overwritten" in str(done.exception)
    assert Path(path).read_bytes() == before
