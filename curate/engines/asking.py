"""Rows as asks with answers: what stands before the last answer, and that answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Sketch
from curate.similarity.asks import Turn
from curate.similarity.judge import Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curate.core.batch import Batch

SAID = ("text", "parts", "call", "null", "missing")
"""Kinds of turns that are compared. A row with anything else, such as a picture, is like no other row."""

EDGE = "\n"


def sides(batch: Batch) -> pl.DataFrame:
    """``row, turn, role, kind, text, is_answer`` of the rows that can be compared.

    The answer is the last one that is trained on, with the rejected one of a preference pair. All that stands
    before it is the ask; what follows it belongs to the answer.
    """
    turns = batch.turns.select("row", "turn", "role", "part", "kind", "text")
    is_answer = pl.col("part").is_in(["target", "rejected"])
    last = pl.col("turn").filter(pl.col("part") == "target").max().over("row")
    comparable = pl.col("kind").is_in(SAID).all().over("row") & last.is_not_null()
    return turns.filter(comparable).select(
        "row", "role", "part", "text", ((pl.col("turn") >= last) | (is_answer & (pl.col("part") == "rejected"))).alias("is_answer")
    )


@dataclass(frozen=True)
class AskTexts(Sketch):
    """Base of the sketches of deduplication: one line for each row that can be compared."""

    def texts(self, batch: Batch) -> pl.DataFrame:
        """``row, ask, answer``: the texts of each side, one turn a line."""
        joined = pl.col("text").str.join(EDGE)
        together = sides(batch).group_by("row", maintain_order=True).agg(
            pl.col("text").filter(~pl.col("is_answer")).str.join(EDGE).alias("ask"),
            pl.col("text").filter("is_answer").str.join(EDGE).alias("answer"),
        )
        del joined
        return together


def examples(batch: Batch, rows: Iterable[int]) -> Iterator[tuple[int, Example]]:
    """Some rows as the judge takes them."""
    wanted = pl.Series(list(rows), dtype=pl.Int64)
    lines = sides(batch).filter(pl.col("row").is_in(wanted.implode()))
    for (row,), turns in lines.group_by("row", maintain_order=True):
        asked = turns.filter(~pl.col("is_answer")).select("role", "text").rows()
        answers = turns.filter("is_answer")["text"].to_list()
        yield int(row), Example(tuple(Turn(*one) for one in asked), tuple(answers))
