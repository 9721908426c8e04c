"""How far the values of a facet have moved between two releases.

Two measures, both over the values as bins. The **population stability index** is that of credit scoring (Lewis 1994,
"An Introduction to Credit Scoring"; Siddiqi 2006, "Credit Risk Scorecards"): the sum of (q - p) ln(q / p) for shares p
before and q now. Empty bins would make it infinite, so every bin gets half a row on both sides (Jeffreys's prior), and
rare values are taken together first. The **Jensen–Shannon distance** is the square root of the divergence of Lin 1991
("Divergence Measures Based on the Shannon Entropy") with logarithms to base 2, from 0 to 1, of the shares as they are.

The usual reading of the index (below 0.1 stable, from 0.25 on moved far) is a rule of thumb and knows nothing of the
number of rows. If nothing has moved, the index divided by 1/n + 1/m is about chi-square with (bins - 1) degrees of
freedom (Yurdakul & Naranjo 2020, "Statistical properties of the population stability index"), so what chance alone
reaches is told beside it.
"""

from __future__ import annotations

from math import log, log2, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST, RARE = 20, 0.01
"""Values that are told apart, and the share that each must have on one of the sides."""

OTHERS = "(others)"
FLOOR = 0.5
"""Rows that every bin gets on both sides."""

SHIFTED, FAR = 0.1, 0.25
CHANCE = 0.95


class Moved(NamedTuple):
    """A value on both sides.

    Attributes:
        value: which; ``OTHERS`` for the rare ones together.
        before: rows that had it.
        now: rows that have it.
        part: of the index.
    """

    value: str
    before: int
    now: int
    part: float


class Shifted(NamedTuple):
    """How far a facet has moved; ``moved`` is ordered by the parts, largest first."""

    psi: float
    chance: float
    distance: float
    moved: tuple[Moved, ...]

    @property
    def reading(self) -> str:
        """The rule of thumb, unless chance explains the index."""
        if self.psi <= self.chance:
            return "within chance"
        return "stable" if self.psi < SHIFTED else "shifted" if self.psi < FAR else "moved far"


def shift(before: Mapping[str, int], now: Mapping[str, int]) -> Shifted:
    """Compare two counts of values.

    Args:
        before: rows by value, earlier.
        now: rows by value, today.
    """
    names = _bins(before, now)
    p, q = _taken_together(before, names), _taken_together(now, names)
    labels = [name for name in (*names, OTHERS) if p.get(name, 0) + q.get(name, 0)]
    parts = _parts([p.get(name, 0) for name in labels], [q.get(name, 0) for name in labels])
    moved = [
        Moved(name, p.get(name, 0), q.get(name, 0), part) for name, part in zip(labels, parts, strict=True)
    ]
    moved.sort(key=lambda one: (-one.part, one.value))
    n, m = max(sum(p.values()), 1), max(sum(q.values()), 1)
    chance = _chi_square(len(labels) - 1) * (1 / n + 1 / m) if len(labels) > 1 else 0.0
    return Shifted(sum(parts), chance, _distance(p, q, labels), tuple(moved))


def _bins(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """The most frequent values, by the larger of their two shares."""
    n, m = max(sum(before.values()), 1), max(sum(now.values()), 1)
    share = {name: max(before.get(name, 0) / n, now.get(name, 0) / m) for name in {*before, *now}}
    order = sorted(share, key=lambda name: (-share[name], name))
    return [name for name in order if share[name] >= RARE][:MOST]


def _taken_together(counts: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    kept = {name: counts.get(name, 0) for name in names}
    return {**kept, OTHERS: sum(counts.values()) - sum(kept.values())}


def _parts(before: Sequence[int], now: Sequence[int]) -> list[float]:
    n, m = sum(before) + FLOOR * len(before), sum(now) + FLOOR * len(now)
    pairs = [((b + FLOOR) / n, (a + FLOOR) / m) for b, a in zip(before, now, strict=True)]
    return [(q - p) * log(q / p) for p, q in pairs]


def _distance(before: Mapping[str, int], now: Mapping[str, int], labels: Sequence[str]) -> float:
    n, m = max(sum(before.values()), 1), max(sum(now.values()), 1)
    divergence = 0.0
    for name in labels:
        p, q = before.get(name, 0) / n, now.get(name, 0) / m
        middle = (p + q) / 2
        divergence += sum(share * log2(share / middle) / 2 for share in (p, q) if share)
    return sqrt(max(divergence, 0.0))


def _chi_square(degrees: int) -> float:
    """The 95 % point of chi-square, by the cube root of Wilson & Hilferty 1931; within 1 % from 3 degrees on."""
    spread = 2 / (9 * degrees)
    return float(degrees * (1 - spread + NormalDist().inv_cdf(CHANCE) * sqrt(spread)) ** 3)
