"""The classical comparison: whole texts by the similarity of their shingles, whatever they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.engines.dropping import Twin
from curate.engines.twins import REMOVED, Decided, similar
from curate.similarity import keep_nearest

if TYPE_CHECKING:
    from curate.engines.deduping import Rules
    from curate.engines.scan import Scan


def decide_whole(seen: Scan, rows: pl.DataFrame, rules: Rules) -> Decided:
    """Find the rows whose text is similar to that of a row that is kept."""
    asks = pl.DataFrame(schema={"row": pl.Int64, "ask": pl.Binary})
    if rows.is_empty():
        return Decided(pl.DataFrame(schema=REMOVED), asks)
    pairs = similar(rows["shingles"], rules.threshold)
    groups = keep_nearest(pairs, rules.keep.ranks(rows, seen.index).to_numpy(), np.ones(len(pairs), np.bool_))
    gone = groups.removed()
    names = rows["row"].to_numpy()
    similarity = groups.similarity[gone]
    removed = pl.DataFrame(
        {
            "row": names[gone],
            "kept": names[groups.kept[gone]],
            "is_exact": [False] * len(gone),
            "why": [f"its text is similar ({one:.3f}) to that of a row that is kept" for one in similarity],
        },
        schema=REMOVED,
    )
    twins = {int(row): Twin(round(float(one), 4)) for row, one in zip(names[gone], similarity, strict=True)}
    return Decided(removed, asks, 0, twins)
