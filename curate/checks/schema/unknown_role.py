"""A turn's role is not known.

Why     Chat templates know few roles; a turn with another one raises an error, is left out, or is not trained on.
Mend    Rename the role (system, user, assistant or tool), or set the rows aside:
        `curate drop {files} --select schema.unknown-role -o {out}`.
Limits  Knows the names of the public chat layouts (``human``, ``gpt``, ``model``, ``observation``, …) in any case;
        ``curate convert --to messages`` writes the usual ones instead. The names of speakers in dialogues are
        flagged. No hit among 2,494 conversations, threads and preference pairs of 13 public files: precision on
        real data unmeasured.
        Certain by definition: the name of the role is not in the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, preference, row

FLAGGED = (
    chat(("user", "Hi"), ("moderator", "Stop."), ("assistant", "Hello.")).at("Stop."),
    row({"conversations": [{"from": "Dr. Watson", "value": "Hi"}, {"from": "gpt", "value": "Hello."}]}).at(
        "Hi"
    ),
    row({"messages": [{"content": "Hi"}, {"role": "assistant", "content": "Hello."}]}).at("Hi"),
    row({"messages": ["Hi", {"role": "assistant", "content": "Hello."}]}),
    preference("Hi", {"role": "narrator", "content": "Hello."}, {"role": "assistant", "content": "No."}),
)
CLEAN = (
    chat(("developer", "Be brief."), ("User", "Hi"), ("ASSISTANT", "Hello.")),
    row({"conversations": [{"from": "human", "value": "Hi"}, {"from": "chatgpt", "value": "Hello."}]}),
    row({"conversations": [{"from": "human", "value": "Hi"}, {"from": "observation", "value": "9:00"}]}),
    row({"messages": []}),
    row({"messages": "Hi"}),
)

LAYOUTS = ("messages", "sharegpt", "tree", "preference")
PLAIN = r"\A[a-z_]{1,20}\z"
"""Role names that may be shown: others may be names of people."""


@dataclass(frozen=True)
class UnknownRole(RowCheck):
    """Looks at the role of every message."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each message; what stands in place of a list of messages is another check's."""
        rows = batch.rows.filter(pl.col("layout").is_in(LAYOUTS)).select("row")
        name = pl.col("name")
        instead = name.is_null() & pl.col("at").str.contains(r"\A/[^/]+(?:/#json)?\z")
        odd = batch.turns.filter((pl.col("role") == "unknown") & ~instead)
        odd = odd.join(rows, on="row", how="semi", maintain_order="left")
        odd = odd.unique(["row", "turn"], keep="first", maintain_order=True)
        shown = pl.when(name.str.contains(PLAIN)).then(name)
        message = (
            pl.when(name.is_null())
            .then(pl.lit("the message has no role"))
            .when(shown.is_not_null())
            .then(pl.format("the role '{}' is not known", name))
            .otherwise(pl.lit("the role is not one that is known"))
        )
        return found(odd, message, evidence=shown)
