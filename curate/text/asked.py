"""What was asked, beside what was answered: the prompt of a row decides how its answer is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch

ENDS = 300
"""Code points at either end of a text in which a task is stated; a long passage stands between or beside them."""


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
