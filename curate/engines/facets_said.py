"""What instructions ask for and how they begin, counted chunk by chunk: counters that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import polars as pl

from curate.engines.facets_kinds import tasks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.batch import Batch

PAIRS = pl.Schema({"verb": pl.String, "object": pl.String, "rows": pl.Int64})
OPENINGS = pl.Schema({"opening": pl.String, "rows": pl.Int64})

LOOKED_AT = 160
"""Code points of a prompt in which its opening is looked for."""

_WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_-]*"
OPENING = rf"^[^\p{{L}}\p{{N}}]*({_WORD}(?:[^\p{{L}}\p{{N}}]+{_WORD}){{0,2}})"
"""The first three words of a prompt, or as many as there are; in scripts without spaces, its first run of letters."""


@dataclass(frozen=True)
class Said:
    """Counts over rows.

    Attributes:
        pairs: rows by verb and object of the instruction.
        openings: rows by the first three words of the prompt, in lower case.
    """

    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PAIRS))
    openings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OPENINGS))

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """The sum, most frequent first."""
        pairs = pl.concat([pl.DataFrame(schema=PAIRS), *(part.pairs for part in parts)])
        openings = pl.concat([pl.DataFrame(schema=OPENINGS), *(part.openings for part in parts)])
        return cls(_summed(pairs), _summed(openings))


def say(batch: Batch, texts: pl.DataFrame) -> Said:
    """What the rows of a batch say.

    Args:
        batch: the rows.
        texts: of :func:`curate.engines.facets_texts.row_texts`.
    """
    counts, known = texts["instruction"].drop_nulls().value_counts(), tasks_of(batch, texts)
    tasks = [known[text] for text in counts["instruction"].to_list()]
    pairs = pl.DataFrame(
        {
            "verb": [task.verb for task in tasks],
            "object": [task.object for task in tasks],
            "rows": counts["count"].cast(pl.Int64),
        },
        schema=PAIRS,
    ).filter(pl.col("verb") != "")
    opening = pl.col("instruction").str.slice(0, LOOKED_AT).str.extract(OPENING).str.to_lowercase()
    spaced = opening.str.replace_all(r"\s+", " ").alias("opening")
    openings = texts.select(spaced).drop_nulls().with_columns(pl.lit(1, pl.Int64).alias("rows"))
    return Said(_summed(pairs), _summed(openings))


def _summed(frame: pl.DataFrame) -> pl.DataFrame:
    by = [name for name in frame.columns if name != "rows"]
    summed = frame.group_by(by).agg(pl.col("rows").sum())
    return summed.sort("rows", *by, descending=[True, *(False for _ in by)]).select(frame.columns)
