"""``curate sample`` as it is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    rows = (
        {"prompt": f"Say what word {at % 7} means, jo.doe@corp.example", "completion": "so"}
        for at in range(60)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in ("sample", *arguments, "-q")])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_it_tells_the_sample_against_chance(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    code, out, _ = run(capsys, data, "--n", 7, "-o", tmp_path / "out.jsonl")
    assert code == 0
    assert "60 rows in = 7 kept + 53 dropped + 0 quarantined" in out
    assert "Against 5 random draws of 7 rows" in out
    assert "jo.doe" not in out


def test_json_holds_the_figures(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    code, out, _ = run(capsys, data, "--n", 7, "-o", tmp_path / "out.jsonl", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["schema"] == "curate.sample/1"
    assert told["rows"] == {"in": 60, "kept": 7, "dropped": 53, "quarantined": 0}
    assert len(told["compared"]["draws"]) == 5
    assert set(told["compared"]["sample"]) == {"coverage", "cosine", "openings"}


def test_a_plain_draw_needs_and_tells_nothing_more(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, data, "--n", 7, "--maximise", "random", "-o", tmp_path / "out.jsonl", "--json")
    assert code == 0
    assert json.loads(out)["compared"] is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--n", "61"), "61 rows are asked for, and there are 60 that can be read"),
        (("--n", "0"), "0 is not in the range"),
        (("--n", "5", "--maximise", "beauty"), "'beauty' is not one of"),
        (("--n", "5", "--plan", "none.toml"), "none.toml"),
    ],
)
def test_mistakes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], told: str
) -> None:
    code, _, err = run(capsys, data, "-o", tmp_path / "out.jsonl", *options)
    assert code == 2
    assert told in err
    assert "Traceback" not in err
