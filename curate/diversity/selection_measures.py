"""How well a sample stands for the data it comes from.

**Coverage** (Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models", equation 9, with the
sample in the place of what is generated): the share of rows in whose neighbourhood lies a row of the sample. The
neighbourhood of a row is the ball around it that reaches to its k-th nearest other row. By chance, m of n rows cover
1 - (1 - m/n)^(k + 1) on average.

**Nearest cosine**: the cosine between a row and the row of the sample nearest to it, on average.

Rows whose vector has length 0 lie nowhere, and are not counted. Where there are many rows, the average is taken over
``ASKED`` of them, spread evenly over the lines; these must then be in an order that has nothing to do with what they
say, such as that of their hashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    F32 = NDArray[np.float32]
    I64 = NDArray[np.int64]

ASKED = 5_000
"""Rows over which averages are taken in a command: the standard error of a share is then at most 0.7 points."""

TILE = 512
SLACK = 1e-5
"""Cosines in single precision are off by less; a row as far away as the edge of the neighbourhood is in it."""


class Standing(NamedTuple):
    """What is measured of a sample; both from 0 to 1."""

    coverage: float
    cosine: float


class Ground:
    """The rows that are asked whether a sample stands for them.

    Args:
        space: one line a row, of length 1 or 0.
        k: rows of a neighbourhood.
        asked: how many rows are asked, at most.
    """

    def __init__(self, space: F32, k: int, asked: int = ASKED) -> None:
        real = np.flatnonzero(np.einsum("ij,ij->i", space, space) > 0)
        spread = np.linspace(0, len(real) - 1, min(asked, len(real))).round().astype(np.int64)
        self._space = space
        self._rows: I64 = real[spread]
        self._edge = self._edges(k) if len(real) > k else np.full(len(self._rows), -1.0)

    def _edges(self, k: int) -> NDArray[np.float64]:
        """The cosine of the k-th nearest other row; the row itself is one of those compared."""
        width = len(self._space)
        edges = [
            np.partition(tile, width - k - 1, axis=1)[:, width - k - 1] for tile in self._cosines(self._space)
        ]
        return np.concatenate(edges).astype(np.float64)

    def _cosines(self, others: F32) -> Iterator[F32]:
        for start in range(0, len(self._rows), TILE):
            yield self._space[self._rows[start : start + TILE]] @ others.T

    def __len__(self) -> int:
        return len(self._rows)

    def standing(self, sample: Sequence[int] | I64) -> Standing:
        """What is measured of a sample, given by the lines of its rows.

        Args:
            sample: at least one line.
        """
        if not len(self._rows):
            return Standing(0.0, 0.0)
        best = np.concatenate([tile.max(axis=1) for tile in self._cosines(self._space[np.asarray(sample)])])
        return Standing(float((best >= self._edge - SLACK).mean()), float(best.mean(dtype=np.float64)))
