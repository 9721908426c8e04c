"""A key occurs twice in the same object.

Why     Programs keep one of the two values without a word, and not all keep the same: what is trained on is chance.
Mend    Take one of the two out where the rows come from, or set the rows aside:
        `curate drop {files} --select schema.duplicate-key -o {out}`.
Limits  Only JSON can hold such a row. Both values count as a fault even if they are equal. No hit among 73,133 rows
        of 26 public files: precision on real data unmeasured.
        Certain by definition: the reader meets the key twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, raw, row

FLAGGED = (
    raw(b'{"instruction": "Name a colour.", "output": "Blue.", "output": "Red."}').at("Red."),
    raw(b'{"messages": [{"role": "user", "role": "assistant", "content": "Hello."}]}'),
    raw(b'{"prompt": "Hi", "completion": "Hello.", "meta": {"a": 1, "a": 1}}'),
)
CLEAN = (
    ask("Name a colour.").answer("Blue."),
    row({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}),
    ask("Write JSON.").answer('{"a": 1, "a": 2}'),
    row({"Output": "Red.", "output": "Blue.", "instruction": "Name a colour."}),
)


@dataclass(frozen=True)
class DuplicateKey(RowCheck):
    """Passes on what the reader noticed."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each key, at the value that was kept."""
        return found(
            batch.notes.filter(pl.col("kind") == "duplicate-key"),
            "the key occurs twice; the last one was read",
        )
