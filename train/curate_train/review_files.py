"""The files of a review: the sheet as CSV and as a page, the key, and the filled sheets that come back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curate.core.errors import UnreadableError, UsageError
from curate_train.evaluation_report import asset, environment, styled
from curate_train.files import write_json
from curate_train.review import CRITERIA, SCALE, Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from curate_train.review import Sheet

SHEET, PAGE, KEY = "sheet.csv", "review.html", "key.json"

JUDGED = tuple(f"{criterion} {side}" for criterion in CRITERIA for side in "AB")
COLUMNS = ("row", "prompt", "A", "B", "reference", *JUDGED, "preference", "comments")
"""The columns of the sheet; a reviewer fills those from ``accuracy A`` on."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula in a spreadsheet (CWE-1236, OWASP CSV injection); an apostrophe before it makes it text."""

TIE = frozenset({"tie", "=", "same", "equal", "none", "both"})
MOST_FAULTS = 20


@dataclass(frozen=True)
class Judgement:
    """What one reviewer says of one row.

    Attributes:
        reviewer: name of the filled file.
        row: its number in the sheet.
        preference: ``A``, ``B``, ``tie``, or empty.
        ratings: for ``accuracy A`` and so on, 1 to 5; only those that were given.
        comments: free text.
    """

    reviewer: str
    row: str
    preference: str
    ratings: Mapping[str, int]
    comments: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was judged."""
        return not self.preference and not self.ratings


def write_review(folder: Path, sheet: Sheet, key: Key) -> None:
    """Write sheet, page and key.

    Raises:
        UsageError: the folder holds the key of another sheet, which answers that are still out would need.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / KEY).is_file() and read_key(folder / KEY).sheet != key.sheet:
        raise UsageError("holds the key of another sheet", where=str(folder), hint="name another folder")
    (folder / SHEET).write_text(sheet_csv(sheet), "utf-8-sig", newline="")
    (folder / PAGE).write_text(sheet_page(sheet), "utf-8")
    write_json(folder / KEY, key.as_json())


def sheet_csv(sheet: Sheet) -> str:
    """The sheet for a spreadsheet, with empty columns to fill."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    empty = [""] * (len(JUDGED) + 2)
    for pair in sheet.pairs:
        prompt = "\n\n".join(f"[{role}] {text}" for role, text in pair.prompt)
        cells = (pair.number, prompt, pair.a, pair.b, pair.reference)
        writer.writerow([*map(as_text, cells), *empty])
    return out.getvalue()


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def sheet_page(sheet: Sheet) -> str:
    """One offline page that keeps what is filled in on the reviewer's machine, and writes it as CSV."""
    page = environment().get_template("review.html.j2")
    return page.render(
        **styled(asset("review.js")),
        sheet=sheet,
        criteria=CRITERIA,
        scale=SCALE,
        columns=json.dumps(["row", *JUDGED, "preference", "comments"]),
    )


def read_key(path: Path) -> Key:
    """The key of a sheet.

    Raises:
        UnreadableError: there is none.
    """
    try:
        return Key.from_json(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        hint = "name it with --key: it was written beside the sheet"
        raise UnreadableError("no such key", where=str(path), hint=hint) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError("is no key of a review", where=str(path)) from error


def read_filled(path: Path, key: Key) -> list[Judgement]:
    """What a reviewer filled in; rows that are left empty are left out.

    Raises:
        UnreadableError: the file cannot be read or has other columns.
        UsageError: cells hold something else than asked, each with its line; or the file belongs to another sheet.
    """
    faults: list[str] = []
    made: dict[str, Judgement] = {}
    for line, cells in _lines(path):
        one = _judgement(path.stem, cells, line, faults)
        if one.row not in key.rows:
            faults.append(f"line {line}: no row '{one.row[:20]}' in the sheet of this key")
        elif one.row in made:
            faults.append(f"line {line}: row {one.row} is judged twice")
        elif not one.is_empty:
            made[one.row] = one
    if faults:
        shown = "\n  ".join(faults[:MOST_FAULTS])
        more = f"\n  and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise UsageError(
            f"cannot be scored:\n  {shown}{more}", where=str(path), hint="mend these cells and score again"
        )
    return list(made.values())


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and cells by lower-case column; separators of any locale's spreadsheet."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}", where=str(path)) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    known = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    missing = [name for name in ("row", "preference") if name not in known]
    if missing:
        hint = "export it as CSV, with the columns that the sheet had"
        raise UnreadableError(f"has no column {' and '.join(missing)}", where=str(path), hint=hint)
    for cells in reader:
        yield (
            reader.line_num,
            {
                (name or "").strip().lower(): value or ""
                for name, value in cells.items()
                if isinstance(value, str)
            },
        )


def _judgement(reviewer: str, cells: dict[str, str], line: int, faults: list[str]) -> Judgement:
    ratings = {}
    for name in JUDGED:
        said = cells.get(name.lower(), "").strip().removesuffix(".0")
        if said and said not in map(str, SCALE):
            faults.append(f"line {line}: {name} is '{said[:20]}', not 1 to 5")
        elif said:
            ratings[name] = int(said)
    preference = cells["preference"].strip().lower()
    if preference in TIE:
        preference = "tie"
    elif preference not in {"a", "b", ""}:
        faults.append(f"line {line}: preference is '{preference[:20]}', not A, B or tie")
    told = preference.upper() if preference in {"a", "b"} else preference
    return Judgement(
        reviewer, cells["row"].strip().lstrip("'"), told, ratings, cells.get("comments", "").strip()
    )
