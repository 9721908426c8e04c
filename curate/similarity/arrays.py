"""The arrays that kernels take and give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    I64: TypeAlias = NDArray[np.int64]
    U64: TypeAlias = NDArray[np.uint64]
    U32: TypeAlias = NDArray[np.uint32]
    U16: TypeAlias = NDArray[np.uint16]
    U8: TypeAlias = NDArray[np.uint8]
    F64: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sets:
    """Sets of 64-bit hashes, one a row: ``values[indptr[i]:indptr[i + 1]]``, sorted and unique.

    ``values`` may be a memory map. A null or a text without tokens has the empty set, which is near nothing.
    """

    indptr: I64
    values: U64

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def __getitem__(self, row: int) -> U64:
        return self.values[self.indptr[row] : self.indptr[row + 1]]

    def sizes(self) -> I64:
        """The number of members of each set."""
        return np.diff(self.indptr)


@dataclass(frozen=True, eq=False)
class Tokens:
    """The tokens of texts in their order: hashes, and where each starts and ends in its text, in code points."""

    indptr: I64
    hashes: U64
    starts: U32
    ends: U32

    def __len__(self) -> int:
        return len(self.indptr) - 1


@dataclass(frozen=True, eq=False)
class Counters:
    """In how many sets hashes lie, by their highest bits (more hashes may share a counter).

    ``small`` stops at 255; what comes beyond is counted in ``overflow``, by the lowest bits of the place in ``small``.
    The frequency is their sum, whatever the order in which hashes were counted.
    """

    small: U8
    overflow: U32
    shift: int


@dataclass(frozen=True, eq=False)
class Keys:
    """By what sets are looked up, in an order of the sets: 32-bit keys, and their positions in the global order.

    The k-th set in the order has ``keys[indptr[k]:indptr[k + 1]]``. Positions from 65,535 on are written so.
    """

    indptr: I64
    keys: U32
    positions: U16


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a join: sets, the rows that take part in ascending order of size, and their keys."""

    sets: Sets
    order: I64
    keys: Keys

    def sizes(self) -> I64:
        """The sizes of the sets that take part, in order."""
        return self.sets.indptr[self.order + 1] - self.sets.indptr[self.order]


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be matched: every set of the left with those of the right at places ``low`` to ``high``.

    Only the first ``limits`` positions of a right set's keys are indexed.
    """

    left: Side
    right: Side
    low: U32
    high: U32
    limits: U32
    threshold: Fraction


@dataclass(frozen=True, eq=False)
class Matches:
    """Places in the orders of left and right, and the number of members shared."""

    left: U32
    right: U32
    shared: U32
