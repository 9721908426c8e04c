"""The canonical frame: one line for a row, whatever its layout, so that one schema suite fits every file.

Text of several turns is joined by blank lines. The frame is made in a second reading, chunk by chunk, and holds only
the columns that are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from curate.engines.export import named_rows
from curate.engines.scan import all_chunks
from curate.formats.parse import parse_chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.batch import Batch
    from curate.engines.scan import Scan

COLUMNS = {
    "row_number": "number of the row over all inputs, from 0: what a suite names rows by",
    "file": "the input's name",
    "line": "1-based line; null where there are no lines",
    "row": "1-based number of the record in its file",
    "key": "of the row: stays the same when lines move",
    "id": "the row's own id, if it has one",
    "layout": "alpaca, messages, sharegpt, prompt-completion, preference, …",
    "system": "system messages",
    "prompt": "what the model is given otherwise, contexts included",
    "target": "what is trained on; null if there is no answer at all",
    "rejected": "the rejected answer of a preference pair",
    "roles": "the roles in order: `user assistant user assistant`",
    "last_role": "the role that ends the conversation",
    "turns": "how many turns",
    "prompt_characters": "length of the prompt in code points",
    "target_characters": "length of the target in code points",
    "target_tokens": "estimated tokens that are trained on",
}
"""The columns of the frame; ``meta.FIELD`` holds a metadata field as text."""

META = "meta."


def canonical_frame(scan: Scan, columns: Sequence[str] = tuple(COLUMNS)) -> pl.DataFrame:
    """The rows of a scan that could be read, in order.

    Args:
        scan: what was read.
        columns: of ``COLUMNS``, and ``meta.FIELD`` for a metadata field.
    """
    fields = tuple(name.removeprefix(META) for name in columns if name.startswith(META))
    kept = [name for name in columns if name not in NAMED]
    frames = [
        _frame(parse_chunk(chunk, fields).batch, start).select(kept)
        for chunk, start in zip(all_chunks(scan.opened), scan.starts, strict=True)
    ]
    named = named_rows(scan).select("file", "line", pl.col("number").alias("row"), "key")
    tokens = scan.index.select("target_tokens")
    together = pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(kept, pl.String))
    return pl.concat([together, named, tokens], how="horizontal").select(columns)


NAMED = frozenset({"file", "line", "row", "key", "target_tokens"})
"""Columns that the scan knows already."""


def _frame(batch: Batch, start: int) -> pl.DataFrame:
    """The rows of a batch with all columns that need its texts."""
    text, role, part = pl.col("text"), pl.col("role"), pl.col("part")
    said = batch.turns.filter(pl.col("kind").is_in(["text", "parts", "call"]))
    asked = part.is_in(["prompt", "context"])
    told = said.group_by("row").agg(
        _joined(text.filter(asked & (role == "system")), "system"),
        _joined(text.filter(asked & (role != "system")), "prompt"),
        _joined(text.filter(part == "target"), "target"),
        _joined(text.filter(part == "rejected"), "rejected"),
    )
    spoken = batch.turns.unique(["row", "turn", "role", "part"], maintain_order=True)
    roles = (
        spoken.filter(part != "rejected")
        .unique(["row", "turn"], keep="first", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(role.str.join(" ").alias("roles"), role.last().alias("last_role"), role.len().alias("turns"))
    )
    rows = batch.rows.select("row", "id", "layout", pl.col(f"^{META}.*$"))
    frame = rows.join(told, on="row", how="left", maintain_order="left")
    return frame.join(roles, on="row", how="left", maintain_order="left").with_columns(
        (pl.col("row") + start).alias("row_number"),
        pl.col("turns").fill_null(0).cast(pl.Int64),
        pl.col("prompt").fill_null("").str.len_chars().cast(pl.Int64).alias("prompt_characters"),
        pl.col("target").fill_null("").str.len_chars().cast(pl.Int64).alias("target_characters"),
    )


def _joined(texts: pl.Expr, name: str) -> pl.Expr:
    """Texts as one; null where there is none."""
    return pl.when(texts.len() > 0).then(texts.str.join("\n\n")).alias(name)
