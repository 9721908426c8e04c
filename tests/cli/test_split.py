"""``curate split``: what it prints, what it refuses, and where files go."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner, Result

from curate.cli.split import command
from curate.core.errors import CurateError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

TOPICS = (
    *("roof", "rent", "mill", "river", "lamp", "harbour", "orchard", "tenant"),
    *("ledger", "copper", "violin", "winter", "saddle", "pepper", "anchor", "barn"),
)


def lines(count: int = 40) -> str:
    rows = [
        {"instruction": f"Who repairs the {topic} in year {at}?", "output": f"Person {at}.", "who": topic}
        for at in range(count)
        for topic in [TOPICS[at % len(TOPICS)]]
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text(lines(), "utf-8")
    return path


def run(*words: object, **more: Any) -> Result:
    arguments = [str(word) for word in words]
    return CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False, **more)


def test_it_says_where_rows_went_and_what_was_compared(data: Path) -> None:
    result = run(data, "-o", data.parent / "out", "-q", "--ratio", "8/1/1")
    assert "40 rows in = 32 train + 4 validation + 4 test + 0 quarantined" in result.output
    assert "40 groups by near; the largest: 1, 1, 1" in result.output
    assert (
        "0 pairs of ≥ 0.7 similarity between splits: near ask (exact join, 272 pairs compared)"
        in result.output
    )
    assert "0 in two splits: same row (40 different ones)" in result.output
    assert "year" not in result.output
    assert sorted(path.name for path in (data.parent / "out").iterdir()) == [
        *("split.jsonl", "test.jsonl", "train.jsonl", "validation.jsonl")
    ]


def test_two_shares_are_train_and_test_and_names_can_be_given(data: Path) -> None:
    assert "+ 20 test" in run(data, "-o", data.parent / "a", "-q", "--ratio", "1/1").output
    assert (
        "+ 10 held-out"
        in run(data, "-o", data.parent / "b", "-q", "--ratio", "3/1", "--names", "fit/held-out").output
    )
    assert (data.parent / "b" / "held-out.jsonl").exists()


def test_a_field_keeps_rows_together_and_crossing_pairs_are_told(data: Path) -> None:
    data.write_text(lines() + lines().replace('"who": "', '"who": "other '), "utf-8")
    result = run(data, "-o", data.parent / "out", "-q", "--ratio", "1/1", "--by", "who")
    assert "32 groups by who" in result.output
    assert "0 in two splits: same who (32 different ones)" in result.output
    assert "were not to be kept together: add --by near" in result.output
    both = run(data, "-o", data.parent / "both", "-q", "--ratio", "1/1", "--by", "who", "--by", "near")
    assert "were not to be kept together" not in both.output


def test_strata_are_told_and_masked(data: Path) -> None:
    data.write_text(lines().replace('"who": "roof"', '"who": "ann@firm.example.com"'), "utf-8")
    words = data, "-o", data.parent / "out", "-q", "--ratio", "1/1", "--stratify", "who", "--force"
    output = run(*words).output
    assert "rent: " in output
    assert "and 6 more values" in output
    assert "ann@firm" not in output
    assert "ann@firm.example.com: " in run(*words, "--show-pii").output
    assert "rent: " not in run(*words, "--no-text").output


def test_data_may_come_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO(lines(10).encode())
    monkeypatch.setattr("curate.formats.sources.sys.stdin", io.TextIOWrapper(raw))
    result = CliRunner().invoke(
        command, ["-", "-o", str(tmp_path / "out"), "-q"], input=raw, standalone_mode=False
    )
    assert "10 rows in = " in result.output
    assert (tmp_path / "out" / "train.jsonl").exists()


def test_shares_that_do_not_add_up_are_told(data: Path) -> None:
    with pytest.raises(UsageError, match="add up to 110, not to 100") as error:
        run(data, "-o", data.parent / "out", "--ratio", "90/20")
    assert "90/5/5" in error.value.hint
    assert not (data.parent / "out").exists()


def test_more_splits_than_three_have_names(data: Path) -> None:
    words = ("--ratio", "40/30/20/10", "--names", "a/b/c/d")
    assert " d" in run(data, "-o", data.parent / "out", "-q", *words).output


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--ratio", "90-10"], UsageError),
        (["--ratio", "90/20"], UsageError),
        (["--ratio", "100"], UsageError),
        (["--ratio", "90/10/5/5"], UsageError),
        (["--ratio", "90/-5/15"], UsageError),
        (["--names", "a/b"], UsageError),
        (["--threshold", "high"], click.BadParameter),
        (["--threshold", "1.5"], UsageError),
        (["--by", "absent"], UsageError),
        (["--stratify", "absent"], UsageError),
    ],
)
def test_nonsense_is_refused(data: Path, words: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        run(data, "-o", data.parent / "out", "-q", *words)


def test_inputs_and_files_stay(data: Path) -> None:
    folder = data.parent
    data.rename(folder / "train.jsonl")
    with pytest.raises(CurateError, match="never overwritten"):
        run(folder / "train.jsonl", "-o", folder, "-q", "--force")
    (folder / "file").write_bytes(b"")
    with pytest.raises(CurateError, match="is a file"):
        run(folder / "train.jsonl", "-o", folder / "file", "-q")


def test_hostile_names_are_made_visible(data: Path) -> None:
    result = run(data, "-o", data.parent / "a\x1b[31m\nb", "-q")
    assert "\x1b[31m" not in result.output
    assert "␛[31m␊b/train.jsonl" in result.output
