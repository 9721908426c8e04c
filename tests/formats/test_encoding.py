"""What a text file is encoded in, where its bytes are not UTF-8: ordinary languages, other code pages, no text."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.formats.sources import Source
from curate.formats.stream import survey
from curate.reports.plain import render_lines

if TYPE_CHECKING:
    from pathlib import Path

FRENCH = "Le locataire s'engage à payer le loyer à la date convenue, et à rien d'autre."
WESTERN = {
    "French": (FRENCH, "Ça va ? « À demain », dit-elle… 12\u00a0000\u00a0€, l\u2019été à Nîmes."),
    "German": ("Der Mieter trägt die Kosten für Öl und Wärme.", "Straße, Größe, § 5 – „gekündigt“: 20 °C."),
    "Spanish": ("¿Quién paga? El inquilino ó el dueño, ¡según la ley!", "Elija 7 ó 8 años; ni 1 ó 2 más."),
    "Portuguese": (
        "O inquilino não é o dono; é à vista.",
        "As ações são nulas: nº 3, 4ª edição, é ou não é?",
    ),
    "Italian": ("È vero: la città è lì, e più in là c'è il caffè.", "L'affitto è di 900 € all'anno."),
    "Swedish": ("Å andra sidan är ån å en by på ön.", "Hyran är 900 kr, å ö, räknat från i år."),
}
POLISH = (
    "Najemca płaci czynsz, chyba że żąda obniżenia w związku z usterką.",
    "Właściciel został wezwany, łącznie.",
)
RUSSIAN = ("Арендатор платит за воду и газ.", "Договор заключён на год, и всё.")
DICE = random.Random(7)  # noqa: S311 (test data)


def lines(texts: tuple[str, ...], encoding: str, count: int = 50) -> bytes:
    rows = [{"instruction": f"{i}. {texts[i % 2]}", "output": texts[1 - i % 2]} for i in range(count)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding)


def encoding_of(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return survey(Source(str(path), path)).encoding


@pytest.mark.parametrize("language", WESTERN)
@pytest.mark.parametrize("name", ["data.jsonl", "data.csv", "data.txt"])
def test_western_languages_are_read_as_cp1252(tmp_path: Path, language: str, name: str) -> None:
    texts = WESTERN[language]
    assert encoding_of(tmp_path / name, lines(texts, "cp1252")) == "cp1252"
    assert encoding_of(tmp_path / name, lines(texts[:1] * 2, "cp1252")) == "cp1252"


def test_every_french_row_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "baux.jsonl"
    path.write_bytes(lines((FRENCH, FRENCH), "cp1252"))
    result = report(str(path))
    assert (result.rows.kept, result.rows.quarantined) == (50, 0)
    table = tmp_path / "baux.csv"
    table.write_bytes(("prompt;completion\n" + f"Que paie-t-il ?;{FRENCH}\n" * 50).encode("cp1252"))
    assert report(str(table)).rows.kept == 50


def test_an_array_on_one_line_is_not_lost(tmp_path: Path) -> None:
    data = b"[" + b",".join(lines((FRENCH, FRENCH), "cp1252").splitlines()) + b"]"
    assert encoding_of(tmp_path / "data.json", data) == "cp1252"


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [(POLISH, "cp1250"), (POLISH, "iso8859-2"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")],
)
def test_other_code_pages_stay_undecided(tmp_path: Path, texts: tuple[str, str], encoding: str) -> None:
    assert encoding_of(tmp_path / "data.jsonl", lines(texts, encoding)) == "utf-8"


@pytest.mark.parametrize("high", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", ["data.jsonl", "data.csv", "data"])
def test_binary_is_no_text(tmp_path: Path, high: float, name: str) -> None:
    data = bytes(DICE.randrange(128) + 128 * (DICE.random() < high) for _ in range(20_000))
    assert encoding_of(tmp_path / name, data) == "utf-8"


def test_two_damaged_lines_of_a_json_file_stay_damaged(tmp_path: Path) -> None:
    good = lines(("Plain?", "Plain."), "ascii")
    bad = lines((FRENCH, FRENCH), "cp1252", count=2)
    assert encoding_of(tmp_path / "data.jsonl", good + bad) == "utf-8"
    assert encoding_of(tmp_path / "data.jsonl", lines(WESTERN["German"], "utf-8") + bad * 5) == "utf-8"


def test_one_damaged_record_does_not_advise_to_damage_the_others(tmp_path: Path) -> None:
    """Read as cp1252, the other rows of a UTF-8 file would all be garbled."""
    path = tmp_path / "verträge.jsonl"
    path.write_bytes(lines(WESTERN["German"], "utf-8") + lines(WESTERN["German"], "cp1252", 1))
    result = report(str(path))
    assert (result.rows.kept, result.rows.quarantined) == (50, 1)
    (told,) = result.quarantine
    assert told.reason.endswith("(looks like cp1252: mend this record in its source)")
    assert "--encoding" not in render_lines(result)
