"""What the facets of a batch look at: one line a row, with the texts that they need joined once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch

BETWEEN = "\n\n"


def row_texts(batch: Batch) -> pl.DataFrame:
    """``row, instruction, prompt, target, answer, turns`` of every row; null where there is no such text.

    ``instruction`` is what the user says first; ``prompt`` all that users and tools say and the contexts, but no system
    message, which many rows share; ``target`` everything that is trained on, and ``answer`` the last text of it.
    """
    text, role, part = pl.col("text"), pl.col("role"), pl.col("part")
    asked = part.is_in(["prompt", "context"]) & (role != "system")
    said = batch.texts.group_by("row").agg(
        text.filter((part == "prompt") & (role == "user")).first().alias("instruction"),
        _joined(text.filter(asked), "prompt"),
        _joined(text.filter(part == "target"), "target"),
        text.filter(part == "target").last().alias("answer"),
    )
    spoken = batch.turns.group_by("row").agg(pl.col("turn").n_unique().cast(pl.Int64).alias("turns"))
    rows = batch.rows.select("row").join(said, on="row", how="left", maintain_order="left")
    return rows.join(spoken, on="row", how="left", maintain_order="left").with_columns(
        pl.coalesce("instruction", "prompt").alias("instruction")
    )


def _joined(texts: pl.Expr, name: str) -> pl.Expr:
    """Texts as one; null where there is none."""
    return pl.when(texts.len() > 0).then(texts.str.join(BETWEEN)).alias(name)
