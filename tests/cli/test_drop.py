"""``curate drop``: what it leaves out, what it says, and that nothing is lost."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from curate.cli.drop import command
from curate.core.errors import UsageError
from curate.core.ledger import raw_bytes, read_ledger, restore
from curate.core.plan import Plan
from curate.engines.dropping import drop
from curate.engines.repairing import fix
from curate.formats.sources import Source
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = {
    "instruction": "Who repairs the roof?",
    "input": "",
    "output": "The landlord repairs it at his own cost.",
}
LATE = {
    "instruction": "When is the rent due?",
    "input": "",
    "output": "On the first business day of each month.",
}
EMPTY = {"instruction": "May the tenant sublet?", "input": "", "output": ""}
ROWS = [GOOD, LATE, EMPTY, GOOD, GOOD]


def line(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode() + b"\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"".join(map(line, ROWS)) + b'{"instruction": "cut')
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(
        command, [str(word) for word in words], standalone_mode=False, catch_exceptions=False
    )


def entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_bytes().splitlines()[1:-1]]


def test_rows_go_by_the_selected_check_and_one_copy_stays(data: Path) -> None:
    out = data.with_name("out.jsonl")
    result = run(data, "--select", "duplicate.exact", "-o", out)
    assert out.read_bytes() == b"".join(map(line, [GOOD, LATE, EMPTY]))
    assert "6 rows in = 3 kept + 2 dropped + 1 quarantined" in result.output
    assert "2  duplicate.exact" in result.output
    book = data.with_name("out.jsonl.ledger.jsonl")
    assert str(book) in result.output
    first, second, last = entries(book)
    assert [first["line"], second["row"], last["line"]] == [4, 5, 6]
    assert [first["action"], last["action"]] == ["drop", "quarantine"]
    assert first["related"]["line"] == 1
    assert first["key"] == first["related"]["key"] + ".2"
    assert first["raw"] == line(GOOD).decode()
    assert last["key"] is None
    assert last["raw"] == '{"instruction": "cut'
    assert restore(read_ledger(book), out.read_bytes()) == data.read_bytes()


def test_without_a_selection_errors_decide(data: Path) -> None:
    out = data.with_name("out.jsonl")
    result = run(data, "-o", out)
    assert line(EMPTY) not in out.read_bytes()
    assert "schema.empty-answer" in result.output
    plan = json.loads(data.with_name("out.jsonl.ledger.jsonl").read_bytes().splitlines()[0])["plan"]
    assert plan["checks"]
    assert {check["severity"] for check in plan["checks"].values()} == {"error"}


def test_a_selection_in_the_plan_file_does_not_let_warnings_decide(data: Path) -> None:
    plan = data.with_name("plan.toml")
    plan.write_text(
        'select = ["schema", "duplicate.exact"]\n\n[severity]\n"duplicate.exact" = "warning"\n', "utf-8"
    )
    out = data.with_name("out.jsonl")
    assert "duplicate.exact" not in run(data, "--plan", plan, "-o", out).output
    named = run(data, "--plan", plan, "--select", "duplicate.exact", "-o", out, "--force").output
    assert "2  duplicate.exact" in named


def test_nothing_is_shown_of_any_row(data: Path) -> None:
    shown = run(data, "-o", data.with_name("out.jsonl")).output
    assert not any(word in shown for row in ROWS for word in row.values() if word)


def test_data_without_faults_is_copied(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(line(GOOD).replace(b"\n", b"\r\n\n") + line(LATE).strip())
    result = run(path, "--select", "duplicate", "-o", out)
    assert out.read_bytes() == path.read_bytes()
    assert "Nothing was left out" in result.output
    assert restore(read_ledger(tmp_path / "out.jsonl.ledger.jsonl"), out.read_bytes()) == path.read_bytes()


def test_a_run_that_keeps_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(line(EMPTY))
    assert "No row is left" in run(path, "-o", tmp_path / "out.jsonl").output


def test_the_same_run_writes_the_same_bytes(data: Path) -> None:
    written = []
    for workers in ("1", "2"):
        run(
            data,
            "--select",
            "duplicate.exact,schema",
            "-o",
            data.with_name("out.jsonl"),
            "--force",
            "--workers",
            workers,
        )
        written.append([path.read_bytes() for path in sorted(data.parent.glob("out*"))])
    assert written[0] == written[1]
    assert len(written[0]) == 2


def test_one_row_has_one_entry_and_the_worst_check_decides(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(line(LATE) + line(EMPTY) + line(EMPTY))
    run(path, "--select", "duplicate.exact,schema.empty-answer", "-o", out)
    second = entries(tmp_path / "out.jsonl.ledger.jsonl")[1]
    assert {second["check"], *second["also"]} == {"duplicate.exact", "schema.empty-answer"}
    assert out.read_bytes() == line(LATE)


def test_several_inputs_keep_their_names_below_a_folder(tmp_path: Path) -> None:
    for name in ("a/x.jsonl", "b/x.jsonl"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(line(GOOD) + line(LATE))
    out = tmp_path / "clean"
    result = run(tmp_path / "a", tmp_path / "b", "--select", "duplicate.exact", "-o", out)
    assert (out / "a" / "x.jsonl").read_bytes() == line(GOOD) + line(LATE)
    assert (out / "b" / "x.jsonl").read_bytes() == b""
    assert "4 rows in = 2 kept + 2 dropped" in result.output
    ledger = read_ledger(tmp_path / "clean.ledger.jsonl")
    assert restore(ledger, b"") == line(GOOD) + line(LATE)
    assert [mark.name for mark in ledger.header.inputs] == [
        str(tmp_path / name) for name in ("a/x.jsonl", "b/x.jsonl")
    ]
    with pytest.raises(UsageError, match="exists already"):
        run(tmp_path / "a", tmp_path / "b", "-o", out)


def test_a_compressed_array_is_restored_too(tmp_path: Path) -> None:
    path, out = tmp_path / "in.json", tmp_path / "out.json.gz"
    path.write_bytes(json.dumps(ROWS, indent=1).encode() + b"\n")
    run(path, "--select", "duplicate.exact", "-o", out)
    text = b"".join(blocks(Source(str(out), out)))
    assert json.loads(text) == ROWS[:3]
    assert restore(read_ledger(tmp_path / "out.json.gz.ledger.jsonl"), text) == path.read_bytes()


def test_the_ledger_of_a_table_holds_its_rows(tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS)
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    frame.write_parquet(path)
    run(path, "--select", "duplicate.exact", "-o", out)
    assert pl.read_parquet(out).equals(frame.head(3))
    found = list(read_ledger(tmp_path / "out.parquet.ledger.jsonl").entries())
    assert [(one.line, one.bytes) for one in found] == [(None, None)] * 2
    rows = pl.concat([pl.read_ipc_stream(io.BytesIO(raw_bytes(one.raw))) for one in found])
    assert pl.concat([frame.head(3), rows]).equals(frame)


def test_data_frames_can_be_cleaned_from_python(tmp_path: Path) -> None:
    done = drop(pl.DataFrame(ROWS), out=tmp_path / "out.parquet", plan=Plan(select=("duplicate.exact",)))
    assert (done.rows.in_, done.rows.kept, done.checks) == (5, 3, (("duplicate.exact", 2),))
    assert len(pl.read_parquet(done.outputs[0])) == 3


def test_inputs_and_other_files_are_not_overwritten(data: Path) -> None:
    before = data.read_bytes()
    other = data.with_name("other.jsonl")
    other.write_bytes(b"precious")
    for words in (
        (data, "-o", data, "--force"),
        (data, "-o", other),
        (data, "-o", "x", "--ledger", data, "--force"),
    ):
        with pytest.raises(UsageError):
            run(*words)
    assert (data.read_bytes(), other.read_bytes()) == (before, b"precious")
    assert sorted(path.name for path in data.parent.iterdir()) == ["data.jsonl", "other.jsonl"]


@pytest.mark.parametrize(
    ("name", "out", "complaint"),
    [
        ("in.parquet", "kept.jsonl", "a table cannot be written as '.jsonl'\n  give it the suffix .parquet"),
        ("in.parquet", "kept.parquet.gz", "a table cannot be written as '.gz'"),
        ("in.csv", "kept.jsonl", "delimited text cannot be written as '.jsonl'\n  give it the suffix .csv"),
        ("in.csv", "kept", "delimited text needs a suffix\n  give it the suffix .csv"),
        (
            "in.json",
            "kept.jsonl.gz",
            "a JSON document cannot be written as '.jsonl'\n  give it the suffix .json",
        ),
        ("in.jsonl", "kept.json", "JSON lines cannot be written as '.json'"),
        ("in.jsonl", "kept.parquet", "text cannot be written as '.parquet'"),
        (".", "kept.jsonl", "4 inputs cannot be written to one file\n  name a folder: kept/"),
    ],
)
@pytest.mark.parametrize("step", [drop, fix])
def test_an_output_that_does_not_suit_the_input_is_refused(
    tmp_path: Path, step: Callable[..., object], name: str, out: str, complaint: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    frame = pl.DataFrame(ROWS)
    frame.write_parquet(folder / "in.parquet")
    frame.write_csv(folder / "in.csv")
    (folder / "in.json").write_text(json.dumps(ROWS), "utf-8")
    (folder / "in.jsonl").write_bytes(b"".join(map(line, ROWS)))
    with pytest.raises(UsageError) as caught:
        step(folder / name, out=tmp_path / out)
    assert str(caught.value).startswith(f"{tmp_path / out}: {complaint}")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("name", "out"), [("in.jsonl", "kept.jsonl"), ("in.json", "kept"), ("in", "kept.txt")]
)
def test_an_output_may_have_the_suffix_of_the_input(tmp_path: Path, name: str, out: str) -> None:
    (tmp_path / name).write_text(json.dumps(ROWS), "utf-8")
    drop(tmp_path / name, out=tmp_path / out, plan=Plan(select=("duplicate.exact",)))
    assert json.loads((tmp_path / out).read_text("utf-8")) == ROWS[:3]


def test_one_row_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(line(GOOD))
    assert "1 row in = 1 kept" in run(path, "-o", tmp_path / "out.jsonl").output


def test_a_check_that_does_not_exist_leaves_nothing_behind(data: Path) -> None:
    with pytest.raises(Exception, match=r"no check or family 'duplicate\.exat'"):
        run(data, "--select", "duplicate.exat", "-o", data.with_name("out.jsonl"))
    assert list(data.parent.iterdir()) == [data]


@pytest.mark.skipif(
    not os.environ.get("CURATE_TEST_DATA"), reason="needs the public data: set CURATE_TEST_DATA"
)
def test_a_real_file_comes_back(real_data: Path, tmp_path: Path) -> None:
    for name in (
        "pubmedqa/ori_pqal.json",
        "llamafactory/alpaca_zh_demo.json",
        "medquad/medquad_health.jsonl",
    ):
        path, out = real_data / name, tmp_path / f"out.{name.rpartition('.')[2]}"
        done = drop(path, out=out, force=True, plan=Plan(select=("duplicate", "schema", "answer", "text")))
        assert done.rows.balanced
        assert restore(read_ledger(done.ledger), out.read_bytes()) == path.read_bytes()
