"""``report``, ``check`` and ``explain`` as a user meets them: exit codes, formats, and errors without tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from benchmarks.bars.canaries import shown
from tests.canaries import canaries
from tests.faults import FAULTS, clean_rows, file_with

CURATE = str(Path(sys.executable).parent / "curate")


def run(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([CURATE, *arguments], input=stdin, capture_output=True, check=False, cwd=cwd)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in clean_rows("alpaca")), "utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.jsonl"
    path.write_bytes(b"".join(file_with(fault) for fault in FAULTS))
    return path


def test_report_exits_0_whatever_it_finds(faulty: Path) -> None:
    done = run("report", str(faulty))
    assert done.returncode == 0
    assert b"Not fit to train on" in done.stdout


def test_check_exits_1_and_0(faulty: Path, clean: Path) -> None:
    assert run("check", str(faulty)).returncode == 1
    done = run("check", str(clean))
    assert done.returncode == 0
    assert done.stdout == (
        b"Fit to train on: no problem found (6 rows in = 6 kept + 0 dropped + 0 quarantined)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["report"], b"Missing argument"),
        (["report", "no-such-file.jsonl"], b"no such file"),
        (["check", "{clean}", "--select", "answer.refussal"], b"did you mean 'answer.refusal'"),
        (["check", "{clean}", "--plan", "missing.toml"], b"no such plan file"),
        (["check", "{clean}", "--encoding", "klingon"], b"unknown encoding"),
        (["report", "{clean}", "--findings", "x.pdf"], b"use .jsonl, .csv or .parquet"),
        (["explain", "answer.refussal"], b"did you mean 'answer.refusal'"),
        (["reprot", "x"], b"No such command 'reprot'. Did you mean 'report'?"),
        (["xyz"], b"No such command 'xyz'.\n"),
        (["report", "zz*.jsonl"], b"error: zz*.jsonl: no file matches\n"),
        (["report", "{clean}", "--checks", "no-folder"], b"no such folder of checks"),
    ],
)
def test_mistakes_exit_2_with_a_hint(clean: Path, arguments: list[str], complaint: bytes) -> None:
    done = run(*[argument.replace("{clean}", str(clean)) for argument in arguments])
    assert done.returncode == 2
    assert complaint in done.stderr


def test_close_file_names_are_suggested(clean: Path) -> None:
    assert b"did you mean" in run("report", str(clean.parent / "claen.jsonl")).stderr


def test_a_folder_without_data_and_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("no data")
    said = run("check", str(tmp_path)).stderr.decode()
    assert f"error: {tmp_path}: no data file to read\n" in said
    assert f"passed over: {tmp_path / 'readme.md'} (not a data file by its name)" in said
    (tmp_path / "bare").mkdir()
    said = run("check", str(tmp_path / "bare")).stderr.decode()
    assert f"error: {tmp_path / 'bare'}: no data file to read\n  name a .jsonl" in said
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = run("check", str(empty))
    assert done.returncode == 3
    assert b"Nothing was evaluated" in done.stdout


def test_a_git_lfs_pointer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    done = run("check", str(path))
    assert done.returncode == 2
    assert b"git lfs pull" in done.stderr


def test_a_crashing_check_exits_3_and_is_named(clean: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own" / "bad"
    folder.mkdir(parents=True)
    (folder / "crash.py").write_text(
        '"""It crashes."""\n'
        "from dataclasses import dataclass\nfrom curate.core.check import Batch, RowCheck\n"
        "@dataclass(frozen=True)\nclass Crash(RowCheck):\n"
        "    def examine(self, batch: Batch):\n        raise ValueError('secret text of a row')\n"
    )
    done = run("check", str(clean), "--checks", str(tmp_path / "own"))
    assert done.returncode == 3
    assert b"check bad.crash crashed: ValueError" in done.stderr
    assert b"secret" not in done.stderr


def test_stdin_and_json(clean: Path) -> None:
    done = run("report", "-", "--json", stdin=clean.read_bytes())
    parsed = json.loads(done.stdout)
    assert parsed["schema"] == "curate.report/1"
    assert parsed["rows"] == {"in": 6, "kept": 6, "dropped": 0, "quarantined": 0, "edited": 0}
    assert parsed["files"][0]["name"] == "<stdin>"


def test_findings_files_hold_every_finding(faulty: Path, tmp_path: Path) -> None:
    for suffix in ("jsonl", "csv", "parquet"):
        run("report", str(faulty), "--findings", str(tmp_path / f"found.{suffix}"))
    frame = pl.read_parquet(tmp_path / "found.parquet")
    assert len(frame) == len(pl.read_csv(tmp_path / "found.csv", infer_schema=False))
    assert len(frame) == len((tmp_path / "found.jsonl").read_text().splitlines()) > 60
    assert frame["fingerprint"].n_unique() == len(frame)
    assert frame["key"].null_count() == 0


def test_quarantine_file_gives_the_bytes_back(faulty: Path, tmp_path: Path) -> None:
    import base64  # noqa: PLC0415 (only here)

    run("report", str(faulty), "--quarantine", str(tmp_path / "bad.jsonl"))
    data = faulty.read_bytes()
    entries = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert entries
    for entry in entries:
        start, end = entry["bytes"]
        assert base64.b64decode(entry["base64"]) == data[start:end]


@pytest.mark.parametrize("number", range(8))
def test_no_canary_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    secret = canaries(8)[number]
    monkeypatch.chdir(tmp_path)
    assert [name for name, text in shown(number, secret) if secret in text] == []
    assert any(secret in text for _, text in shown(number, secret, "--show-pii"))


def test_no_text_shows_no_text(faulty: Path) -> None:
    for command in (
        ["report", "--no-text"],
        ["check"],
        ["check", "--json"],
        ["report", "--no-text", "--json"],
    ):
        shown = run(command[0], str(faulty), *command[1:]).stdout.decode()
        assert "landlord" not in shown
        assert "ninety" not in shown


def test_the_plan_in_the_folder_is_used(faulty: Path) -> None:
    (faulty.parent / "curate.toml").write_text('select = ["text"]\n')
    shown = run("check", str(faulty), cwd=faulty.parent).stdout
    assert b"text.mojibake" in shown
    assert b"schema.empty-answer" not in shown


def test_workers_change_nothing(faulty: Path) -> None:
    one = run("report", str(faulty), "--json", "--workers", "1").stdout
    assert one == run("report", str(faulty), "--json", "--workers", "3").stdout


def test_explain_lists_and_explains() -> None:
    listing = run("explain").stdout
    assert b"schema.empty-answer" in listing
    page = run("explain", "schema.empty-answer").stdout
    assert b"Why" in page
    assert b"Flagged" in page
    assert run("explain", "schema", "--test").returncode == 0


@pytest.mark.parametrize("option", ["--html", "--findings", "--quarantine"])
def test_an_input_is_never_overwritten(clean: Path, option: str) -> None:
    before = clean.read_bytes()
    done = run("report", str(clean), option, str(clean))
    assert done.returncode == 2
    assert b"is an input, which is never overwritten" in done.stderr
    assert clean.read_bytes() == before


def test_folders_of_outputs_are_made(clean: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "deep" / "page.html"
    assert run("report", str(clean), "--html", str(page)).returncode == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
