"""The row is in no layout that is known.

Why     A trainer that does not know the layout fails, or reads the wrong fields; the other checks cannot look in.
Mend    Rename the fields (for instance to ``prompt`` and ``completion``), or set the rows aside:
        `curate drop {files} --select schema.unknown-layout -o {out}`.
Limits  Knows alpaca, messages, sharegpt, preference pairs, OpenAssistant trees, prompt and completion under many
        names, task instances and plain text. No hit among 73,133 rows of 26 public files: precision on real data
        unmeasured.
        Certain by definition: no layout's reader takes the row, so that nothing in it can be checked.
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
        """One finding a row; its field names are the evidence."""
        fields = pl.col("why")
        said = (
            pl.when(fields == "")
            .then(pl.lit("the row has no fields"))
            .when(fields.str.contains("parent_id", literal=True))
            .then(pl.lit("one message of a thread; whole trees, with 'replies', can be read"))
            .otherwise(pl.lit("no layout that is known has this combination of fields"))
        )
        unknown = batch.rows.filter(pl.col("layout") == "unknown")
        return found(unknown, said, at="", start=None, end=None, evidence=fields)
