"""The last command of a report sets aside all that blocks, and every command reads what the report has read."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.api import report
from curate.core.plan import Budget, Plan
from curate.reports.html import render_html
from curate.reports.plain import command_for_all
from tests.cli.test_commands_of_reports import CLEAN, FAULTY, WRITERS, row, run

if TYPE_CHECKING:
    from click.testing import Result


def last_command(output: str) -> str:
    commands: list[str] = re.findall(r"^    → (curate .*)$", output, re.MULTILINE)
    return commands[-1].strip()


def checked(names: str) -> Result:
    return run(f"curate check {names} -q")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["a lease.v2.jsonl.gz", "data.csv", "data.parquet", "set"])
def test_all_that_blocks_is_set_aside_at_once(name: str) -> None:
    write, kept = WRITERS[name]
    write([*CLEAN, *FAULTY])
    command = last_command(run(f"curate report {shlex.quote(name)} -q").output)
    assert command.startswith(f"curate drop {shlex.quote(name)} --select ")
    assert checked(shlex.quote(name)).return_value == 1
    run(command + " -q")
    assert checked(kept).return_value == 0
    assert sum(file.rows for file in report(kept).files) < len(CLEAN) + len(FAULTY)


def test_what_is_allowed_or_was_not_asked_about_is_not_set_aside() -> None:
    Path("data.csv").write_text("")
    pl.DataFrame([*CLEAN, *FAULTY]).write_csv("data.csv")
    plan = Plan(
        ignore=("schema",), budget={"answer.echo": Budget(count=1), "text.invisible": Budget(count=0)}
    )
    command = command_for_all(report("data.csv", plan=plan))
    names = shlex.split(command)[4].split(",")
    assert "text.invisible" in names
    assert not {"answer.echo", "schema.empty-answer"} & set(names)
    assert len(names) > 2
    one = Plan(select=("answer.refusal", "text.invisible"))
    assert command_for_all(report("data.csv", plan=one)) == ""


def test_rows_that_should_be_read_in_another_way_are_not_set_aside_first() -> None:
    Path("data.csv").write_text("")
    pl.DataFrame([*CLEAN, *FAULTY]).write_csv("data.csv")
    result = report("data.csv")
    first, *others = result.problems
    assert first.blocks
    other_way = replace(first, command="curate report data.csv --map user=a,assistant=b")
    assert command_for_all(result) != ""
    assert command_for_all(replace(result, problems=(other_way, *others))) == ""


def test_the_page_shows_the_command_once() -> None:
    Path("data.csv").write_text("")
    pl.DataFrame([*CLEAN, *FAULTY]).write_csv("data.csv")
    result = report("data.csv")
    page = unescape(re.sub(r"<[^>]*>", "", render_html(result)))
    assert page.count(command_for_all(result)) == 1
    assert page.count("Nothing was changed.") == 1
    assert page.count("not measured yet") == 1
    assert "no evidence yet" not in page


def test_what_a_run_leaves_is_mended_by_the_commands_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are to be run in the folder of the run, and name the cleaned data as it is named there."""
    Path("data.jsonl").write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in [*CLEAN, *FAULTY]))
    assert run("curate run data.jsonl -o out -q").return_value == 0
    monkeypatch.chdir("out")
    page = unescape(re.sub(r"<[^>]*>", "", Path("report.html").read_text("utf-8")))
    problems = report_json("clean.jsonl")
    assert problems
    assert not any(problem["blocks"] for problem in problems)
    for problem in problems:
        assert problem["command"] in page
        if problem["command"]:
            run(problem["command"] + " --force -q")
            out = shlex.split(problem["command"])[-1]
            assert problem["check"] not in {
                one["check"] for one in report_json(f"{out} --select {problem['check']}")
            }


def ticket(number: int, text: str, answer: str, internal: str = "no") -> dict[str, Any]:
    return {"Nr": number, "Frage": text, "Antwort": answer, "intern": internal}


def own_check(folder: Path) -> None:
    (folder / "own").mkdir(parents=True)
    (folder / "own" / "shouting.py").write_text(
        '''"""The answer shouts.

Why     The model learns to shout.
Mend    Set the rows aside: `curate drop {files} --select own.shouting -o {out}`.
Limits  ASCII.
"""
from dataclasses import dataclass
import polars as pl
from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask
FLAGGED = (ask("Why?").answer("BECAUSE").at("BECAUSE"),)
CLEAN = (ask("Why?").answer("Because."),)
@dataclass(frozen=True)
class Shouting(RowCheck):
    """Capitals."""
    severity: Severity = Severity.ERROR
    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding an answer."""
        answers = batch.turns.filter(pl.col("part") == "target")
        return found(answers.filter(pl.col("text").str.contains(r"^[A-Z ]+$")), "it shouts")
'''
    )


