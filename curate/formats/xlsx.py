"""Workbooks: the sheets whose columns are those of the first one, every cell as the text that people see.

A number stays the digits that it is, a date becomes ISO 8601, a formula its last result. Types are not guessed:
a guess from the first rows turns what comes later into nothing. A column that has cells and no name is named by its
letter, as people call it; of columns with one name the later ones get a number. The header is the first row, or the
full one below a title: a row with one cell, and perhaps blank ones.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from curate.core.errors import MissingExtraError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = {".xlsx", ".xlsm"}

TITLE_ROWS = 8
"""Rows in which a header below a title is looked for."""

UNNAMED = "__UNNAMED__"
"""How fastexcel begins the name of a column that has none."""

LETTER = "column "
"""How the name begins that such a column gets."""


class Sheets(NamedTuple):
    """The sheets that are read with the number of their rows, and why the others are not."""

    read: tuple[tuple[str, int], ...]
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
    for name, _ in _choose(book).read:
        yield _sheet(book, name)


def sheet_notes(path: Path) -> tuple[str, ...]:
    """What there is to say: which rows are those of which sheet, and why other sheets are not read."""
    book = _open(path)
    sheets = _choose(book)
    titled = tuple(note for name, _ in sheets.read if (note := _title_note(book, name)))
    if len(sheets.read) + len(sheets.passed_over) == 1:
        return titled
    ends = list(accumulate(height for _, height in sheets.read))
    told = [
        f"{name!r} ({f'row {end}' if height == 1 else f'rows {end - height + 1:,} to {end:,}'})"
        for (name, height), end in zip(sheets.read, ends, strict=True)
    ]
    read = f"read: sheet {', '.join(told)}" if told else "no sheet holds rows"
    return (*titled, read, *(f"not read: sheet {name!r} ({why})" for name, why in sheets.passed_over))


TIME_OF_DAY = r"^1899-12-3[01] (\d\d:\d\d:\d\d(?:\.\d+)?)$"
"""The day 0 of spreadsheets before a time of day, which has none; day 0 itself is in no table."""


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
            hint="it is damaged or locked: open it in a spreadsheet program and save it again as .xlsx",
        ) from error


def _choose(book: Any) -> Sheets:  # noqa: ANN401 (an optional package)
    """Visible sheets that have the columns of the first one with rows."""
    first: list[str] = []
    read: list[tuple[str, int]] = []
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
            read.append((name, frame.height))
    return Sheets(tuple(read), tuple(passed))


def _sheet(book: Any, name: str) -> pl.DataFrame:  # noqa: ANN401 (an optional package)
    """The rows of a sheet that hold anything, and its columns that have a name or a cell."""
    frame: pl.DataFrame = book.load_sheet(name, dtypes="string").to_polars()
    if not frame.width:
        return frame
    at = _header_below(frame)
    if at is not None:
        header = dict(zip(frame.columns, map(str, frame.row(at)), strict=True))
        frame = frame.slice(at + 1).rename(header)
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    frame = frame.with_columns(pl.all().str.replace(TIME_OF_DAY, "$1"))
    names = _names(frame.columns)
    empty = [
        column for column, made in names.items() if made.startswith(LETTER) and frame[column].is_null().all()
    ]
    return frame.rename(names).drop(names[column] for column in empty)


def _header_below(frame: pl.DataFrame) -> int | None:
    """The row below the first one that is the header, if that one is a title: one cell, above a row without gaps."""
    named = [column for column in frame.columns if column.strip() and not column.startswith(UNNAMED)]
    if len(named) != 1 or frame.width == 1:
        return None
    rows = ([cell for cell in row if cell and cell.strip()] for row in frame.head(TITLE_ROWS).iter_rows())
    at, cells = next(((at, row) for at, row in enumerate(rows) if row), (0, []))
    return at if len(set(cells)) == frame.width else None


def _title_note(book: Any, name: str) -> str:  # noqa: ANN401 (an optional package)
    at = _header_below(book.load_sheet(name, n_rows=TITLE_ROWS, dtypes="string").to_polars())
    return "" if at is None else f"the header of sheet {name!r} is row {at + 2}: above it stands a title"


def _names(columns: list[str]) -> dict[str, str]:
    """What each column is called: its name without the space around it, or its letter; each once."""
    names: dict[str, str] = {}
    for number, column in enumerate(columns):
        bare = column.strip()
        wanted = f"{LETTER}{_letters(number)}" if not bare or column.startswith(UNNAMED) else bare
        name, at = wanted, 0
        while name in names.values():
            at += 1
            name = f"{wanted}_{at}"
        names[column] = name
    return names


def _letters(number: int) -> str:
    """The letters of a column, counted from 0: A to Z, then AA."""
    return (_letters(number // 26 - 1) if number > 25 else "") + chr(ord("A") + number % 26)  # noqa: PLR2004 (letters)
