"""The row has no answer to train on.

Why     Without an answer there is nothing to learn; some trainers crash, others train on the prompt instead. A
        preference row without one of its sides cannot be compared.
Mend    Fill in the answer where the rows come from, or set the rows aside:
        `curate drop {files} --select schema.no-target -o {out}`.
Limits  Reports fields that are not there, not answers that are empty (``schema.empty-answer``). Sets that hold
        prompts on purpose (for reinforcement learning) are flagged too: leave the check out for them. No hit among
        73,133 rows of 26 public files: precision on real data unmeasured.
        Certain by definition: the field is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row

FLAGGED = (
    row({"instruction": "Name a colour."}),
    row({"prompt": "Name a colour."}),
    row({"prompt": "Name a colour.", "chosen": "Blue."}),
    row({"prompt": "Name a colour.", "rejected": "Chair."}),
    row({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant"}]}),
    chat(("system", "Be brief."), ("user", "Hi")),
)
CLEAN = (
    ask("Name a colour.").answer("Blue."),
    ask("Name a colour.").answer(""),
    preference("Name a colour.", "Blue.", "Chair."),
    row({"prompt": "Name a colour.", "completion": "Chair.", "label": False}),
    row({"text": "Blue is a colour."}),
    row(
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "tool_calls": [{"function": {}}]},
            ]
        }
    ),
    row({"colour": "blue"}),
)

CHATS = ("messages", "sharegpt")


@dataclass(frozen=True)
class NoTarget(RowCheck):
    """Answers that are announced but missing, then rows that announce none."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each missing answer; a row that holds no messages at all is another check's."""
        answers = batch.turns.filter(pl.col("part").is_in(["target", "rejected"]))
        pairs = batch.rows.filter(pl.col("layout") == "preference").select("row")
        rejected = pl.col("part") == "rejected"
        known = batch.rows.filter(pl.col("layout") != "unknown")
        spoken = batch.turns.filter(pl.col("role") != "unknown").select("row")
        silent = known.filter(~pl.col("layout").is_in(CHATS)).vstack(
            known.filter(pl.col("layout").is_in(CHATS)).join(
                spoken, on="row", how="semi", maintain_order="left"
            )
        )
        missing = answers.filter(pl.col("kind") == "missing").join(
            pairs, on="row", how="anti", maintain_order="left"
        )
        none = silent.join(answers.select("row"), on="row", how="anti", maintain_order="left")
        none = none.join(pairs, on="row", how="anti", maintain_order="left")
        sides = [
            _without(pairs, answers.filter(side & ~pl.col("kind").is_in(absent)))
            for side, absent in ((~rejected, ["missing"]), (rejected, ["missing", "null"]))
        ]
        parent = pl.col("at").str.replace(r"/[^/]*$", "")
        return pl.concat(
            [
                found(missing, "the answer is missing", at=parent),
                found(none.select("row"), "the row has no answer", at=""),
                found(sides[0], "the chosen answer is missing", at=""),
                found(sides[1], "the rejected answer is missing", at=""),
            ]
        ).sort("row", maintain_order=True)


def _without(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    return rows.join(answers.select("row"), on="row", how="anti", maintain_order="left")
