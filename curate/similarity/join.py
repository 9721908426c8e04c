"""All pairs of sets with a Jaccard similarity of at least t, exactly.

The algorithm is a prefix-filter join. Members are put in one global order, rare ones first (Chaudhuri, Ganti & Kaushik
2006, "A primitive operator for similarity joins"; Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity
search"): two sets that are similar enough share a member among the first ``|x| - ceil(t |x|) + 1`` of each. Sets are
matched in ascending order of size, so that the earlier one needs to be indexed by fewer still,
``|y| - ceil(2 t |y| / (1 + t)) + 1`` (Xiao et al. 2011, "Efficient similarity joins for near-duplicate detection").
Sizes bound what a pair can share; so do 128 bits of which each member flips one (compiled kernels; Sandes, Teodoro &
Melo 2020, "Bitmap filter") or the positions of the first common member (numpy; Xiao et al.). What is left is verified
by merging whole sets, which is cheaper than more filters (Mann, Augsten & Bouros 2016, "An empirical evaluation of set
similarity join techniques").

Frequencies are counted in a table without collision handling: a frequency that is too high only makes the order
less apt. A member whose count is 1 is in no other set and never a key. Thresholds are fractions and all comparisons are
between whole numbers: ``shared / union >= num / den`` is ``shared (num + den) >= num (|x| + |y|)``.

Rows with identical sets are collapsed before a self-join: they are compared once, through their first row.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from curate.core.errors import UsageError
from curate.similarity import kernels
from curate.similarity.arrays import Side, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from curate.similarity.arrays import I64, U32, Counters, Sets

LARGEST_DENOMINATOR = 10**6
COUNTER_BITS = (16, 30)
"""The least and most bits of the table of frequencies; one byte a slot, about one slot a member."""
OVERFLOW_BITS = 16


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of rows, ascending by ``i`` and then ``j``; in a self-join ``i < j``.

    Attributes:
        i: rows of the left.
        j: rows of the right.
        shared: members that both sets have.
        union: members that either has.
        first: in a self-join, for each row the first row with the identical set (itself, if there is none).
            Pairs are between such first rows, and from each of them to its copies: edges grow with the copies, not
            with their square. ``with_copies`` gives the rest.
    """

    i: I64
    j: I64
    shared: I64
    union: I64
    first: I64

    def __len__(self) -> int:
        return len(self.i)

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """The similarity of each pair."""
        return self.shared / self.union


def as_fraction(threshold: Fraction | float) -> Fraction:
    """A threshold as it is written: 0.8 is 4/5, not the nearest binary number.

    Raises:
        UsageError: it does not lie in (0, 1], or is finer than a millionth.
    """
    exact = (
        Fraction(repr(threshold) if isinstance(threshold, float) else threshold)
        if 0 < threshold <= 1
        else None
    )
    if exact is None or exact.denominator > LARGEST_DENOMINATOR:
        raise UsageError(
            f"the threshold {threshold} is no similarity", hint="Give a number in (0, 1], such as 0.8."
        )
    return exact


def self_join(sets: Sets, threshold: Fraction | float) -> Pairs:
    """The pairs of rows of one collection that are similar."""
    exact = as_fraction(threshold)
    first = first_rows(sets)
    order = by_size(sets, first)
    counters = _counters([sets])
    side = Side(sets, order, kernels.load().prefixes(sets, order, counters, exact))
    return matched(side, first, exact, _leading(side.sizes(), exact))


def cross_join(left: Sets, right: Sets, threshold: Fraction | float) -> Pairs:
    """The pairs of a row of the left and a row of the right that are similar, copies included."""
    exact = as_fraction(threshold)
    counters = _counters([left, right])
    sides = []
    for sets in (left, right):
        order = by_size(sets, np.arange(len(sets)))
        sides.append(Side(sets, order, kernels.load().prefixes(sets, order, counters, exact)))
    return crossed(sides[0], sides[1], exact)


