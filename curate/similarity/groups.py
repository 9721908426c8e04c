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

    from curate.similarity.arrays import F64, I64
    from curate.similarity.join import Pairs

ROUNDS = 64
UNDECIDED, KEPT, REMOVED = range(3)


@dataclass(frozen=True, eq=False)
class Groups:
    """The decision for each row.

    Attributes:
        kept: for each row the row that is kept for it: itself, or the most similar kept row it has a pair with.
        similarity: the Jaccard similarity of each row and its kept row, in [0, 1]; 1 for a kept row.
    """

    kept: I64
    similarity: F64

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
    """Decide every row of a self-join, as taking the rows one by one in the order of their rank would.

    Args:
        pairs: verified pairs. What holds for the first row of identical sets holds for its copies too.
        rank: a different number for each row; the lowest is preferred.
        chosen: the pairs that allow a removal. When it is given, copies have only the pairs that are listed
            (``join.with_copies`` lists all).
    """
    if chosen is not None:
        return _decide(pairs.i[chosen], pairs.j[chosen], pairs.jaccard[chosen], rank)
    best = _best_copies(pairs.first, rank)
    between = np.flatnonzero(pairs.first[pairs.i] != pairs.first[pairs.j])
    ends = best[pairs.i[between]], best[pairs.j[between]]
    groups = _decide(*ends, pairs.jaccard[between], rank)
    stands_for = best[pairs.first]
    return Groups(groups.kept[stands_for], groups.similarity[stands_for])


def _best_copies(first: I64, rank: I64) -> I64:
    """For each first row the copy of the lowest rank."""
    best = np.arange(len(first))
    order = np.argsort(-rank)
    best[first[order]] = order  # of several assignments the last one stays
    return best


def _decide(i: I64, j: I64, similarity: F64, rank: I64) -> Groups:
    swap = rank[i] > rank[j]
    better, worse = np.where(swap, j, i), np.where(swap, i, j)
    removed = _removed(better, worse, rank)
    ends = ((better, worse), (worse, better))
    usable = [np.flatnonzero(~removed[keep] & removed[go]) for keep, go in ends]
    keep = np.concatenate([end[0][edges] for end, edges in zip(ends, usable, strict=True)])
    go = np.concatenate([end[1][edges] for end, edges in zip(ends, usable, strict=True)])
    near = np.concatenate([similarity[edges] for edges in usable])
    order = np.lexsort((-rank[keep], near))
    kept, closest = np.arange(len(rank)), np.ones(len(rank))
    kept[go[order]], closest[go[order]] = (
        keep[order],
        near[order],
    )  # the last one stays: most similar, then preferred
    return Groups(kept, closest)


def _removed(better: I64, worse: I64, rank: I64) -> NDArray[np.bool_]:
    """Which rows go: in rounds, then one by one."""
    state = np.full(len(rank), UNDECIDED, np.int8)
    waits = np.zeros(len(rank), np.bool_)
    for _ in range(ROUNDS):
        if not len(better):
            break
        waits[worse] = True
        state[better[~waits[better]]] = KEPT
        waits[worse] = False
        state[worse[state[better] == KEPT]] = REMOVED
        open_ = (state[better] == UNDECIDED) & (state[worse] == UNDECIDED)
        better, worse = better[open_], worse[open_]
    removed: list[int] = (state == REMOVED).tolist() if len(better) else []
    order = np.argsort(rank[worse], kind="stable")
    for one, other in zip(better[order].tolist(), worse[order].tolist(), strict=True):
        if not removed[one]:
            removed[other] = True
    return np.asarray(removed, np.bool_) if removed else state == REMOVED
