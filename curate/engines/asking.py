"""Rows as asks with answers: what stands before the last answer, and that answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Sketch
from curate.similarity import shingle
from curate.similarity.asks import Turn
from curate.similarity.blocking import block_keys
from curate.similarity.judge import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.batch import Batch

SAID = ("text", "parts", "call", "null", "missing")
"""Kinds of turns that are compared. A row with anything else, such as a picture, is like no other row."""


def sides(batch: Batch) -> pl.DataFrame:
    """``row, role, text, is_answer``: the turns of the rows that can be compared.

    The answer is the last one that is trained on, with the rejected one of a preference pair, and what follows. All
    that stands before it is the ask. A call is said with the name of its function, and a turn that is not trained on is
    another than one that is.
    """
    is_target = pl.col("part") == "target"
    last = pl.col("turn").filter(is_target).max().over("row")
    comparable = pl.col("kind").is_in(SAID).all().over("row") & last.is_not_null()
    is_call = pl.col("kind") == "call"
    return batch.turns.filter(comparable).select(
        "row",
        pl.when(is_target & pl.col("trained").not_())
        .then(pl.lit("untrained"))
        .otherwise("role")
        .alias("role"),
        pl.when(is_call)
        .then(pl.concat_str(pl.col("name").fill_null(""), pl.lit("\t"), "text"))
        .otherwise("text")
        .alias("text"),
        ((pl.col("turn") >= last) | (pl.col("part") == "rejected")).alias("is_answer"),
    )


@dataclass(frozen=True)
class AskSketch(Sketch):
    """What is kept of every row to find those that are alike.

    Attributes:
        n: words of a shingle; 0 for none.
        whole: shingles of the answer as well, for the classical comparison of whole texts.
        fields: metadata by which the row to keep is chosen.
    """

    n: int = 3
    whole: bool = False
    fields: tuple[str, ...] = ()

    def digest(self, batch: Batch) -> pl.DataFrame:
        """``row, block, length, shingles`` (bytes of 64-bit hashes) and the metadata."""
        is_answer = pl.col("is_answer")
        texts = (
            sides(batch)
            .group_by("row", maintain_order=True)
            .agg(
                pl.col("text").filter(~is_answer).str.join("\n").alias("ask"),
                pl.col("text").filter(is_answer).str.join("\n").alias("answer"),
            )
        )
        compared = pl.concat_str("ask", pl.lit("\n"), "answer") if self.whole else pl.col("ask")
        rows = texts.select(
            "row",
            pl.Series("block", block_keys(texts["ask"]), pl.UInt64),
            pl.col("answer").str.len_chars().alias("length"),
            self._shingles(texts.select(compared.alias("text"))["text"]),
        )
        wanted = ["row", *(f"meta.{name}" for name in self.fields)]
        return rows.join(batch.rows.select(wanted), on="row", how="left", maintain_order="left")

    def _shingles(self, texts: pl.Series) -> pl.Series:
        if not self.n:
            return pl.Series("shingles", [b""] * len(texts), pl.Binary)
        sets = shingle(texts, self.n)
        blob = sets.values.tobytes()
        ends = (sets.indptr * 8).tolist()
        cells = [blob[start:end] for start, end in pairwise(ends)]
        return pl.Series("shingles", cells, pl.Binary)


def examples(batch: Batch, rows: list[int]) -> Iterator[tuple[int, Example]]:
    """Some rows as the judge takes them."""
    lines = sides(batch).filter(pl.col("row").is_in(rows)).rows()
    tools = _tools(batch, rows)
    for row, turns in groupby(lines, key=itemgetter(0)):
        asked: list[Turn] = []
        answers: list[str] = []
        for _, role, text, is_answer in turns:
            if is_answer:
                answers.append(text)
            else:
                asked.append(Turn(role, text))
        if row in tools:
            asked.append(Turn("tools", tools[row]))
        yield row, Example(tuple(asked), tuple(answers))


def _tools(batch: Batch, rows: list[int]) -> dict[int, str]:
    """The functions that a row offers to the model: another list of them makes another ask."""
    offering = batch.rows.filter(pl.col("row").is_in(rows) & pl.col("raw").bin.contains(b'"tools"'))
    found = {}
    for row, raw in offering.select("row", "raw").iter_rows():
        try:
            found[row] = json.dumps(json.loads(raw).get("tools"), sort_keys=True)
        except (ValueError, AttributeError, RecursionError):
            found[row] = raw.hex()
    return found
