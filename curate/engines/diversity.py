"""The diversity of what a scan has read: a sample of its rows, their groups, their topics, the numbers.

The sample is drawn by the hashes of the rows' contents and their occurrence among equal ones: so it holds copies in
their true share, and depends on neither the order of rows nor the number of workers.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from curate.diversity.bootstrap import RESAMPLES, SIZE
from curate.diversity.numbers import DRAWN_FROM, diversity_numbers
from curate.diversity.spaces import one_thread
from curate.engines.facets_texts import row_texts
from curate.engines.rereading import Part, parts
from curate.formats.parse import parse_chunk
from curate.similarity import keep_nearest, self_join, shingle
from curate.similarity.plain_tokens import mixed
from curate.similarity.words import COUNT_STEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from curate.core.coverage_report import Number
    from curate.diversity.embedding import Embedder
    from curate.diversity.topics import TopicModel
    from curate.engines.local import Engine
    from curate.engines.scan import Scan

    I64: TypeAlias = NDArray[np.int64]

POOL = 20_000
"""Rows that the numbers are drawn from."""

NEAR = Fraction(7, 10)
"""Jaccard similarity of the sets of word 3-grams from which two prompts are near duplicates."""

WORDS = 3


@dataclass(frozen=True, eq=False)
class Pool:
    """A sample of the rows of a scan, in an order that depends on their contents alone.

    Attributes:
        rows: their numbers over all inputs.
        prompts: what is asked, without system messages; empty where nothing is.
        targets: what is trained on; empty where nothing is.
        of: rows that could be read.
    """

    rows: I64
    prompts: list[str]
    targets: list[str]
    of: int


def draw_pool(seen: Scan, engine: Engine, size: int = POOL, seed: int = 0) -> Pool:
    """Some rows of a scan, read again.

    Args:
        seen: the scan.
        engine: where rows are read.
        size: how many, if there are so many.
        seed: other seeds draw other rows.
    """
    chosen = seen.index.select("row", _rank(seen.index, seed)).sort("rank", "row").head(size)
    told = engine.map(_texts, parts(seen, chosen["row"].sort()))
    schema = {"row": pl.Int64, "prompt": pl.String, "target": pl.String}
    texts = pl.concat([pl.DataFrame(schema=schema), *told])
    drawn = chosen.join(texts, on="row", how="left", maintain_order="left").fill_null("")
    return Pool(
        drawn["row"].to_numpy(), drawn["prompt"].to_list(), drawn["target"].to_list(), len(seen.index)
    )


def _rank(index: pl.DataFrame, seed: int) -> pl.Series:
    """What the rows are ordered by: 64 bits of the hash of their content, their occurrence and the seed."""
    counted = index.select("hash", pl.col("row").cum_count().over("hash").cast(pl.UInt64))
    contents, occurrences = (column.to_numpy().astype(np.uint64) for column in counted.iter_columns())
    salt = mixed(np.full(1, seed + 1, np.uint64))
    return pl.Series("rank", mixed((contents ^ salt) + occurrences * np.uint64(COUNT_STEP)), pl.UInt64)


def _texts(part: Part) -> pl.DataFrame:
    texts = row_texts(parse_chunk(part.chunk).batch).select("row", "prompt", "target")
    numbers = pl.DataFrame({"row": list(part.rows), "number": list(part.rows.values())})
    return texts.join(numbers, on="row").select(pl.col("number").alias("row"), "prompt", "target")


def near_groups(texts: Sequence[str]) -> I64:
    """For each text the place of one that it is near to, or its own: near duplicates share a number.

    Every text of a group is near the one that stands for it, so there are no chains; which one it is depends on the
    order of texts, which must not depend on chance. A text without words is alone.
    """
    pairs = self_join(shingle(pl.Series(texts, dtype=pl.String), WORDS), NEAR)
    return keep_nearest(pairs, np.arange(len(texts))).kept


def numbers_of(  # noqa: PLR0913 (a sample, two spaces, and what is drawn)
    pool: Pool,
    topics: TopicModel | None = None,
    embedder: Embedder | None = None,
    *,
    size: int = SIZE,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> list[Number]:
    """The numbers of a sample.

    Args:
        pool: the sample.
        topics: of these rows; topic entropy is left out without.
        embedder: a model of language; the Vendi score by a model is left out without.
        size: rows that each number is of.
        seed: of the draws.
        resamples: number of draws.
    """
    read = pool.prompts[: DRAWN_FROM * size]
    with one_thread() if topics is not None else nullcontext():
        return diversity_numbers(
            pool.prompts,
            pool.targets,
            groups=near_groups(pool.prompts),
            space=topics.space(read) if topics is not None else None,
            meaning=embedder.embed(read) if embedder is not None else None,
            size=size,
            seed=seed,
            resamples=resamples,
            of=pool.of,
        )
