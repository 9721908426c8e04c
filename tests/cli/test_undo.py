"""``curate undo`` and ``curate why``."""

from __future__ import annotations

import gzip
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.cli.main import main
from curate.core.errors import CurateError, UnreadableError
from curate.engines.undoing import fate_of, undo

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    {"instruction": "Who repairs the roof?", "output": "The landlord repairs it at his own cost."},
    {"instruction": "Who repairs the roof?", "output": "The landlord repairs it at his own cost."},
    {
        "instruction": "When is the rent due?",
        "output": "On the first; write to jo.doe@corp.example.<|im_end|>",
    },
]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_bytes("".join(json.dumps(row) + "\n" for row in ROWS).encode() + b'{"broken": \xff}\r\n')
    return path


@pytest.mark.parametrize("step", [("dedup",), ("drop", "--select", "template.leaked-token"), ("fix",)])
def test_every_step_is_undone_byte_for_byte(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], step: tuple[str, ...]
) -> None:
    out, back = tmp_path / "out.jsonl", tmp_path / "back.jsonl"
    assert run(capsys, *step, data, "-o", out, "-q")[0] == 0
    assert out.read_bytes() != data.read_bytes()
    code, told, _ = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", back)
    assert code == 0
    assert f"{step[0]} is undone" in told
    assert back.read_bytes() == data.read_bytes()


def test_the_folder_of_a_run_stands_for_its_ledger_and_its_data(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(ROWS[2]) + "\n")
    for name, inputs in (("one", [data]), ("two", [data, other])):
        out, back = tmp_path / name, tmp_path / f"{name}-back"
        assert run(capsys, "run", *inputs, "-o", out, "-q")[0] in (0, 1)
        code, _, told = run(capsys, "undo", out, "-o", back)
        assert code == 0, told
        files = [back] if len(inputs) == 1 else [back / path.name for path in inputs]
        assert [path.read_bytes() for path in files] == [path.read_bytes() for path in inputs]


def test_one_name_that_is_no_run_is_told_what_to_type(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "our out.jsonl"
    assert run(capsys, "drop", data, "--select", "template.leaked-token", "-o", out, "-q")[0] == 0
    code, _, told = run(capsys, "undo", out, "-o", tmp_path / "x")
    assert code == 2
    assert f"curate undo '{out}.ledger.jsonl' '{out}' -o OUT" in told
    code, _, told = run(capsys, "undo", tmp_path, "-o", tmp_path / "x")
    assert code == 2
    assert "holds no curate.lock.json" in told


def test_a_chain_is_undone_from_its_end(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixed, unique = tmp_path / "fixed.jsonl", tmp_path / "unique.jsonl.gz"
    run(capsys, "fix", data, "-o", fixed, "-q")
    run(capsys, "dedup", fixed, "-o", unique, "-q")
    assert run(capsys, "undo", f"{unique}.ledger.jsonl", unique, "-o", tmp_path / "1.jsonl.gz")[0] == 0
    assert gzip.decompress((tmp_path / "1.jsonl.gz").read_bytes()) == fixed.read_bytes()
    assert (
        run(capsys, "undo", f"{fixed}.ledger.jsonl", tmp_path / "1.jsonl.gz", "-o", tmp_path / "0.jsonl")[0]
        == 0
    )
    assert (tmp_path / "0.jsonl").read_bytes() == data.read_bytes()


def test_a_hand_edit_is_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    out.write_bytes(out.read_bytes().replace(b"roof", b"wall"))
    code, _, told = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", tmp_path / "back.jsonl")
    assert code == 2
    assert "was not written with this output" in told
    assert not (tmp_path / "back.jsonl").exists()


def test_a_forged_ledger_is_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    book = tmp_path / "out.jsonl.ledger.jsonl"
    book.write_bytes(book.read_bytes().replace(b"landlord repairs", b"landlord ignores"))
    code, _, told = run(capsys, "undo", book, out, "-o", tmp_path / "back.jsonl")
    assert code == 2
    assert "does not give back its input" in told


def test_neither_ledger_nor_output_is_overwritten(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    for target in (out, f"{out}.ledger.jsonl"):
        assert run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", target, "--force")[0] == 2
    assert run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", data)[0] == 2
    assert run(capsys, "undo", tmp_path / "none.jsonl", out, "-o", tmp_path / "x")[0] == 2


@pytest.mark.parametrize("step", [("dedup",), ("drop", "--select", "template.leaked-token"), ("fix",)])
def test_the_rows_of_a_table_go_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], step: tuple[str, ...]
) -> None:
    path, out, back = (tmp_path / f"{name}.parquet" for name in ("data", "out", "back"))
    nested = [{**row, "meta": {"n": at, "tags": ["a", None]}} for at, row in enumerate(ROWS)]
    pl.DataFrame(nested).write_parquet(path)
    run(capsys, *step, path, "-o", out, "-q")
    assert not pl.read_parquet(out).equals(pl.DataFrame(nested))
    code, told, _ = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", back)
    assert code == 0
    assert "3 rows with equal values" in told
    assert pl.read_parquet(back).equals(pl.read_parquet(path))
    assert pl.read_parquet(back).schema == pl.read_parquet(path).schema
    pl.DataFrame(nested[:1]).write_parquet(out)
    code, _, told = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", tmp_path / "other.parquet")
    assert code == 2
    assert "was not written with this output" in told


def test_a_part_is_taken_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, back = tmp_path / "out.jsonl", tmp_path / "back.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    code, told, _ = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", back, "--rule", "duplicate")
    assert code == 0
    assert "dedup is undone in part: 1 edit or removal taken back" in told
    assert back.read_bytes() == b"".join(data.read_bytes().splitlines(keepends=True)[:3])
    code, _, told = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", tmp_path / "x", "--row", "1")
    assert code == 2
    assert "no such edit or removal" in told
    assert run(capsys, "undo", out, "-o", tmp_path / "x")[0] == 2


