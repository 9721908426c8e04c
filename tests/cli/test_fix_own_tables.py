"""``curate fix`` on own tables: the edit goes into the one cell; conversations of several lines are converted first."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from curate.api import report
from curate.cli.main import cli
from curate.core.errors import UsageError
from curate.core.ledger import read_ledger, restore
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.repairing import fix

HEAD = ("Ticket ID", "Subject", "Description", "Resolution", "Internal")
TICKETS = [
    (
        "1",
        "The roof",
        'It "leaks"; badly\nsince May.\u00ad',
        "Ein Dachdecker kommt für uns später, nächste Woche früh.<|im_end|>",
        "false",
    ),
    ("2", "The door", "It is stuck.", "We oil it.<|im_end|>", "true"),
    ("3", "The\u00ad gate", "", "It was mended.", "false"),
    ("4", "The lift", "It hums.", "<|im_end|>", "false"),
]
MENDED = [
    (
        *TICKETS[0][:2],
        'It "leaks"; badly\nsince May.',
        "Ein Dachdecker kommt für uns später, nächste Woche früh.",
        "false",
    ),
    TICKETS[1],
    (*TICKETS[2][:1], "The gate", *TICKETS[2][2:]),
    TICKETS[3],
]
MAP = TableMap(
    read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID"), None, {"Internal": ("TRUE",)}
)
PLAN = Plan(select=("template.leaked-token", "text.invisible"), mapping=MAP)


def table(rows: list[tuple[str, ...]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([HEAD, *rows])
    return text.getvalue()


def rows_of(rows: list[tuple[str, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(HEAD, row, strict=True)) for row in rows]


def jsonl(rows: list[tuple[str, ...]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows_of(rows))


@pytest.mark.parametrize(
    ("name", "encoding"), [("t.csv", "cp1252"), ("t.tsv", "utf-8"), ("t.csv", "utf-16"), ("t.jsonl", "utf-8")]
)
def test_one_cell_changes_and_every_other_byte_stays(tmp_path: Path, name: str, encoding: str) -> None:
    path, out = tmp_path / name, tmp_path / f"out-{name}"
    before, after = (
        jsonl(rows) if name.endswith("jsonl") else table(rows, "\t" if name.endswith("tsv") else ";")
        for rows in (TICKETS, MENDED)
    )
    path.write_bytes(before.encode(encoding))
    done = fix(path, out=out, plan=PLAN)
    assert out.read_bytes() == after.encode(encoding)
    assert (done.rows.in_, done.rows.kept, done.rows.edited, done.left_out) == (4, 4, 2, 1)
    assert done.ledger is not None
    book = read_ledger(done.ledger)
    assert restore(book, out.read_bytes()) == path.read_bytes()
    entries = map(json.loads, done.ledger.read_text().splitlines()[1:-1])
    assert sorted((one["row"], one["at"]) for one in entries) == [
        (1, "/Description"),
        (1, "/Resolution"),
        (3, "/Subject"),
    ]
    assert [one[:2] for one in done.left] == [("template.leaked-token", "the answer would be empty")]


def test_tables_are_repaired_too(tmp_path: Path) -> None:
    path, out = tmp_path / "t.parquet", tmp_path / "out.parquet"
    pl.DataFrame(rows_of(TICKETS)).write_parquet(path)
    fix(path, out=out, plan=PLAN)
    assert pl.read_parquet(out).to_dicts() == rows_of(MENDED)


def test_the_command_that_a_report_prints_mends_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_bytes(table(TICKETS, ";").encode("cp1252"))
    found = report("t.csv", plan=PLAN)
    (problem,) = (one for one in found.problems if one.check == "text.invisible")
    words = shlex.split(problem.command)
    told = CliRunner().invoke(cli, [*words[1:], "-q"], standalone_mode=False, catch_exceptions=False).output
    assert "1  left out as asked: not looked at, and in OUT as they stand" in told
    again = report(words[-1], plan=PLAN)
    assert {one.check for one in again.problems} == {"template.leaked-token"}


COMMENTS = (
    "ticket,author,comment\nA,customer,The roof\u00ad leaks.\nA,agent,A roofer comes today.<|im_end|>\n"
)
GROUPED = TableMap({"text": ("comment",)}, Grouping("ticket", role="author"))


def test_conversations_of_several_lines_are_converted_first(tmp_path: Path) -> None:
    path = tmp_path / "the comments.csv"
    path.write_text(COMMENTS, "utf-8")
    with pytest.raises(UsageError, match="not repaired in place") as caught:
        fix(str(path), out=tmp_path / "out.csv", plan=Plan(mapping=GROUPED))
    assert not (tmp_path / "out.csv").exists()
    command = caught.value.hint.partition(": ")[2]
    path_to = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path_to}
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env=environment, check=True, capture_output=True)
    (row,) = map(json.loads, (tmp_path / "fixed.jsonl").read_text("utf-8").splitlines())
    assert [one["content"] for one in row["messages"]] == ["The roof leaks.", "A roofer comes today."]
