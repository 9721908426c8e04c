"""The pure functions that an engine maps: what they return depends on their arguments alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import CorpusCheck, RowCheck, Sketch
from curate.engines.facts import Facts, count_facts
from curate.engines.guarding import DIGEST, SKETCH, guarded
from curate.formats.parse import parse_chunk
from curate.text.linear_search import whole_matches
from curate.text.tokens import said_tokens

if TYPE_CHECKING:
    from curate.core.batch import Batch
    from curate.core.check import Check
    from curate.core.plan import Plan
    from curate.formats.chunk import Chunk

__all__ = ["INDEX", "Examined", "allowed", "examine", "guarded", "judge", "rebase"]

INDEX = pl.Schema(
    {
        "row": pl.Int64,
        "file": pl.Int32,
        "hash": pl.UInt64,
        "line": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "target_tokens": pl.UInt32,
    }
)
"""What is kept of every row: enough to name it and to find its bytes again."""

UNREAD = pl.Schema(
    {
        "row": pl.Int64(),
        "file": pl.Int32(),
        "line": pl.Int64(),
        "start": pl.Int64(),
        "end": pl.Int64(),
        "reason": pl.Categorical(),  # there are few, and a file may hold millions of unreadable records
    }
)
"""What is kept of every record that cannot be read; its bytes are read again, where they are wanted."""


@dataclass(frozen=True)
class Examined:
    """What one chunk gives. Rows count from 0 within the chunk until :func:`rebase` moves them."""

    file: int
    index: pl.DataFrame
    quarantine: pl.DataFrame
    found: dict[str, pl.DataFrame]
    digests: dict[str, pl.DataFrame]
    facts: Facts
    layouts: dict[str, int]
    records: int
    sizes: tuple[int, int, int]  # bytes in rows, in quarantine entries, in separators
    left_out: pl.DataFrame
    lines: int  # records of the source; more than ``records`` where lines are grouped
    guessed: int  # messages whose speaker had to be guessed
    notes: frozenset[str] = field(default_factory=frozenset)
    metadata: frozenset[str] = field(default_factory=frozenset)  # fields of the plan that a row has


def examine(chunk: Chunk, checks: tuple[Check, ...], plan: Plan) -> Examined:
    """Parse a chunk, run the row checks over it, and digest it for the corpus checks."""
    parsed = parse_chunk(chunk, plan.metadata)
    batch = parsed.batch
    found: dict[str, pl.DataFrame] = {}
    digests: dict[str, pl.DataFrame] = {}
    for check in checks:
        if isinstance(check, RowCheck):
            hits = guarded(check, lambda c=check: c.examine(batch), batch.rows["row"])  # type: ignore[misc]
            if not hits.is_empty():
                found[check.name] = allowed(check, hits, batch, plan)
        elif isinstance(check, CorpusCheck):
            scoped = _scoped(check, batch, plan)
            digests[check.name] = guarded(check, partial(check.digest, scoped), scoped.rows["row"], DIGEST)
        elif isinstance(check, Sketch):
            digests[check.name] = guarded(check, partial(check.digest, batch), batch.rows["row"], SKETCH)
    tokens = _tokens(batch) if found_facts(checks) else _no_tokens(batch)
    layouts = batch.rows["layout"].value_counts()
    return Examined(
        file=chunk.file,
        index=batch.rows.with_columns(tokens["target_tokens"]).select(
            pl.col(name).cast(dtype) for name, dtype in INDEX.items()
        ),
        quarantine=parsed.quarantine.select(pl.col(name).cast(dtype) for name, dtype in UNREAD.items()),
        found={name: frame for name, frame in found.items() if not frame.is_empty()},
        digests=digests,
        facts=count_facts(batch, tokens) if found_facts(checks) else {},
        layouts=dict(zip(layouts["layout"].to_list(), layouts["count"].to_list(), strict=True)),
        records=parsed.records,
        sizes=(parsed.row_bytes, parsed.quarantined_bytes, parsed.separator_bytes),
        left_out=parsed.left_out,
        lines=sum(len(entry.members) for entry in chunk.context.get("entries", ())) or parsed.records,
        guessed=parsed.guessed,
        notes=frozenset(
            ["CRLF line ends"] if chunk.container in ("jsonl", "csv") and _has_crlf(chunk.blob) else []
        ),
        metadata=frozenset(
            name for name in plan.metadata if batch.rows[f"meta.{name}"].null_count() < len(batch.rows)
        ),
    )


def _has_crlf(blob: bytes) -> bool:
    """One byte is found ten times as fast as two, and most files have not even that."""
    return b"\r" in blob and b"\r\n" in blob


def found_facts(checks: tuple[Check, ...]) -> bool:
    """Whether what is in the data is counted: not for a step that only compares rows."""
    return not all(isinstance(check, Sketch) for check in checks)


def judge(rows: pl.DataFrame, check: CorpusCheck) -> pl.DataFrame:
    """All rows of some keys, judged."""
    ordered = rows.sort("key", "row")
    return guarded(check, lambda: check.judge(ordered), ordered["row"])


def rebase(frame: pl.DataFrame, offset: int) -> pl.DataFrame:
    """Row numbers within the chunk become row numbers over all inputs."""
    return frame.with_columns(pl.col("row") + offset)


def _tokens(batch: Batch) -> pl.DataFrame:
    """``row, target_tokens, prompt_tokens`` for every row of the batch."""
    counted = said_tokens(batch).filter(pl.col("kind") != "call")
    is_target = pl.col("part") == "target"
    summed = counted.group_by("row").agg(
        pl.col("tokens").filter(is_target).sum().alias("target_tokens"),
        pl.col("tokens").filter(pl.col("part").is_in(["prompt", "context"])).sum().alias("prompt_tokens"),
    )
    return batch.rows.select("row").join(summed, on="row", how="left", maintain_order="left").fill_null(0)


def _no_tokens(batch: Batch) -> pl.DataFrame:
    return batch.rows.select("row", pl.lit(0).alias("target_tokens"), pl.lit(0).alias("prompt_tokens"))


def _scoped(check: Check, batch: Batch, plan: Plan) -> Batch:
    """The batch without the rows that the plan lets this check pass over."""
    skipped = _skipped(check, batch, plan)
    if skipped is None:
        return batch
    keep = ~pl.col("row").is_in(skipped.implode())
    return type(batch)(batch.rows.filter(keep), batch.turns.filter(keep), batch.notes.filter(keep))


def _skipped(check: Check, batch: Batch, plan: Plan) -> pl.Series | None:
    scopes = plan.skip.get(check.name, ()) + plan.skip.get(check.name.split(".")[0], ())
    if not scopes:
        return None
    hit = pl.any_horizontal(pl.col(f"meta.{scope.name}").is_in(list(scope.values)) for scope in scopes)
    return batch.rows.filter(hit)["row"]


def allowed(check: Check, hits: pl.DataFrame, batch: Batch, plan: Plan) -> pl.DataFrame:
    """The findings that the plan does not let pass."""
    skipped = _skipped(check, batch, plan)
    if skipped is not None:
        hits = hits.filter(~pl.col("row").is_in(skipped.implode()))
    patterns = plan.allow.get(check.name, ()) + plan.allow.get(check.name.split(".")[0], ())
    if not patterns or hits.is_empty():
        return hits
    spans = hits.join(
        batch.turns.select("row", "at", "text").unique(["row", "at"]),
        on=["row", "at"],
        how="left",
        maintain_order="left",
    )
    whole = [text or "" for text in spans["text"].to_list()]
    spots = zip(whole, spans["start"].to_list(), spans["end"].to_list(), strict=True)
    texts = [text if start is None else text[start:end] for text, start, end in spots]
    words = pl.Series(texts, dtype=pl.String)
    return hits.filter(~pl.any_horizontal(whole_matches(pattern, words) for pattern in patterns))
