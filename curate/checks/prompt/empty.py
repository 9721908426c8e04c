"""There is an answer, but nothing was asked.

Why     The model learns to say this whatever it is asked, or to begin a conversation with it.
Mend    Fill in the question, or set the rows aside: `curate drop {files} --select prompt.empty -o {out}`.
Limits  A prompt that is meant to be empty (text to go on from nothing, a bot that speaks first) cannot be told
        apart, so it only warns. Of templates whose slot was left empty, only "What is  ?", "the symptoms of  ?" and
        their like are known, with two blanks where the topic should be. Plain text and preference pairs without a
        prompt of their own are passed over, and so is a question whose context says something. Precision on real
        data: 3 of 3 findings in 73,735 rows of 26 public files are right, all of them empty slots of MedQuAD. In
        clean corpora: MedQuAD 3 hits, 3 of 3 read right.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.sift import sift

FLAGGED = (
    ask("").answer("How can I help?").at(""),
    ask(" \n\t").answer("Blue."),
    ask(None).answer("Blue."),
    ask("\u200b", context=" ").answer("Blue."),
    chat(("user", ""), ("assistant", "Blue.")),
    chat(("user", [{"type": "text", "text": " "}]), ("assistant", "Blue.")),
    chat(("user", "Hi"), ("assistant", "Hello."), ("user", " "), ("assistant", "Blue.")),
    chat(("assistant", "Blue.")),
    preference("", "Blue.", "Chair."),
    ask("What is (are)  ?").answer("It is a disease.").at("What is (are)  ?"),
    ask("What are the symptoms of  ?").answer("Fever."),
    ask("How to prevent  ?").answer("By a vaccine."),
    row({"prompt": "", "completion": "Blue."}),
)
CLEAN = (
    ask("Name a colour.").answer("Blue."),
    ask("", context="Which colour has the sky?").answer("Blue."),
    ask("What is bail  ?").answer("Money."),
    ask("What is it made of  ?").answer("Wood."),
    ask("Qu'est-ce que c'est  ?").answer("De l'argent."),
    ask("How to swim  ?").answer("With arms and legs."),
    ask("?").answer("What would you like to know?"),
    chat(("system", "Greet the guest."), ("assistant", "Welcome!")),
    chat(("assistant", "How can I help?"), ("user", "Name a colour."), ("assistant", "Blue.")),
    chat(
        ("user", [{"type": "text", "text": ""}, {"type": "image_url", "image_url": {}}]),
        ("assistant", "A cat."),
    ),
    chat(("user", ""), ("user", "Name a colour."), ("assistant", "Blue.")),
    preference("Name a colour.", "Blue.", ""),
    row({"chosen": "\n\nHuman: Hi\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi\n\nAssistant: Go."}),
    row({"text": "Once upon a time there was a king."}),
    row({"prompt": "", "completion": ""}),
)

UNSEEN = (
    r"\A[\s\p{Cf}\p{Cc}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}"
    r"\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{E0100}-\x{E01EF}]*\z"
)
"""White space and Unicode's default-ignorable code points (UAX #44), and the blank Braille pattern."""

_SLOT = (
    r"(?i)^\s*(?:(?:what|who|where) (?:is|are|was|were)(?: \(\w+\))?(?: the| an?)?"
    r"|(?:what|who|which) [a-z() ]{2,30} the [a-z ]{3,30} (?:of|for)"
    r"|how to (?:prevent|treat|diagnose|identify|use)) {2,}\?\s*$"
)
"""A question of a template, with two blanks and no topic."""

_LONGEST_SLOT = 100

_WITHOUT_QUESTION = ("text", "preference", "unknown")


@dataclass(frozen=True)
class Empty(RowCheck):
    """Looks at the stretch of turns before each answer: one visible text, call or picture among them is enough."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each hollow question that is answered, and for each row that asks nothing at all."""
        hollow = _is_hollow()
        asked = batch.turns.filter(pl.col("part").is_in(["prompt", "context"]), pl.col("role") == "user")
        suspects = asked.filter(hollow).select("row").unique()
        others = [
            found(self._silent(batch, asked), "the row has an answer and no question", at=""),
            found(self._slots(batch, asked), "the question names no topic: a slot of its template is empty"),
        ]
        if suspects.is_empty():
            return pl.concat(others).sort("row", maintain_order=True)
        turns = batch.turns.join(suspects, on="row", how="semi", maintain_order="left")
        is_answer = pl.col("part").is_in(["target", "rejected"]) | (pl.col("role") == "assistant")
        block = is_answer.cast(pl.Int32).cum_sum().over("row") - is_answer.cast(pl.Int32)
        unanswered = turns.with_columns(block.alias("block"), is_answer.alias("answer"))
        judged = unanswered.group_by("row", "block", maintain_order=True).agg(
            pl.col("at").filter(~pl.col("answer"), pl.col("role") == "user").first(),
            (pl.col("role") == "user").any().alias("asks"),
            hollow.filter(~pl.col("answer"), pl.col("role") != "system").all().alias("hollow"),
            (pl.col("answer") & (pl.col("part") == "target") & ~hollow).any().alias("answered"),
        )
        empty = judged.filter("asks", "hollow", "answered")
        findings = [found(empty, "the question is empty, and there is an answer"), *others]
        return pl.concat(findings).sort("row", maintain_order=True)

    def _slots(self, batch: Batch, asked: pl.DataFrame) -> pl.DataFrame:
        """The questions of answered rows in which two blanks stand where the topic should."""
        text = pl.col("text")
        slots = sift(
            asked,
            text.str.len_bytes() <= _LONGEST_SLOT,
            text.str.contains("  ?", literal=True),
            text.str.contains(_SLOT),
        )
        slots = slots.with_columns(
            pl.lit(0, pl.Int32).alias("start"), text.str.len_chars().cast(pl.Int32).alias("end")
        )
        return (
            slots
            if slots.is_empty()
            else slots.join(batch.targets, on="row", how="semi", maintain_order="left")
        )

    def _silent(self, batch: Batch, asked: pl.DataFrame) -> pl.DataFrame:
        """Rows whose layout has a place for a question, and which have neither one nor a system prompt."""
        rows = batch.rows.filter(~pl.col("layout").is_in(_WITHOUT_QUESTION)).select(
            "row"
        )  # no byte range as span
        rows = rows.join(asked.select("row"), on="row", how="anti", maintain_order="left")
        if rows.is_empty():
            return rows
        answered = batch.targets.filter(~_is_hollow()).select("row")
        rows = rows.join(answered, on="row", how="semi", maintain_order="left")
        given = batch.prompts.filter(~_is_hollow()).select("row")
        return rows.join(given, on="row", how="anti", maintain_order="left")


def _is_hollow() -> pl.Expr:
    """Null, missing, or nothing that can be seen; media and calls are something."""
    text = pl.col("kind").is_in(["text", "parts"]) & pl.col("text").str.contains(UNSEEN)
    return text | pl.col("kind").is_in(["null", "missing"])
