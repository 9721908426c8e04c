"""Bootstrap over groups of rows: intervals of one system, differences of two, and whether a difference is shown.

Rows that are near to each other are not independent, and a bootstrap over rows would take a hundred copies of one ask
for a hundred observations. So whole groups are drawn (the cluster bootstrap: Davison and Hinkley, Bootstrap Methods
and their Application, 1997, section 3.8). Every measure here is a function of sums over rows, hence a sample is one
product of two matrices: how often each group was drawn, times what each group adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Score = Callable[[Floats], Floats]

SAMPLES = 2000
FEWEST = 2
"""Groups below which nothing can be said about how sure a figure is."""

_LOW, _HIGH = 2.5, 97.5


class Estimate(NamedTuple):
    """A figure with the bounds of its 95 % interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Difference(NamedTuple):
    """What the second system has more than the first, with its interval, and the p value of "there is none"."""

    value: float | None
    low: float | None
    high: float | None
    p: float | None

    @property
    def is_shown(self) -> bool:
        """Whether the interval excludes zero and the randomisation test agrees at the level of .05."""
        if self.value is None or self.low is None or self.high is None or self.p is None:
            return False
        return (self.low > 0 or self.high < 0) and self.p < LEVEL


LEVEL = 0.05


@dataclass(frozen=True)
class Groups:
    """Which group each row belongs to, and one set of draws that all measures share.

    Attributes:
        of: the number of each row's group, shape (rows,).
        draws: how often each group stands in each sample, shape (samples, groups).
    """

    of: NDArray[np.int64]
    draws: Floats

    @classmethod
    def make(cls, labels: Sequence[Hashable], *, samples: int = SAMPLES, seed: int = 0) -> Groups:
        """Draw from the groups that have these labels; the order of rows decides nothing but the draws."""
        numbers: dict[Hashable, int] = {}
        of = np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.int64)
        count = len(numbers)
        if count == 0:
            return cls(of, np.zeros((samples, 0)))
        draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=samples)
        return cls(of, draws.astype(np.float64))

    @property
    def count(self) -> int:
        """The number of groups."""
        return int(self.draws.shape[1])

    def summed(self, parts: Floats) -> Floats:
        """What each group adds, from what each row adds."""
        sums = np.zeros((self.count, parts.shape[1]))
        np.add.at(sums, self.of, parts)
        return sums


def estimate(parts: Floats, score: Score, groups: Groups) -> Estimate:
    """A figure with its percentile interval.

    Args:
        parts: what each row adds to the sums, shape (rows, terms).
        score: figures of sums of the shape (samples, terms); nan where one is not defined.
        groups: of the rows.
    """
    value = _number(score(parts.sum(axis=0, keepdims=True))[0])
    if value is None or groups.count < FEWEST:
        return Estimate(value)
    return Estimate(value, *_bounds(score(groups.draws @ groups.summed(parts))))


def difference(first: Floats, second: Floats, score: Score, groups: Groups, *, seed: int = 0) -> Difference:
    """Second minus first, on the same rows.

    The interval is the paired bootstrap's (P. Koehn, Statistical significance tests for machine translation evaluation,
    EMNLP 2004); the p value is that of approximate randomisation, in which each group's two results are swapped by the
    toss of a coin (S. Riezler and J. Maxwell, On some pitfalls in automatic evaluation and significance testing for MT,
    2005), with one added above and below the line so that it is never 0.
    """
    whole = score(np.stack([first.sum(axis=0), second.sum(axis=0)]))
    value = _number(whole[1] - whole[0])
    if value is None or groups.count < FEWEST:
        return Difference(value, None, None, None)
    one, two = groups.summed(first), groups.summed(second)
    bounds = _bounds(score(groups.draws @ two) - score(groups.draws @ one))
    tosses = np.random.default_rng(seed).integers(0, 2, size=groups.draws.shape).astype(np.float64)
    moved = tosses @ (two - one)
    swapped = score(two.sum(axis=0) - moved) - score(one.sum(axis=0) + moved)
    extreme = int(np.sum(np.abs(swapped) >= abs(value) - 1e-12))
    return Difference(value, *bounds, (extreme + 1) / (len(swapped) + 1))


def ratio(sums: Floats) -> Floats:
    """The first term over the second; nan where there is nothing below the line."""
    below = sums[:, 1]
    made: Floats = np.divide(sums[:, 0], below, out=np.full(len(sums), np.nan), where=below > 0)
    return made


def _bounds(scores: Floats) -> tuple[float | None, float | None]:
    known = scores[np.isfinite(scores)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [_LOW, _HIGH])
    return float(low), float(high)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
