"""The row says the same as an earlier one.

Why     A row that occurs twice is learned with twice the weight, and one copy can end in the test split.
Mend    Keep one of each: `curate drop {files} --select duplicate.exact -o {out}`.
Limits  All turns must be equal after folding ASCII letter case and runs of white space; where the text shows code
        or speaks of its own form (case, indentation, format), nothing but white space at the ends is folded. Metadata
        is not compared. Near duplicates are not looked for here. Precision 1 by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import ask, chat, corpus
from curate.text.fold import said

FLAGGED = (
    corpus(
        ask("Name a colour.").answer("Blue."),
        ask("Name a fruit.").answer("Fig."),
        ask("Name a colour.").answer("Blue."),
    ).flags(2),
    corpus(ask("Name a colour.").answer("Blue."), ask("Name  a COLOUR.").answer("blue.\n")).flags(1),
    corpus(chat(("user", "Hi"), ("assistant", "Hello")), ask("Hi").answer("Hello")).flags(1),
)
CLEAN = (
    corpus(ask("Name a colour.").answer("Blue."), ask("Name a colour.").answer("Red.")),
    corpus(
        ask("Write this in upper case: ab").answer("AB"), ask("Write this in upper case: ab").answer("ab")
    ),
    corpus(ask("Dose for 5 kg?").answer("10 mg."), ask("Dose for 50 kg?").answer("10 mg.")),
)


@dataclass(frozen=True)
class Exact(CorpusCheck):
    """Rows grouped by the hash of all that is said."""

    severity: Severity = Severity.WARNING

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``key``: who says what, folded."""
        turn = pl.concat_str(
            "role", "part", pl.col("folded").cast(pl.String), separator=" ", ignore_nulls=True
        )
        rows = said(batch).group_by("row", maintain_order=True).agg(turn.str.join("\0").alias("said"))
        return rows.select(pl.col("said").hash().alias("key"), pl.col("row").cast(pl.Int64))

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Every row but the first of its group."""
        first = rows.with_columns(pl.col("row").min().over("key").alias("related"))
        return found(
            first.filter(pl.col("row") > pl.col("related")),
            "says the same as an earlier row",
            related=pl.col("related"),
        )
