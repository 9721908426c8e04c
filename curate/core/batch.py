"""The unit that flows: some thousands of rows as polars frames that share Arrow memory with every engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

ROWS = pl.Schema(
    {
        "row": pl.Int64,  # ordinal of the record, counted over all inputs, quarantined ones included
        "file": pl.Int32,  # index of the file among the inputs
        "hash": pl.UInt64,  # of the canonical content; with the occurrence number it makes the row's key
        "id": pl.String,  # the row's own id, where it has one
        "line": pl.Int64,  # 1-based; null in binary containers
        "start": pl.Int64,  # byte range in the decoded (decompressed, UTF-8) stream of the file
        "end": pl.Int64,
        "layout": pl.String,
        "why": pl.String,  # what decided the layout
        "raw": pl.Binary,  # the source bytes of the row
    }
)
"""One line for a source row."""

TURNS = pl.Schema(
    {
        "row": pl.Int64,
        "turn": pl.Int32,  # position in the conversation, from 0
        "role": pl.String,  # system, user, assistant, tool or unknown
        "part": pl.String,  # prompt, target, context or rejected
        "kind": pl.String,  # text, null, missing, parts, object, media or call
        "text": pl.String,
        "name": pl.String,  # the role as written, or the name of the called function
        "call_id": pl.String,
        "trained": pl.Boolean,
        "label": pl.Boolean,  # KTO: was the answer wanted
        "at": pl.String,  # RFC 6901 pointer into the source row
    }
)
"""One line for a turn of a conversation; a message of several text parts makes one line for each."""

NOTES = pl.Schema({"row": pl.Int64, "kind": pl.String, "at": pl.String, "detail": pl.String})
"""What the reader noticed about a row's syntax: duplicate keys, non-finite numbers, lone surrogates, …"""


@dataclass(frozen=True)
class Batch:
    """Rows of one file, their turns, and what the reader noticed.

    Checks look at the cached views; each is a filter over ``turns`` with all its columns.
    """

    rows: pl.DataFrame
    turns: pl.DataFrame
    notes: pl.DataFrame
    known: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What several checks need of the same batch is found once, under a name of its own."""
        if name not in self.known:
            self.known[name] = find()
        return cast("T", self.known[name])

    def renumbered(self, numbers: Sequence[int]) -> Batch:
        """The same with other numbers of its rows, which count from 0: those of the rows that they come from."""
        given = pl.Series(numbers, dtype=pl.Int64)
        rows, turns, notes = (
            frame.with_columns(given.gather(frame["row"]).alias("row"))
            for frame in (self.rows, self.turns, self.notes)
        )
        return Batch(rows, turns, notes)

    @cached_property
    def texts(self) -> pl.DataFrame:
        """Every turn that holds text, whatever its part."""
        return self.turns.filter(pl.col("kind").is_in(["text", "parts"]))

    @cached_property
    def targets(self) -> pl.DataFrame:
        """The texts that are trained on."""
        return self.texts.filter(pl.col("part") == "target")

    @cached_property
    def prompts(self) -> pl.DataFrame:
        """The texts that the model is given: system, user and context."""
        return self.texts.filter(pl.col("part").is_in(["prompt", "context"]))
