"""What is planted in the ticket export, and how its rows become a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from making.plant import Plant, change, copy, field, garble, spare, whole
from making.slots import texts
from making.tickets import COLUMNS, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from making.plant import Row

DESCRIPTION, RESOLUTION = field("Description"), field("Resolution")


def plants() -> list[Plant]:
    """All of them, and the look-alikes that must be spared."""
    return [*_answers(), *_texts(), *_records(), *_copies(), *_spared()]


def _answers() -> list[Plant]:
    hidden = "a refusal instead of a resolution"
    return [
        change("schema.empty-answer", RESOLUTION, lambda _: "", "an empty cell"),
        change("schema.empty-answer", RESOLUTION, lambda _: "  ", "a cell with spaces only"),
        change("answer.placeholder", RESOLUTION, lambda _: "TBD", "nobody filled it in"),
        change("answer.placeholder", RESOLUTION, lambda _: "n/a", "nobody filled it in"),
        *(
            change("answer.refusal", RESOLUTION, _always(text), hidden, wants=_plain)
            for text in (
                "I'm sorry, but I can't help with that request.",
                "As an AI language model, I am not able to open your files.",
            )
        ),
        *(
            change("template.leaked-token", RESOLUTION, _plus(mark), "a token of a template", span=mark)
            for mark in ("<|im_end|>", "</s>")
        ),
    ]


def _texts() -> list[Plant]:
    return [
        garble(DESCRIPTION, _umlaut("Description")),
        garble(RESOLUTION, _umlaut("Resolution")),
        *(
            change(
                "answer.html",
                RESOLUTION,
                lambda text: f"<p>{text.replace('. ', '.<br>', 1)}</p>",
                "markup of the help desk's editor",
                span="<p>",
            )
            for _ in range(2)
        ),
        *(
            change(
                "answer.escaped",
                RESOLUTION,
                lambda text: text.replace(". ", ".\\n\\n"),
                "line breaks written as backslash and n",
                span="\\n",
                wants=lambda row: row["Resolution"].count(". ") > 1 and _german(row),
            )
            for _ in range(2)
        ),
    ]


def _records() -> list[Plant]:
    """Records that have more or fewer cells than the header."""
    return [
        _broken("unquoted", "a cell with a semicolon lost its quotes", lambda row: ";" in row["Resolution"]),
        _broken("short", "the last two cells are missing", lambda _: True),
        _broken("unquoted", "a cell with a semicolon lost its quotes", lambda row: ";" in row["Resolution"]),
    ]


def _broken(how: str, note: str, wants: Callable[[Row], bool]) -> Plant:
    return whole("quarantine", lambda row: {**row, "_broken": how}, note, wants)


def _copies() -> list[Plant]:
    return [
        *(copy("duplicate.exact", dict, "the same ticket again", wants=lambda _: True) for _ in range(3)),
        *(
            copy(
                "duplicate.conflict",
                lambda row, text=text: {**row, "Resolution": text},
                "the same question, another resolution",
                wants=wants,
            )
            for text, wants in (
                (
                    "Dafür ist seit Januar der Hersteller zuständig. Wir haben das Ticket dorthin gegeben.",
                    _german,
                ),
                ("This is handled by the vendor since January. We have passed the ticket on.", _english),
            )
        ),
    ]


def _spared() -> list[Plant]:
    return [spare(row, row.pop("note")) for row in texts("tickets_extra")["spare"]]


def _always(text: str) -> Callable[[Any], str]:
    return lambda _: text


def _plus(mark: str) -> Callable[[str], str]:
    return lambda text: text + mark


def _umlaut(name: str) -> Callable[[Row], bool]:
    return lambda row: any(letter in "äöüß" for letter in row[name]) and _german(row)


def _german(row: Row) -> bool:
    return bool(row["prefix"] == "NL")


def _plain(row: Row) -> bool:
    """English, and nothing that could be about writing a refusal."""
    return _english(row) and "letters" not in row["Subject"]


def _english(row: Row) -> bool:
    return not _german(row)


def as_csv(data: bytes, truth: list[Row]) -> tuple[bytes, list[Row]]:
    """The rows as Excel saves them in Europe: semicolons, cp1252, CRLF; and the truth with the lines of that file."""
    records = [record(COLUMNS, ";")]
    line = 2
    lines: list[int] = []
    for row in map(json.loads, data.splitlines()):
        cells = [row[name] for name in COLUMNS]
        how = row.get("_broken")
        text = record(cells[:-2] if how == "short" else cells, ";")
        records.append(";".join(cells).replace("\n", " ") if how == "unquoted" else text)
        lines.append(line)
        line += records[-1].count("\n") + 1
    moved = [
        {**entry, "line": lines[entry["line"] - 1], "related_line": _moved(entry["related_line"], lines)}
        for entry in truth
    ]
    first = next(at for at, text in zip([1, *lines], records, strict=True) if not text.isascii())
    encoding = {"line": first, "check": "schema.encoding", "at": "", "span": None, "related_line": None}
    file = ("\r\n".join(records) + "\r\n").encode("cp1252")
    return file, [{**encoding, "note": "the file is not UTF-8 but cp1252"}, *moved]


def _moved(line: int | None, lines: list[int]) -> int | None:
    return None if line is None else lines[line - 1]
