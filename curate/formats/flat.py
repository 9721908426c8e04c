"""Many flat rows at a time: lines of JSON become columns without an object for each of their values.

The kernel (``flat_kernel``) reads the lines of a chunk and tells which are flat objects of one shape; the first row of
a shape is read as any row is, and the others as it was (``layouts.recall``). A line that the kernel leaves, and a shape
with anything to note, take the way through Python, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson
import polars as pl

from curate.core.batch import ROWS, TURNS
from curate.formats.content import canonical, content_hash, id_field
from curate.formats.flat_kernel import LARGEST, NO_TEXT, FlatRows, find_lines, is_built, read_rows
from curate.formats.json_row import decode_row
from curate.formats.layouts import read_layout
from curate.formats.layouts.rest import REST, names_of_rest
from curate.formats.lines import BOM

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from curate.formats.chunk import Chunk
    from curate.formats.layouts.recall import Shape
    from curate.similarity.arrays import I64


class _Known(NamedTuple):
    """A shape: how its rows are read, and its first row."""

    shape: Shape
    value: dict[str, Any]


@dataclass(frozen=True)
class Flat:
    """The lines of a chunk, some of them read.

    Attributes:
        places: start, end and number of each line that holds a record, or a part of one.
        rows: what the kernel read.
        shapes: for each line the place of its shape in ``known``; -1 where it must be read in Python.
        known: the shapes.
    """

    places: NDArray[np.int64]
    rows: FlatRows
    shapes: NDArray[np.intp]
    known: list[_Known]

    @cached_property
    def at(self) -> I64:
        """The lines that are read."""
        return np.flatnonzero(self.shapes >= 0)

    def frames(
        self, chunk: Chunk, numbers: I64, metadata: tuple[str, ...]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The ``rows``, with their metadata, and the ``turns`` of a batch.

        Args:
            chunk: where the lines are from.
            numbers: of all lines: the row that each is.
            metadata: fields to keep.
        """
        rows = self._rows(chunk, numbers[self.at])
        kept = {name: self._metadata(name) for name in metadata}
        rows = rows.with_columns(pl.Series(f"meta.{name}", cells, pl.String) for name, cells in kept.items())
        return rows, self._turns(numbers)

    def _rows(self, chunk: Chunk, numbers: I64) -> pl.DataFrame:
        at = self.at
        shapes = self.shapes[at]
        hits = pl.DataFrame([one.shape.hit for one in self.known], schema=["layout", "why"], orient="row")
        hits = hits[shapes]
        columns = {
            "row": numbers,
            "file": np.full(len(at), chunk.file, np.int32),
            "hash": self._hashes(),
            "id": pl.Series(self._cells(_ids), dtype=pl.String),
            "line": self.places[at, 2],
            "start": chunk.offset + self.places[at, 0],
            "end": chunk.offset + self.places[at, 1],
            "layout": hits["layout"],
            "why": hits["why"],
            "raw": self.rows.bytes(self.rows.raws[at]),
        }
        return pl.DataFrame([pl.Series(name, columns[name], dtype) for name, dtype in ROWS.items()])

    def _hashes(self) -> NDArray[np.uint64]:
        """Decimal numbers are left to Python's own writer."""
        hashes = self.rows.hashes[self.at]
        for at in np.flatnonzero(hashes == 0).tolist():
            start, end, _ = self.places[self.at[at]].tolist()
            hashes[at] = content_hash(orjson.loads(self.rows.blob[start:end]))
        return hashes

    def _turns(self, numbers: I64) -> pl.DataFrame:
        """The turns of all rows: of each shape its lines, with the texts of the row."""
        fields = [list(one.value) for one in self.known]
        said = [(fields[number], line) for number, one in enumerate(self.known) for line in one.shape.lines]
        place = np.array(
            [-1 if line.field is None else names.index(line.field) for names, line in said], np.int64
        )
        counts = np.array([len(one.shape.lines) for one in self.known], np.int64)
        begins = np.cumsum(counts) - counts
        shapes = self.shapes[self.at]
        of_row = np.repeat(self.at, counts[shapes])
        ends = np.cumsum(counts[shapes])
        within = np.arange(len(of_row)) - np.repeat(ends - counts[shapes], counts[shapes])
        line = begins[self.shapes[of_row]] + within
        views = np.append(self.rows.members, NO_TEXT)
        member = np.where(place[line] < 0, len(views) - 1, self.rows.firsts[of_row] + place[line])
        schema = {name: dtype for name, dtype in TURNS.items() if name not in ("row", "text")}
        told = pl.DataFrame([(*line.before, *line.behind) for _, line in said], schema=schema, orient="row")
        return (
            told[line]
            .with_columns(
                pl.Series("row", numbers[of_row], pl.Int64), self.rows.texts(views[member]).alias("text")
            )
            .select(TURNS.names())
        )

    def _metadata(self, name: str) -> list[str | None]:
        return self._cells(_rest if name == REST else lambda _, cells: _written(cells(name)))

    def _cells(self, find: Callable[[_Known, _Cells], list[str | None] | str | None]) -> list[str | None]:
        """One cell for each row that is read, found shape by shape; of a single one, what all rows of a shape have."""
        found: list[str | None] = [None] * len(self.at)
        shapes = self.shapes[self.at]
        for number, one in enumerate(self.known):
            here = np.flatnonzero(shapes == number)
            cells = find(one, _Cells(self.rows, self.rows.firsts[self.at[here]], one.value))
            if cells is None:
                continue
            if isinstance(cells, str):
                cells = [cells] * len(here)
            for at, cell in zip(here.tolist(), cells, strict=True):
                found[at] = cell
        return found


