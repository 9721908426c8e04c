"""MinHash signatures and LSH: candidates by banding, every one verified on the sets.

Signatures are those of datasketch 2 (scheme ``affine32``): a 32-bit hash is spread by MurmurHash3's finaliser, and
permuted by ``a h + b mod 2**32`` with odd ``a``; ``a`` and ``b`` come from numpy's ``RandomState(seed)``. The 32-bit
hash of a shingle is the upper half of its 64-bit hash. Broder 1997, "On the resemblance and containment of documents";
banding: Leskovec, Rajaraman & Ullman, "Mining of massive datasets", chapter 3.

Because candidates are verified, the bands decide recall only, never precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate.core.errors import UsageError
from curate.similarity import kernels
from curate.similarity.arrays import Keys, Side
from curate.similarity.join import Pairs, as_fraction, by_size, crossed, first_rows, matched

if TYPE_CHECKING:
    from fractions import Fraction

    from curate.similarity.arrays import I64, U32, U64, Sets

PERMUTATIONS = 128
SEED = 1
MIN_RECALL = 0.989
"""The least predicted recall at the threshold itself; pairs above it are found more surely."""
BLOCK_ROWS = 1 << 14
"""Rows whose signatures are in memory at a time (8 MiB at 128 permutations)."""


@dataclass(frozen=True)
class Bands:
    """A banding of signatures: ``bands`` groups of ``rows`` of their minima, of permutations drawn from ``seed``."""

    bands: int
    rows: int
    permutations: int = PERMUTATIONS
    seed: int = SEED

    def recall(self, similarity: float) -> float:
        """The chance that a pair of this similarity shares a band."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)


def bands_for(threshold: Fraction | float, *, permutations: int = PERMUTATIONS, seed: int = SEED) -> Bands:
    """The banding with the longest bands, thus the fewest candidates, that finds enough pairs at the threshold.

    Raises:
        UsageError: no banding of so few permutations does.
    """
    similarity = float(as_fraction(threshold))
    for rows in range(permutations, 0, -1):
        banding = Bands(permutations // rows, rows, permutations, seed)
        if banding.recall(similarity) >= MIN_RECALL:
            return banding
    hint = "Use more permutations, or the exact join."
    raise UsageError(f"{permutations} permutations find too few pairs at {similarity}", hint=hint)


def permutations_of(seed: int = SEED, permutations: int = PERMUTATIONS) -> tuple[U32, U32]:
    """The factors and offsets that datasketch 2 draws for a seed."""
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 1 << 31, permutations, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, generator.randint(0, 1 << 32, permutations, dtype=np.uint32)


def signatures(
    sets: Sets, rows: I64 | None = None, *, seed: int = SEED, permutations: int = PERMUTATIONS
) -> U32:
    """The signatures of sets, one line a row; those of an empty set are all ``2**32 - 1``."""
    chosen = np.arange(len(sets)) if rows is None else rows
    return kernels.load().signatures(sets, chosen, *permutations_of(seed, permutations))


def lsh_join(sets: Sets, threshold: Fraction | float, bands: Bands | None = None) -> Pairs:
    """The similar pairs of rows of one collection that share a band: all verified, not all there are."""
    exact = as_fraction(threshold)
    first = first_rows(sets)
    side = _side(sets, first, bands or bands_for(exact))
    return matched(side, first, exact, np.ones(len(side.order), np.uint32))


def lsh_cross_join(left: Sets, right: Sets, threshold: Fraction | float, bands: Bands | None = None) -> Pairs:
    """The similar pairs of a row of the left and one of the right that share a band."""
    exact = as_fraction(threshold)
    banding = bands or bands_for(exact)
    sides = [_side(sets, np.arange(len(sets)), banding) for sets in (left, right)]
    return crossed(sides[0], sides[1], exact)


def _side(sets: Sets, first: I64, bands: Bands) -> Side:
    """The rows that take part, with a key for each band; keys of different bands differ but for chance."""
    order = by_size(sets, first)
    used = bands.bands * bands.rows
    factors, offsets = (drawn[:used] for drawn in permutations_of(bands.seed, bands.permutations))
    keys = np.empty((len(order), bands.bands), np.uint32)
    for start in range(0, len(order), BLOCK_ROWS):
        block = kernels.load().signatures(sets, order[start : start + BLOCK_ROWS], factors, offsets)
        keys[start : start + BLOCK_ROWS] = _hashed(block.reshape(-1, bands.bands, bands.rows))
    indptr = np.arange(len(order) + 1, dtype=np.int64) * bands.bands
    return Side(sets, order, Keys(indptr, keys.reshape(-1), np.zeros(keys.size, np.uint16)))


def _hashed(block: U32) -> U32:
    """The last axis, together with the place on the axis before it, as 32 bits."""
    state: U64 = np.broadcast_to(np.arange(block.shape[1], dtype=np.uint64), block.shape[:2]).copy()
    for at in range(block.shape[2]):
        state = (state ^ block[:, :, at]) * np.uint64(0x9FB21C651E98DF25)
        state ^= state >> np.uint64(29)
    return (state >> np.uint64(32)).astype(np.uint32)
