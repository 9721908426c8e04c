"""The conversation ends with the user.

Why     The last turn has no answer: trainers cut it off, or train the model to speak for the user.
Mend    Add the missing answer or take the last turn out; or set the rows aside:
        `curate drop {files} --select schema.ends-with-user -o {out}`.
Limits  Looks at conversations only. The prompt of a preference pair ends with the user by design, and so may a
        thread of a tree. Endings in a tool's result are not seen. No hit among 1,684 conversations of eight public
        files: precision on real data unmeasured.
        Certain by definition: the role of the last turn is read, not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, preference, row

FLAGGED = (
    chat(("user", "Hi"), ("assistant", "Hello"), ("user", "Bye")).at("Bye"),
    chat(("user", "Hi")).at("Hi"),
    row({"conversations": [{"from": "gpt", "value": "Hello"}, {"from": "human", "value": "Bye"}]}).at("Bye"),
)
CLEAN = (
    chat(("user", "Hi"), ("assistant", "Hello")),
    chat(("user", "Hi"), ("assistant", "")),
    preference([{"role": "user", "content": "Hi"}], "Hello", "Go away."),
    row({"prompt": {"role": "prompter", "text": "Hi", "replies": []}}),
)


@dataclass(frozen=True)
class EndsWithUser(RowCheck):
    """Looks at the last turn of each conversation."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding a row, at its last turn."""
        chats = batch.rows.filter(pl.col("layout").is_in(["messages", "sharegpt"])).select("row")
        turns = batch.turns.join(chats, on="row", how="semi", maintain_order="left")
        last = turns.group_by("row", maintain_order=True).last()
        return found(last.filter(pl.col("role") == "user"), "the last turn is the user's and has no answer")
