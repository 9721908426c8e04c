"""The file is not UTF-8.

Why     JSON is UTF-8 (RFC 8259, section 8.1). Trainers that read it as such fail, or train on broken letters.
Mend    Save the file as UTF-8 where it comes from.
Limits  One finding a file, at the first row that shows it. The encoding is inferred from the bytes: UTF-16 and
        Windows-1252 are told apart from UTF-8 with a few damaged lines, other code pages are not. No hit among
        73,133 rows of 26 public files: precision on real data unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, raw

LATIN = tuple(
    f'{{"instruction": "Wie heißt der Fluss {i}?", "output": "Er heißt Öre."}}'.encode("cp1252")
    for i in range(8)
)
FLAGGED = (
    raw(*LATIN),
    raw(b'{"instruction": "Name a colour.", "output": "Blue."}', *LATIN).flags(1),
    raw(*(line.replace(b"Fluss", b"See") for line in LATIN)),
)
CLEAN = (
    ask("Wie heißt der Fluss?").answer("Er heißt Öre."),
    ask("Name a colour.").answer("Blue."),
    ask("Which letters are broken?").answer("Ã¶ is ö read as Windows-1252."),
)


@dataclass(frozen=True)
class Encoding(RowCheck):
    """Passes on what the reader noticed."""

    about: ClassVar[str] = "file"

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding a file."""
        noticed = batch.notes.filter(pl.col("kind") == "encoding")
        name = pl.col("detail").str.split(":").list.first()
        return found(noticed, pl.format("the file is not UTF-8 but {}", "detail"), evidence=name)
