"""The answer is not a text.

Why     Trainers turn a list, object or number into a text in ways of their own, or fail at that row.
Mend    Write the answer as the text that the model shall say, or set the rows aside:
        `curate drop {files} --select schema.answer-type -o {out}`.
Limits  Lists of messages and lists of typed parts are texts in their layouts and are not flagged. The rejected side
        of a preference pair is not judged. No hit among 73,133 rows of 26 public files: precision on real data
        unmeasured.
        Certain by definition: the type of the answer's field is read, not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row

FLAGGED = (
    ask("Add 1 and 2.").answer(3).at("3"),
    ask("Name two colours.").answer(["red", "blue"]),
    ask("Give the address as JSON.").answer({"city": "Turin"}),
    ask("Is 7 prime?").answer(True),  # noqa: FBT003 (an answer, not a flag)
    chat(("user", "Hi"), ("assistant", {"text": "Hello"})),
    preference("Add 1 and 2.", 3, "4"),
)
CLEAN = (
    ask("Add 1 and 2.").answer("3"),
    ask("Give the address as JSON.").answer('{"city": "Turin"}'),
    row({"instruction": "Name two.", "input": ["red", "blue", "green"], "output": "red, blue"}),
    chat(("user", "Hi"), ("assistant", [{"type": "text", "text": "Hello"}])),
    row(
        {
            "prompt": [{"role": "user", "content": "Hi"}],
            "completion": [{"role": "assistant", "content": "Hello"}],
        }
    ),
    preference([{"role": "user", "content": "Hi"}], [{"role": "assistant", "content": "Hello"}], "Go away."),
)

KINDS = {"{": "an object", "[": "a list", "t": "a boolean", "f": "a boolean", '"': "a value of another type"}
"""What a value's first character as JSON says of it."""


@dataclass(frozen=True)
class AnswerType(RowCheck):
    """Looks at what stands where the answer's text belongs."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer."""
        odd = batch.turns.filter((pl.col("part") == "target") & (pl.col("kind") == "object"))
        kind = (
            pl.col("text").str.slice(0, 1).replace_strict(KINDS, default="a number", return_dtype=pl.String)
        )
        return found(odd, pl.format("the answer is {}, not a text", kind), evidence=kind)
