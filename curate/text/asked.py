"""What was asked, beside what was answered: the prompt of a row decides how its answer is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch


def with_prompt(lines: pl.DataFrame, batch: Batch, *, system: bool = True) -> pl.DataFrame:
    """The lines with a column ``prompt``: all that their row gives the model, joined by newlines, or empty.

    Args:
        lines: few lines of ``turns``; only their rows' prompts are put together.
        batch: where the lines come from.
        system: whether system turns count.
    """
    wanted = batch.prompts.join(lines.select("row").unique(), on="row", how="semi")
    if not system:
        wanted = wanted.filter(pl.col("role") != "system")
    joined = wanted.group_by("row", maintain_order=True).agg(pl.col("text").str.join("\n").alias("prompt"))
    return lines.join(joined, on="row", how="left", maintain_order="left").with_columns(
        pl.col("prompt").fill_null("")
    )
