"""Both sides of a preference pair are the same.

Why     Such a pair says nothing: its gradient is zero, or noise, and it counts as a pair in every figure.
Mend    Set the rows aside: `curate drop {files} --select preference.identical -o {out}`.
Limits  The answers must be equal but for white space at the ends; letter case and spaces within may be what the
        pair is about. Pairs with calls or media beside the text are compared by their text. Precision 1 by
        construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, preference, row

FLAGGED = (
    preference("Name a colour.", "Blue.", "Blue.").at("Blue."),
    preference("Name a colour.", "Blue.", " Blue.\n"),
    row(
        {
            "chosen": [
                {"role": "user", "content": "Name a colour."},
                {"role": "assistant", "content": "Blue."},
            ],
            "rejected": [
                {"role": "user", "content": "Name a colour."},
                {"role": "assistant", "content": "Blue."},
            ],
        }
    ),
)
CLEAN = (
    preference("Name a colour.", "Blue.", "Red."),
    preference("Write it in lower case.", "blue", "Blue"),
    preference("Name a colour.", "Blue.", ""),
    ask("Say it twice.").answer("Blue. Blue."),
)


@dataclass(frozen=True)
class Identical(RowCheck):
    """Compares the last answer of both sides; two empty sides are a matter of schema.empty-answer."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each pair, at the rejected answer."""
        rejected = batch.texts.filter(pl.col("part") == "rejected")
        said = pl.col("text").str.strip_chars()
        chosen = batch.targets.group_by("row").agg(said.last().alias("chosen"))
        last = rejected.unique("row", keep="last", maintain_order=True)
        pairs = last.join(chosen, on="row", how="inner", maintain_order="left")
        return found(
            pairs.filter(said == pl.col("chosen"), said != ""), "the rejected answer is the chosen one"
        )
