"""What the user names, and how bytes become UTF-8."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from typing import TYPE_CHECKING

import polars as pl
import pytest
import zstandard

from curate.api import report
from curate.core.errors import UnreadableError
from curate.formats.sources import Source, discover
from curate.formats.stream import decoded_blocks, encode_back, survey
from tests.faults import clean_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = clean_rows("pair")
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def test_globs_folders_and_repeated_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.jsonl", "a.jsonl", "deep/c.csv", "notes.md", ".hidden.jsonl"):
        (tmp_path / name).write_bytes(LINES)
    found = discover([str(tmp_path), str(tmp_path / "*.jsonl")])
    assert [source.name.removeprefix(f"{tmp_path}/") for source in found.sources] == [
        "a.jsonl",
        "b.jsonl",
        "deep/c.csv",
    ]
    assert len(found.skipped) == 2


PROSE = {
    "LICENSE.txt": "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy,\n",
    "README.txt": "About the data\n\n[1] Made in 2024, by hand.\n\nA row:\n\n{'prompt': …}\n\nThat is all.\n",
    "README.md": '# Data\n\n```json\n{"prompt": "Why?"}\n```\n',
    "make.py": "import json\n",
    ".DS_Store": "\0\0\0\1Bud1",
}


@pytest.mark.parametrize("pattern", ["", "*"])
def test_what_lies_beside_data_is_passed_over_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, pattern: str
) -> None:
    for name, text in PROSE.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.txt").write_bytes(LINES)
    (tmp_path / "c.txt").write_text("prompt\tcompletion\nWhy is it?\tIt must.\n", "utf-16")
    result = report(str(tmp_path / pattern))
    assert [file.name.rpartition("/")[2] for file in result.files] == ["a.jsonl", "b.txt", "c.txt"]
    assert result.rows.quarantined == 0
    passed = {name.rpartition("/")[2] for name, _ in result.skipped_files}
    assert passed == set(PROSE) - ({".DS_Store"} if pattern else set())
    (told,) = caplog.messages
    assert told.startswith("4 files not read: ")
    assert f"{tmp_path}/README.md" in told


def test_parts_without_a_suffix_are_data_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "part-00000").write_bytes(LINES)
    (tmp_path / "part-LICENSE").write_text(PROSE["LICENSE.txt"])
    found = discover([str(tmp_path / "part-*")])
    assert [source.name.rpartition("/")[2] for source in found.sources] == ["part-00000"]
    assert [name.rpartition("/")[2] for name, _ in found.skipped] == ["part-LICENSE"]


def test_what_is_named_is_read_or_refused(tmp_path: Path) -> None:
    for name in ("LICENSE.txt", "make.py"):
        (tmp_path / name).write_text(PROSE[name])
        with pytest.raises(UnreadableError, match="neither JSON nor a table"):
            report(str(tmp_path / name))
    with pytest.raises(UnreadableError, match="neither JSON nor a table"):
        report(str(tmp_path / "*.txt"))
    for pattern in ("", "*"):
        with pytest.raises(UnreadableError, match="no data file to read"):
            report(str(tmp_path / pattern))


def test_a_data_suffix_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.jsonl").write_text(PROSE["LICENSE.txt"])
    assert report(str(tmp_path)).rows.quarantined > 0


def test_shards_are_one_corpus(tmp_path: Path) -> None:
    for shard in range(3):
        (tmp_path / f"part-{shard}.jsonl").write_bytes(LINES)
    result = report(str(tmp_path))
    assert result.rows.in_ == 18
    assert [file.rows for file in result.files] == [6, 6, 6]
    exact = {problem.check: problem for problem in result.problems}["duplicate.exact"]
    assert exact.rows == 12
    assert exact.examples[0].place.file.endswith("part-1.jsonl")
    assert exact.examples[0].place.row == 1


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", lambda data: zstandard.compress(data[:50]) + zstandard.compress(data[50:])),
    ],
)
def test_packed_files_are_told_by_their_first_bytes(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    for name in (f"data.jsonl.{suffix}", "misnamed.jsonl"):
        path = tmp_path / name
        path.write_bytes(pack(LINES))
        result = report(str(path))
        assert (result.rows.kept, result.files[0].compression) == (6, suffix)
        path.write_bytes(pack(LINES)[:-9])
        with pytest.raises(UnreadableError, match="damaged"):
            report(str(path))


def read(path: Path, encoding: str | None = None) -> tuple[str, bytes]:
    source = Source(str(path), path)
    seen = survey(source, encoding)
    text = b"".join(decoded_blocks(source, seen.encoding))
    assert encode_back(text, seen.encoding) == path.read_bytes()
    return seen.encoding, text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "utf-8"),
        ("é ß €\n".encode() * 9, "utf-8"),
        (b"caf\xe9 M\xfcller\n" * 9, "cp1252"),
        (b"\x93quoted\x94 caf\xe9\n" * 9, "cp1252"),
        ("é\n".encode() * 50 + b"caf\xe9\n", "utf-8"),
        (b'{"a": "caf\xe9"}\n', "utf-8"),
        ("é ß\n".encode("utf-16"), "utf-16-le"),
        ("abc def\n".encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\x00\x80 random \x81\x8d\n" * 9, "utf-16-le"),
    ],
)
def test_encoding_is_decided_with_evidence(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    assert read(path)[0] == encoding


def test_a_late_byte_decides_too(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"prompt,completion\n" + b"plain,text\n" * 600_000 + b"caf\xe9,M\xfcller\n")
    assert read(path)[0] == "cp1252"


def test_cp1252_is_one_finding_at_the_first_line_that_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    rows = "".join(f"Wie heißt Ort {i}?;Ort {i} heißt Köln an der Straße {i}.\n" for i in range(9))
    path.write_bytes(("prompt;completion\nWhich town?;The town is Rome.\n" + rows).encode("cp1252"))
    result = report(str(path))
    assert result.rows.kept == 10
    assert result.files[0].encoding == "cp1252"
    (finding,) = [problem for problem in result.problems if problem.check == "schema.encoding"]
    assert (finding.rows, finding.examples[0].place.line) == (1, 3)


def test_utf16_rows_have_lines_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes((LINES.decode() + '{"prompt": "Ä?", "completion": "Ö<|im_end|>"}\n').encode("utf-16"))
    result = report(str(path))
    assert result.rows.kept == 7
    leak = {problem.check: problem for problem in result.problems}["template.leaked-token"]
    assert leak.examples[0].place.line == 7
    assert (
        sum((f.row_bytes + f.quarantined_bytes + f.separator_bytes) for f in result.files)
        == path.stat().st_size
    )


def test_frames_are_read_as_they_are() -> None:
    result = report(pl.DataFrame(ROWS))
    assert result.rows.kept == 6
    assert result.files[0].name == "<data 1>"
    assert result.problems == ()


def test_stdin_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = LINES + b'{"prompt": "Name it.", "completion": ""}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bad)))
    result = report("-")
    assert result.problems[0].examples[0].prompt is not None
    assert result.problems[0].examples[0].prompt.text == "Name it."
