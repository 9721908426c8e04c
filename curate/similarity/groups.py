"""Which rows are kept, and which kept row each removed row is near to.

Rows are taken in the order of their rank: one that is near no kept row is kept, one that is near a kept row is
removed (the lexicographically first maximal independent set). So every removed row has a verified pair with a kept
row, no two kept rows are near, and nothing depends on the order of rows or pairs, only on the rank: there are no
chains in which a row goes because it is like another that went.

Rows are decided in rounds, all those at once that come before their undecided neighbours (Blelloch, Fineman & Shun
2012, "Greedy sequential maximal independent set and matching are parallel on average"). Rounds are few unless ranks
run along chains; what is then left is decided row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from curate.similarity.arrays import I64
    from curate.similarity.join import Pairs

ROUNDS = 64
UNDECIDED, KEPT, REMOVED = range(3)


@dataclass(frozen=True, eq=False)
class Groups:
    """The decision for each row.

    Attributes:
        kept: for each row the row that is kept for it: itself, or the most similar kept row it has a pair with.
        pair: for each row the pair that says so; -1 for a kept row.
    """

    kept: I64
    pair: I64

    def removed(self) -> I64:
        """The rows that go, ascending."""
        return np.flatnonzero(self.kept != np.arange(len(self.kept)))

    def sizes(self) -> I64:
        """For each row the number of rows that are kept as it, itself included; 0 for a removed row."""
        return np.bincount(self.kept, minlength=len(self.kept))


def ranked(*columns: Sequence[object] | NDArray[np.generic], descending: Sequence[bool] = ()) -> I64:
    """The rank of each row by columns, the first the most important; ties of all columns by row.

    For a choice that does not depend on the order of rows the last column must tell contents apart (a content hash).
    """
    codes = []
    for at, column in enumerate(columns):
        code = np.unique(np.asarray(column), return_inverse=True)[1]
        codes.append(-code if at < len(descending) and descending[at] else code)
    rank = np.empty(len(codes[0]), np.int64)
    rank[np.lexsort(codes[::-1])] = np.arange(len(rank))
    return rank


def keep_nearest(pairs: Pairs, rank: I64, chosen: NDArray[np.bool_] | None = None) -> Groups:
    """Decide every row of a self-join.

    Args:
        pairs: verified pairs. Copies count through their first row: pairs are made whole where it matters.
        rank: a different number for each row; the lowest is preferred.
        chosen: which pairs allow a removal (all, unless given); then copies are taken pair by pair as they stand.

    Returns:
        The same decision that taking the rows one by one in the order of their rank gives.
    """
    if chosen is not None:
        return _decide(pairs.i, pairs.j, pairs.jaccard, rank, np.flatnonzero(chosen))
    best = _best_copy(pairs.first, rank)
    between = np.flatnonzero(pairs.first[pairs.i] != pairs.first[pairs.j])
    i, j = pairs.i.copy(), pairs.j.copy()
    i[between], j[between] = best[pairs.first[i[between]]], best[pairs.first[j[between]]]
    groups = _decide(i, j, pairs.jaccard, rank, between)
    kept = groups.kept[best[pairs.first]]
    return Groups(kept, _copy_pairs(pairs, groups.pair[best[pairs.first]], kept))


def _best_copy(first: I64, rank: I64) -> I64:
    """For each first row the best of its copies."""
    best = np.arange(len(first))
    order = np.argsort(-rank)
    best[first[order]] = order  # the last one written is of the lowest rank
    return best
