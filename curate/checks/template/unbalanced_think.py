"""Reasoning is opened and not closed, or closed and not opened.

Why     The model learns to think for ever, or to end a thought that it never began; the programs that cut the thought
        out then show all of it, or nothing.
Mend    Write both tags, or set the rows aside: `curate drop {files} --select template.unbalanced-think -o
        {out}`.
Limits  The tags of ``pairs`` in any case and with attributes, outside backquotes; an opening tag at the end of the
        prompt counts. Reasoning within a fenced block is not seen, nor a tag that a sentence speaks of ("it emits
        <think> first"). A thought with nothing behind it belongs to schema.empty-answer. Precision on real data: 1
        of 1 finding in 26 public files (reason_tool_use) was right.
        Unmeasured, so it only warns.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
from curate.text.asked import asks_about_markup, with_prompt
from curate.text.thoughts import PAIRS, beginnings, odd_tag

FLAGGED = (
    ask("2 + 2?").answer("<think>Two and two make four. The answer is 4.").at("<think>"),
    ask("2 + 2?").answer("Two and two.</think>\n\n4").at("</think>"),
    ask("2 + 2?").answer("<think>Two and two.</think>\n\n4\n<think>Sure?").at("<think>"),
    ask("2 + 2?").answer('<Think time="3">Two and two. 4').at('<Think time="3">'),
    ask("2 + 2?").answer("<think><think>Two and two.</think>\n\n4").at("<think>"),
    ask("2 + 2?").answer("<scratchpad>Two and two. 4"),
    chat(("user", "2 + 2?"), ("assistant", "[THINK]Two and two. 4")).at("[THINK]"),
    row({"text": "<|begin_of_thought|>\nHm.\n\nSo 4."}).at("<|begin_of_thought|>"),
)
CLEAN = (
    ask("2 + 2?").answer("<think>Two and two. Should I write <think>? No.</think>\n\n4"),
    ask("How do I mark reasoning?").answer("Put `<think>` before it."),
    ask("What does R1 emit first?").answer("It emits <think> first."),
    ask("How is it laid out?").answer("The <reasoning> element holds the steps."),
    ask("Which tag opens a thought?").answer("<think>"),
    ask("2 + 2?").answer("<think>\n\n</think>\n\n4"),
    row({"prompt": "2 + 2?\n<think>\n", "completion": "Two and two.</think>\n\n4"}),
    ask("Write XML.").answer("```xml\n<reasoning>\n```"),
)


@dataclass(frozen=True)
class UnbalancedThink(RowCheck):
    """Walks through the tags of each answer; a tag within a thought, and tags in code, are talk about tags."""

    severity: Severity = Severity.WARNING
    pairs: tuple[tuple[str, str], ...] = PAIRS

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first tag that has no partner."""
        signs = beginnings(self.pairs)
        text = pl.col("text")
        suspects = batch.targets.filter(text.str.contains_any(signs, ascii_case_insensitive=True))
        suspects = with_prompt(suspects, batch)
        odd = [
            odd_tag(said, prompt, self.pairs)
            for said, prompt in suspects.select("text", "prompt").iter_rows()
        ]
        lines = suspects.with_columns(
            pl.Series("start", [hit and hit.start for hit in odd], pl.Int32),
            pl.Series("end", [hit and hit.end for hit in odd], pl.Int32),
            pl.Series("tag", [hit and hit.word for hit in odd], pl.String),
            pl.Series("opens", [hit and hit.opens for hit in odd], pl.Boolean),
        ).drop_nulls("tag")
        alone = text.str.strip_chars().str.len_chars() == pl.col("end") - pl.col("start")
        lines = lines.filter(~(alone & asks_about_markup()))
        missing = pl.when("opens").then(pl.lit("not closed")).otherwise(pl.lit("closed without being opened"))
        return found(lines, pl.format("{} is {}", "tag", missing), evidence=pl.col("tag"))
