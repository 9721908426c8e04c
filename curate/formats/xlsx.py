"""Workbooks: the sheets whose columns are those of the first one, every cell as the text that people see.

A number stays the digits that it is, a date becomes ISO 8601, a formula its last result. Types are not guessed:
a guess from the first rows turns what comes later into nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from curate.core.errors import MissingExtraError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = {".xlsx", ".xlsm"}

UNNAMED = "__UNNAMED__"
"""How fastexcel begins the name of a column that has none."""


class Sheets(NamedTuple):
    """The sheets that are read, and why the others are not."""

    names: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]


def is_workbook(source: object) -> bool:
    """Whether a source is a workbook, by its name."""
    return isinstance(source, str | Path) and Path(source).suffix.lower() in SUFFIXES


def sheet_frames(path: Path) -> Iterator[pl.DataFrame]:
    """A frame for each sheet that is read; blank rows are left away.

    Raises:
        UnreadableError: it is no workbook, or a damaged or encrypted one.
        MissingExtraError: the package that reads workbooks is not installed.
    """
    book = _open(path)
    for name in _choose(book).names:
        yield _sheet(book, name)


def sheet_notes(path: Path) -> tuple[str, ...]:
    """What there is to say: which sheets are read, and why others are not."""
    sheets = _choose(_open(path))
    if len(sheets.names) + len(sheets.passed_over) == 1:
        return ()
    read = f"read: sheet {', '.join(map(repr, sheets.names))}" if sheets.names else "no sheet holds rows"
    return (read, *(f"not read: sheet {name!r} ({why})" for name, why in sheets.passed_over))


def _open(path: Path) -> Any:  # noqa: ANN401 (an optional package)
    try:
        import fastexcel  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingExtraError("reading .xlsx", "xlsx") from error
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise UnreadableError(
            "cannot be read as a workbook",
            where=str(path),
            hint="it is damaged or has a password: open it in a spreadsheet program and save it again",
        ) from error


def _choose(book: Any) -> Sheets:  # noqa: ANN401 (an optional package)
    """Visible sheets that have the columns of the first one with rows."""
    first: list[str] = []
    names: list[str] = []
    passed: list[tuple[str, str]] = []
    for name in book.sheet_names:
        frame = _sheet(book, name)
        visible = book.load_sheet(name, n_rows=0).visible == "visible"
        if not visible or not frame.height:
            passed.append((name, "no rows" if visible else "hidden"))
        elif first and frame.columns != first:
            passed.append((name, "other columns"))
        else:
            first = frame.columns
            names.append(name)
    return Sheets(tuple(names), tuple(passed))


def _sheet(book: Any, name: str) -> pl.DataFrame:  # noqa: ANN401 (an optional package)
    frame: pl.DataFrame = book.load_sheet(name, dtypes="string").to_polars()
    if not frame.width:
        return frame
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    empty = [
        column for column in frame.columns if column.startswith(UNNAMED) and frame[column].is_null().all()
    ]
    return frame.drop(empty).rename(str.strip)
