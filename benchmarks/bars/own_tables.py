"""Tables as teams have them: the one message names a command, a shell runs it as it is, and every row is reported on.

Ticket exports in four languages, a line for each ticket or for each comment, as CSV and as workbooks; then names
that a shell or the option might trip over. Rows are counted with the ``csv`` module and ``openpyxl`` alone.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.bar import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TICKETS = 60
"""Rows of a table of tickets, and conversations of a table of comments."""

INTERNAL = 5
"""Of nine rows in a row, the one that is internal, or that has an internal note."""

LANGUAGES = ("en", "de", "fr", "es")
THINGS = (
    ("printer", "Drucker", "l'imprimante", "la impresora"),
    ("badge reader", "Kartenleser", "le lecteur de badges", "el lector de tarjetas"),
    ("projector", "Projektor", "le vidéoprojecteur", "el proyector"),
    ("coffee machine", "Kaffeeautomat", "la machine à café", "la máquina de café"),
    ("lift", "Aufzug", "l'ascenseur", "el ascensor"),
)
SUBJECTS = {
    "en": "Trouble with the {thing} on floor {n}",
    "de": "Störung: {thing} im Stockwerk {n}",
    "fr": "Problème avec {thing}, étage {n}",
    "es": "Avería: {thing} en la planta {n}",
}
QUESTIONS = {
    "en": 'Since this morning the {thing} on floor {n} shows "error"; we’ve switched it off twice.\nCan you help us?',
    "de": 'Seit heute früh zeigt der {thing} im Stockwerk {n} „Störung“; wir haben ihn zweimal aus- und "wieder" '
    "eingeschaltet.\nKönnen Sie uns helfen?",
    "fr": "Depuis ce matin {thing} de l'étage {n} affiche « erreur »; nous avons tout éteint deux fois, en vain.\n"
    "Pouvez-vous nous aider?",
    "es": "Desde esta mañana {thing} de la planta {n} muestra «error»; lo hemos apagado dos veces, pero no sirve.\n"
    "¿Pueden ayudarnos, por favor?",
}
ANSWERS = {
    "en": "A technician will look at the {thing} on floor {n} before noon. Please leave it switched off until then.",
    "de": "Ein Techniker prüft den {thing} im Stockwerk {n} noch am Vormittag. Bitte lassen Sie ihn bis dahin aus.",
    "fr": "Un technicien passera voir {thing} de l'étage {n} avant midi. Merci de laisser l'appareil éteint d'ici là.",
    "es": "Un técnico revisará {thing} de la planta {n} antes del mediodía. Por favor, déjenlo apagado hasta entonces.",
}
FAULTS = {
    "schema.empty-answer": (7, ""),
    "template.leaked-token": (19, "<|im_end|>"),
    "answer.placeholder": (31, "TODO"),
    "text.mojibake": (43, "The key is in LÃ¼beck, isnâ€™t it?"),
}
"""Which row has which fault, and what its answer is; the token stands behind the answer that was there."""


@dataclass(frozen=True)
class Variant:
    """A table of one kind.

    Attributes:
        name: of the file.
        language: of its texts.
        head: names of the columns: id, subject, question, answer, flag; of comments id, time, author, text, flag.
        delimiter: of the CSV.
        encoding: of the CSV.
    """

    name: str
    language: str
    head: tuple[str, str, str, str, str]
    delimiter: str = ";"
    encoding: str = "cp1252"

    @property
    def is_thread(self) -> bool:
        """Whether there is a line for each comment."""
        return "comments" in self.name


ENGLISH = ("Ticket ID", "Subject", "Description", "Resolution", "Internal")
THREAD = ("ticket", "created", "author", "comment", "internal")
VARIANTS = (
    Variant("tickets.csv", "en", ENGLISH),
    Variant("comments.csv", "en", THREAD, ","),
    Variant("tickets.xlsx", "en", ENGLISH),
    Variant("comments.xlsx", "en", THREAD),
    Variant("Störungen.csv", "de", ("Vorgangsnummer", "Betreff", "Fehlerbeschreibung", "Lösung", "Intern")),
    Variant(
        "kommentare comments.csv", "de", ("Ticketnummer", "Erstellt am", "Verfasser", "Kommentar", "Intern")
    ),
    Variant(
        "demandes d'aide.csv", "fr", ("Numéro", "Objet", "Demande", "Réponse", "Interne"), ",", "utf-8-sig"
    ),
    Variant(
        "comments-fr.csv", "fr", ("Référence", "Date d'envoi", "Auteur", "Message", "Interne"), "\t", "utf-16"
    ),
    Variant("incidencias.csv", "es", ("Caso nº", "Asunto", "Descripción", "Solución", "Interno")),
    Variant("comments-es.csv", "es", ("Caso", "Fecha", "Autor", "Comentario", "Interno"), ",", "utf-8"),
)


class Row(NamedTuple):
    """A row to write: its cells, and the check that must find it, if one must."""

    cells: list[str]
    check: str = ""


def run() -> list[Outcome]:
    """Every table, then every odd name."""
    with tempfile.TemporaryDirectory() as folder:
        wrong = [f"{one.name}: {why}" for one in VARIANTS for why in _variant(one, Path(folder))]
    with tempfile.TemporaryDirectory() as folder:
        odd = [f"{name!r}: {why}" for name in HOSTILE for why in _hostile(name, Path(folder))]
    return [
        _outcome(
            "own tables: the message's command, run by a shell, reports on all rows and finds the faults",
            wrong,
            len(VARIANTS),
        ),
        _outcome(
            "own tables with odd names: the same, or one message that says what to do", odd, len(HOSTILE)
        ),
    ]


def _outcome(line: str, wrong: list[str], total: int) -> Outcome:
    failed = {one.split(": ")[0] for one in wrong}
    return Outcome(
        line, f"{total - len(failed)} of {total}" + "".join(f"; {one}" for one in wrong), "all", not wrong
    )


# --- the tables -----------------------------------------------------------------------------------------


def _variant(one: Variant, folder: Path) -> Iterator[str]:
    """What is wrong with how a table is reported on."""
    rows = list(_comments(one) if one.is_thread else _tickets(one))
    path = folder / one.name
    places = _write(path, one, rows)
    command, fault = suggested(path)
    if fault:
        yield fault
        return
    records, dropped = independent_count(path, one)
    for asked in dict.fromkeys((command, _with_drop(command, one))):
        left_out = dropped if "--drop" in asked else 0
        found = report(asked, folder)
        yield from _account(one, found, records, left_out)
        if found and _places(found) != places:
            yield f"faults at {_places(found)} instead of {places}"


def _with_drop(command: str, one: Variant) -> str:
    return command if "--drop" in command else f"{command} --drop {one.head[4].lower()}=TRUE"


def _account(one: Variant, found: dict[str, Any], records: int, dropped: int) -> Iterator[str]:
    if not found:
        yield "the command makes no report"
        return
    rows = found["rows"]
    expected = TICKETS + dropped if one.is_thread else records
    if (rows["in"], rows["dropped"], rows["quarantined"]) != (expected, dropped, 0):
        yield f"{rows} instead of {expected} rows, {dropped} of them dropped"
    told = f"{records:,} lines = {records - dropped:,} in {TICKETS} conversations + {dropped:,} in none"
    if one.is_thread and told not in found["files"][0]["notes"]:
        yield f"does not say '{told}'"


def _text(texts: dict[str, str], one: Variant, number: int) -> str:
    things = THINGS[number % len(THINGS)]
    return texts[one.language].format(thing=things[LANGUAGES.index(one.language)], n=number)


def _answer(one: Variant, number: int) -> tuple[str, str]:
    """An answer, and the check that must find it."""
    good = _text(ANSWERS, one, number)
    for check, (at, bad) in FAULTS.items():
        if number == at:
            return (good + bad if bad.startswith("<") else bad), check
    return good, ""


def _tickets(one: Variant) -> Iterator[Row]:
    for number in range(TICKETS):
        answer, check = _answer(one, number)
        asked = (f"T-{5000 + number}", _text(SUBJECTS, one, number), _text(QUESTIONS, one, number))
        yield Row([*asked, answer, "true" if number % 9 == INTERNAL else "false"], check)


def _comments(one: Variant) -> Iterator[Row]:
    """A question, an internal note for some, and an answer; the questions of all come before the answers."""
    for number in range(TICKETS):
        yield _comment(number, "9:00,Ann Lee,false", _text(QUESTIONS, one, number))
    for number in range(TICKETS):
        if number % 9 == INTERNAL:
            yield _comment(number, "10:00,Bob Ray,true", _text(SUBJECTS, one, number))
        answer, check = _answer(one, number)
        yield _comment(number, "11:00,Bob Ray,false", answer)._replace(check=check)


def _comment(number: int, when: str, text: str) -> Row:
    clock, author, flag = when.split(",")
    return Row([f"T-{5000 + number}", f"2025-03-{number % 28 + 1:02} {clock}", author, text, flag])


def _write(path: Path, one: Variant, rows: Sequence[Row]) -> dict[str, list[int]]:
    """Write a table; where each fault stands: its line, or its row where there are no lines."""
    if path.suffix == ".xlsx":
        book = import_module("openpyxl").Workbook()
        for cells in (list(one.head), *(row.cells for row in rows)):
            book.active.append(cells)
        book.save(path)
        return {row.check: [number] for number, row in enumerate(rows, 1) if row.check}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=one.delimiter, lineterminator="\r\n")
    writer.writerow(one.head)
    places: dict[str, list[int]] = {}
    for row in rows:
        if row.check:
            places[row.check] = [text.getvalue().count("\n") + 1]
        writer.writerow(row.cells)
    path.write_bytes(text.getvalue().encode(one.encoding))
    return places


def independent_count(path: Path, one: Variant) -> tuple[int, int]:
    """Rows of a table, and how many of them are internal."""
    if path.suffix == ".xlsx":
        sheet = import_module("openpyxl").load_workbook(path).active
        cells = [[str(cell) for cell in row] for row in sheet.values]
    else:
        with path.open(encoding=one.encoding, newline="") as file:
            cells = list(csv.reader(file, delimiter=one.delimiter))
    return len(cells) - 1, sum(row[4] == "true" for row in cells[1:])


# --- the command ----------------------------------------------------------------------------------------


def suggested(path: Path) -> tuple[str, str]:
    """The command that the message about a table names; or why there is none."""
    done = _shell(f"curate report -q {_plain_word(path.name)}", path.parent)
    if done.returncode != 2 or done.stdout or done.stderr.count("error: ") != 1:
        return "", f"exit {done.returncode}, or not one message: {done.stderr[:300]}"
    _, sign, command = done.stderr.rstrip("\n").partition("\n  try: ")
    return (command, "") if sign else ("", f"no command: {done.stderr[:300]}")


def _plain_word(name: str) -> str:
    """A file's name for a shell, quoted without the help of what is measured."""
    return "./'" + name.replace("'", "'\\''") + "'"


