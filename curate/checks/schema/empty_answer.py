"""The answer is empty.

Why     The model learns to end the conversation instead of answering.
Mend    Fill in the answer, or set the rows aside:
        `curate drop {files} --select schema.empty-answer -o {out}`.
Limits  An answer counts as empty if it is null, or holds nothing but white space, characters that do not show
        (zero-width spaces and joiners, variation selectors, fillers) and leaked end tokens (``<|endoftext|>``). A
        turn that calls a tool or holds an image needs no text. An empty answer that is meant ("repeat nothing")
        cannot be told apart. Precision on real data: 1,401 of 1,401 hits in 26 public files; 1,400 of them are
        answers of T0 that consist of an end token, told by their text, 20 of them read with their prompts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row

FLAGGED = (
    ask("Name a colour.").answer("").at(""),
    ask("Name a colour.").answer(" \n\t").at(" \n\t"),
    ask("Name a colour.").answer("\u200b\ufeff").at("\u200b\ufeff"),
    ask("Name a colour.").answer("<|endoftext|>").at("<|endoftext|>"),
    ask("Name a colour.").answer(None),
    chat(("user", "Hi"), ("assistant", ""), ("user", "Hello?"), ("assistant", "Yes.")),
    chat(("user", "Hi"), ("assistant", None)),
    chat(("user", "Hi"), ("assistant", [{"type": "text", "text": " "}])),
    preference("Name a colour.", "", "Blue."),
    row({"text": "\n"}),
)
CLEAN = (
    ask("Name a digit.").answer("0"),
    ask("End the sentence.").answer("."),
    ask("Which emoji is a family?").answer("👨\u200d👩\u200d👧"),
    ask("").answer("How can I help?"),
    preference("Name a colour.", "Blue.", ""),
    row(
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": None, "tool_calls": [{}]},
            ]
        }
    ),
    chat(
        ("user", "Draw."),
        ("assistant", [{"type": "text", "text": ""}, {"type": "image_url", "image_url": {}}]),
    ),
)

UNSEEN = (
    r"\A(?:<\|[a-z_]{1,30}\|>|</s>|[\s\p{Cf}\p{Cc}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}"
    r"\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{E0100}-\x{E01EF}])*\z"
)
"""White space, Unicode's default-ignorable code points (UAX #44), the blank Braille pattern, and leaked end tokens."""


@dataclass(frozen=True)
class EmptyAnswer(RowCheck):
    """Looks at whole turns: one text among several parts is enough."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each empty turn, at its first part."""
        answers = batch.turns.filter(pl.col("part") == "target")
        unseen = pl.col("kind").is_in(["text", "parts"]) & pl.col("text").str.contains(UNSEEN)
        empty = unseen | (pl.col("kind") == "null")
        suspects = answers.filter(empty).select("row", "turn").unique()
        if suspects.is_empty():
            return found(suspects, "")
        turns = answers.join(suspects, on=["row", "turn"], how="semi", maintain_order="left")
        hollow = turns.group_by("row", "turn", maintain_order=True).agg(
            empty.all().alias("hollow"),
            pl.col("at", "kind", "text").first(),
        )
        said = (
            pl.when(pl.col("kind") == "null")
            .then(pl.lit("null"))
            .when(pl.col("text") == "")
            .then(pl.lit("an empty text"))
            .otherwise(pl.lit("nothing but white space, invisible characters or end tokens"))
        )
        return found(hollow.filter("hollow"), pl.format("the answer is {}", said))
