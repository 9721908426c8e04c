"""The verbs as plain functions: what the command line and notebooks call."""

from __future__ import annotations

from dataclasses import replace
from types import EllipsisType
from typing import TYPE_CHECKING, TypeAlias

from curate.checks.required import FAMILY
from curate.core.plan import Plan
from curate.engines.assemble import assemble
from curate.engines.converting import convert
from curate.engines.dropping import drop
from curate.engines.local import InlineEngine
from curate.engines.registry import load_checks
from curate.engines.scan import refuse_unknown, scan
from curate.formats.sources import discover
from curate.gates.coverage import out_of_bounds
from curate.gates.required import too_few
from curate.gates.verdict import judge_facts, judged_with
from curate.gates.waivers import expired

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.coverage_report import CoverageReport
    from curate.core.report import BaselineFacts, Problem, Report
    from curate.engines.covering import Wanted
    from curate.engines.local import Engine
    from curate.engines.running import Ran
    from curate.engines.scan import Progress, Scan

Asked: TypeAlias = "Plan | str | Path | EllipsisType | None"
"""A plan as it is asked for."""

__all__ = ["Asked", "convert", "coverage", "drop", "plan_of", "report", "report_of", "run", "scan_inputs"]


def report(*inputs: object, plan: Asked = ..., engine: Engine | None = None) -> Report:
    """Look at data and say what is wrong with it; nothing is changed.

    Args:
        *inputs: paths, globs, folders, or polars, pandas and ``datasets`` objects.
        plan: as for :func:`curate.check`.
        engine: where tasks run; chosen by the size of the input if None.

    Raises:
        CurateError: an input cannot be read at all, the plan is wrong, or a check crashed.
    """
    from curate.engines.foreseeing import foresee  # noqa: PLC0415 (loads the editors)

    plan = plan_of(plan)
    found = scan_inputs(inputs, plan, engine=engine)
    return replace(report_of(found, plan), fixes=foresee(found, plan))


def plan_of(asked: Asked) -> Plan:
    """The plan that is given, or that of a file; ``...`` finds one as the commands do, and None asks for the defaults.

    Raises:
        ConfigError: a file says something that curate does not know.
        UnreadableError: a named file is not there, or cannot be read.
    """
    if asked is None or isinstance(asked, Plan):
        return asked or Plan()
    from curate.config.load import find_plan  # noqa: PLC0415 (only with a file)

    return find_plan(None if isinstance(asked, EllipsisType) else str(asked))


def scan_inputs(
    inputs: tuple[str | Path | object, ...],
    plan: Plan,
    *,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Scan:
    """One pass over the inputs with the checks that the plan wants.

    Raises:
        UnreadableError: an input cannot be read, or is a table that no layout fits.
    """
    found = scan(discover(inputs), load_checks(_with_required(plan)), plan, engine, progress)
    refuse_unknown(found.opened, found.tallies, plan)
    return found


def _with_required(plan: Plan) -> Plan:
    """``select`` narrows the checks; what ``[require]`` asks for stays."""
    return replace(plan, select=(*plan.select, FAMILY)) if plan.select and plan.require.fields else plan


def report_of(found: Scan, plan: Plan, baseline: BaselineFacts | None = None) -> Report:
    """The report of a scan, with the gate's verdict; what ``curate fix`` would change is not looked at."""
    done = replace(assemble(found, plan, judge_facts), waivers=found.waived, baseline=baseline)
    asked = (*too_few(done, plan), *expired(done), *_uncovered(found, done, plan))
    return judged_with(done, asked, done.rows.kept * len(found.judges), plan)


def _uncovered(found: Scan, done: Report, plan: Plan) -> tuple[Problem, ...]:
    """What the data does not cover, if the plan has a contract."""
    if not plan.coverage.tables or found.index.is_empty():
        return ()
    from curate.engines.covering import contract_cells  # noqa: PLC0415 (only with a contract)

    return out_of_bounds(contract_cells(found, plan), done)


def coverage(
    *inputs: object,
    plan: Plan | None = None,
    wanted: Wanted | None = None,
    against: tuple[str | Path | object, ...] = (),
    progress: Progress | None = None,
) -> CoverageReport:
    """What data covers, and, with a contract, what is missing; nothing is changed.

    Args:
        *inputs: paths, globs, folders, or polars, pandas and ``datasets`` objects.
        plan: the contract (``coverage``), facets of one's own; the defaults if None.
        wanted: which facets, how many examples; the usual ones if None.
        against: an earlier release to compare with.
        progress: told how far the first reading is.

    Raises:
        CurateError: an input cannot be read at all, or a facet is not known.
    """
    from curate.engines.covering import cover  # noqa: PLC0415 (only when asked)

    plan = plan or Plan()
    earlier = _read(against, plan, None) if against else None
    return cover(_read(inputs, plan, progress), plan, wanted, earlier)


def _read(inputs: tuple[str | Path | object, ...], plan: Plan, progress: Progress | None) -> Scan:
    """One pass without checks; it costs less than starting processes for it."""
    found = scan(discover(inputs), (), plan, InlineEngine(), progress)
    refuse_unknown(found.opened, found.tallies, plan)
    return found


def run(
    *inputs: object,
    out: str | Path,
    plan: Plan | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Ran:
    """Make of data a validated set: see :func:`curate.engines.running.run`.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the folder to write.
        plan: all that the run does; the defaults if None.
        force: overwrite the files of another run, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading of each step is.
    """
    from curate.engines.running import Finish  # noqa: PLC0415 (loads much)
    from curate.engines.running import run as run_steps  # noqa: PLC0415 (the same)

    return run_steps(
        *inputs,
        out=out,
        finish=Finish(report_of, _page),
        plan=plan,
        force=force,
        engine=engine,
        progress=progress,
    )


def _page(made: Report, said: str) -> str:
    from curate.reports.html import render_html  # noqa: PLC0415 (loads jinja2)

    return render_html(made, said)
