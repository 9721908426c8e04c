"""The conversation holds no messages.

Why     There is nothing to train on, and most trainers fail at such a row.
Mend    Take the rows out, or find out why they are empty:
        `curate drop {files} --select schema.no-messages -o {out}`.
Limits  Reports a list that is empty, null, a text or an object; a list with messages that are themselves empty is
        for other checks. A list written as a JSON string is read as a list. No hit among 1,684 conversations of
        eight public files: precision on real data unmeasured.
        Certain by definition: there is no message in the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, row

FLAGGED = (
    row({"messages": []}),
    row({"messages": None}),
    row({"conversations": "Hi. Hello."}),
    row({"messages": {"role": "user", "content": "Hi"}}),
    row({"messages": "[]"}),
    row({"system": "Be brief.", "conversations": []}),
)
CLEAN = (
    chat(("user", "Hi"), ("assistant", "Hello.")),
    row({"messages": '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]'}),
    row({"messages": None, "instruction": "Name a colour.", "output": "Blue."}),
    row({"messages": [{"role": "user"}]}),
)

KINDS = {"null": "null", "missing": "a text", "object": "neither a list nor a text"}


@dataclass(frozen=True)
class NoMessages(RowCheck):
    """Looks at what stands where the list of messages belongs."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding a row."""
        chats = batch.rows.filter(pl.col("layout").is_in(["messages", "sharegpt"])).select("row", "why")
        turns = batch.turns.filter(pl.col("at") != "/system")
        nothing = chats.join(turns, on="row", how="anti", maintain_order="left")
        field = pl.format("/{}", pl.col("why").str.extract("'(.+)'"))
        instead = batch.turns.filter(
            (pl.col("role") == "unknown")
            & pl.col("kind").is_in(list(KINDS))
            & pl.col("at").str.contains(r"\A/[^/]+(?:/#json)?\z")
        ).join(chats, on="row", how="semi", maintain_order="left")
        kind = pl.col("kind").replace_strict(KINDS, default=None, return_dtype=pl.String)
        return pl.concat(
            [
                found(nothing, "the list of messages is empty", at=field),
                found(instead, pl.format("what should be a list of messages is {}", kind)),
            ]
        ).sort("row", maintain_order=True)
