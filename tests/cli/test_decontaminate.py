"""``curate decontaminate``: what it prints, writes and refuses, and its exit codes."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from curate.cli.decontaminate import command
from curate.core.errors import CurateError

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Which of the two brothers inherited the mill, and whose card is 4111 1111 1111 1111?"
ROWS = [
    {"instruction": "When is the rent due?", "input": "", "output": "On the first."},
    {"instruction": ASK, "input": "", "output": "The elder."},
    {"instruction": "Name animals", "input": "", "output": "Cats."},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + '{"instruction": "cut', "utf-8")
    return path


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    path = tmp_path / "bench.jsonl"
    path.write_text("".join(json.dumps({"question": ask}) + "\n" for ask in ("Who?", ASK)), "utf-8")
    return path


def run(*words: object, **more: Any) -> Result:
    arguments = [str(word) for word in words]
    return CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False, **more)


def test_without_an_output_it_only_tells(data: Path, bench: Path) -> None:
    result = run(data, "--against", bench, "-q")
    assert result.return_value == 1
    assert "1 of 3 rows hold something of 1 of 2 items" in result.output
    assert f"whole-prompt  {data}:2 ↔ {bench}:2" in result.output
    assert "inherited the mill" in result.output
    assert "4111" not in result.output
    assert "1  records of the data cannot be read" in result.output
    assert sorted(path.name for path in data.parent.iterdir()) == ["bench.jsonl", "data.jsonl"]


def test_no_text_is_shown_if_none_is_wanted(data: Path, bench: Path) -> None:
    assert "inherited" not in run(data, "--against", bench, "-q", "--no-text").output
    assert "inherited" not in run(data, "--against", bench, "-q", "--json").output
    assert "4111 1111" in run(data, "--against", bench, "-q", "--show-pii").output


def test_json_lists_hits_with_row_and_against_row(data: Path, bench: Path) -> None:
    result = run(data, "--against", bench, "-q", "--json")
    assert result.return_value == 1
    told = json.loads(result.output)
    (hit,) = told["hits"]
    assert (hit["row"], hit["line"], hit["file"]) == (2, 2, str(data))
    assert (hit["against_row"], hit["against_line"], hit["against_file"]) == (2, 2, str(bench))
    assert (hit["kind"], hit["at"], hit["against_at"]) == ("whole-prompt", "/instruction", "/question")
    assert hit["span"] == hit["against_span"] == [0, len(ASK)]
    assert (told["rows"], told["rows_hit"], told["items"], told["items_hit"]) == (3, 1, 2, 1)
    assert told["quarantined"] == {"data": 1, "against": 0}


def test_it_passes_where_nothing_is_shared(data: Path, bench: Path) -> None:
    bench.write_text('{"question": "Who?"}\n', "utf-8")
    result = run(data, "--against", bench, "-q")
    assert result.return_value == 0
    assert "0 of 3 rows" in result.output


def test_rows_are_taken_out_and_told(data: Path, bench: Path) -> None:
    out = data.with_name("out.jsonl")
    result = run(data, "--against", bench, "-o", out, "-q")
    assert result.return_value == 0
    assert "4 rows in = 2 kept + 1 dropped + 1 quarantined" in result.output
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [ROWS[0], ROWS[2]]
    with pytest.raises(CurateError, match="exists already"):
        run(data, "--against", bench, "-o", out, "-q")


def test_several_files_go_to_a_folder(data: Path, bench: Path, tmp_path: Path) -> None:
    two = tmp_path / "two.jsonl"
    two.write_text(json.dumps(ROWS[2]) + "\n", "utf-8")
    more = tmp_path / "more.jsonl"
    more.write_text('{"prompt": "Name animals."}\n', "utf-8")
    result = run(data, two, "--against", bench, "--against", more, "-o", tmp_path / "clean", "-q")
    assert "3 of 4 rows hold something of 2 of 3 items" in result.output
    assert (tmp_path / "clean" / "two.jsonl").read_bytes() == b""


def test_data_may_come_from_standard_input(bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO(json.dumps(ROWS[1]).encode() + b"\n")
    monkeypatch.setattr("curate.formats.sources.sys.stdin", io.TextIOWrapper(raw))
    result = CliRunner().invoke(
        command, ["-", "--against", str(bench), "-q"], input=raw, standalone_mode=False
    )
    assert "<stdin>:1" in result.output


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--check", "-o", "x.jsonl"], "writes nothing"),
        (["--against", "-", "-"], "at once"),
        (["--against", "absent.jsonl"], "no such file"),
        (["-o", "bench.jsonl", "--force"], "never overwritten"),
    ],
)
def test_nonsense_is_refused(
    data: Path, bench: Path, words: list[str], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data.parent)
    with pytest.raises(CurateError, match=what):
        run(data, "--against", bench, "-q", *words)


def test_hostile_names_are_made_visible(data: Path, bench: Path) -> None:
    odd = data.with_name("a\x1b[31m\nb.jsonl")
    data.rename(odd)
    output = run(odd, "--against", bench, "-q").output
    assert "\x1b[31m" not in output
    assert "␛[31m␊b.jsonl:2" in output
