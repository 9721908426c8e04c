"""The figures of an evaluation: over all rows, and for each value of each facet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate_train.metrics.measures import measures
from curate_train.metrics.resampling import SAMPLES, Estimate, Groups, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate_train.metrics.answered import Answered
    from curate_train.metrics.measures import Measure

MOST_VALUES = 40
"""Values of a facet that get figures of their own, the most frequent ones."""


@dataclass(frozen=True)
class Figures:
    """Figures of some rows.

    Attributes:
        rows: how many rows.
        groups: how many groups they make; that many observations stand behind the intervals.
        values: an estimate for each measure.
    """

    rows: int
    groups: int
    values: Mapping[str, Estimate]


@dataclass(frozen=True)
class Tables:
    """All figures of one evaluation.

    Attributes:
        whole: over all rows.
        facets: for each facet, for each of its values.
        signatures: how measures were computed that others compute otherwise.
    """

    whole: Figures
    facets: Mapping[str, Mapping[str, Figures]]
    signatures: Mapping[str, str]


def tables(rows: Sequence[Answered], *, samples: int = SAMPLES, seed: int = 0) -> Tables:
    """Measure rows; the same rows give the same figures, in whatever order they come."""
    ordered = sorted(rows, key=lambda row: row.key)
    taken = measures(ordered)
    whole = _figures(ordered, taken, list(range(len(ordered))), samples, seed)
    by_facet: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, row in enumerate(ordered):
        for facet, value in row.facets.items():
            by_facet[facet][value].append(at)
    facets = {
        facet: {
            value: _figures(ordered, taken, places, samples, seed)
            for value, places in sorted(values.items(), key=lambda one: (-len(one[1]), one[0]))[:MOST_VALUES]
        }
        for facet, values in sorted(by_facet.items())
    }
    return Tables(whole, facets, {one.name: one.signature for one in taken if one.signature})


def _figures(
    rows: Sequence[Answered], taken: Sequence[Measure], places: list[int], samples: int, seed: int
) -> Figures:
    groups = Groups.make([rows[at].group for at in places], samples=samples, seed=seed)
    chosen = np.array(places, dtype=np.int64)
    values = {one.name: estimate(one.parts[chosen], one.score, groups) for one in taken}
    return Figures(len(places), groups.count, values)
