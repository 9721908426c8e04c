"""The gate: checking data as ``curate check`` does, against a baseline, and against schema suites."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import polars as pl

from curate.api import plan_of, report_of, scan_inputs
from curate.core.check import found as rows_found
from curate.core.errors import ConfigError
from curate.core.report import BaselineFacts
from curate.core.suites import read_suites

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.api import Asked
    from curate.core.plan import Plan
    from curate.core.report import Problem, Report
    from curate.core.suites import Suite
    from curate.engines.scan import Scan

__all__ = ["Checked", "NewOnly", "check", "new_only", "with_suites"]


@dataclass(frozen=True)
class Checked:
    """What a check of data found. True if it is fit to train on; in a notebook it shows itself.

    Attributes:
        report: everything, as facts.
        scan: the pass over the data.
        plan: what was asked for.
    """

    report: Report
    scan: Scan
    plan: Plan

    def __bool__(self) -> bool:
        return self.report.verdict.status == "fit"

    def __str__(self) -> str:
        from curate.reports.plain import render_lines  # noqa: PLC0415 (only when shown)

        return render_lines(self.report)

    def __repr__(self) -> str:
        return f"<curate: {self.report.verdict.headline}>"

    def _repr_html_(self) -> str:
        from curate.reports.notebook import render  # noqa: PLC0415 (only when shown)

        return render(self.report)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Worst first."""
        return self.report.problems

    def findings(self) -> pl.DataFrame:
        """A line for each finding: check, severity, file, line, row, key, at, start, end, message and more."""
        from curate.engines.export import all_findings  # noqa: PLC0415 (only when asked)

        return all_findings(self.scan, self.plan)

    def frame(self, *fields: str) -> pl.DataFrame:
        """The rows as schema suites see them, one line a row whatever the layout, with metadata fields as text."""
        from curate.engines.canonical import COLUMNS, META, canonical_frame  # noqa: PLC0415 (only when asked)

        return canonical_frame(self.scan, [*COLUMNS, *(META + field for field in fields)])


