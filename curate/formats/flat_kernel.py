"""The compiled reader of flat JSON lines (``csrc``), with its arrays made for it.

There is no other implementation of it: where it was not built, or ``CURATE_KERNELS=numpy`` asks for none, all rows
take the way through Python, with the same result.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from curate.formats.lines import line_ends
from curate.similarity.kernels import VARIABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U64

LARGEST = 2**31 - 1
"""Bytes of a chunk in which places fit an Arrow view."""

VIEW = np.dtype([("size", "<i4"), ("head", "V4"), ("buffer", "<i4"), ("offset", "<i4")])
"""A text in an Arrow array of views: up to 12 bytes stand in it, of longer ones its place."""

NO_TEXT = np.zeros(1, VIEW)


class FlatRows(NamedTuple):
    """What was read of some lines.

    Attributes:
        shapes: a number for the fields of a row in their order and the kinds of their values; -1 for other lines.
        firsts: for each row the place of its first member in ``members``.
        hashes: of the canonical content; 0 for a row that holds a decimal number.
        raws: views of the lines.
        members: views of the values of all flat rows.
        blob: the buffer of all these views.
        side: their other buffer, with the texts whose escapes are undone.
    """

    shapes: NDArray[np.int32]
    firsts: I64
    hashes: U64
    raws: NDArray[np.void]
    members: NDArray[np.void]
    blob: bytes
    side: bytes

    def texts(self, views: NDArray[np.void]) -> pl.Series:
        """Views as a column of texts, which lie where they were read."""
        return pl.Series(_Views(views.tobytes(), self, is_text=True), dtype=pl.String)

    def bytes(self, views: NDArray[np.void]) -> pl.Series:
        """The same as bytes."""
        return pl.Series(_Views(views.tobytes(), self, is_text=False), dtype=pl.Binary)


class _Views:
    """An array that can be imported by way of the Arrow PyCapsule interface."""

    def __init__(self, views: bytes, rows: FlatRows, *, is_text: bool) -> None:
        self._arguments = (is_text, views, rows.blob, rows.side)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        capsules: tuple[object, object] = _kernel().column(*self._arguments)
        return capsules


def is_built() -> bool:
    """Whether flat rows can be read here."""
    if os.environ.get(VARIABLE, "") == "numpy":
        return False
    try:
        _kernel()
    except ImportError:
        return False
    return True


def _kernel() -> Any:  # noqa: ANN401 (a module of C)
    return import_module("curate.formats._kernels")


def find_lines(blob: bytes, start: int, line: int) -> NDArray[np.int64]:
    """Start, end and number of each line that is not blank, without its line end.

    Args:
        blob: the bytes of a chunk.
        start: where to begin.
        line: the number of the line that stands there.
    """
    places = np.empty((line_ends(blob) + 1, 3), np.int64)
    return places[: _kernel().lines(blob, start, line, places)]


def read_rows(blob: bytes, places: NDArray[np.int64]) -> FlatRows:
    """Read lines that are flat rows.

    Args:
        blob: the bytes of a chunk, less than ``LARGEST``.
        places: for each line its start and its end.
    """
    count = len(places)
    shapes, firsts = np.empty(count, np.int32), np.empty(count, np.int64)
    hashes, raws = np.empty(count, np.uint64), np.empty(count, VIEW)
    starts, ends = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])
    views, side = _kernel().rows(blob, starts, ends, shapes, firsts, hashes, raws.view(np.uint8))
    return FlatRows(shapes, firsts, hashes, raws, np.frombuffer(views, VIEW), blob, side)
