"""``curate fix --only pii``: what is planted goes everywhere in its row, nothing else does, and undo gives it back."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, curate
from tests.fixing.pii_people import csv_of, customers, naming
from tests.fixing.pii_said import planted

if TYPE_CHECKING:
    from tests.fixing.pii_said import Planted

_ROWS = 300
_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+\]")


def run() -> list[Outcome]:
    """Numbers and addresses that the checks find, and people of a list."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        people = customers(16)
        (folder / "customers.csv").write_text(csv_of(people), "utf-8")
        listed = ("--known", str(folder / "customers.csv"))
        return [
            *_outcomes("numbers and addresses", planted(_ROWS), folder),
            *_outcomes("people of a list", naming(people, _ROWS), folder, *listed),
        ]


def _outcomes(name: str, rows: list[Planted], folder: Path, *options: str) -> list[Outcome]:
    folder = folder / name.replace(" ", "-")
    folder.mkdir()
    before = folder / "rows.jsonl"
    before.write_text("".join(json.dumps(one.row, ensure_ascii=False) + "\n" for one in rows), "utf-8")
    after, again, back = folder / "fixed.jsonl", folder / "again.jsonl", folder / "back.jsonl"
    _fix(before, after, *options)
    _fix(after, again, *options)
    subprocess.run(
        curate("undo", f"{after}.ledger.jsonl", str(after), "-o", str(back)), check=True, capture_output=True
    )
    made = [json.loads(line) for line in after.read_text("utf-8").splitlines()]
    meant = [(one, new) for one, new in zip(rows, made, strict=True) if one.kind]
    found = [(one, new) for one, new in meant if new != one.row]
    missed = sorted({one.kind for one, new in meant if new == one.row})
    left = sum(_is_left(one, new) for one, new in found)
    several = sum(len(set(_PLACEHOLDER.findall(str(new)))) != 1 for _, new in found)
    decoys = sum(new != one.row for one, new in zip(rows, made, strict=True) if not one.kind)
    share = len(found) / len(meant)
    told = f"{len(found):,} of {len(meant):,}" + (f"; missed some of: {', '.join(missed)}" if missed else "")
    same = "byte for byte" if back.read_bytes() == before.read_bytes() else "differs"
    return [
        Outcome(f"{name}: rows in which what is planted is found", told, "≥ 98 %", share >= 0.98),
        Outcome(
            f"{name}: of these, rows that still hold the value in any spelling", str(left), "0", left == 0
        ),
        Outcome(f"{name}: of these, rows with more than one placeholder", str(several), "0", several == 0),
        Outcome(f"{name}: rows with a look-alike that were changed", str(decoys), "0", decoys == 0),
        Outcome(f"{name}: undo", same, "byte for byte", same == "byte for byte"),
        Outcome(
            f"{name}: bytes that a second run changes",
            "none" if again.read_bytes() == after.read_bytes() else "some",
            "none",
            again.read_bytes() == after.read_bytes(),
        ),
    ]


def _is_left(one: Planted, made: dict[str, object]) -> bool:
    text = json.dumps(made, ensure_ascii=False).lower()
    return any(json.dumps(value, ensure_ascii=False)[1:-1].lower() in text for value in one.spellings)


def _fix(source: Path, target: Path, *options: str) -> None:
    command = curate("fix", str(source), "-o", str(target), "--only", "pii", *options)
    subprocess.run(command, check=False, capture_output=True)
