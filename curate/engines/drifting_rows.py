"""Drift between two releases, with the rows that cause it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.coverage_plan import NO_VALUE
from curate.core.coverage_report import Drift, Earlier, Shift
from curate.engines.covering_values import counts_of, labels, lines_of
from curate.engines.drifting import OTHERS, Shifted, shift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.engines.covering_samples import Samples
    from curate.engines.facets import Facets
    from curate.engines.scan import Scan

TOLD = 8
"""Values of a facet that are told, those that moved most."""


class Before(NamedTuple):
    """The earlier release, as it was read."""

    scan: Scan
    read: Facets


@dataclass(frozen=True)
class Drifted:
    """By facet, how far it has moved and, by value, new rows that have it."""

    same: int
    shifts: dict[str, Shifted]
    rows: dict[str, dict[str, list[int]]]

    @property
    def shown(self) -> list[int]:
        """The numbers of all rows that are shown."""
        return [row for values in self.rows.values() for rows in values.values() for row in rows]


def drift_of(rows: pl.DataFrame, before: Before, names: Sequence[str], examples: int) -> Drifted:
    """How far each facet has moved.

    Args:
        rows: the facets of today's rows.
        before: the earlier release.
        names: of the facets; the name of the input is left out, for releases are named differently.
        examples: new rows that are told of a value that has grown.
    """
    compared = [name for name in names if name != "file"]
    new = rows.join(before.read.rows.select("hash").unique(), on="hash", how="anti").sort("hash", "row")
    shifts = {name: shift(_counts(before.read.rows, name), _counts(rows, name)) for name in compared}
    causing = {name: _causing(new, name, shifts[name], examples) for name in compared}
    return Drifted(rows.height - new.height, shifts, causing)


def _counts(rows: pl.DataFrame, name: str) -> dict[str, int]:
    """Rows by value, and those without one."""
    without = int(rows[name].is_null().sum())
    return counts_of(rows, name) | ({NO_VALUE: without} if without else {})


def _causing(new: pl.DataFrame, name: str, shifted: Shifted, examples: int) -> dict[str, list[int]]:
    """Of each told value that has grown, new rows that have it."""
    n = max(sum(one.before for one in shifted.moved), 1)
    m = max(sum(one.now for one in shifted.moved), 1)
    grown = [one.value for one in shifted.moved[:TOLD] if one.now / m > one.before / n]
    lines = lines_of(new, [name]).with_columns(pl.col(name).fill_null(NO_VALUE))
    picked = (
        lines.filter(pl.col(name).is_in(grown))
        .group_by(name, maintain_order=True)
        .agg(pl.col("row").head(examples))
    )
    return dict(picked.select(name, "row").iter_rows())


def told_drift(drifted: Drifted, before: Before, samples: Samples, plan: Plan) -> Earlier:
    """The comparison as it is told, facets that moved most first."""
    drifts = [
        _drift(name, shifted, drifted.rows[name], samples, plan) for name, shifted in drifted.shifts.items()
    ]
    drifts.sort(key=lambda one: (-one.psi, one.facet))
    return Earlier(
        tuple(one.source.name for one in before.scan.opened),
        before.read.rows.height,
        drifted.same,
        tuple(drifts),
    )


def _drift(name: str, shifted: Shifted, rows: dict[str, list[int]], samples: Samples, plan: Plan) -> Drift:
    n = max(sum(one.before for one in shifted.moved), 1)
    m = max(sum(one.now for one in shifted.moved), 1)
    told = shifted.moved[:TOLD]
    names = [
        one.value if one.value == OTHERS else label
        for one, label in zip(told, labels(name, [one.value for one in told], plan), strict=True)
    ]
    return Drift(
        facet=name,
        psi=shifted.psi,
        chance=shifted.chance,
        distance=shifted.distance,
        reading=shifted.reading,
        shifts=tuple(
            Shift(
                label,
                one.before / n,
                one.now / m,
                one.before,
                one.now,
                one.part,
                samples.of(rows.get(one.value, ())),
            )
            for one, label in zip(told, names, strict=True)
        ),
    )
