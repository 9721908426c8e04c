"""The row is in another layout than the rest of its file.

Why     Table readers give every row all columns and fill them with null; trainers then skip rows or read null as text.
Mend    Put each layout into a file of its own, or set the odd rows aside:
        `curate drop {files} --select schema.mixed-layouts -o {out}`.
Limits  The most frequent layout of a file is taken as meant; of two that are equally frequent, the first by name.
        Rows in no known layout, and rows without any answer, are for other checks and do not count. No hit among
        73,133 rows of 26 public files: precision on real data unmeasured.
        Certain by definition: the fields of a row tell its layout, and the layouts of a file are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference, row

PAIR = row({"prompt": "Name a fruit.", "completion": "Fig."})

FLAGGED = (
    corpus(ask("Name a colour.").answer("Blue."), chat(("user", "Hi"), ("assistant", "Hello."))).flags(1),
    corpus(PAIR, PAIR, preference("Name a colour.", "Blue.", "Chair."), row({"text": "It rains."})).flags(
        2, 3
    ),
    corpus(PAIR, ask("Name a colour.").answer("Blue."), PAIR).flags(1),
)
CLEAN = (
    corpus(ask("Name a colour.").answer("Blue."), ask("Name a fruit.", "Not a fig.").answer("Plum.")),
    corpus(PAIR, PAIR, row({"headline": "Rain"})),
    corpus(PAIR, row({"question": "Capital of Peru?", "answer": "Lima."})),
    corpus(
        PAIR,
        row({"instruction": "Name a colour.", "response": "Blue."}),
        row({"instruction": "Name a fruit."}),
    ),
)


@dataclass(frozen=True)
class MixedLayouts(CorpusCheck):
    """Compares the rows of each file."""

    severity: Severity = Severity.ERROR

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``key``: the file; ``layout``: of each row that has an answer."""
        answers = batch.turns.filter(
            pl.col("part").is_in(["target", "rejected"]) & (pl.col("kind") != "missing")
        ).select("row")
        rows = batch.rows.filter(pl.col("layout") != "unknown")
        rows = rows.join(answers, on="row", how="semi", maintain_order="left")
        return rows.select(pl.col("file").cast(pl.UInt64).alias("key"), "row", "layout")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose layout is not their file's most frequent one."""
        counts = rows.group_by("key", "layout").len().sort(["len", "layout"], descending=[True, False])
        main = counts.group_by("key", maintain_order=True).agg(pl.col("layout").first().alias("main"))
        odd = rows.join(main, on="key", maintain_order="left").filter(pl.col("layout") != pl.col("main"))
        message = pl.format("the row is in the {} layout, most of its file is in {}", "layout", "main")
        return found(odd, message, at="", evidence=pl.col("layout"))
