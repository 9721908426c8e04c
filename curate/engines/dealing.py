"""Groups of rows that belong together, and the split that each goes to.

Rows that are near, or share a field or a document, are one group: the connected components of all such pairs. Which
split a group goes to depends on the content of its rows and on the seed, not on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from curate.core.errors import UsageError
from curate.engines.between import Comparing
from curate.similarity import self_join
from curate.similarity.components import components, equal_keys
from curate.text.fold import hash64

if TYPE_CHECKING:
    from curate.engines.between import Compared
    from curate.similarity.arrays import F64, I64, U64

NAMES = ("train", "validation", "test")
NEAR, DOCUMENT = "near", "document"


@dataclass(frozen=True)
class Dealing:
    """How rows are dealt.

    Attributes:
        names: of the splits.
        ratio: their shares, in any unit.
        by: what keeps rows together: ``near``, ``document``, or names of fields.
        stratify: a field of whose values each split gets its share; empty for none.
        seed: another one deals the groups otherwise.
        threshold: Jaccard similarity from which rows are near.
    """

    names: tuple[str, ...] = NAMES
    ratio: tuple[int, ...] = (90, 5, 5)
    by: tuple[str, ...] = (NEAR,)
    stratify: str = ""
    seed: int = 0
    threshold: Fraction = Fraction(7, 10)

    @property
    def comparing(self) -> Comparing:
        """What is compared to build groups."""
        return Comparing(NEAR in self.by, DOCUMENT in self.by, self.grouped)

    @property
    def grouped(self) -> tuple[str, ...]:
        """The fields that keep rows together."""
        return tuple(name for name in self.by if name not in (NEAR, DOCUMENT))

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that are read."""
        return tuple(dict.fromkeys([*self.grouped, *([self.stratify] if self.stratify else [])]))

    def refuse_nonsense(self) -> None:
        """Refuse ratios and names that make no splits.

        Raises:
            UsageError: they do not.
        """
        if len(self.names) != len(self.ratio):
            raise UsageError(
                f"{len(self.ratio)} shares for {len(self.names)} splits ({', '.join(self.names)})",
                hint="--ratio 90/10 --names train/test",
            )
        if len(self.ratio) < 2 or min(self.ratio) <= 0:  # noqa: PLR2004 (one split is none)
            raise UsageError("a split needs at least two shares above 0", hint="--ratio 90/5/5")
        odd = [name for name in self.names if not name or name.startswith(".") or set(name) & set("/\\\0\n")]
        if odd or len(set(self.names)) < len(self.names):
            raise UsageError(
                "names of splits are names of files, each once", hint="--names train/validation/test"
            )


def group_rows(compared: Compared, threshold: Fraction) -> I64:
    """For each row the lowest place of its group: all that hangs together by an equal key or a near pair."""
    edges = [equal_keys(keys, rows) for rows, keys in compared.keys.values()]
    for sets in compared.sets.values():
        pairs = self_join(sets, threshold)
        edges.append((pairs.i, pairs.j))
    none = np.empty(0, np.int64)
    return components(
        len(compared.rows),
        np.concatenate([none, *(one for one, _ in edges)]),
        np.concatenate([none, *(two for _, two in edges)]),
    )


class Groups(NamedTuple):
    """Groups of rows, in the order of their lowest row.

    Attributes:
        of: for each row the number of its group.
        sizes: rows of each.
        marks: the smallest content hash of each, by which it is known.
    """

    of: I64
    sizes: I64
    marks: U64

    @classmethod
    def build(cls, label: I64, hashes: U64) -> Groups:
        """From the label and the content hash of each row."""
        of = np.unique(label, return_inverse=True)[1].astype(np.int64)
        sizes = np.bincount(of)
        marks = np.full(len(sizes), np.iinfo(np.uint64).max, np.uint64)
        np.minimum.at(marks, of, hashes)
        return cls(of, sizes, marks)


def deal(groups: Groups, strata: list[str], dealing: Dealing) -> I64:
    """For each group the split that it goes to.

    Groups come in the order of a hash of their mark and the seed. Each goes where most is wanting of what is due so
    far, in its stratum and in all, among the splits in which it still has room; a group that has room in none goes
    where most room is left. What is wanting does not depend on the size of the group that comes, so that small and
    large ones are in every split alike, as far as they fit.

    Args:
        groups: the groups.
        strata: the stratum of each.
        dealing: shares and seed.
    """
    shares = np.array(dealing.ratio, float) / sum(dealing.ratio)
    room = shares * groups.sizes.sum()
    filled: dict[str, F64] = {}
    everywhere = np.zeros(len(shares))
    chosen = np.zeros(len(groups.sizes), np.int64)
    for at in np.lexsort((groups.marks, _drawn(groups.marks, dealing.seed))).tolist():
        size = int(groups.sizes[at])
        here = filled.setdefault(strata[at], np.zeros(len(shares)))
        wanting = shares * everywhere.sum() - everywhere + shares * here.sum() - here
        fits = everywhere + size <= np.ceil(room)
        best = int(np.argmax(np.where(fits, wanting, -np.inf) if fits.any() else room - everywhere))
        chosen[at] = best
        everywhere[best] += size
        here[best] += size
    return chosen


def _drawn(marks: U64, seed: int) -> U64:
    """A number for each group by its mark and the seed."""
    return np.array([hash64(f"{seed} {mark:016x}".encode()) for mark in marks.tolist()], np.uint64)
