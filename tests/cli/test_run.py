"""``curate run``, ``verify``, ``replay`` and ``why`` on what a run has written."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from curate.cli.main import main
from curate.core.chain import head_of
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
    assert f"head: {head_of(Path('my out/curate.lock.json'))} (as it was kept)" in told


def test_a_forged_lock_file_is_known_by_the_head(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    _, told, _ = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    command = shlex.split(told.strip().splitlines()[-1].partition(": ")[2])
    lock, evil = Path("out/curate.lock.json"), Path("out/evil.jsonl")
    evil.write_bytes(b"{}\n")
    fields = json.loads(lock.read_text())
    mark = {"name": "evil.jsonl", "kind": "clean", "sha256": hashlib.sha256(b"{}\n").hexdigest(), "size": 3}
    fields["outputs"].append(mark)
    lock.write_text(json.dumps(fields))
    code, told, _ = call(capsys, *command[1:])
    assert code == 1
    assert "outputs of the lock file are not those of the run: evil.jsonl" in told
    assert "the run is not the one whose head was kept" in told


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
        r"1 is not in the ledger: repair and drop and .*check kept it as it is; it stands in out/clean.jsonl:1",
        untouched,
    )
    Path("data.jsonl").rename("moved.jsonl")
    assert "in the ledger: if the input has it, repair" in call(capsys, "why", book, "1")[1]
    Path("moved.jsonl").rename("data.jsonl")
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


def test_why_speaks_of_the_input_and_of_the_clean_file(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    clean = Path("out/clean.jsonl").read_bytes().splitlines()
    data = Path("data.jsonl").read_bytes().splitlines()
    for line, text in enumerate(data, 1):
        told = call(capsys, "why", "out/ledger.jsonl", str(line))[1]
        assert not re.search(r"(repair|drop|dedup)/clean", told)
        stands = re.search(r"it stands in out/clean\.jsonl:(\d+)", told)
        if stands:  # the same row, though perhaps with edits
            there = json.loads(clean[int(stands[1]) - 1])
            assert there["instruction"] == json.loads(text)["instruction"]
        else:
            ends = ("was dropped", "was quarantined") if text else ("no row of the input holds this line",)
            assert any(end in told for end in ends)
    near = call(capsys, "why", "out/ledger.jsonl", "10")[1]
    assert near.startswith("data.jsonl:10 was dropped by dedup")
    assert re.search(r"the other row: data\.jsonl:2\b", near)


@pytest.mark.parametrize("line", [4, 5, 7])
def test_why_finds_the_record_that_holds_a_line(line: int, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        row("Who repairs the roof?", "The landlord repairs it."),
        row("Who cleans?", "The tenant.<|im_end|>"),
    ]
    Path("data.json").write_text(json.dumps(rows[1:] + rows[:1], indent=1))
    call(capsys, "fix", "data.json", "-o", "fixed.json", "-q")
    told = call(capsys, "why", "fixed.json.ledger.jsonl", str(line))[1]
    assert ("data.json:2 was edited by fix" in told) == (line < 8)
    assert "data.json:2 was" not in call(capsys, "why", "fixed.json.ledger.jsonl", "8")[1]
    assert "end in line 13" in call(capsys, "why", "fixed.json.ledger.jsonl", "1603")[1]
    code, _, _ = call(
        capsys, "undo", "fixed.json.ledger.jsonl", "fixed.json", "-o", "b.json", "--row", f"data.json:{line}"
    )
    assert code == 0
    assert Path("b.json").read_bytes() == Path("data.json").read_bytes()


def test_a_run_over_several_files_is_undone_as_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("a.json", "b.jsonl")
    for name in names:
        write(Path(name))
    call(capsys, "run", *names, "-o", "out", *QUICK)
    for at, folder in enumerate(("out/clean", "out")):
        code, told, _ = call(capsys, "undo", "out/ledger.jsonl", folder, "-o", f"back{at}")
        assert code == 0
        assert "19 rows, 2 of 2 files" in told
        assert files(Path(f"back{at}")) == {name: Path(name).read_bytes() for name in names}
    code, told, _ = call(capsys, "undo", "out/ledger.jsonl", "out/clean/b.jsonl", "-o", "b2.jsonl")
    assert (code, Path("b2.jsonl").read_bytes()) == (0, Path("b.jsonl").read_bytes())
    assert "is undone for 1 of 2 files" in told
    assert "rows" not in told
    code, told, _ = call(capsys, "undo", "out/ledger.jsonl", "out/clean", "-o", "part", "--row", "a.json:9")
    assert code == 0
    clean = files(Path("out/clean"))
    made = files(Path("part"))
    assert made["b.jsonl"] == clean["b.jsonl"]
    assert b"im_end" in made["a.json"]
    assert b"im_end" not in clean["a.json"]
    Path("out/clean/b.jsonl").write_bytes(clean["b.jsonl"] + b"{}\n")
    code, _, said = call(capsys, "undo", "out/ledger.jsonl", "out/clean", "-o", "back3")
    assert (code, "is the first line that is not as" in said) == (2, True)
    assert not list(Path().glob("back3/*"))
    Path("out/clean/a.json").unlink()
    code, _, said = call(capsys, "undo", "out/ledger.jsonl", "out/clean", "-o", "back3")
    assert code == 2
    assert "lacks a.json, which check wrote" in said
    assert not list(Path().glob("back3/*"))


def test_files_that_became_alike_go_back_each_to_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    whole = jsonl(broken=False)
    Path("a.jsonl").write_bytes(whole + b'{"broken"\n')
    Path("b.jsonl").write_bytes(whole + b'{"crooked"\n')
    call(capsys, "drop", "a.jsonl", "b.jsonl", "-o", "d", "--select", "answer.placeholder", "-q")
    made = files(Path("d"))
    assert made["a.jsonl"] == made["b.jsonl"]
    Path("d").rename("moved")
    assert call(capsys, "undo", "d.ledger.jsonl", "moved", "-o", "back")[0] == 0
    assert call(capsys, "undo", "d.ledger.jsonl", "moved/b.jsonl", "-o", "b2.jsonl")[0] == 0
    assert files(Path("back")) == {name: Path(name).read_bytes() for name in ("a.jsonl", "b.jsonl")}


def test_what_is_no_ledger_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    for words in (("why", "out", "1"), ("undo", "out", "out/clean.jsonl", "-o", "b.jsonl")):
        code, _, said = call(capsys, *words)
        assert code == 2
        assert "name out/ledger.jsonl" in said
    assert "name the folder: out" in call(capsys, "verify", "out/ledger.jsonl")[2]
    call(capsys, "fix", "data.jsonl", "-o", "f.jsonl", "-q")
    assert "curate replay" in call(capsys, "verify", "f.jsonl.ledger.jsonl")[2]
    call(capsys, "ledger", "split", "f.jsonl.ledger.jsonl", "-i", "index.jsonl", "-s", "store.jsonl")
    for name in ("index", "store"):
        for words in (("why", f"{name}.jsonl", "1"), ("undo", f"{name}.jsonl", "f.jsonl", "-o", "b.jsonl")):
            code, _, said = call(capsys, *words)
            assert code == 2
            assert f"is the {name} of a ledger" in said
            assert "curate ledger join INDEX STORE" in said


def test_shares_that_add_up_to_nothing_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    code, _, said = call(capsys, "run", "data.jsonl", "-o", "out", "--split", "90/20", *QUICK)
    assert (code, "add up to 110, not to 100" in said) == (2, True)
    Path("curate.toml").write_text('[run]\nsplit = "90/5"\n')
    code, _, said = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)
    assert (code, "2: the shares 90/5 add up to 95" in said) == (2, True)
    Path("curate.toml").unlink()
    assert call(capsys, "run", "data.jsonl", "-o", "out", "--split", "8/1/1", *QUICK)[0] == 0


def test_options_of_fix_rule_its_step(capsys: pytest.CaptureFixture[str]) -> None:
    secret = row(
        "Who pays the rent?", "Ask the agent; write to jo.doe@hausverwaltung-nord.de before you come."
    )
    Path("data.jsonl").write_bytes(jsonl([*ROWS, secret]))
    told = call(capsys, "run", "data.jsonl", "-o", "one", "-q", "--grammar", "off", "--select", "text,pii")[1]
    assert "Personal data is not taken out (pii.email: 1 row): --only text,terms,grammar,pii" in told
    assert b"jo.doe@hausverwaltung-nord.de" in Path("one/clean.jsonl").read_bytes()
    told = call(capsys, "run", "data.jsonl", "-o", "two", "-q", "--only", "text,pii", "--select", "text,pii")[
        1
    ]
    assert "not taken out" not in told
    assert b"jo.doe@hausverwaltung-nord.de" not in Path("two/clean.jsonl").read_bytes()
    code, _, said = call(capsys, "run", "data.jsonl", "-o", "three", "-q", "--known", "data.jsonl")
    assert (code, "--only text,terms,grammar,pii" in said) == (2, True)


def test_warnings_outputs_and_what_went_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("data.jsonl"))
    Path("curate.toml").write_text('[run]\nsteps = ["drop"]\n')
    told = call(capsys, "run", "data.jsonl", "-o", "out", *QUICK)[1].splitlines()
    at = told.index("Warnings about what is kept (rows):")
    assert re.fullmatch(r" +\d+  [a-z]+\.[a-z-]+", told[at + 1])
    named = [line.removeprefix("→ ") for line in told if line.startswith("→ ")]
    assert sorted(named) == sorted(f"out/{name}" for name in files(Path("out")))
    page = Path("out/report.html").read_text("utf-8")
    lock = read_lock(Path("out")).fields["totals"]
    assert f"the run read 10 rows: {lock['kept']} kept, 0 of them edited; {lock['dropped']} dropped" in page
    assert "Nothing was changed" not in page


def test_what_a_command_lacks_is_said_with_that_command(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {
            "Subject": f"Door {at}",
            "Description": f"The door of room {at} does not open since monday; neither my card nor my key do anything.",
            "Resolution": f"We have changed the lock, and key {at} is at the desk for you. Please bring the card.",
        }
        for at in range(40)
    ]
    pl.DataFrame(rows).write_csv("my tickets.csv")
    said = call(capsys, "run", "my tickets.csv", "-o", "out", *QUICK)[2]
    command = next(line for line in said.splitlines() if "try: " in line).partition("try: ")[2]
    words = shlex.split(command)
    assert words[:5] == ["curate", "run", "my tickets.csv", "-o", "out"]
    assert call(capsys, *words[1:])[0] == 0
    assert Path("out/clean.csv").is_file()
