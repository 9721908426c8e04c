"""A number is NaN or infinite.

Why     JSON has no such numbers (RFC 8259, section 6): many readers reject the row, or the whole file.
Mend    Write null or a number where the rows come from, or set the rows aside:
        `curate drop {files} --select schema.nonfinite -o {out}`.
Limits  Looks at JSON only, metadata included; a number too large for a double counts as infinite. The words in a
        text are not meant. No hit among 73,133 rows of 26 public files: precision on real data unmeasured.
        Certain by definition: the reader meets the number.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, raw

FLAGGED = (
    raw(b'{"instruction": "Name a colour.", "output": "Blue.", "score": NaN}'),
    raw(b'{"instruction": "Name a colour.", "output": "Blue.", "meta": {"loss": [-Infinity]}}'),
    raw(b'{"instruction": "Name a colour.", "output": "Blue.", "score": 1e999}'),
)
CLEAN = (
    ask("What is 0/0 in IEEE 754?").answer("NaN"),
    ask("Name a colour.", score=1e308).answer("Blue."),
    ask("Name a colour.", score=None).answer("Blue."),
)


@dataclass(frozen=True)
class Nonfinite(RowCheck):
    """Passes on what the reader noticed."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        odd = batch.notes.filter(pl.col("kind") == "nonfinite")
        return found(
            odd, pl.format("the value is {}, which JSON does not have", "detail"), evidence=pl.col("detail")
        )
