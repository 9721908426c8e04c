"""A text was cut at Excel's limit.

Why     Excel keeps 32,767 characters of a cell and drops the rest in silence: the model learns to stop in mid-sentence.
Mend    Fetch the full text from its source, or set the rows aside:
        `curate drop {files} --select schema.cell-cut -o {out}`.
Limits  Flags cells and texts of exactly 32,767 UTF-16 units, in JSON as well, where tables end up after conversion.
        A text may have that length by chance. No hit among 73,133 rows of 26 public files: precision on real data
        unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat

LIMIT = 32_767
"""Characters that a cell can hold, counted in UTF-16 units (Microsoft, "Excel specifications and limits")."""

FLAGGED = (
    ask("Go on.").answer("word " * 6553 + "ab"),
    ask("Go on.").answer("😀" * 16383 + "a"),
    chat(("user", "x" * LIMIT), ("assistant", "Long.")).at("x" * LIMIT),
)
CLEAN = (
    ask("Go on.").answer("x" * (LIMIT - 1)),
    ask("Go on.").answer("x" * (LIMIT + 1)),
    ask("Go on.").answer("😀" * 16383),
    ask("Go on.").answer("x" * (LIMIT - 1) + "😀"),
)


@dataclass(frozen=True)
class CellCut(RowCheck):
    """Looks at the length of every text, and at what the reader noticed of other cells."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each cell."""
        size = pl.col("text").str.len_bytes()
        near = batch.turns.filter(size.is_between(LIMIT, 3 * LIMIT) & (pl.col("kind") != "object"))
        units = pl.col("text").str.len_chars() + pl.col("text").str.count_matches(r"[\x{10000}-\x{10FFFF}]")
        texts = near.filter(units == LIMIT).select("row", "at")
        cells = batch.notes.filter(pl.col("kind") == "cell-cut").select("row", "at")
        both = pl.concat([texts, cells]).unique(maintain_order=True).sort("row", maintain_order=True)
        return found(both, f"the text has exactly {LIMIT:,} characters, the most that Excel keeps")
