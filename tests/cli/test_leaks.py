"""``curate leaks``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from curate.cli.leaks import command
from curate.core.errors import CurateError

if TYPE_CHECKING:
    from pathlib import Path

ASK = "Whose card is 4111 1111 1111 1111, and who repairs the roof of the old mill by the river?"


def line(ask: str) -> str:
    return json.dumps({"instruction": ask, "input": "", "output": "An answer."}) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    train, test = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    train.write_text(line("Name animals") + line(ASK), "utf-8")
    test.write_text(line("Name rivers") + line("name animals!") + line(ASK.replace("old", "new")), "utf-8")
    return train, test


def run(*words: object) -> Result:
    arguments = [str(word) for word in words]
    return CliRunner().invoke(command, [*arguments, "-q"], standalone_mode=False, catch_exceptions=False)


def test_counts_and_places_are_told(files: tuple[Path, Path]) -> None:
    result = run(*files)
    assert result.return_value == 1
    assert f"2 of 3 rows of {files[1]} have something in common with {files[0]} (2 rows)" in result.output
    assert "1  same ask (33.33%)" in result.output
    assert "1  near ask (33.33%)" in result.output
    assert f"same ask  {files[1]}:2 ↔ {files[0]}:1  similarity 1.00" in result.output
    assert "repairs the roof" in result.output
    assert "4111" not in result.output


def test_text_is_shown_only_if_wanted(files: tuple[Path, Path]) -> None:
    assert "roof" not in run(*files, "--no-text").output
    assert "4111 1111" in run(*files, "--show-pii").output


def test_json_holds_all_without_text(files: tuple[Path, Path]) -> None:
    result = run(*files, "--json")
    told = json.loads(result.output)
    (between,) = told["between"]
    assert result.return_value == 1
    assert told["rows_leaked"] == 1
    assert between["counts"] == {"same ask": 1, "near ask": 1}
    same = {"kind": "same ask", "similarity": 1.0, "row": 2, "line": 2, "file": str(files[1])}
    assert between["leaks"][0] == {**same, "other_row": 1, "other_line": 1, "other_file": str(files[0])}
    assert "roof" not in result.output


def test_variants_alone_are_no_leak(files: tuple[Path, Path]) -> None:
    files[0].write_text(line(ASK), "utf-8")
    result = run(*files)
    assert result.return_value == 0
    assert "1  near ask" in result.output


def test_nonsense_is_refused(files: tuple[Path, Path]) -> None:
    with pytest.raises(CurateError, match="none to leak into"):
        run(files[0])
    with pytest.raises(click.BadParameter):
        run(*files, "--threshold", "high")
    with pytest.raises(CurateError, match="no such file"):
        run(files[0], files[0].with_name("absent.jsonl"))


def test_hostile_names_are_made_visible(files: tuple[Path, Path]) -> None:
    odd = files[0].rename(files[0].with_name("a\x1b[31m\nb.jsonl"))
    output = run(odd, files[1]).output
    assert "\x1b[31m" not in output
    assert "␛[31m␊b.jsonl" in output
