"""``curate run``: from the dirty files to the validated set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.fix import fix_options, fix_plan
from curate.cli.options import by_option, make_plan, plan_options
from curate.cli.progress import progress
from curate.text.visible import shell_word, visible_name

if TYPE_CHECKING:
    from rich.text import Text

    from curate.core.plan import Plan
    from curate.core.report import Report
    from curate.engines.running import Ran


SHOWN = 8
"""Warnings that are named."""

REPORT = "report.html"


@click.command(short_help="From the dirty files to the validated set.")
@plan_options
@by_option
@click.option("--out", "-o", required=True, metavar="OUT/", help="The folder to write.")
@click.option("--steps", metavar="STEPS", help="Some of repair,drop,dedup,fix; all of them if not given.")
@click.option("--split", "ratio", metavar="N/N/N", help="Deal what is left into splits as well: 90/5/5.")
@fix_options
@click.option("--force", is_flag=True, help="Overwrite the files of another run, though never an input.")
def command(out: str, *, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Repair DATA, drop what blocks, remove near duplicates, fix, check, and write all of it to OUT/.

    OUT/ gets clean.* (a folder clean/ for several inputs), dropped.jsonl, quarantine.jsonl, ledger.jsonl, report.html
    and, as the last, curate.lock.json, which training reads. Rows in = kept + dropped + quarantined. [run] in the plan
    says what becomes of the rows that a check flags. A run that was killed goes on where it was when it is called
    again. The exit code is that of "curate check" on what is left. dropped.jsonl and the ledger hold rows, unmasked:
    keep them as private as the data. Personal data stays in unless --only names pii.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate.api import run  # noqa: PLC0415 (loads polars)

    plan = _plan(make_plan(flags), flags)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        done = run(*flags["inputs"], out=out, plan=plan, force=force, progress=told)
    Console(highlight=False, soft_wrap=True).print(_summary(done, out, plan))
    return done.report.verdict.exit_code


def _plan(plan: Plan, flags: dict[str, Any]) -> Plan:
    """The plan with the options of this command."""
    from curate.core.run_plan import SplitPlan, read_ratio, read_steps  # noqa: PLC0415 (loaded when called)

    run = plan.run
    if flags["steps"]:
        run = replace(run, steps=read_steps(flags["steps"]))
    if flags["ratio"]:
        run = replace(run, split=replace(run.split or SplitPlan(""), ratio=read_ratio(flags["ratio"])))
    return replace(plan, run=run, fix=fix_plan(flags, plan.fix))


def _summary(done: Ran, out: str, plan: Plan) -> Text:
    """The account of the rows, what each step did, the verdict and the head; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    rows, text = done.rows, Text()
    if done.reused:
        text.append(f"Taken over from a run that was interrupted: {', '.join(done.reused)}\n")
    text.append(count_of(rows.in_, "row"), "bold")
    text.append(
        f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined; "
        f"{rows.edited:,} edited\n"
    )
    verbs = {"drop": "dropped", "quarantine": "quarantined", "edit": "edits", "suggest": "suggested only"}
    for step, action, check, count in done.reasons:
        why = check or ("cannot be read" if action == "quarantine" else "left out as asked")
        text.append(f"  {count:>9,}  {step}: {why}, {verbs.get(action, action)}\n")
    if done.splits:
        text.append(f"Splits: {', '.join(f'{count:,} {name}' for name, count in done.splits.items())}\n")
    verdict = done.report.verdict
    text.append(f"{verdict.headline}\n", "bold green" if verdict.exit_code == 0 else "bold red")
    for reason in verdict.reasons:
        text.append(f"  {reason}\n")
    for line in (*_kept(done.report), *_private(done.report, plan)):
        text.append(f"{line}\n")
    for path in done.outputs:
        text.append(f"→ {visible_name(str(path))}\n")
    text.append(f"The head of the run: {done.head}\n")
    text.append(
        f"Keep it elsewhere, as in a git tag: curate verify {shell_word(out)} --head {done.head[:16]}"
    )
    return text


def _kept(report: Report) -> list[str]:
    """The warnings about rows that were kept, the most rows first."""
    warnings = [problem for problem in report.problems if problem.severity == "warning"]
    if not warnings:
        return []
    ordered = sorted(warnings, key=lambda problem: -problem.rows)
    named = [f"  {problem.rows:>9,}  {problem.check}" for problem in ordered[:SHOWN]]
    rest = len(warnings) - len(named)
    return [
        "Warnings about what is kept (rows):",
        *named,
        *([f"  and {rest:,} more in {REPORT}"] if rest > 0 else []),
    ]


def _private(report: Report, plan: Plan) -> list[str]:
    """That personal data stays, unless the plan takes it out; and how often it was found."""
    if "pii" in plan.fix.kinds and "fix" in plan.run.steps:
        return []
    found = [
        f"{one.check}: {count_of(one.rows, 'row')}" for one in report.problems if one.check.startswith("pii.")
    ]
    told = f" ({', '.join(found)})" if found else ""
    return [f"Personal data is not taken out{told}: --only {','.join((*plan.fix.kinds, 'pii'))} replaces it"]
