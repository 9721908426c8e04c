"""The row is in no layout that is known.

Why     A trainer that does not know the layout fails, or reads the wrong fields; the other checks cannot look in.
Mend    Rename the fields (for instance to ``prompt`` and ``completion``), or set the rows aside:
        `curate drop {files} --select schema.unknown-layout -o kept.jsonl`.
Limits  Knows alpaca, messages, sharegpt, preference pairs, OpenAssistant trees, prompt and completion under many
        names, task instances and plain text. No hit among 73,133 rows of 26 public files: precision on real data
        unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row

FLAGGED = (
    row({"headline": "Rain", "body": "It rains."}),
    row({}),
    row({"input": "Name a colour."}),
    row({"message_id": "b", "parent_id": "a", "role": "prompter", "text": "Hi"}),
)
CLEAN = (
    ask("Name a colour.").answer("Blue."),
    chat(("user", "Hi"), ("assistant", "Hello.")),
    preference("Name a colour.", "Blue.", "Chair."),
    row({"QUESTION": "Does aspirin help?", "CONTEXTS": ["A trial."], "LONG_ANSWER": "It does."}),
    row({"text": "It rains."}),
)


@dataclass(frozen=True)
class UnknownLayout(RowCheck):
    """Passes on why no layout fits."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding a row; field names are shown, values are not."""
        return found(
            batch.rows.filter(pl.col("layout") == "unknown"), pl.col("why"), at="", start=None, end=None
        )
