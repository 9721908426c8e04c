"""Krippendorff's alpha: how far several reviewers agree beyond chance, whoever judged what.

K. Krippendorff, Computing Krippendorff's alpha-reliability (2011); Content Analysis (4th ed. 2018), chapter 12. 1 is
full agreement, 0 is what chance gives, and below it reviewers contradict each other. Units that fewer than two
reviewers judged tell nothing of agreement and do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate_train.metrics.resampling import Estimate, Groups, estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST = 2
"""Judgements of a unit below which it says nothing."""


@dataclass(frozen=True)
class Agreement:
    """How far reviewers agree.

    Attributes:
        alpha: with its 95 % interval by bootstrap over units; None where all judgements are the same, or single.
        units: units that two or more judged.
        judgements: of these units.
    """

    alpha: Estimate
    units: int
    judgements: int


def agreement(units: Sequence[Sequence[float]], level: str, *, samples: int = 1000) -> Agreement:
    """Alpha over units.

    Args:
        units: for each unit the judgements that it got, in any order, as numbers.
        level: ``nominal``, ``ordinal``, ``interval`` or ``ratio``: what the numbers mean.
        samples: of the bootstrap.
    """
    paired = [unit for unit in units if len(unit) >= FEWEST]
    values = sorted({value for unit in paired for value in unit})
    count = sum(map(len, paired))
    if not paired:
        return Agreement(Estimate(None), 0, 0)
    parts = np.stack([_coincidences(unit, values).ravel() for unit in paired])
    groups = Groups.make(range(len(paired)), samples=samples)
    made = estimate(parts, lambda sums: _alphas(sums, np.array(values), level), groups)
    return Agreement(made, len(paired), count)


def _coincidences(unit: Sequence[float], values: Sequence[float]) -> Floats:
    """Pairs of judgements of one unit, each weighed by 1/(m-1): values × values."""
    counts = np.array([unit.count(value) for value in values], dtype=np.float64)
    pairs: Floats = (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return pairs


def _alphas(sums: Floats, values: Floats, level: str) -> Floats:
    """Alpha of each summed matrix of coincidences; nan where nothing could disagree."""
    matrices = sums.reshape(-1, len(values), len(values))
    return np.array([_alpha(one, values, level) for one in matrices])


def _alpha(pairs: Floats, values: Floats, level: str) -> float:
    margins = pairs.sum(axis=1)
    total = margins.sum()
    apart = _distances(values, margins, level)
    expected = float((np.outer(margins, margins) * apart).sum())
    if total <= 1 or expected == 0:
        return float("nan")
    return float(1 - (total - 1) * (pairs * apart).sum() / expected)


def _distances(values: Floats, margins: Floats, level: str) -> Floats:
    """The squared difference of two judgements, as the level of measurement has it."""
    one, other = values[:, None], values[None, :]
    if level == "nominal":
        apart: Floats = (one != other).astype(np.float64)
    elif level == "interval":
        apart = (one - other) ** 2
    elif level == "ratio":
        below = np.where(one + other == 0, 1, one + other)
        apart = ((one - other) / below) ** 2
    elif level == "ordinal":
        ranks = np.cumsum(margins) - margins / 2
        apart = (ranks[:, None] - ranks[None, :]) ** 2
    else:
        raise ValueError(f"no level of measurement: {level}")
    return apart
