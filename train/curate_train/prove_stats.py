"""How sure a difference between two ways of training is, when both seeds and held-out rows are drawn by chance.

Each arm is trained with several seeds, and each trained model gives every held-out group a likelihood. A difference of
two arms therefore varies for two reasons: other seeds would have given other models, and other held-out rows other
figures. With d the difference for a seed over all groups, and e that of a group over all seeds,

    SE^2 = var(d)/seeds + var(e)/groups,

which counts what seeds and groups have together twice and so errs on the wide side (A. Owen, The pigeonhole bootstrap,
2007, shows the same of its bootstrap for crossed random effects). Degrees of freedom by F. Satterthwaite, An
approximate distribution of estimates of variance components, 1946; of three seeds they are few, and intervals wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST = 0.02
"""Nats a token: "none" counts only where a difference of this size would have been seen."""

_GRID = 20_001


@dataclass(frozen=True)
class Contrast:
    """How much lower the held-out NLL of one arm is than that of another: positive is a gain.

    Attributes:
        value: difference, in nats a token.
        low: lower bound of its 95 % interval.
        high: upper bound.
        detectable: the smallest true difference that would be shown with a power of 80 %.
        by_seed: the difference for each pair of seeds.
        groups: held-out groups.
    """

    value: float
    low: float
    high: float
    detectable: float
    by_seed: tuple[float, ...]
    groups: int

    @property
    def verdict(self) -> str:
        """``gain``, ``harm``, ``none``, or ``undecided`` where a relevant difference could have been missed."""
        if self.low > 0:
            return "gain"
        if self.high < 0:
            return "harm"
        return "none" if self.detectable <= SMALLEST else "undecided"


def contrast(
    first: Sequence[Floats], second: Sequence[Floats], tokens: Floats, groups: NDArray[np.int64]
) -> Contrast:
    """How much the second arm's NLL is below the first's.

    Args:
        first: for each seed the NLL of each held-out row, summed over its answer tokens.
        second: the same of the other arm, as many seeds, paired in this order.
        tokens: answer tokens of each row.
        groups: number of each row's group, from 0 on.

    Raises:
        ValueError: fewer than two seeds or groups, or unequal numbers of seeds.
    """
    if len(first) != len(second) or len(first) < 2:  # noqa: PLR2004 (a variance takes two)
        raise ValueError("a contrast takes as many seeds of both arms, two at least")
    gaps = np.stack([one - other for one, other in zip(first, second, strict=True)])
    total = tokens.sum()
    by_seed = gaps.sum(axis=1) / total
    value = float(by_seed.mean())
    of_groups = np.bincount(groups, weights=gaps.mean(axis=0) - value * tokens)
    count = len(of_groups)
    if count < 2:  # noqa: PLR2004 (the same)
        raise ValueError("a contrast takes two groups of held-out rows at least")
    from_seeds = float(by_seed.var(ddof=1)) / len(by_seed)
    from_groups = float((of_groups**2).sum()) * count / (count - 1) / float(total) ** 2
    variance = from_seeds + from_groups
    freedom = len(by_seed) - 1.0
    if variance > 0:
        freedom = variance**2 / (from_seeds**2 / (len(by_seed) - 1) + from_groups**2 / (count - 1))
    error, reach = sqrt(variance), t_quantile(0.975, freedom)
    detectable = (reach + t_quantile(0.8, freedom)) * error
    return Contrast(
        value, value - reach * error, value + reach * error, detectable, tuple(map(float, by_seed)), count
    )


def t_quantile(share: float, freedom: float) -> float:
    """The quantile of Student's t, for any degrees of freedom from 1 on.

    With t = sqrt(v) tan(a) the density is proportional to cos(a)^(v-1) on a bounded range, which is summed up.
    """
    angles = np.linspace(-np.pi / 2, np.pi / 2, _GRID)
    density = np.clip(np.cos(angles), 0, None) ** (freedom - 1)
    mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(sqrt(freedom) * np.tan(np.interp(share, mass / mass[-1], angles)))
