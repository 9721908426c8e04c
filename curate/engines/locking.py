"""What the lock file says of the rows of a run: key, split, near-duplicate group and facets, from one scan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from curate.engines.between import Comparing, compare
from curate.engines.by import values_of
from curate.engines.dealing import Dealing, Groups, group_rows
from curate.engines.examples import key_of
from curate.engines.local import choose_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curate.core.plan import Plan
    from curate.engines.scan import Scan

COLUMNS = ("key", "split", "group")
"""What each row of the lock begins with; the values of the facets follow."""


def locked_rows(seen: Scan, plan: Plan, facets: tuple[str, ...], manifest: Path | None) -> list[list[Any]]:
    """The rows of the lock, in the order of the data.

    Args:
        seen: a scan of the cleaned data with a :class:`curate.engines.between.RowSketch`.
        plan: of the run.
        facets: fields of the rows.
        manifest: of the split; None if rows were not dealt.
    """
    if seen.index.is_empty():
        return []
    splits = _splits(manifest) if manifest is not None else {}
    values = values_of(seen, plan, facets) if facets else {}
    columns = [values[name]["value"].to_list() for name in facets]
    keys = [key_of(content, number) for content, number in _numbered(seen)]
    groups = _groups(seen)
    return [
        [key, splits.get(key), group, *told] for key, group, *told in zip(keys, groups, *columns, strict=True)
    ]


def _numbered(seen: Scan) -> Iterator[tuple[int, int]]:
    """The content hash of each row, and which row with it that is."""
    index = seen.index.select("hash", pl.col("row").cum_count().over("hash").alias("occurrence"))
    yield from index.iter_rows()


def _groups(seen: Scan) -> list[str | None]:
    """The mark of the group of each row; None for rows that are near to no other one.

    Rows are grouped as ``curate split`` groups them by default.
    """
    dealing = Dealing()
    with choose_engine(0, None) as engine:
        compared = compare(seen, Comparing(), engine)
    built = Groups.build(group_rows(compared, dealing.threshold), compared.rows["hash"].to_numpy())
    marks = [
        f"{mark:016x}" if size > 1 else None for mark, size in zip(built.marks, built.sizes, strict=True)
    ]
    return [marks[at] for at in built.of.tolist()]


def _splits(manifest: Path) -> dict[str, str]:
    """The split of each row, by its key."""
    with manifest.open("rb") as handle:
        lines = (json.loads(line) for line in handle)
        return {line["key"]: line["split"] for line in lines if "key" in line and "split" in line}