def test_why_tells_what_became_of_a_row(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    book = f"{out}.ledger.jsonl"
    code, told, _ = run(capsys, "why", book, "2")
    assert code == 0
    assert f"{data}:2 was dropped by dedup" in told
    assert "duplicate.exact" in told
    assert f"the other row: {data}:1" in told
    assert run(capsys, "why", book, f"{data}:2")[1] == told
    assert "was quarantined by dedup" in run(capsys, "why", book, "4")[1]
    assert "1 is not in the ledger" in run(capsys, "why", book, "1")[1]
    assert "roof" in told
    assert "roof" not in run(capsys, "why", book, "2", "--no-text")[1]


def test_why_masks_and_tells_edits(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "drop", data, "--select", "template.leaked-token", "-o", out, "-q")
    assert "jo.doe@corp.example" not in run(capsys, "why", f"{out}.ledger.jsonl", "3")[1]
    assert "jo.doe@corp.example" in run(capsys, "why", f"{out}.ledger.jsonl", "3", "--show-pii")[1]
    run(capsys, "fix", data, "-o", tmp_path / "fixed.jsonl", "-q")
    told = run(capsys, "why", tmp_path / "fixed.jsonl.ledger.jsonl", "3")[1]
    assert "was edited by fix" in told
    assert "‘<|im_end|>’ went" in told


def test_why_asks_for_the_file_where_there_are_several(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(data.read_bytes())
    run(capsys, "dedup", data, other, "-o", tmp_path / "out", "-q")
    code, _, told = run(capsys, "why", tmp_path / "out.ledger.jsonl", "2")
    assert code == 2
    assert "the step read 2 files" in told
    assert "was dropped" in run(capsys, "why", tmp_path / "out.ledger.jsonl", f"{other}:1")[1]


FORGERIES: list[Any] = [
    *[None, True, -1, 0, 1.5, 10**30, float("nan"), "", "x", "\ud800", [], [-1, 2], [3, 2], ["x"], [None]],
    *[[["a", "b"]], [[1, 2, 3]], {}, {"x": 1}, {"base64": "%"}, {"base64": 5}, {"arrow": ""}, {"line": "x"}],
]


def forged(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Ledgers in which one field is missing, or is something else."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for at, fields in enumerate(lines):
        places = [(name, fields) for name in fields]
        places += [(f"{name} in rows", fields["rows"]) for name in fields.get("rows", ())]
        places += [(f"{name} in inputs", fields["inputs"][0]) for name in fields.get("inputs", [{}])[0]]
        for told, holder in places:
            name = told.split()[0]
            before = holder[name]
            for value in FORGERIES:
                holder[name] = value
                found.append((f"{at}: {told} = {value!r}", json.loads(json.dumps(lines))))
            del holder[name]
            found.append((f"{at}: no {told}", json.loads(json.dumps(lines))))
            holder[name] = before
    return found


@pytest.mark.parametrize("step", ["dedup", "fix"])
def test_a_forged_field_is_told_and_never_a_traceback(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    out, back = tmp_path / "out.jsonl", tmp_path / "back.jsonl"
    run(capsys, step, data, "-o", out, "-q")
    book = tmp_path / "out.jsonl.ledger.jsonl"
    lines = [json.loads(line) for line in book.read_text("utf-8").splitlines()]
    refused = 0
    for told, forgery in forged(lines):
        book.write_text("".join(json.dumps(line) + "\n" for line in forgery), "utf-8")
        for row in ("3", "2", "4"):
            code, _, said = run(capsys, "why", book, row)
            assert code in (0, 2), told
            assert "Traceback" not in said, told
        with suppress(UnreadableError):
            undo(book, out, back, force=True)
            assert back.read_bytes() == data.read_bytes(), told
            refused -= 1
        refused += 1
    assert refused > len(forged(lines)) // 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((r'"bytes": \[\d+, \d+\]', '"bytes": -1'), "`bytes` is not a [start, end) of whole numbers or null"),
        ((r'"inputs": \[.*?\]', '"inputs": []'), "names 0 `inputs` and 1 `outputs`"),
        ((r'"inputs": \[.*?\]', '"inputs": null'), "`inputs` is not a list of objects"),
        ((r'"step": "dedup", ', ""), "it lacks `step`"),
        ((r'"kept": \d+', '"kept": "all"'), "`kept` is not a whole number from 0"),
    ],
)
def test_it_is_said_what_is_wrong_with_a_ledger(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], told: str
) -> None:
    out, book = tmp_path / "out.jsonl", tmp_path / "out.jsonl.ledger.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    text, count = re.subn(*change, book.read_text("utf-8"), count=1)
    assert count
    book.write_text(text, "utf-8")
    for arguments in (("undo", book, out, "-o", tmp_path / "back.jsonl"), ("why", book, "2")):
        code, _, said = run(capsys, *arguments)
        assert code == 2
        assert told in said
    assert not (tmp_path / "back.jsonl").exists()


def test_of_a_mixed_run_text_and_tables_are_put_back(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "table.parquet", tmp_path / "out"
    pl.DataFrame(ROWS).write_parquet(table)
    assert run(capsys, "dedup", data, table, "-o", out, "-q")[0] == 0
    book = tmp_path / "out.ledger.jsonl"
    assert run(capsys, "undo", book, out / "data.jsonl", "-o", tmp_path / "back.jsonl")[0] == 0
    assert (tmp_path / "back.jsonl").read_bytes() == data.read_bytes()
    assert pl.read_parquet(out / "table.parquet").is_empty()
    assert run(capsys, "undo", book, out / "table.parquet", "-o", tmp_path / "back.parquet")[0] == 0
    assert pl.read_parquet(tmp_path / "back.parquet").equals(pl.read_parquet(table))
    code, told, _ = run(capsys, "why", book, f"{table}:1")
    assert code == 0
    assert f"the other row: {data}:1" in told


def test_the_related_row_of_a_table_is_told_by_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "table.parquet", tmp_path / "out.parquet"
    pl.DataFrame(ROWS).write_parquet(table)
    run(capsys, "dedup", table, "-o", out, "-q")
    told = run(capsys, "why", f"{out}.ledger.jsonl", "2")[1]
    assert re.search(r"the other row: key [0-9a-f]{16}\n", told)
    assert "None" not in told


@pytest.mark.parametrize(
    "row", ["", "0", "-1", "x", "data.jsonl", "data.jsonl:", ":2", "data.jsonl:x", "٢", "1.5"]
)
def test_what_is_no_row_is_an_error(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str
) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    with pytest.raises(CurateError, match="is no row"):
        fate_of(f"{out}.ledger.jsonl", row)


def test_a_file_is_known_by_the_end_of_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("one", "two"):
        for name in ("a.jsonl", f"{folder}.jsonl"):
            path = tmp_path / folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    run(capsys, "dedup", tmp_path / "one", tmp_path / "two", "-o", tmp_path / "out", "-q")
    book = tmp_path / "out.ledger.jsonl"
    assert "two/two.jsonl:1 was dropped" in run(capsys, "why", book, "two/two.jsonl:1")[1]
    assert "two/a.jsonl:3 was dropped" in run(capsys, "why", book, "two/a.jsonl:3")[1]
    assert "2 files whose name ends with a.jsonl" in run(capsys, "why", book, "a.jsonl:1")[2]
    code, _, told = run(capsys, "why", book, "wo.jsonl:1")
    assert code == 2
    assert "did not read wo.jsonl" in told


def test_a_line_beyond_the_file_is_not_said_to_be_kept(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    run(capsys, "dedup", data, "-o", out, "-q")
    told = run(capsys, "why", f"{out}.ledger.jsonl", "5")[1]
    assert "5 is not in the ledger: the rows of the input end in line 4" in told
    assert "kept" not in told
    assert "kept it" in run(capsys, "why", f"{out}.ledger.jsonl", "0123456789abcdef.2")[1]


def test_why_says_the_row_once_and_names_what_cannot_be_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "soft.jsonl", tmp_path / "out.jsonl"
    text = "The land\u00adlord re\u200bpairs the roof.<|im_end|>"
    data.write_text(json.dumps({"instruction": "Who repairs the roof?", "output": text}) + "\n")
    run(capsys, "fix", data, "-o", out, "-q", "--only", "text")
    told = run(capsys, "why", f"{out}.ledger.jsonl", "1")[1]
    assert told.count("was edited by fix") == 1
    assert "<U+200B>" in told
    assert "‘’" not in told
    assert f"it stands in {out}:1" in told