def test_commands_repeat_the_options_of_the_report() -> None:
    """Without them the commands would read another encoding, other columns or other lines, or know no such check."""
    rows = [ticket(i, f"Wie heißt Ort {i}?", f"Ort {i} heißt Köln.") for i in range(9)]
    rows += [
        ticket(9, "Wer zahlt?", ""),
        ticket(10, "Wer prüft?", "DER MIETER"),
        ticket(11, "Wer?", "", "yes"),
    ]
    Path("t.csv").write_bytes(pl.DataFrame(rows).write_csv(separator=";").encode("cp850"))
    Path("plans").mkdir()
    Path("plans/a plan.toml").write_text('[budget]\n"schema.encoding" = 5\n')
    own_check(Path("mine"))
    options = "--encoding cp850 --plan 'plans/a plan.toml' --checks mine --map user=Frage,assistant=Antwort"
    said = run(f"curate report t.csv {options} --drop intern=yes -q --json").output
    problems = {one["check"]: one for one in json.loads(said)["problems"]}
    assert {"schema.empty-answer", "own.shouting"} <= set(problems)
    for check, left in (("schema.empty-answer", 10), ("own.shouting", 10)):
        command = problems[check]["command"]
        assert {"--encoding", "--plan", "--checks", "--map", "--drop"} <= set(shlex.split(command))
        run(command + " --force -q")
        kept = pl.read_csv(Path("kept.csv").read_bytes().decode("cp850").encode(), separator=";")
        assert len(kept) == left
        assert "Köln" in kept["Antwort"][0]
    Path("kept.csv").unlink()
    run(last_command(run(f"curate report t.csv {options} --drop intern=yes -q").output) + " -q --force")
    assert checked(f"kept.csv {options} --drop intern=yes").return_value == 0


def test_each_command_takes_the_options_that_it_has() -> None:
    """``convert`` has no plan; what is dropped of a file that was mended before is read as that file was."""
    leaked_text = "Der Mieter zahlt.<|im_end|> Das steht im Vertrag über Köln."
    Path("t.csv").write_bytes(
        pl.DataFrame([ticket(1, "Wer zahlt?", leaked_text)]).write_csv(separator=";").encode("cp850")
    )
    twice = [
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": "Hö?"},
        {"role": "assistant", "content": "Ja."},
    ]
    Path("c.jsonl").write_bytes(json.dumps({"messages": twice}, ensure_ascii=False).encode("cp850") + b"\n")
    Path("p.toml").write_text("ignore = []\n")
    said = "--encoding cp850 --map user=Frage,assistant=Antwort"
    (leaked,) = [p for p in report_json(f"t.csv {said}") if p["check"] == "template.leaked-token"]
    commands = re.findall(r"`(curate [^`]+)`", leaked["mend"])
    assert [shlex.split(command)[2] for command in commands] == ["t.csv", "fixed.csv"]
    for command in commands:
        run(command + " -q")
    assert pl.read_csv(Path("kept.csv").read_bytes().decode("cp850").encode(), separator=";").is_empty()
    (same,) = [
        p
        for p in report_json("c.jsonl --encoding cp850 --plan p.toml")
        if p["check"] == "schema.same-role-twice"
    ]
    assert same["command"] == "curate convert c.jsonl --encoding cp850 --merge-turns -o merged.jsonl"
    run(same["command"] + " -q")
    assert json.loads(Path("merged.jsonl").read_bytes())["messages"][0]["content"] == "Hi\n\nHö?"
    assert (
        "`curate drop c.jsonl --plan p.toml --encoding cp850 --select schema.same-role-twice" in same["mend"]
    )


def test_a_plan_that_is_found_by_itself_is_not_named() -> None:
    Path("curate.toml").write_text('encoding = "utf-8"\n')
    Path("data.jsonl").write_text(json.dumps(row("")) + "\n")
    (problem,) = [p for p in report_json("data.jsonl") if p["check"] == "schema.empty-answer"]
    assert problem["command"] == (
        "curate drop data.jsonl --encoding utf-8 --select schema.empty-answer -o kept.jsonl"
    )


def report_json(names: str) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = json.loads(run(f"curate report {names} -q --json").output)["problems"]
    return problems