def check(*inputs: object, plan: Asked = ...) -> Checked:
    """Check data as ``curate check`` does, with the schema suites that the plan names.

    >>> import curate
    >>> assert curate.check("data/preferences.jsonl", plan=None) is not None

    Args:
        *inputs: paths, globs, folders, or polars, pandas and ``datasets`` objects.
        plan: severities, budgets, which checks; or the path of a ``curate.toml``. If it is left out,
            ``./curate.toml`` is read where it is there, as by the command; None asks for the defaults.

    Raises:
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    asked = replace(plan_of(plan), show_text=False)
    found = with_suites(scan_inputs(inputs, asked), asked)
    return Checked(report_of(found, asked), found, asked)


@dataclass(frozen=True)
class NewOnly:
    """A scan without the findings that a baseline holds.

    Attributes:
        scan: what is left of it.
        plan: with room in the quarantine for the records that are known to be unreadable.
        facts: how much was known, is new, was mended.
        kept: the lines of the baseline that are still needed: those that fit, and those about what was not looked at.
    """

    scan: Scan
    plan: Plan
    facts: BaselineFacts
    kept: pl.DataFrame

    def report(self) -> Report:
        """The report about what is new."""
        return report_of(self.scan, self.plan, self.facts)


def new_only(found: Scan, plan: Plan, baseline: Path) -> NewOnly:
    """Leave out of a scan what a baseline holds: the gate is about new problems only.

    Raises:
        UnreadableError: the baseline cannot be read, or is none.
    """
    from curate.engines.fingerprints import (  # noqa: PLC0415 (only with a baseline)
        QUARANTINE,
        all_rows,
        file_print,
        fingerprints,
    )
    from curate.gates.baseline import compare, read_baseline  # noqa: PLC0415 (the same)

    looked = {check.name for check in found.judges} | {QUARANTINE}
    stored = read_baseline(baseline)
    about = pl.col("check").is_in(list(looked))
    files = {file_print(one.source.name) for one in found.opened}
    compared = compare(fingerprints(found), stored.filter(about), partial(all_rows, found), files)
    known = dict(compared.known.group_by("check").agg("nth").iter_rows())
    left = {name: _without(frame, known.get(name, [])) for name, frame in found.found.items()}
    mended = sorted(Counter(compared.mended["check"].to_list()).items())
    facts = BaselineFacts(str(baseline), len(compared.known), len(compared.new), tuple(mended))
    allowed = plan.quarantine.count
    room = len(known.get(QUARANTINE, []))
    if allowed is not None:
        plan = replace(plan, quarantine=replace(plan.quarantine, count=allowed + room))
    elif plan.quarantine.share is not None and room:
        share = min(plan.quarantine.share + room / max(found.records, 1), 1.0)
        plan = replace(plan, quarantine=replace(plan.quarantine, share=share))
    scanned = replace(found, found={name: frame for name, frame in left.items() if not frame.is_empty()})
    kept = pl.concat([compared.kept, stored.filter(~about)])
    return NewOnly(scanned, plan, facts, kept)


def with_suites(found: Scan, plan: Plan) -> Scan:
    """The scan with what the plan's schema suites of Great Expectations say about the same rows, as findings.

    Waivers are applied to them; an expectation that the plan ignores is not evaluated.

    Args:
        found: the scan.
        plan: names the suites; its severities and budgets are by ``SUITE.EXPECTATION.COLUMN``.

    Raises:
        CurateError: a suite cannot be read, says what cannot be evaluated, or an expectation crashed.
    """
    suites = [_wanted(suite, plan) for suite in read_suites(plan.expectations)]
    if found.index.is_empty() or not suites:
        return found
    from curate.engines.canonical import COLUMNS, META  # noqa: PLC0415 (only with suites)
    from curate.engines.waiving import without_waived  # noqa: PLC0415 (the same)
    from curate.gates.expectations import run_suites  # noqa: PLC0415 (the same)
    from curate.gates.suites import refuse_unknown_columns  # noqa: PLC0415 (the same)

    refuse_unknown_columns(suites, COLUMNS, META)
    judged = run_suites(suites, _frame(found, suites), partial(import_module, "curate.expectations"))
    outside = tuple(one.outside(plan) for one in judged)
    first = found.index["row"].head(1).to_list()
    broken = {
        told.name: rows_found(pl.DataFrame({"row": one.rows or first}), told.title, at="")
        for told, one in zip(outside, judged, strict=True)
        if not one.success
    }
    theirs = replace(found, found=broken)
    left = without_waived(theirs, plan) if plan.waivers else theirs
    waived = tuple(
        ours if ours.findings else other for ours, other in zip(found.waived, left.waived, strict=True)
    )
    return replace(found, found={**found.found, **left.found}, outside=outside, waived=waived)


def _wanted(suite: Suite, plan: Plan) -> Suite:
    return replace(suite, declared=tuple(one for one in suite.declared if not plan.ignores(one.name)))


def _frame(found: Scan, suites: Sequence[Suite]) -> pl.DataFrame:
    """The canonical frame, as far as suites read it, and the numbers of rows.

    Raises:
        ConfigError: a suite names a metadata field that no row has: a slip of the pen.
    """
    from curate.engines.canonical import COLUMNS, META, canonical_frame  # noqa: PLC0415 (only with suites)
    from curate.gates.expectations import ROW  # noqa: PLC0415 (the same)

    declared = [one for suite in suites for one in suite.declared]
    read = {ROW}.union(*(one.reads for one in declared))
    whole = any(one.reads_all for one in declared)
    columns = [name for name in COLUMNS if whole or name in read]
    frame = canonical_frame(found, [*columns, *sorted(name for name in read if name.startswith(META))])
    for one in declared:
        for name in one.reads:
            if name.startswith(META) and frame[name].null_count() == frame.height:
                what = f"no row has the field '{name.removeprefix(META)}', which {one.type} names"
                raise ConfigError(what, where=one.where, hint="name a field at the top of the rows")
    return frame


def _without(frame: pl.DataFrame, places: list[int]) -> pl.DataFrame:
    return frame.with_row_index("_").remove(pl.col("_").is_in(places)).drop("_") if places else frame
