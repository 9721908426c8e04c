"""The answer is empty.

Why     The model learns to end the conversation instead of answering. A pair whose rejected answer is empty compares
        an answer with nothing, and teaches nothing about answers.
Mend    Fill in the answer, or set the rows aside:
        `curate drop {files} --select schema.empty-answer -o {out}`.
Limits  An answer counts as empty if it is null, or holds nothing but white space, characters that do not show
        (zero-width spaces and joiners, variation selectors, fillers), leaked end tokens (``<|endoftext|>``) and
        closed thoughts (``<think>...</think>``). A turn that calls a tool or holds an image needs no text, nor does
        an answer to "which token ends a turn?". The rejected side of a pair, and an unwanted answer (KTO), count
        too. An empty answer that is meant ("repeat nothing") cannot be told apart. Precision on real data: 1,401 of
        1,401 hits in 26 public files; 1,400 of them are answers of T0 that consist of an end token, told by their
        text, 20 of them read with their prompts.
        Certain by definition: nothing that is seen is left of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import asks_about_markup, with_prompt
from curate.text.ends import CUT, SPECIAL
from curate.text.thoughts import only_thoughts

FLAGGED = (
    ask("Name a colour.").answer("").at(""),
    ask("Name a colour.").answer(" \n\t").at(" \n\t"),
    ask("Name a colour.").answer("\u200b\ufeff").at("\u200b\ufeff"),
    ask("Name a colour.").answer("<|endoftext|>").at("<|endoftext|>"),
    ask("Name a colour.").answer(None),
    chat(("user", "Hi"), ("assistant", ""), ("user", "Hello?"), ("assistant", "Yes.")),
    chat(("user", "Hi"), ("assistant", None)),
    chat(("user", "Hi"), ("assistant", [{"type": "text", "text": " "}])),
    ask("Name a colour.").answer("<end_of_turn>").at("<end_of_turn>"),
    ask("Name a colour.").answer("<think>Red? Blue.</think>\n").at("<think>Red? Blue.</think>\n"),
    row({"prompt": "Name a colour. <think>", "completion": "Red? Blue.</think>"}),
    preference("Name a colour.", "", "Blue."),
    preference("Name a colour.", "Blue.", ""),
    row({"prompt": "Name a colour.", "completion": "", "label": False}),
    row({"text": "\n"}),
)
CLEAN = (
    ask("Name a digit.").answer("0"),
    ask("End the sentence.").answer("."),
    ask("Which emoji is a family?").answer("👨\u200d👩\u200d👧"),
    ask("").answer("How can I help?"),
    ask("Which token ends a turn in ChatML?").answer("<|im_end|>"),
    ask("Which tag ends a struck text?").answer("</s>"),
    ask("Name a colour.").answer("<think>Red?</think>\n\nBlue."),
    ask("Write only your reasoning: 2 + 2?").answer("<think>Two and two.</think>"),
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

_BLANK = (
    r"[\s\p{Cf}\p{Cc}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}"
    r"\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{E0100}-\x{E01EF}]"
)
"""White space, Unicode's default-ignorable code points (UAX #44), and the blank Braille pattern."""

UNSEEN = rf"\A(?:{SPECIAL}|{_BLANK})*(?:{CUT})?\z"
"""The same and leaked end tokens."""

_CLOSED = r"(?:[a-z]>|thought\|>|think\|>|THINK\]|think▷)\s*\z"
"""How a text may end that is nothing but a thought."""

_REASONING_ASKED = r"(?i)\b(?:only|just|nothing but)\b[^.\n]{0,40}\b(?:think|thoughts?|thinking|reason\w*)\b"


@dataclass(frozen=True)
class EmptyAnswer(RowCheck):
    """Looks at whole turns: one text among several parts is enough."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each empty turn, at its first part."""
        sides = pl.col("part").is_in(["target", "rejected"])
        answers = _with_kind_of_nothing(batch.turns.filter(sides), batch)
        empty = pl.col("nothing").is_not_null()
        suspects = answers.filter(empty).select("row", "turn", "part").unique()
        if suspects.is_empty():
            return found(suspects, "")
        turns = answers.join(suspects, on=["row", "turn", "part"], how="semi", maintain_order="left")
        hollow = turns.group_by("row", "turn", "part", maintain_order=True).agg(
            empty.all().alias("hollow"),
            pl.col("at", "nothing", "label").first(),
        )
        rejected = pl.col("part") == "rejected"
        told = (
            pl.when(rejected & pl.col("label").is_null())
            .then(pl.format("the rejected answer is {}: the pair compares with nothing", "nothing"))
            .when(rejected)
            .then(pl.format("the unwanted answer is {}: there is nothing to unlearn", "nothing"))
            .otherwise(pl.format("the answer is {}", "nothing"))
        )
        return found(hollow.filter("hollow"), told)


def _with_kind_of_nothing(answers: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """The answers with a column that says what kind of nothing they are, null where they say something.

    A rejected side that is null is missing (``schema.no-target``), an unwanted answer that is null is empty.
    """
    text, written = pl.col("text"), pl.col("kind").is_in(["text", "parts"])
    null = (pl.col("kind") == "null") & ((pl.col("part") == "target") | pl.col("label").is_not_null())
    nothing = (
        pl.when(null)
        .then(pl.lit("null"))
        .when(written & (text == ""))
        .then(pl.lit("an empty text"))
        .when(written & text.str.contains(UNSEEN))
        .then(pl.lit("nothing but white space, invisible characters or end tokens"))
        .when(written & text.str.tail(20).str.contains(_CLOSED))
        .then(pl.lit(_THOUGHT))
    )
    answers = answers.with_columns(nothing.alias("nothing")).with_row_index("number")
    doubtful = (pl.col("nothing") == _THOUGHT) | (
        pl.col("nothing").is_not_null() & text.str.contains("[<\\[]")
    )
    unsure = with_prompt(answers.filter(doubtful), batch)
    alone = [only_thoughts(*pair) for pair in unsure.select("text", "prompt").iter_rows()]
    thought = pl.col("nothing") == _THOUGHT
    meant = (
        pl.when(thought)
        .then(~pl.Series("alone", alone, pl.Boolean) | pl.col("task").str.contains(_REASONING_ASKED))
        .otherwise(asks_about_markup())
    )
    spared = unsure.filter(meant).select("number")
    still = ~pl.col("number").is_in(spared["number"].implode())
    return answers.with_columns(pl.when(still).then("nothing").alias("nothing"))


_THOUGHT = "nothing but a thought"
