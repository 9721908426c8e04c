"""Reading some rows a second time, chunk by chunk, in the order of the inputs."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import polars as pl

from curate.engines.asking import examples
from curate.engines.scan import all_chunks
from curate.formats.chunk import BLOCK, Chunk, Segment
from curate.formats.layouts.rest import REST
from curate.formats.parse import parse_chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.formats.read import Opened
    from curate.similarity.judge import Example


T = TypeVar("T")


class Part(NamedTuple):
    """A chunk of which only ``rows`` are wanted: their numbers in the parsed batch, and over all inputs."""

    chunk: Chunk
    rows: dict[int, int]


def reread(
    seen: Scan, rows: pl.Series, task: Callable[[list[tuple[int, Example]]], T], engine: Engine
) -> Iterator[T]:
    """What a task makes of the wanted rows of each chunk; numbers of rows are those over all inputs.

    Args:
        seen: the scan that read them first.
        rows: their numbers.
        task: a function that a worker can be sent.
        engine: where it runs.
    """
    return engine.map(partial(_run, task=task), parts(seen, rows))


def _run(part: Part, task: Callable[[list[tuple[int, Example]]], T]) -> T:
    batch = parse_chunk(part.chunk, (REST,)).batch
    return task([(part.rows[row], example) for row, example in examples(batch, list(part.rows))])


def parts(seen: Scan, rows: pl.Series) -> Iterator[Part]:
    """The chunks that hold some rows, cut to these where the container allows it."""
    wanted = seen.index.filter(pl.col("row").is_in(rows.implode())).sort("row")
    if all(one.is_seekable for one in seen.opened):
        for one in seen.opened:
            yield from _sought(one, wanted.filter(pl.col("file") == one.index))
        return
    numbers = wanted["row"]
    ends = [*numbers.search_sorted(pl.Series(seen.starts, dtype=pl.Int64)).to_list(), len(wanted)]
    for chunk, first, (low, high) in zip(all_chunks(seen.opened), seen.starts, pairwise(ends), strict=True):
        if low == high:
            continue
        if chunk.container in ("jsonl", "json", "csv"):
            yield _cut(chunk, wanted[low:high])
        elif chunk.container == "table":
            yield _cut_table(chunk, first, numbers[low:high])
        else:
            yield Part(chunk, {row - first: row for row in numbers[low:high].to_list()})


def _sought(opened: Opened, wanted: pl.DataFrame) -> Iterator[Part]:
    """The wanted rows of a file of lines, and nothing else of it, about a block of them at a time."""
    if wanted.is_empty():
        return
    ends = (wanted["end"] - wanted["start"]).cum_sum()
    block = pl.Series("block", (ends - 1) // BLOCK)
    assert opened.source.path is not None  # noqa: S101 (the file is seekable)
    with opened.source.path.open("rb") as file:
        for part in wanted.with_columns(block).partition_by("block", maintain_order=True):
            places = list(part.select("start", "end", "line").iter_rows())
            texts = [os.pread(file.fileno(), end - start, start) for start, end, _ in places]
            ends_here = list(accumulate(map(len, texts), initial=0))
            segments = [
                Segment("row", start, end, line)
                for (start, end), (_, _, line) in zip(pairwise(ends_here), places, strict=True)
            ]
            chunk = Chunk(opened.index, opened.container, 0, 1, b"".join(texts), tuple(segments))
            yield Part(chunk, dict(enumerate(part["row"].to_list())))


def _cut(chunk: Chunk, wanted: pl.DataFrame) -> Part:
    """Only the wanted rows of a chunk of text are parsed again."""
    places = wanted.select("start", "end", "line").rows()
    segments = [Segment("row", start - chunk.offset, end - chunk.offset, line) for start, end, line in places]
    return Part(replace(chunk, segments=tuple(segments)), dict(enumerate(wanted["row"].to_list())))


def _cut_table(chunk: Chunk, first: int, rows: pl.Series) -> Part:
    """Only the wanted rows of a columnar chunk, of which ``first`` is the number of the first row."""
    frame = pl.read_ipc_stream(io.BytesIO(chunk.blob))[(rows - first).to_list()]
    stream = io.BytesIO()
    frame.write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
    return Part(replace(chunk, offset=0, blob=stream.getvalue()), dict(enumerate(rows.to_list())))


def as_they_are(rows: list[tuple[int, Example]]) -> list[tuple[int, Example]]:
    """The task that only reads."""
    return rows


def read_examples(seen: Scan, rows: pl.Series, engine: Engine) -> dict[int, Example]:
    """Some rows by their numbers."""
    return {row: example for part in reread(seen, rows, as_they_are, engine) for row, example in part}
