"""Findings that somebody answers for are left out, and told: a baseline with a name, a reason and an end."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import TYPE_CHECKING

import polars as pl

from curate.core.report import WaiverFacts
from curate.engines.export import named_rows
from curate.formats.parse import parse_chunk
from curate.text.linear_search import whole_matches

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.core.policy import Waiver
    from curate.engines.scan import Scan


def without_waived(seen: Scan, plan: Plan) -> Scan:
    """The scan without what the plan's waivers cover; a finding counts for the first that does.

    A waiver that has expired covers nothing. Rows are known by their keys, so that lines may move.
    """
    named = named_rows(seen).select("row", "file", "key")
    facts = []
    for waiver in plan.waivers:
        covered: list[pl.DataFrame] = []
        has_expired = waiver.has_expired(plan.day)
        for name in [] if has_expired else filter(waiver.covers, list(seen.found)):
            hit = _hit(waiver, seen, name, named)
            covered.append(seen.found[name].filter(hit))
            seen = replace(seen, found={**seen.found, name: seen.found[name].filter(~hit)})
        facts.append(_told(waiver, covered, has_expired=has_expired))
    found = {name: frame for name, frame in seen.found.items() if not frame.is_empty()}
    return replace(seen, found=found, waived=tuple(facts))


def _told(waiver: Waiver, covered: list[pl.DataFrame], *, has_expired: bool) -> WaiverFacts:
    rows = pl.concat([pl.Series("row", [], pl.Int64), *(frame["row"] for frame in covered)])
    return WaiverFacts(
        check=waiver.check,
        owner=waiver.owner,
        reason=waiver.reason,
        until=waiver.until.isoformat(),
        place=waiver.place,
        findings=len(rows),
        rows=rows.n_unique(),
        expired=has_expired,
    )


def _hit(waiver: Waiver, seen: Scan, check: str, named: pl.DataFrame) -> pl.Series:
    """Which findings of a check a waiver covers."""
    findings = seen.found[check].join(named, on="row", how="left", maintain_order="left")
    covered = pl.lit(value=True)
    if waiver.rows:
        covered &= pl.col("key").is_in(list(waiver.rows))
    if waiver.file:
        names = [one.source.name for one in seen.opened]
        covered &= pl.col("file").is_in([name for name in names if _fits(name, waiver.file)])
    hit = findings.with_columns(covered.alias("hit"))["hit"]
    if waiver.pattern is None or not hit.any():
        return hit
    words = pl.Series(_words(seen, findings.filter(hit)), dtype=pl.String)
    return hit.scatter(hit.arg_true(), whole_matches(waiver.pattern, words))


def _fits(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or fnmatchcase(PurePath(name).name, glob)


def _words(seen: Scan, findings: pl.DataFrame) -> list[str]:
    """The words at fault of each finding, or all of the text that it is about; flagged rows are read again.

    Without the space around them, which is part of a span where a repair takes it out as well.
    """
    from curate.engines.rereading import parts  # noqa: PLC0415 (loads numpy, and few waivers have a pattern)

    texts: dict[tuple[int, str], str] = {}
    for part in parts(seen, findings["row"].unique()):
        turns = parse_chunk(part.chunk).batch.turns.select("row", "at", "text")
        for row, at, text in turns.iter_rows():
            if row in part.rows:
                texts.setdefault((part.rows[row], at), text or "")
    places = findings.select("row", "at", "start", "end").iter_rows()
    words = [texts.get((row, at or ""), "")[slice(start, end)] for row, at, start, end in places]
    return [word.strip() or word for word in words]
