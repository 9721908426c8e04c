"""``curate fix`` never writes over what it reads, nor two outputs to one place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from curate.cli.fix import command
from curate.core.errors import UsageError


@pytest.mark.parametrize("word", ["--html", "--ledger"])
def test_what_is_read_or_written_is_not_overwritten(tmp_path: Path, word: str) -> None:
    data, names, out = tmp_path / "a.jsonl", tmp_path / "k.csv", tmp_path / "b.jsonl"
    data.write_text('{"prompt": "Who?", "completion": "Anna Berg."}\n')
    names.write_text("name\nAnna Berg\n")
    flags = [str(data), "-o", str(out), "--only", "pii", "--known", str(names), "--force", "--quiet"]
    for target in (names, Path(f"{out}.ledger.jsonl")) if word == "--html" else (names,):
        with pytest.raises(UsageError, match=r"never overwritten|written twice"):
            CliRunner().invoke(
                command, [*flags, word, str(target)], standalone_mode=False, catch_exceptions=False
            )
    assert names.read_text() == "name\nAnna Berg\n"


def test_a_page_is_none_of_the_outputs_of_a_folder(tmp_path: Path) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        file.write_text('{"prompt": "Who?", "completion": "Anna.<|im_end|>"}\n')
    out = tmp_path / "out"
    flags = [*map(str, files), "-o", f"{out}/", "--html", str(out / "a.jsonl"), "--quiet"]
    with pytest.raises(UsageError, match="written twice"):
        CliRunner().invoke(command, flags, standalone_mode=False, catch_exceptions=False)
    assert json.loads((out / "a.jsonl").read_text())["completion"] == "Anna."