def report(command: str, folder: Path) -> dict[str, Any]:
    """The report that a command makes; nothing if it makes none. A note on what was guessed may be told."""
    done = _shell(f"{command} --json -q", folder)
    told = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 and not told else {}
    return found


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def _places(found: dict[str, Any]) -> dict[str, list[int]]:
    """Where the planted kinds of fault are reported: the line, or else the row, of the one cell."""
    return {
        problem["check"]: [_line(example["place"]) for example in problem["examples"]]
        for problem in found["problems"]
        if problem["check"] in FAULTS
    }


def _line(place: dict[str, Any]) -> int:
    at = str(place["at"])
    if at.startswith("/@"):
        return int(at[2:].partition("/")[0])
    return int(place["line"] or place["row"])


# --- names that a shell or the option might trip over ---------------------------------------------------

PLAIN = ("id", "Question of the day", "Answer of the day")
HOSTILE: dict[str, tuple[tuple[str, ...], int, str]] = {
    "line breaks.csv": (("Ticket\nID", "The\r\nquestion", "the answer\n(final)"), 30, ""),
    "quotes.csv": (('Ticket "ID"', 'The "question", long', "agent's 'answer'"), 30, ""),
    "signs.csv": (("a=b id", "question+text", "answer,final=1"), 30, ""),
    "shell.csv": (("id", "question $HOME `id` \\n", "!answer & *;"), 30, ""),
    "unseen.csv": (("\u200bTicket ID", "The\xa0question  here", "\u200eAnswer of all"), 30, ""),
    "options.csv": (("-id", "-question", "--answer"), 30, ""),
    "pointers.csv": (("a/b id", "~question/x", "answer~1"), 30, ""),
    'kunde\'s $HOME `x` \\ "y".csv': (PLAIN, 30, ""),
    "-r.csv": (PLAIN, 30, ""),
    "two\nlines.csv": (PLAIN, 30, ""),
    "wide.csv": ((*(f"c{n}" for n in range(198)), *PLAIN[1:]), 30, ""),
    "one row.csv": (PLAIN, 1, ""),
    "twice.csv": (("id", "Text of all", "Text of all"), 30, "columns 2 and 3 are both named 'Text of all'"),
    "nameless.csv": (("id", "", "Antwort"), 30, "column 2 of 3 has no name"),
    "one column.csv": (("Only",), 30, "name the columns of the question and of the answer"),
    "secret.csv": (
        ("id", "Question of the day", "password: Hunter2hunter2"),
        30,
        "are masked here; name the columns",
    ),
    "head.csv": (PLAIN, 0, "Nothing was evaluated"),
    "empty.csv": ((), 0, "Nothing was evaluated"),
}
"""Names of columns, rows, and what must be said where no command can be."""


def _hostile(name: str, folder: Path) -> Iterator[str]:
    head, count, expected = HOSTILE[name]
    path = folder / name
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    english = Variant(name, "en", ENGLISH)
    for cells in (head, *(_cells(english, head, number) for number in range(count))) if head else ():
        writer.writerow(cells)
    path.write_bytes(text.getvalue().encode())
    if expected:
        done = _shell(f"curate report -q {_plain_word(name)}", folder)
        if (
            expected not in done.stdout + done.stderr
            or done.stderr.count("error: ") > 1
            or "Traceback" in done.stderr
        ):
            yield f"exit {done.returncode}: {done.stderr[:300]}"
        return
    command, fault = suggested(path)
    found = {} if fault else report(command, folder)
    if fault or not found:
        yield fault or f"no report from {command}"
    elif (found["rows"]["in"], found["rows"]["kept"]) != (count, count):
        yield f"{found['rows']} instead of {count}"


def _cells(one: Variant, head: Sequence[str], number: int) -> list[str]:
    texts = [_text(QUESTIONS, one, number), _text(ANSWERS, one, number)][-len(head) :]
    return [*(f"{number}" for _ in head[: -len(texts)]), *texts]