def matched(side: Side, first: I64, threshold: Fraction, limits: U32) -> Pairs:
    """The similar pairs within one side, by its keys; and the copies of each row that takes part."""
    sizes = side.sizes()
    num, den = threshold.numerator, threshold.denominator
    low = np.searchsorted(sizes, -(-num * sizes // den)).astype(np.uint32)
    high = np.arange(len(sizes), dtype=np.uint32)
    found = kernels.load().match(Task(side, side, low, high, limits, threshold))
    one, other = side.order[found.left], side.order[found.right]
    total = sizes[found.left] + sizes[found.right]
    copies = np.flatnonzero(first != np.arange(len(first)))
    copied = np.diff(side.sets.indptr)[copies]
    return _ordered(
        np.concatenate([np.minimum(one, other), first[copies]]),
        np.concatenate([np.maximum(one, other), copies]),
        np.concatenate([found.shared, copied]),
        np.concatenate([total, 2 * copied]),
        first,
    )


def crossed(left: Side, right: Side, threshold: Fraction) -> Pairs:
    """The similar pairs between two sides, by their keys."""
    sizes, others = left.sizes(), right.sizes()
    num, den = threshold.numerator, threshold.denominator
    low = np.searchsorted(others, -(-num * sizes // den)).astype(np.uint32)
    high = np.searchsorted(others, den * sizes // num, "right").astype(np.uint32)
    limits = np.full(len(others), 2**32 - 1, np.uint32)
    found = kernels.load().match(Task(left, right, low, high, limits, threshold))
    total = sizes[found.left] + others[found.right]
    rows = left.order[found.left], right.order[found.right]
    return _ordered(*rows, found.shared, total, np.arange(len(left.sets)))


def with_copies(pairs: Pairs) -> Pairs:
    """All similar pairs of a self-join: between all copies of the two sides of each pair, and among copies.

    The number of pairs grows with the square of the copies of a row.
    """
    rows = np.arange(len(pairs.first))
    copies = np.argsort(pairs.first, kind="stable")  # the copies of a row in one run, itself first
    counts = np.bincount(pairs.first, minlength=len(rows))
    starts = np.cumsum(counts) - counts
    between = np.flatnonzero(pairs.first[pairs.i] != pairs.first[pairs.j])
    several = np.flatnonzero(counts > 1)
    one, other = np.concatenate([pairs.i[between], several]), np.concatenate([pairs.j[between], several])
    times = counts[one] * counts[other]
    edge = np.repeat(np.arange(len(one)), times)
    at = np.arange(len(edge)) - np.repeat(np.cumsum(times) - times, times)
    left = copies[starts[one][edge] + at // counts[other][edge]]
    right = copies[starts[other][edge] + at % counts[other][edge]]
    within = np.zeros(len(rows), np.int64)
    within[pairs.i[pairs.first[pairs.j] == pairs.i]] = pairs.union[pairs.first[pairs.j] == pairs.i]
    shared = np.concatenate([pairs.shared[between], within[several]])[edge]
    union = np.concatenate([pairs.union[between], within[several]])[edge]
    use = np.flatnonzero((edge < len(between)) | (left < right))
    low, high = np.minimum(left, right)[use], np.maximum(left, right)[use]
    return _ordered(low, high, shared[use], (shared + union)[use], pairs.first)


def _ordered(i: I64, j: I64, shared: NDArray[np.integer], total: I64, first: I64) -> Pairs:
    order = np.argsort((i << 32) | j)
    both: I64 = shared[order].astype(np.int64)
    return Pairs(i[order], j[order], both, total[order] - both, first)


def first_rows(sets: Sets) -> I64:
    """For each row the first one with the identical set.

    Fingerprints only propose: sets are compared. Were two sets to share a fingerprint, the later one would stand for
    itself, and the join would still find its copies.
    """
    marks = kernels.load().fingerprints(sets)
    order = np.argsort(marks)
    starts = np.flatnonzero(np.diff(marks[order], prepend=~marks[order[:1]]) != 0)
    first = np.empty(len(marks), np.int64)
    if len(marks):
        lengths = np.diff(starts, append=len(order))
        first[order] = np.repeat(np.minimum.reduceat(order, starts), lengths)
    rows = np.flatnonzero(first != np.arange(len(first)))
    sizes = np.diff(sets.indptr)
    shared = kernels.load().intersections(sets, sets, first[rows], rows)
    differ = (shared != sizes[rows]) | (shared != sizes[first[rows]]) | (sizes[rows] == 0)
    first[rows[differ]] = rows[differ]
    return first


def by_size(sets: Sets, first: I64) -> I64:
    """The rows that stand for themselves and have a member, in ascending order of size, then of row."""
    sizes = np.diff(sets.indptr)
    rows = np.flatnonzero((first == np.arange(len(first))) & (sizes > 0))
    order: I64 = rows[np.argsort(sizes[rows], kind="stable")]
    return order


def containment(left: Sets, right: Sets, i: I64, j: I64) -> NDArray[np.float64]:
    """The share of the members of each left row's set that the right row's set has too; 0 for an empty set."""
    shared = kernels.load().intersections(left, right, i, j)
    share: NDArray[np.float64] = shared / np.maximum(np.diff(left.indptr)[i], 1)
    return share


def _counters(collections: list[Sets]) -> Counters:
    members = sum(len(sets.values) for sets in collections)
    bits = min(max(members.bit_length(), COUNTER_BITS[0]), COUNTER_BITS[1])
    return kernels.load().count(collections, bits, OVERFLOW_BITS)


def _leading(sizes: I64, threshold: Fraction) -> U32:
    num, den = threshold.numerator, threshold.denominator
    return (sizes + -2 * num * sizes // (num + den) + 1).astype(np.uint32)