class _Cells(NamedTuple):
    """The values of the rows of one shape."""

    rows: FlatRows
    firsts: I64
    value: dict[str, Any]

    def __call__(self, name: str) -> list[Any] | None:
        """Those of a field; None if it is not there, or holds null."""
        first = self.value.get(name)
        if first is None:
            return None
        if isinstance(first, bool):
            return [first] * len(self.firsts)
        texts = self.rows.texts(self.rows.members[self.firsts + list(self.value).index(name)]).to_list()
        return texts if isinstance(first, str) else list(map(type(first), texts))


def _written(cells: list[Any] | None) -> list[str | None] | None:
    return None if cells is None else list(map(str, cells))


def _ids(one: _Known, cells: _Cells) -> list[str | None] | None:
    name = id_field(one.value)
    return None if name is None else _written(cells(name))


def _rest(one: _Known, cells: _Cells) -> list[str | None] | str:
    """As :func:`curate.formats.layouts.rest.rest_of` gives it."""
    names = names_of_rest(one.value, [line.behind[-1] for line in one.shape.lines])
    if not names:
        return ""
    columns = [cells(name) or [] for name in names]
    return [
        canonical(dict(zip(names, values, strict=True))).decode() for values in zip(*columns, strict=True)
    ]


def read_flat(chunk: Chunk) -> Flat | None:
    """The flat rows of a chunk; None if it is none of JSON lines in UTF-8, or there is no kernel."""
    if not _is_plain(chunk) or not is_built():
        return None
    places = _places(chunk)
    rows = read_rows(chunk.blob, places)
    known: list[_Known] = []
    numbers = np.full(int(rows.shapes.max(initial=-1)) + 2, -1, np.intp)  # the last one is that of -1
    for number, at in zip(*np.unique(rows.shapes, return_index=True), strict=True):
        one = _learn(chunk.blob[places[at, 0] : places[at, 1]]) if number >= 0 else None
        if one is not None:
            numbers[number] = len(known)
            known.append(one)
    return Flat(places, rows, numbers[rows.shapes], known)


def _is_plain(chunk: Chunk) -> bool:
    context = chunk.context
    return (
        chunk.container == "jsonl"
        and len(chunk.blob) < LARGEST
        and context.get("encoding", "utf-8") == "utf-8"
        and not context.get("mapping")
        and not context.get("notes")
        and all(segment.kind == "row" and not segment.id for segment in chunk.segments or ())
    )


def _places(chunk: Chunk) -> NDArray[np.int64]:
    if chunk.segments is None:
        has_mark = chunk.offset == 0 and chunk.blob.startswith(BOM)
        return find_lines(chunk.blob, len(BOM) if has_mark else 0, chunk.line)
    places = [(segment.start, segment.end, segment.line) for segment in chunk.segments]
    return np.array(places, np.int64).reshape(-1, 3)


def _learn(raw: bytes) -> _Known | None:
    """How a row is read; None if it has anything to note, or is not read by heart."""
    value, notes, error = decode_row(raw)
    shape = read_layout.shape(value) if isinstance(value, dict) and not notes and not error else None
    return None if shape is None or not isinstance(value, dict) else _Known(shape, value)
