"""What a row asks first, beside its first answer: later turns may ask for less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from curate.core.batch import Batch


def first_answers(asked: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """The first answers of rows with a column ``asked``: the first prompt, where it is among the given lines.

    Args:
        asked: lines of prompts, few because their rows are looked at again.
        batch: where they come from.
    """
    rows = batch.texts.join(asked.select("row").unique(), on="row", how="semi", maintain_order="left")
    spoken = rows.filter(pl.col("role") != "system")
    opens = spoken.filter(pl.col("part") == "prompt").unique("row", keep="first", maintain_order=True)
    opens = opens.join(asked.select("row", "at"), on=["row", "at"], how="semi", maintain_order="left")
    answers = spoken.filter(pl.col("part") == "target").unique("row", keep="first", maintain_order=True)
    told = opens.select("row", pl.col("text").alias("asked"))
    return answers.join(told, on="row", how="inner", maintain_order="left")
