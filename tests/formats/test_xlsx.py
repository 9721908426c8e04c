"""Workbooks: the same rows as the same table in CSV, whatever Excel thinks of their types."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.api import report
from curate.core.errors import MissingExtraError, UnreadableError
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.converting import convert
from curate.engines.dropping import drop
from curate.engines.repairing import fix
from curate.formats.columnar import decode_table, table_chunks
from curate.formats.sources import discover

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("fastexcel")
openpyxl = pytest.importorskip("openpyxl")

HEAD = ["Ticket ID", " Subject ", "Resolution", "Created", "n"]
ROWS = [
    ["007", "Roof\nleaks", "Fixed.", datetime(2024, 3, 1, 10, 30), 1],  # noqa: DTZ001 (Excel knows no zone)
    [None, None, None, None, None],
    ["008", "Door", None, datetime(2024, 3, 2), 2.5],  # noqa: DTZ001
    ["009", "Gate", "Oiled.", None, "many"],
]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == "Hidden" else "visible"
    book.save(path)
    return path


def rows_of(path: Path) -> list[dict[str, object]]:
    return [row for chunk in table_chunks(path, 0) for row in decode_table(chunk)]


def test_cells_are_the_text_that_people_see(tmp_path: Path) -> None:
    assert rows_of(workbook(tmp_path / "t.xlsx", Sheet=[HEAD, *ROWS])) == [
        {
            "Ticket ID": "007",
            "Subject": "Roof\nleaks",
            "Resolution": "Fixed.",
            "Created": "2024-03-01 10:30:00",
            "n": "1",
        },
        {
            "Ticket ID": "008",
            "Subject": "Door",
            "Resolution": None,
            "Created": "2024-03-02 00:00:00",
            "n": "2.5",
        },
        {"Ticket ID": "009", "Subject": "Gate", "Resolution": "Oiled.", "Created": None, "n": "many"},
    ]


def test_a_type_that_changes_late_loses_nothing(tmp_path: Path) -> None:
    table = [["q", "a"], *([n, f"answer {n}"] for n in range(3000)), ["late text", "x"]]
    found = rows_of(workbook(tmp_path / "t.xlsx", Sheet=table))
    assert (found[0]["q"], found[-1]["q"], len(found)) == ("0", "late text", 3001)


def test_sheets_with_the_same_columns_are_one_table(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        Empty=[],
        March=[HEAD, *ROWS[:1]],
        April=[HEAD, *ROWS[2:]],
        Pivot=[["sum"], [3]],
        Hidden=[HEAD, *ROWS],
    )
    plan = Plan(mapping=TableMap(read_map("user=Subject,assistant=Resolution,id=Ticket ID")))
    found = report(str(path), plan=plan)
    assert found.rows.in_ == 3
    assert found.files[0].notes == (
        "not read: sheet 'Empty' (no rows)",
        "not read: sheet 'Hidden' (hidden)",
        "not read: sheet 'Pivot' (other columns)",
        "read as user=Subject,assistant=Resolution,id=Ticket ID",
        "read: sheet 'March' (row 1), 'April' (rows 2 to 3)",
    )
    (problem,) = (one for one in found.problems if one.check == "schema.empty-answer")
    assert (problem.rows, problem.examples[0].place.row) == (1, 2)


def test_a_workbook_of_comments_is_grouped(tmp_path: Path) -> None:
    table = [
        ["t", "who", "said"],
        [1, "Ann", "Hi"],
        [2, "Cem", "Hm"],
        [1, "Bob", "Hello"],
        [2, "Bob", "Yes?"],
    ]
    path = workbook(tmp_path / "t.xlsx", Sheet=table)
    plan = Plan(mapping=TableMap({"text": ("said",)}, Grouping("t", role="who")))
    found = report(str(path), plan=plan)
    assert (found.rows.kept, found.files[0].layouts) == (2, {"messages": 2})


def test_a_folder_and_a_drop(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = workbook(tmp_path / "in" / "t.xlsx", Sheet=[HEAD, *ROWS])
    assert [one.name for one in discover([str(tmp_path / "in")]).sources] == [str(path)]
    plan = Plan(
        select=("schema.empty-answer",), mapping=TableMap(read_map("user=Subject,assistant=Resolution"))
    )
    done = drop(str(path), out=tmp_path / "out.parquet", plan=plan)
    assert (done.rows.in_, done.rows.kept, done.rows.dropped) == (3, 2, 1)
    assert pl.read_parquet(tmp_path / "out.parquet")["Ticket ID"].to_list() == ["007", "009"]


def test_what_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(UnreadableError, match="cannot be read as a workbook"):
        rows_of(path)


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (["Q", None, " A ", "A"], ["Q", "column B", "A", "A_1"]),
        (["Q", "  ", "B"], ["Q", "column B", "B"]),
        (["the\nquestion", 7, "x"], ["the\nquestion", "7", "x"]),
    ],
)
def test_every_column_with_cells_has_a_name(tmp_path: Path, head: list[Any], names: list[str]) -> None:
    path = workbook(tmp_path / "t.XLSX", Sheet=[head, [f"cell {at}" for at in range(len(head))]])
    assert [list(row) for row in rows_of(path)] == [names]


def test_columns_beyond_z_and_empty_ones(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Sheet=[["Q", *[None] * 26, "A"], ["x", *[None] * 25, "odd", "y"]])
    assert rows_of(path) == [{"Q": "x", "column AA": "odd", "A": "y"}]


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t", "t.parquet"])
def test_a_workbook_under_another_name_says_what_it_needs(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "t.xlsx", Sheet=[HEAD, *ROWS]).rename(tmp_path / name)
    with pytest.raises(UnreadableError, match="is an Excel workbook") as caught:
        report(str(path))
    assert "give it the suffix .xlsx" in caught.value.hint
    assert 'pip install "curate-data[xlsx]"' in caught.value.hint


MAPPED = Plan(
    select=("schema.empty-answer", "template.leaked-token"),
    mapping=TableMap(read_map("user=Subject,assistant=Resolution"), None, {"n": ("many",)}),
)


def test_every_command_reads_workbooks_as_it_reads_csv(tmp_path: Path) -> None:
    """The same table as CSV gives the same rows, places and results."""
    head = ["Ticket ID", "Subject", "Resolution", "n"]
    cells = [["1", "Roof", "Fixed.<|im_end|>", "x"], ["2", "Door", "", "x"], ["3", "Gate", "Oiled.", "many"]]
    book = workbook(tmp_path / "t.xlsx", Sheet=[head, *cells])
    sheet = tmp_path / "t.csv"
    sheet.write_text("\n".join(",".join(row) for row in [head, *cells]) + "\n", "utf-8")
    reports = [report(str(path), plan=MAPPED) for path in (book, sheet)]
    assert reports[0].rows == reports[1].rows
    assert [
        sorted((one.check, [example.place.row for example in one.examples]) for one in found.problems)
        for found in reports
    ] == [[("schema.empty-answer", [2]), ("template.leaked-token", [1])]] * 2
    dropped = drop(str(book), out=tmp_path / "kept.parquet", plan=MAPPED).rows
    assert dropped == drop(str(sheet), out=tmp_path / "kept.csv", plan=MAPPED).rows
    fixed = fix(str(book), out=tmp_path / "fixed.parquet", plan=MAPPED)
    assert fixed.edits == fix(str(sheet), out=tmp_path / "fixed.csv", plan=MAPPED).edits
    assert pl.read_parquet(tmp_path / "fixed.parquet")["Resolution"].to_list() == ["Fixed.", None, "Oiled."]
    for path in (book, sheet):
        done = convert(str(path), to="messages", out=tmp_path / f"{path.name}.jsonl", mapping=MAPPED.mapping)
        assert (done.rows, done.left_out, done.quarantined) == (3, 1, 0)
    lines = [(tmp_path / f"{path.name}.jsonl").read_bytes().splitlines()[0] for path in (book, sheet)]
    assert lines[0] == lines[1]


def test_without_the_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "t.xlsx", Sheet=[HEAD, *ROWS])
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(MissingExtraError) as caught:
        report(str(path))
    assert '[xlsx]"' in str(caught.value)


TITLE = ["Export, 1 April"]


@pytest.mark.parametrize(
    ("table", "row"),
    [([TITLE, ["Q", "A"], ["Who?", "You."]], 2), ([TITLE, [], ["Q", "A"], ["Who?", "You."]], 3)],
)
def test_a_title_above_the_header_is_told_of(tmp_path: Path, table: list[list[Any]], row: int) -> None:
    path = workbook(tmp_path / "t.xlsx", Sheet=table)
    assert rows_of(path) == [{"Q": "Who?", "A": "You."}]
    found = report(str(path), plan=Plan(mapping=TableMap(read_map("user=Q,assistant=A"))))
    assert f"the header of sheet 'Sheet' is row {row}: above it stands a title" in found.files[0].notes


@pytest.mark.parametrize(
    "table", [[["Q"], ["Who?"]], [["Q", None], ["Who?", None]], [["Q", "A"], ["x", "y"]]]
)
def test_a_header_of_one_column_is_no_title(tmp_path: Path, table: list[list[Any]]) -> None:
    path = workbook(tmp_path / "t.xlsx", Sheet=table)
    assert [next(iter(row)) for row in rows_of(path)] == ["Q"]
