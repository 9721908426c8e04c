"""The commands that a report prints run as they are printed, whatever the container, and do what they promise."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from curate.cli.main import cli
from curate.engines.registry import check_names, load_check
from curate.reports.pages import markdown_page, terminal_page
from tests.faults import clean_rows

if TYPE_CHECKING:
    from collections.abc import Callable

CLEAN = clean_rows("alpaca")


def row(output: str, instruction: str = "Sum up the clause.") -> dict[str, Any]:
    return {"instruction": instruction, "input": "", "output": output}


FAULTY = [
    row(""),
    row("[insert summary here]", "Sum up the lease."),
    row("I'm sorry, but I can't help with that.", "Who pays the rent?"),
    row("As an AI language model, I think the tenant pays the water bill.", "Who pays for water?"),
    row("Who pays for the heating of the common rooms?", "Who pays for the heating of the common rooms?"),
    row("The tenant pays. " * 60, "Who pays for the garden?"),
    row("The landlord insures the house.<|im_end|>", "Who insures the house?"),
    row("The house stands in LÃ¼beck.", "Where is the house?"),
    row("The keys\u200b are with the agent.", "Where are the keys?"),
    row("The agent\x07 has the keys.", "Who has the keys?"),
    row("The tenant pays.\n\n### Instruction:\nWho insures it?\n\n### Response:\nThe landlord.", "Who pays?"),
    row("<think>The lease says so. The tenant.", "Who cleans?"),
    CLEAN[0],
    {**CLEAN[1], "output": "The landlord may enter at any hour without notice."},
]
EXPECTED = {
    *("answer.echo", "answer.placeholder", "answer.refusal", "answer.repetition", "answer.self-reference"),
    *("duplicate.exact", "schema.empty-answer", "template.leaked-token", "template.second-instruction"),
    *("template.unbalanced-think", "text.control", "text.invisible", "text.mojibake"),
}


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in rows)


def folder(rows: list[dict[str, Any]]) -> None:
    for name, part in (("a.jsonl", rows[:9]), ("deep/b.jsonl", rows[9:])):
        (Path("set") / name).parent.mkdir(parents=True, exist_ok=True)
        (Path("set") / name).write_bytes(jsonl(part))


def shards(rows: list[dict[str, Any]]) -> None:
    Path("1.jsonl").write_bytes(jsonl(rows[:9]))
    pl.DataFrame(rows[9:]).write_parquet("2.parquet")


def saved(rows: list[dict[str, Any]]) -> None:
    Path("saved").mkdir()
    pl.DataFrame(rows).write_ipc_stream(
        "saved/data-00000-of-00001.arrow", compat_level=pl.CompatLevel.oldest()
    )
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}
    Path("saved/state.json").write_text(json.dumps(state))
    Path("saved/dataset_info.json").write_text("{}")


WRITERS: dict[str, tuple[Callable[[list[dict[str, Any]]], object], str]] = {
    "data.jsonl": (lambda rows: Path("data.jsonl").write_bytes(jsonl(rows)), "kept.jsonl"),
    "kept.jsonl": (lambda rows: Path("kept.jsonl").write_bytes(jsonl(rows)), "kept2.jsonl"),
    "a lease.v2.jsonl.gz": (
        lambda rows: Path("a lease.v2.jsonl.gz").write_bytes(gzip.compress(jsonl(rows))),
        "kept.jsonl.gz",
    ),
    "data": (lambda rows: Path("data").write_text(json.dumps(rows)), "kept.json"),
    "data.json": (lambda rows: Path("data.json").write_text(json.dumps(rows, indent=1)), "kept.json"),
    "data.csv": (lambda rows: pl.DataFrame(rows).write_csv("data.csv"), "kept.csv"),
    "data.tsv": (lambda rows: pl.DataFrame(rows).write_csv("data.tsv", separator="\t"), "kept.tsv"),
    "data.parquet": (lambda rows: pl.DataFrame(rows).write_parquet("data.parquet"), "kept.parquet"),
    "data.arrow": (lambda rows: pl.DataFrame(rows).write_ipc("data.arrow"), "kept.parquet"),
    "saved": (saved, "kept.parquet"),
    "set": (folder, "kept/"),
    "1.jsonl 2.parquet": (shards, "kept/"),
}


def run(command: str) -> Result:
    words = shlex.split(command)
    assert words[0] == "curate"
    return CliRunner().invoke(cli, words[1:], standalone_mode=False, catch_exceptions=False)


def report(names: str) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = json.loads(run(f"curate report {names} -q --json").output)["problems"]
    return problems


@pytest.mark.parametrize("name", WRITERS)
def test_commands_run_as_printed_and_the_fault_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write, kept = WRITERS[name]
    write([*CLEAN, *FAULTY])
    before = set(tmp_path.iterdir())
    names = name if name == "1.jsonl 2.parquet" else shlex.quote(name)
    problems = report(names)
    assert {one["check"] for one in problems} >= EXPECTED
    for problem in problems:
        commands = re.findall(r"`(curate (?:fix|drop) [^`]+)`", problem["mend"])
        assert commands[:1] == ([problem["command"]] if problem["command"] else [])
        for command in commands:
            out = shlex.split(command)[-1]
            assert out in (kept, kept.replace("kept", "fixed", 1).replace("2", ""))
            run(command + " -q")
            assert problem["check"] not in {
                one["check"] for one in report(f"{out} --select {problem['check']}")
            }
        for made in set(tmp_path.iterdir()) - before:
            shutil.rmtree(made) if made.is_dir() else made.unlink()


def test_no_blank_is_left_in_anything_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.csv").write_bytes(b"")
    pl.DataFrame([*CLEAN, *FAULTY]).write_csv("data.csv")
    said = run("curate report data.csv -q --html page.html --findings found.jsonl").output
    said += run("curate report data.csv -q --json").output
    shown = [said, Path("page.html").read_text("utf-8"), Path("found.jsonl").read_text("utf-8")]
    for text in shown:
        assert "curate fix data.csv --select text.invisible -o fixed.csv" in re.sub(
            r"<[^>]*>", "", text
        ).replace("\n", " ")
        assert not re.search(r"\{(files|out|fixed)\}", text)
    for name in check_names():
        for page in (markdown_page(load_check(name)), terminal_page(load_check(name))):
            assert not re.search(r"\{(files|out|fixed)\}", page)
            for command in re.findall(r"`(curate (?:fix|drop) [^`]+)`", page):
                out = "fixed.jsonl" if command.startswith("curate fix ") else "kept.jsonl"
                assert command.endswith((f"--select {name} -o {out}", f"--only pii -o {out}"))
