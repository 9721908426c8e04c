"""Reasoning is opened and not closed, or closed and not opened.

Why     The model learns to think for ever, or to end a thought that it never began; the programs that cut the thought
        out then show all of it, or nothing.
Mend    Write both tags, or set the rows aside: `curate drop {files} --select template.unbalanced-think -o
        {out}`.
Limits  The tags of ``pairs``, outside backquotes; an opening tag at the end of the prompt counts. Reasoning within a
        fenced block is not seen. Precision on real data: 1 of 1 finding in 26 public files (reason_tool_use) was
        right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
from curate.text.asked import with_prompt
from curate.text.backquotes import code_spans, is_within

PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<|thought|>", "<|/thought|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
)

FLAGGED = (
    ask("2 + 2?").answer("<think>Two and two make four. The answer is 4.").at("<think>"),
    ask("2 + 2?").answer("Two and two.</think>\n\n4").at("</think>"),
    ask("2 + 2?").answer("<think>Two and two.</think>\n\n4\n<think>Sure?").at("<think>"),
    chat(("user", "2 + 2?"), ("assistant", "[THINK]Two and two. 4")).at("[THINK]"),
    row({"text": "<|begin_of_thought|>\nHm.\n\nSo 4."}).at("<|begin_of_thought|>"),
)
CLEAN = (
    ask("2 + 2?").answer("<think>Two and two. Should I write <think>? No.</think>\n\n4"),
    ask("How do I mark reasoning?").answer("Put `<think>` before it."),
    ask("2 + 2?").answer("<think>\n\n</think>\n\n4"),
    row({"prompt": "2 + 2?\n<think>\n", "completion": "Two and two.</think>\n\n4"}),
    ask("Write XML.").answer("```xml\n<reasoning>\n```"),
)


@dataclass(frozen=True)
class UnbalancedThink(RowCheck):
    """Walks through the tags of each answer; a tag within a thought, and tags in code, are talk about tags."""

    severity: Severity = Severity.ERROR
    pairs: tuple[tuple[str, str], ...] = PAIRS

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first tag that has no partner."""
        tags = [tag for pair in self.pairs for tag in pair]
        suspects = with_prompt(batch.targets.filter(pl.col("text").str.contains_any(tags)), batch)
        odd = [self._odd(text, prompt) for text, prompt in suspects.select("text", "prompt").iter_rows()]
        lines = suspects.with_columns(
            pl.Series("start", [hit and hit[0] for hit in odd], pl.Int32),
            pl.Series("end", [hit and hit[1] for hit in odd], pl.Int32),
            pl.Series("tag", [hit and hit[2] for hit in odd], pl.String),
        ).drop_nulls("tag")
        closing = pl.col("tag").is_in([close for _, close in self.pairs])
        missing = pl.when(closing).then(pl.lit("closed without being opened")).otherwise(pl.lit("not closed"))
        return found(lines, pl.format("{} is {}", "tag", missing), evidence=pl.col("tag"))

    def _odd(self, text: str, prompt: str) -> tuple[int, int, str] | None:
        """Start, end and tag of the first fault; a prompt may end with the opening tag, as chat templates do."""
        code = code_spans(text)
        for opening, closing in self.pairs:
            since = 0 if prompt.rstrip().endswith(opening) else None
            last = (0, 0)
            for tag in re.finditer(f"{re.escape(opening)}|{re.escape(closing)}", text):
                if is_within(code, tag.start()):
                    continue
                if tag[0] == opening and since is None:
                    since, last = tag.start(), tag.span()
                elif tag[0] == closing and since is None:
                    return (*tag.span(), closing)
                elif tag[0] == closing:
                    since = None
            if since is not None and last != (0, 0):
                return (*last, opening)
        return None
