"""Rows as asks with answers: what stands before the last answer, and that answer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.core.check import Sketch
from curate.formats.layouts.rest import REST
from curate.similarity import shingle
from curate.similarity.asks import Turn
from curate.similarity.blocking import block_keys
from curate.similarity.cells import cells_of
from curate.similarity.judge import Example
from curate.similarity.plain_tokens import mixed
from curate.similarity.words import COUNT_STEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.batch import Batch

SAID = ("text", "parts", "call", "null", "missing")
"""Kinds of turns that are compared. A row with anything else, such as a picture, is like no other row."""


def sides(batch: Batch) -> pl.DataFrame:
    """``row, role, text, is_answer``: the turns of the rows that can be compared.

    The answer is the last one that is trained on, with the rejected one of a preference pair, and what follows. All
    that stands before it is the ask. A call is said with the name of its function, and a turn that is not trained on is
    another than one that is. What others say behind the answer is said with their role.
    """
    turns = batch.turns
    last = _last_targets(turns)
    is_call = pl.col("kind") == "call"
    is_untrained = (pl.col("part") == "target") & pl.col("trained").not_()
    is_answer = (pl.col("turn") >= last) | (pl.col("part") == "rejected")
    said = turns.select(
        "row",
        pl.when(is_untrained).then(pl.lit("untrained")).otherwise("role").alias("role"),
        pl.when(is_call)
        .then(pl.concat_str(pl.col("name").fill_null(""), pl.lit("\t"), "text"))
        .when(is_answer & (pl.col("role") != "assistant"))
        .then(pl.concat_str("role", pl.lit("\t"), "text"))
        .otherwise("text")
        .alias("text"),
        is_answer.alias("is_answer"),
    )
    return said if last.min() != NONE else said.filter(last > NONE)


NONE = -1
"""Stands for the last answer of a row that has none, or cannot be compared."""


def _last_targets(turns: pl.DataFrame) -> pl.Series:
    """For each line the turn of its row's last answer that is trained on; lines of a row follow each other."""
    rows = turns["row"].to_numpy()
    if not len(rows):
        return pl.Series("last", [], pl.Int32)
    starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    is_target = (turns["part"] == "target").to_numpy()
    is_odd = ~turns["kind"].is_in(SAID).to_numpy()
    last = np.maximum.reduceat(np.where(is_target, turns["turn"].to_numpy(), NONE), starts)
    last[np.logical_or.reduceat(is_odd, starts)] = NONE
    return pl.Series("last", np.repeat(last, np.diff(np.append(starts, len(rows)))), pl.Int32)


def _joined(lines: pl.DataFrame, text: pl.Expr, name: str, rows: pl.Series) -> pl.Series:
    """The lines of each row as one text; rows without lines have the empty one."""
    picked = lines.select("row", text.alias(name))
    if len(picked) != len(rows) or not (picked["row"] == rows).all():
        together = picked.group_by("row", maintain_order=True).agg(pl.col(name).str.join("\n"))
        picked = rows.to_frame().join(together, on="row", how="left", maintain_order="left")
    return picked[name].fill_null("")


def _said(lines: pl.DataFrame, beside: pl.Series, seed: int) -> pl.Series:
    """64 bits of what each row says: its lines in their order, who says them and where, and what stands beside them."""
    rows = lines["row"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]])) if len(rows) else rows
    numbers = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    spot = 2 * numbers.astype(np.uint64) + lines["is_answer"].to_numpy()
    who = mixed(lines["role"].hash(seed).to_numpy() + spot * np.uint64(COUNT_STEP))
    said = mixed(lines["text"].hash(seed).to_numpy() ^ who)
    sums = np.add.reduceat(said, starts) if len(rows) else said
    return pl.Series(mixed(sums + beside.hash(seed).to_numpy()), dtype=pl.UInt64)


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
        """``row, block, said, said_too, length, shingles`` (bytes of 64-bit hashes) and the metadata.

        ``said`` and ``said_too`` are 128 bits of all that is compared: rows in which they are equal are copies.
        """
        lines = sides(batch)
        rows = lines["row"].unique(maintain_order=True)
        asks = _joined(lines.filter(~pl.col("is_answer")), pl.col("text"), "ask", rows)
        answers = _joined(lines.filter("is_answer"), pl.col("text"), "answer", rows)
        compared = asks + "\n" + answers if self.whole else asks
        beside = self._beside(batch, rows)
        kept = [
            rows,
            pl.Series("block", block_keys(asks), pl.UInt64),
            _said(lines, beside, 1).alias("said"),
            _said(lines, beside, 2).alias("said_too"),
            answers.str.len_chars().alias("length"),
            self._shingles(compared),
        ]
        sketch = pl.DataFrame(kept)
        if not self.fields:
            return sketch
        wanted = batch.rows.select("row", *(f"meta.{name}" for name in self.fields))
        return sketch.join(wanted, on="row", how="left", maintain_order="left")

    def _beside(self, batch: Batch, rows: pl.Series) -> pl.Series:
        others = _others(batch)
        return rows.replace_strict(others, default="", return_dtype=pl.String) if others else pl.Series([""])

    def _shingles(self, texts: pl.Series) -> pl.Series:
        if not self.n:
            return pl.Series("shingles", [b""] * len(texts), pl.Binary)
        return cells_of(shingle(texts, self.n)).alias("shingles")


def examples(batch: Batch, rows: list[int]) -> Iterator[tuple[int, Example]]:
    """Some rows as the judge takes them."""
    lines = sides(batch).filter(pl.col("row").is_in(rows)).rows()
    others = _others(batch)
    for row, turns in groupby(lines, key=itemgetter(0)):
        asked: list[Turn] = []
        answers: list[str] = []
        for _, role, text, is_answer in turns:
            if is_answer:
                answers.append(text)
            else:
                asked.append(Turn(role, text))
        if row in others:
            asked.append(Turn("fields", others[row]))
        yield row, Example(tuple(asked), tuple(answers))


def _others(batch: Batch) -> dict[int, str]:
    """Of the rows that have any: the fields beside the conversation that may be part of what is asked."""
    name = f"meta.{REST}"
    if name not in batch.rows.columns:
        return {}
    return dict(batch.rows.filter(pl.col(name) != "").select("row", name).rows())
