"""Which container a text file is: by its name where that says so, and by its beginning where it does not."""

from __future__ import annotations

import codecs
import json
import re

from curate.core.errors import UnreadableError
from curate.core.names import DISTRIBUTION
from curate.formats.csv_dialect import looks_like_table
from curate.formats.json_document import looks_like_lines

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
_OPENERS = ("{", "[", "//", "/*")
_BEGUN = re.compile(r"""\s*(?:[{\[]\s*(?:["'{}\[\]]|//|/\*|$)|//|/\*)""")
"""How a line of JSON begins; prose has words behind its brackets."""

_ARRAY = re.compile(r"\[\s*\{")
_ZIP = b"PK\x03\x04"
_REFUSED = (
    (_ZIP, "is a zip archive", "unpack it first, and name the files in it"),
    (b"\xd0\xcf\x11\xe0", "is an Office file of the old kind (.xls, .doc)", "save its sheet as CSV (UTF-8)"),
    (b"PAR1", "is a parquet file, not text", "give it the suffix .parquet"),
    (b"ARROW1", "is an Arrow file, not text", "give it the suffix .arrow"),
    (b"%PDF-", "is a PDF", "curate reads rows, from JSON, CSV, parquet or Arrow"),
    (b"SQLite format 3", "is a SQLite database", "export its table as CSV or JSON lines"),
)


def refuse_foreign(head: bytes, name: str) -> None:
    """Turn away files whose first bytes show that they hold no rows that curate can read.

    Raises:
        UnreadableError: an Excel workbook, another zip archive, a parquet file named as text, a PDF, a database.
    """
    if head.startswith(_ZIP) and (b"[Content_Types].xml" in head or b"xl/" in head):
        needs = f'reading it needs: pip install "{DISTRIBUTION}[xlsx]"'
        hint = f"give it the suffix .xlsx ({needs}), or save its sheet as CSV (UTF-8)"
        raise UnreadableError("is an Excel workbook", where=name, hint=hint)
    if head.startswith(_ZIP) and b"opendocument.spreadsheet" in head:
        raise UnreadableError(
            "is an OpenDocument spreadsheet", where=name, hint="save it as .xlsx or CSV (UTF-8)"
        )
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise UnreadableError(what, where=name, hint=hint)


def container_of(head: bytes, suffix: str, name: str) -> str:
    """``jsonl``, ``json`` or ``csv``.

    A file that is named as JSON is JSON, and its damaged rows go to quarantine. One that is named as CSV is CSV,
    unless it begins with a JSON object or a list of them. All others are judged by their beginning.

    Args:
        head: the first bytes, as UTF-8.
        suffix: of the file, compression set aside.
        name: the file's name, for errors.

    Raises:
        UnreadableError: the name says nothing, and the beginning is neither JSON nor delimited text.
    """
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    if suffix in CSV_SUFFIXES and not _begins_with_a_row(text):
        return "csv"
    if suffix not in (*JSON_SUFFIXES, *CSV_SUFFIXES) and text.strip() and not _may_be_json(text):
        if looks_like_table(head, name):
            return "csv"
        raise UnreadableError(
            "is neither JSON nor a table: no line begins with { or [, and no delimiter divides the lines alike",
            where=name,
            hint="name it .jsonl, .json or .csv to have it read as such",
        )
    return "jsonl" if looks_like_lines(head) else "json"


def begins_as_data(head: bytes, name: str) -> bool:
    """Whether a file of a folder is data although its name does not say so: prose beside it shall not be read.

    Stricter than :func:`container_of`, which is asked about files that the user named: the first line, or most
    lines, must begin as JSON does. An empty file is not judged.

    Args:
        head: the first bytes, as UTF-8.
        name: the file's name, for errors.
    """
    lines = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape").split("\n")
    begun = [_BEGUN.match(line) is not None for line in lines if line.strip()]
    if not begun or begun[0] or 2 * sum(begun) > len(begun):
        return True
    try:
        return looks_like_table(head, name)
    except UnreadableError:
        return False


def _begins_with_a_row(text: str) -> bool:
    """Whether the first thing is an object, or a list of objects, as no header of a table is."""
    text = text.lstrip()
    if not text.startswith("{"):
        return _ARRAY.match(text) is not None
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _may_be_json(text: str) -> bool:
    """Whether the file, or any of its first lines, begins as JSON does."""
    return any(line.lstrip().startswith(_OPENERS) for line in text.split("\n"))
