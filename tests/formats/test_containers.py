"""What a file is where its name does not say so, or says something else."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.api import report
from curate.core.errors import UnreadableError
from curate.formats.read import open_source
from curate.formats.sources import discover
from tests.faults import clean_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = clean_rows("pair")
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
FRAME = pl.DataFrame(ROWS)


def table(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


CONTENTS = {
    "jsonl": LINES,
    "json": json.dumps(ROWS, indent=1).encode(),
    "csv": FRAME.write_csv().encode(),
    "csv with tabs": FRAME.write_csv(separator="\t").encode(),
    "csv with a mark, semicolons and CRLF": b"\xef\xbb\xbf"
    + FRAME.write_csv(separator=";", line_terminator="\r\n").encode(),
    "csv in UTF-16": FRAME.write_csv().encode("utf-16"),
    "jsonl packed": gzip.compress(LINES),
    "csv packed": gzip.compress(FRAME.write_csv().encode()),
    "json after a comment": b"// six rows\n" + json.dumps(ROWS, indent=1).encode(),
    "table, parquet": table(FRAME.write_parquet),
    "table, arrow": table(FRAME.write_ipc),
    "table, stream": table(FRAME.write_ipc_stream),
}


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("name", ["-", "data.txt", "data", "data.dump"])
def test_content_decides_where_the_name_does_not(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CONTENTS[kind])))
    path = tmp_path / "data.txt" if name == "-" else tmp_path / name
    path.write_bytes(CONTENTS[kind])
    result = report("-" if name == "-" else str(path))
    assert (result.rows.kept, result.rows.quarantined) == (6, 0)
    assert result.files[0].container in kind.partition(",")[0]
    assert result.verdict.exit_code == 0


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_json_that_is_named_csv_is_json(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(CONTENTS[kind])
    result = report(str(path))
    assert (result.files[0].container, result.rows.kept) == (kind, 6)


def test_a_table_of_one_column_or_odd_names_stays_a_table(tmp_path: Path) -> None:
    for header in ("text", "{text}", "[text]"):
        path = tmp_path / "one.csv"
        path.write_text(f"{header}\n" + "A sentence about roofs.\n" * 3)
        (source,) = discover([str(path)]).sources
        assert open_source(source, 0).container == "csv"


def test_damaged_first_lines_leave_json_json(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(b"Exported on Monday, by hand\n" + LINES)
    result = report(str(path))
    assert (result.rows.kept, result.rows.quarantined) == (6, 1)


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("data.jsonl", LINES)
    return buffer.getvalue()


PROSE = b"The tenant pays the rent.\nOn the first, or so, of each month, he pays.\n\nThe landlord waits.\n"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rows.xlsx", workbook(), "cannot be read as a workbook"),
        ("rows.csv", workbook(), "is an Excel workbook"),
        ("rows", workbook(), "is an Excel workbook\n  give it the suffix .xlsx"),
        ("rows.zip", archive(), "is a zip archive\n  unpack it first"),
        (
            "rows.csv",
            CONTENTS["table, parquet"],
            "is a parquet file, not text\n  give it the suffix .parquet",
        ),
        ("rows.txt", PROSE, "is neither JSON nor a table"),
        ("rows.txt", b"one, two\n", "is neither JSON nor a table"),
        ("rows.txt", bytes(range(128, 256)) * 9, "is neither JSON nor a table"),
    ],
)
def test_what_is_no_data_is_said_in_a_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableError) as error:
        report(str(path))
    assert str(error.value).startswith(f"{path}: {said}")


def test_an_error_in_a_table_from_stdin_names_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = CONTENTS["table, parquet"][:-40]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(cut)))
    with pytest.raises(UnreadableError, match=r"^<stdin>: the parquet file has no end"):
        report("-")


def test_an_empty_file_of_no_name_is_empty(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    assert report(str(tmp_path / "data")).rows.in_ == 0
