"""``curate undo`` and ``curate why``."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.cli.main import main

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


def test_a_table_is_not_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "data.parquet", tmp_path / "out.parquet"
    pl.DataFrame(ROWS).write_parquet(path)
    run(capsys, "dedup", path, "-o", out, "-q")
    code, _, told = run(capsys, "undo", f"{out}.ledger.jsonl", out, "-o", tmp_path / "back.parquet")
    assert code == 2
    assert "is the ledger of a table" in told


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
    assert "‘<|im_end|>’ became ‘’" in told


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
