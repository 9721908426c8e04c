"""A system turn stands in the middle of the conversation.

Why     Most chat templates know a system turn only at the beginning: they raise an error, or leave it out.
Mend    Move it to the beginning or make it part of a user's turn; or set the rows aside:
        `curate drop {files} --select schema.system-not-first -o {out}`.
Limits  Several system turns at the beginning are another fault (``schema.same-role-twice``). Some interfaces allow
        a system turn anywhere; whether yours does is not known here. No hit among 2,494 conversations, threads and
        preference pairs of 13 public files: precision on real data unmeasured.
        Certain by definition: the places of the turns are read, not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, row

FLAGGED = (
    chat(("user", "Hi"), ("system", "Be brief."), ("assistant", "Hello.")).at("Be brief."),
    chat(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello."), ("system", "Be kind.")).at(
        "Be kind."
    ),
    chat(("user", "Hi"), ("assistant", "Hello."), ("developer", "Be brief.")).at("Be brief."),
)
CLEAN = (
    chat(("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello.")),
    chat(("system", "Be brief."), ("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello.")),
    row(
        {
            "system": "Be brief.",
            "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yes?"}],
        }
    ),
)

LAYOUTS = ("messages", "sharegpt", "tree", "preference")


@dataclass(frozen=True)
class SystemNotFirst(RowCheck):
    """Looks for system turns after a turn of anybody else."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each such turn."""
        rows = batch.rows.filter(pl.col("layout").is_in(LAYOUTS)).select("row")
        turns = batch.turns.join(rows, on="row", how="semi", maintain_order="left")
        begun = (
            turns.filter(pl.col("role") != "system").group_by("row").agg(pl.col("turn").min().alias("begun"))
        )
        late = turns.filter(pl.col("role") == "system").join(begun, on="row", maintain_order="left")
        late = late.filter(pl.col("turn") > pl.col("begun")).unique(
            ["row", "turn"], keep="first", maintain_order=True
        )
        return found(late, "a system turn comes after the conversation has begun")
