"""What was asked, beside what was answered: the prompt of a row decides how its answer is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch

ENDS = 300
"""Code points at either end of a text in which a task is stated; a long passage stands between or beside them."""

_MARKUP = (
    r"(?i)\bchat ?ml\b|\b(?:chat|prompt)[- ](?:templates?|formats?)\b|\btokeni[sz]ers?\b"
    r"|\b(?:special|control|stop|end|start|bos|eos|padding|mask|sentinel|separator)[- ]"
    r"(?:of[- ]\w+[- ])?(?:tokens?|tags?|markers?)\b"
    r"|\b(?:llama|mistral|gemma|qwen|gpt|phi|deepseek|claude|vicuna|r1|transformers?)\b[^.?!\n]*"
    r"\b(?:tokens?|tags?|markers?|format)\b"
)
_MARKER = (
    r"(?i)\b(?:which|what|name|list|give|show|write|type|close|open|end|insert|use|how|add|put|mark)\b"
    r"(?:(?: [^\s.?!]+){0,3} (?:tokens?|tags?|markers?|delimiters?|x?html|xml|markup)\b|[^.?!\n]*<\S)"
    r"|\b(?:in|of|with|as) (?:x?html|xml|markup)\b"
    r"|(?:什么|哪个|哪些|怎么|如何|写出|列出)[^。？！\n]*(?:标记|标签|词元|令牌|token)"
)
_ASCII_BOUNDARY = r"(?-u:\b)"
"""Rust's engine is many times slower with the boundaries of Unicode, which the words above do not need."""

_SPEAKERS = r"(?:<\|(?:im_start|start_header_id|start)\|>|<start_of_turn>)(?:user|assistant|system|model)\b"


def with_prompt(lines: pl.DataFrame, batch: Batch, *, system: bool = True) -> pl.DataFrame:
    """The lines with two more columns, empty strings where a row has no prompt.

    ``prompt`` is all that the row gives the model, joined by newlines. ``task`` is what of it can say what to do:
    no context, and of each turn only the first and last ``ENDS`` code points, so that words of a long passage are
    not taken for words of the task.

    Args:
        lines: few lines of ``turns``; only their rows' prompts are put together.
        batch: where the lines come from.
        system: whether system turns count.
    """
    wanted = batch.prompts.join(lines.select("row").unique(), on="row", how="semi")
    if not system:
        wanted = wanted.filter(pl.col("role") != "system")
    text = pl.col("text")
    cut = pl.concat_str(text.str.head(ENDS), pl.lit("\n…\n"), text.str.tail(ENDS))
    brief = pl.when(text.str.len_chars() > 2 * ENDS).then(cut).otherwise(text)
    told = wanted.with_columns(pl.when(pl.col("part") == "prompt").then(brief).alias("task"))
    joined = told.group_by("row", maintain_order=True).agg(
        text.str.join("\n").alias("prompt"), pl.col("task").drop_nulls().str.join("\n")
    )
    beside = lines.join(joined, on="row", how="left", maintain_order="left")
    return beside.with_columns(pl.col("prompt", "task").fill_null(""))


def asks_about_markup() -> pl.Expr:
    """Whether ``task`` asks for a token, tag or marker, so that one in ``text`` is what the text is about.

    A text that goes on with another speaker's turn is about tokens only where the task speaks of chat templates.
    """
    task, text = pl.col("task"), pl.col("text")
    markup, marker = (pattern.replace(r"\b", _ASCII_BOUNDARY) for pattern in (_MARKUP, _MARKER))
    return task.str.contains(markup) | (task.str.contains(marker) & ~text.str.contains(_SPEAKERS))
