"""The same side speaks twice in a row.

Why     Chat templates expect user and assistant to take turns; many raise an error, others run the two together.
Mend    Join the two turns: `curate convert {files} --merge-turns -o merged.jsonl`. Turns that have a name, a weight or
        an id of their own stay apart, and so do the replies of a tree: find the turn that is missing, or set the
        rows aside with `curate drop {files} --select schema.same-role-twice -o {out}`.
Limits  Several parts of one message are one turn. Calls and results of tools may follow each other. Group
        conversations, where several people speak as the user, are flagged too: it only warns, since people do write
        twice, and many templates can hold it. No hit among 2,494 conversations, threads and preference pairs of 13
        public files: precision on real data unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, preference, row

USER = {"role": "user", "content": "Hi"}
CALL = {"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "now", "arguments": "{}"}}]}

FLAGGED = (
    chat(("user", "Hi"), ("user", "Are you there?"), ("assistant", "Yes.")).at("Are you there?"),
    chat(("user", "Hi"), ("assistant", "Hello."), ("assistant", "How are you?")).at("How are you?"),
    chat(("system", "Be brief."), ("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello.")).at(
        "Be kind."
    ),
    preference([USER, USER], "Hello.", "Go away."),
)
CLEAN = (
    chat(
        ("system", "Be brief."),
        ("user", "Hi"),
        ("assistant", "Hello."),
        ("user", "Bye"),
        ("assistant", "Bye."),
    ),
    chat(("user", [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]), ("assistant", "ab")),
    row({"messages": [USER, CALL, CALL, {"role": "tool", "tool_call_id": "a", "content": "9:00"}]}),
    row({"messages": [USER, {"role": "assistant", "content": "Let me look."}, CALL]}),
    preference([USER], [USER, {"role": "assistant", "content": "Hello."}], "Go away."),
)

LAYOUTS = ("messages", "sharegpt", "tree", "preference")


@dataclass(frozen=True)
class SameRoleTwice(RowCheck):
    """Compares each turn with the one before it."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each turn that follows one of the same side; turns without a written role are none."""
        rows = batch.rows.filter(pl.col("layout").is_in(LAYOUTS)).select("row", "layout")
        lines = batch.turns.join(rows, on="row", maintain_order="left").filter(
            pl.col("name").is_not_null()
            & ~((pl.col("layout") == "preference") & (pl.col("part") == "rejected"))
        )
        turns = lines.group_by("row", "turn", maintain_order=True).agg(
            pl.col("role", "at").first(), (pl.col("kind") == "call").any().alias("calls")
        )
        before = turns.shift(1)
        twice = turns.filter(
            (before["row"] == turns["row"])
            & (before["role"] == turns["role"])
            & turns["role"].is_in(["system", "user", "assistant"])
            & ~(turns["calls"] | before["calls"])
        )
        return found(twice, pl.format("two {} turns in a row", "role"), evidence=pl.col("role"))
