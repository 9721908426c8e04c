"""Rows that are worth spoiling: with a prompt and an answer of some words; without a finding where there are such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from curate.core.errors import UnreadableError
from curate.engines.planting import LINE, Sound
from curate.engines.rereading import parts
from curate.formats.grouping import members_of, number_of
from curate.formats.layouts.mapped import BLANK_LINE
from curate.formats.parse import parse_chunk
from curate.formats.records import read_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from curate.engines.planting import Value
    from curate.engines.rereading import Part
    from curate.engines.scan import Scan

LEAST = 8
"""Words of an answer that is worth spoiling: half of a word is no cut-off answer."""


def sound_rows(whole: Scan, most: int, draw: Random) -> list[Sound]:
    """A sample of rows over all of the data.

    Args:
        whole: the data.
        most: rows to look at first; all of them if none of these will do.
        draw: chooses them.

    Raises:
        UnreadableError: no row has a prompt and an answer.
    """
    flagged = {row for frame in whole.found.values() for row in frame["row"].to_list()}
    is_flagged = pl.col("row").is_in(list(flagged))
    for rows in (whole.index.filter(~is_flagged)["row"], whole.index.filter(is_flagged)["row"]):
        sample = draw.sample(rows.to_list(), min(most, len(rows)))
        for some in (pl.Series("row", sample, pl.Int64), rows):
            if found := [one for part in parts(whole, some) for one in _told(part, whole)]:
                return found
    raise UnreadableError("no row has a prompt and an answer to spoil", hint="say where they are: --map")


def _told(part: Part, whole: Scan) -> Iterator[Sound]:
    """Those of some rows that will do, in their order."""
    mapping = whole.opened[part.chunk.file].mapping
    group = mapping.group.by if mapping.group is not None else ""
    values = _values(part)
    is_text = (pl.col("kind") == "text") | (pl.col("kind") == "parts")
    turns = parse_chunk(part.chunk).batch.turns.filter(pl.col("row").is_in(list(part.rows)))
    for said in turns.partition_by("row", maintain_order=True):
        row = said["row"][0]
        prompt, target, rejected = (
            _last(said.filter(is_text), name) for name in ("prompt", "target", "rejected")
        )
        if prompt and target and len(target[0][1].split()) >= LEAST:
            yield Sound(
                values[row],
                part.rows[row],
                _joined(prompt),
                _joined(target),
                tuple(at for at, _ in target[1:]),
                tuple(said.filter(pl.col("part") == "target")["at"].to_list()),
                _joined(rejected) if rejected else None,
                group,
            )


def _last(said: pl.DataFrame, part: str) -> list[tuple[str, str]]:
    """Pointers and texts of the last turn of a part of a row: of a message in several cells there are several."""
    some = said.filter(pl.col("part") == part)
    return list(some.filter(pl.col("turn") == pl.col("turn").max()).select("at", "text").iter_rows())


def _joined(cells: list[tuple[str, str]]) -> tuple[str, str]:
    """The first pointer, and all of the text."""
    return cells[0][0], BLANK_LINE.join(text for _, text in cells)


def _values(part: Part) -> list[Value]:
    """The rows of a chunk by their numbers in it; of a record that is no row, nothing."""
    if part.chunk.container == "group":
        return [_lines(part, entry) for entry in part.chunk.context["entries"]]
    return [record.value for record in read_records(part.chunk) if record.kind != "separator"]


def _lines(part: Part, entry: Any) -> Value:  # noqa: ANN401 (an entry of a grouped table)
    """The lines of a conversation, by the names that pointers give them."""
    return {f"{LINE}{number_of(record)}": record.value for record in members_of(entry, part.chunk)}
