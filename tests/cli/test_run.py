"""``curate run``, ``verify``, ``replay`` and ``why`` on what a run has written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from curate.cli.main import main
from curate.core.lock_file import read_lock
from tests.engines.run_lab import ROWS, files, jsonl, row, write

QUICK = ("-q", "--select", "schema,answer,template,text,duplicate")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_account_the_verdict_and_the_head_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    code, told, _ = call(capsys, "run", "data.jsonl", "-o", "my out", *QUICK)
    assert code == 0
    assert "10 rows in = 5 kept + 4 dropped + 1 quarantined; 2 edited" in told
    assert re.search(r"1  dedup: duplicate\.near, dropped", told)
    assert re.search(r"1  drop: cannot be read, quarantined", told)
    assert "Fit to train on" in told
    assert not any(one["instruction"] in told for one in ROWS)
    command = told.strip().splitlines()[-1].partition(": ")[2]
    assert shlex.split(command)[:3] == ["curate", "verify", "my out"]
    code, told, _ = call(capsys, *shlex.split(command)[1:])
    assert code == 0
    assert "Everything fits" in told
    assert f"head: {read_lock(Path('my out')).head} (as it was kept)" in told


def test_a_forgery_exits_1_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    Path("out/report.html").write_text("all is well")
    code, told, _ = call(capsys, "verify", "out")
    assert code == 1
    assert "differs: report.html was changed since the run" in told
    assert call(capsys, "verify", "nowhere")[0] == 2


def test_what_does_not_pass_exits_1_and_is_written_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    Path("curate.toml").write_text('[run.policy]\nerror = "keep"\n')
    code, told, _ = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    assert code == 1
    assert "Not fit to train on" in told
    assert (read_lock(Path("out")).status, read_lock(Path("out")).exit_code) == ("unfit", 1)


def test_the_plan_says_it_and_options_override_it(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    Path("curate.toml").write_text(
        'by = "source"\n[run]\nsteps = ["drop"]\nsplit = {ratio = "60/20/20", seed = 3}\n'
        '[run.policy]\n"duplicate.exact" = "drop"\n'
    )
    code, told, _ = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    assert "Splits:" in told
    assert code == 0
    assert {"splits/train.jsonl", "splits/validation.jsonl", "splits/test.jsonl"} <= set(files(Path("out")))
    assert read_lock(Path("out")).columns[-1] == "source"
    assert "duplicate.exact" in told
    assert "repair" not in told
    code, told, _ = call(
        capsys, "run", "data.jsonl", "-o", "two", "--steps", "repair,drop", "--split", "50/50", *QUICK
    )
    assert code == 0
    assert "repair: text.invisible" in told
    assert "splits/validation.jsonl" not in files(Path("two"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[run]\nstep = 1\n", "2: unknown key 'step' in [run]; did you mean 'steps'?"),
        ('[run]\nsteps = ["drop", "burn"]\n', "2: there is no step 'burn'"),
        ('[run.policy]\n"answer.echo" = "delete"\n', "2: there is no policy 'delete'"),
        ('[run.policy]\nanswer.echo = "drop"\n', 'quote the name of the check: "answer.echo"'),
        ('[run]\nsplit = "90-10"\n', '2: the shares of a split are written "90/5/5"'),
        ("run = 1\n", "1: run must be a table, [run]"),
    ],
)
def test_mistakes_of_the_plan_are_named(text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    Path("curate.toml").write_text(text)
    code, _, said = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    assert code == 2
    assert told in said
    assert not Path("out").exists()


def test_mistakes_of_the_options_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    for options in (("--steps", "burn"), ("--steps", ","), ("--split", "all"), ("--split", "0/1")):
        assert call(capsys, "run", "data.jsonl", "-o", "out", *options, *QUICK)[0] == 2
    assert not Path("out").exists()


def test_every_row_can_be_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    book = "out/ledger.jsonl"
    assert "was edited by repair" in call(capsys, "why", book, "data.jsonl:2")[1]
    assert "was dropped by dedup" in call(capsys, "why", book, "10")[1]
    assert "was quarantined by drop" in call(capsys, "why", book, "5")[1]
    untouched = call(capsys, "why", book, "1")[1]
    assert re.search(
        r"1 is not in the ledger: if the input has it, repair and drop and .*check kept it", untouched
    )
    lock = read_lock(Path("out"))
    clean = [json.loads(line) for line in Path("out/clean.jsonl").read_bytes().splitlines() if line]
    at = next(at for at, one in enumerate(clean) if one["instruction"] == ROWS[4]["instruction"])
    assert "was edited by repair" in call(capsys, "why", book, lock.rows[at][0])[1]


def test_replay_gives_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    code, told, _ = call(capsys, "replay", "out/ledger.jsonl", "data.jsonl", "-o", "again.jsonl")
    assert code == 0
    assert "as in the ledger" in told
    assert Path("again.jsonl").read_bytes() == Path("out/clean.jsonl").read_bytes()
    assert call(capsys, "replay", "out/ledger.jsonl", "data.jsonl", "-o", "again.jsonl")[0] == 2
    assert call(capsys, "replay", "out/ledger.jsonl", "out/clean.jsonl", "-o", "no.jsonl")[0] == 2
    assert not Path("no.jsonl").exists()


def test_what_leaks_is_masked_in_nothing_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    secret = row("Who pays?", "Ask jo.doe@corp.example.<|im_end|>")
    Path("data.jsonl").write_bytes(jsonl([*ROWS, secret]))
    _, told, err = call(capsys, "run", "data.jsonl", "-o", "out", "-q")
    assert "jo.doe@corp.example" not in told + err + Path("out/report.html").read_text("utf-8")
