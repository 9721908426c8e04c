"""Where rows lie: the vector of each prompt in the space of the topics, how it begins, and the cells it is in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from curate.diversity.selection_quotas import Bounds
from curate.engines.covering_cells import CELL, alias_of, place_rows
from curate.engines.facets import read_facets
from curate.engines.facets_said import LOOKED_AT, OPENING
from curate.engines.facets_texts import row_texts
from curate.engines.sampling_choice import Contract
from curate.engines.scan import all_chunks
from curate.formats.parse import parse_chunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from curate.core.coverage_plan import CellPlan
    from curate.core.plan import Plan
    from curate.diversity.topics import TopicModel
    from curate.engines.facets_topics import Topics
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.formats.chunk import Chunk

    F32 = NDArray[np.float32]
    I64 = NDArray[np.int64]


class Placed(NamedTuple):
    """Where each row lies, a line a row.

    Attributes:
        space: vectors of length 1; 0 where nothing is known of the prompt.
        openings: numbers of the first three words of the prompts.
    """

    space: F32
    openings: I64


def place(seen: Scan, model: TopicModel, engine: Engine) -> Placed:
    """The place of every row of a scan, in order; texts are not kept beyond their chunk."""
    told = list(engine.map(partial(_place, model=model), all_chunks(seen.opened)))
    openings = pl.concat([opening for _, opening in told]).fill_null("")
    return Placed(
        np.concatenate([space for space, _ in told]), openings.rank("dense").cast(pl.Int64).to_numpy()
    )


def _place(chunk: Chunk, model: TopicModel) -> tuple[F32, pl.Series]:
    texts = row_texts(parse_chunk(chunk).batch)
    head = pl.col("instruction").str.slice(0, LOOKED_AT)
    opening = head.str.extract(OPENING).str.to_lowercase().str.replace_all(r"\s+", " ")
    return model.space(texts["prompt"].fill_null("").to_list()), texts.select(opening).to_series()


def contract_of(seen: Scan, rows: pl.Series, size: int, plan: Plan, topics: Topics | None) -> Contract:
    """The cells of the plan's contract over some rows, with their bounds for a sample.

    Args:
        seen: the scan.
        rows: numbers of all its rows, in the order that is wanted.
        size: rows of the sample, of which shares are taken; bounds that are counts stay as they are.
        plan: with the contract.
        topics: what tells topics, if they have been found already.
    """
    cells = plan.coverage.cells
    if not cells:
        return Contract.none(len(rows))
    read = read_facets(seen, plan.coverage.names, plan, topics=topics)
    alias = alias_of(plan.coverage, read.topics)
    members = place_rows(read.rows, plan.coverage, len(rows), alias).members
    lines = pl.DataFrame({"row": rows}).with_row_index("line")
    placed = members.join(lines, on="row", how="inner")
    member = np.zeros((len(rows), len(cells)), bool)
    member[placed["line"].to_numpy(), placed[CELL].to_numpy()] = True
    return Contract(
        tuple(cell.name for cell in cells),
        member,
        tuple(_bounds(cell, size) for cell in cells),
        tuple(plan.places.get(f"coverage.cells.{cell.table}", "") for cell in cells),
    )


def _bounds(cell: CellPlan, size: int) -> Bounds:
    """Of a sample of ``size`` rows."""
    return Bounds(
        cell.minimum.least(size) if cell.minimum else 0, cell.maximum.most(size) if cell.maximum else None
    )
