from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Explain in plain English what escrow means to the buyer of a house, and write to jo.doe@corp.example for more."
ANSWER = "A third party holds the money until both sides have done their part."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asks = [ASK, ASK, "Please " + ASK, ASK.replace("buyer", "seller"), "What is rent?"]
    rows = [{"instruction": ask, "output": ANSWER} for ask in asks]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in ("dedup", *arguments, "-q")])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_it_says_where_every_row_went(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, data, "-o", tmp_path / "out.jsonl", "--threshold", "0.6")
    assert code == 0
    assert "5 rows in = 3 kept + 2 dropped + 0 quarantined" in out
    assert "1  duplicate.exact: says the same, letter for letter" in out
    assert "1  duplicate.near: asks and teaches the same" in out
    assert "2  variants" in out
    assert f"removed  {data}:3 → {data}:1" in out
    assert "courtesy" in out
    assert "[-seller-]{+buyer+}" in out
    assert "jo.doe@corp.example" not in out


def test_no_text_shows_none(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, data, "-o", tmp_path / "out.jsonl", "--no-text")
    assert "escrow" not in out
    assert "seller" not in out
    assert f"{data}:3 → {data}:1" in out


def test_without_the_guard_it_warns(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, data, "-o", tmp_path / "out.jsonl", "--guard", "off", "--threshold", "0.6")
    assert code == 0
    assert "rows that ask for something else may be among them" in out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--keep", "best"), "does not say which row to keep"),
        (("--threshold", "high"), "is no number"),
        (("--threshold", "0"), "threshold"),
        (("--threshold", "nan"), "threshold"),
        (("--threshold", "1.5"), "threshold"),
        (("--keep", "newest:day"), "no row has the field 'day'"),
    ],
)
def test_mistakes_are_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str], told: str
) -> None:
    code, _, err = run(capsys, data, "-o", tmp_path / "out.jsonl", *options)
    assert code == 2
    assert told in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.jsonl").exists()


def test_an_input_is_never_overwritten(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = data.read_bytes()
    code, _, _ = run(capsys, data, "-o", data, "--force")
    assert code == 2
    assert data.read_bytes() == before


def test_a_mapped_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Nr;Frage;Antwort\n1;Was ist Miete?;Geld.\n2;Was ist Miete ?;Geld.\n3;Was ist Pacht?;Geld.\n", "utf-8"
    )
    code, out, _ = run(capsys, path, "-o", tmp_path / "o.csv", "--map", "user=Frage,assistant=Antwort,id=Nr")
    assert code == 0
    assert "3 rows in = 2 kept + 1 dropped" in out
    assert (tmp_path / "o.csv").read_text("utf-8").splitlines()[1:] == [
        "1;Was ist Miete?;Geld.",
        "3;Was ist Pacht?;Geld.",
    ]
