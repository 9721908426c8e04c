"""The gate: checking data as ``curate check`` does, against a baseline, and against schema suites."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import polars as pl

from curate.api import report_of, scan_inputs
from curate.core.errors import ConfigError
from curate.core.plan import Plan
from curate.core.report import BaselineFacts
from curate.gates.verdict import judged_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.core.report import Problem, Report
    from curate.engines.scan import Scan

__all__ = ["Checked", "NewOnly", "check", "held_against", "new_only"]


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


def check(*inputs: object, plan: Plan | str | Path | None = None) -> Checked:
    """Check data as ``curate check`` does.

    >>> import curate
    >>> assert curate.check("data/preferences.jsonl", plan=None) is not None

    Args:
        *inputs: paths, globs, folders, or polars, pandas and ``datasets`` objects.
        plan: severities, budgets, which checks; or the path of a ``curate.toml``; the defaults if None.

    Raises:
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    if plan is not None and not isinstance(plan, Plan):
        from curate.config.load import find_plan  # noqa: PLC0415 (only with a file)

        plan = find_plan(str(plan))
    plan = replace(plan or Plan(), show_text=False)
    found = scan_inputs(inputs, plan)
    return Checked(report_of(found, plan), found, plan)


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
        return replace(report_of(self.scan, self.plan), baseline=self.facts)


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

    looked = {check.name for check in found.checks} | {QUARANTINE}
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


def held_against(found: Scan, done: Report, plan: Plan, suites: Sequence[str]) -> Report:
    """The report with what schema suites of Great Expectations say about the same rows.

    Args:
        found: the scan.
        done: its report.
        plan: severities and budgets, by ``SUITE.EXPECTATION.COLUMN``.
        suites: files, or folders of them.

    Raises:
        CurateError: a suite cannot be read, says what cannot be evaluated, or an expectation crashed.
    """
    from curate.engines.canonical import COLUMNS, META, canonical_frame  # noqa: PLC0415 (only with suites)
    from curate.engines.outside import problems_of  # noqa: PLC0415 (the same)
    from curate.gates.expectations import ROW, outside, run_suites  # noqa: PLC0415 (the same)
    from curate.gates.suites import read_suites, refuse_unknown_columns  # noqa: PLC0415 (the same)

    read = read_suites(suites)
    named = {name for suite in read for name in suite.columns}
    refuse_unknown_columns(read, {*COLUMNS, *(name for name in named if name.startswith(META))})
    wanted = {*named, *(COLUMNS if any(suite.needs_all for suite in read) else ())} - {ROW}
    frame = canonical_frame(found, [ROW, *sorted(wanted)])
    _refuse_absent(frame, META)
    judged = run_suites(read, frame, partial(import_module, "curate.expectations"))
    failed = problems_of(outside(judged), found, plan)
    passed = [one.name for one in judged if one.success]
    evaluated = done.rows.kept * (len(found.checks) + len(judged))
    whole = replace(done, passed=tuple(sorted((*done.passed, *passed))))
    return judged_with(whole, failed, evaluated, plan)


def _refuse_absent(frame: pl.DataFrame, meta: str) -> None:
    """A metadata field that no row has is a slip of the pen.

    Raises:
        ConfigError: a suite names one.
    """
    for name in frame.columns:
        if name.startswith(meta) and frame[name].null_count() == frame.height:
            what = f"no row has the field '{name.removeprefix(meta)}' that a suite of expectations names"
            raise ConfigError(what, hint="name a field at the top of the rows")


def _without(frame: pl.DataFrame, places: list[int]) -> pl.DataFrame:
    return frame.with_row_index("_").remove(pl.col("_").is_in(places)).drop("_") if places else frame
