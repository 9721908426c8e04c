"""``curate check``: the gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import notices
from curate.cli.options import by_option, make_gate_plan, plan_options, suites_option
from curate.cli.outputs import output_option, prepare_outputs, read_outputs, refuse_inputs, write_outputs
from curate.cli.progress import progress

if TYPE_CHECKING:
    from datetime import datetime


@click.command(short_help="The gate for CI.")
@plan_options
@by_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, without text of any row.")
@output_option
@click.option(
    "--baseline", metavar="FILE", help="Fail on what this file does not hold (see curate baseline)."
)
@click.option("--ratchet", is_flag=True, help="Take out of the baseline what was mended; it only shrinks.")
@suites_option
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Judge waivers as on this day."
)
@click.option("--findings", metavar="FILE", help="Write every finding (.jsonl, .csv or .parquet).")
@click.option(
    "--rejects", metavar="FILE", help="Write the rows to send back as CSV: what blocks, without text."
)
def command(
    findings: str | None,
    rejects: str | None,
    outputs: tuple[str, ...],
    baseline: str | None,
    today: datetime | None,
    expectations: tuple[str, ...],
    *,
    ratchet: bool,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Check DATA against the plan: one line a problem, and an exit code.

    Exits 0 if it passes, 1 if a check is over its budget or records cannot be read, 2 on usage, plan or unreadable
    files, 3 if a check crashed or nothing was evaluated. No text of any row is printed.
    """
    from curate.api import report_of, scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.gate import new_only, with_suites  # noqa: PLC0415 (the same)
    from curate.reports.plain import render_json, render_lines  # noqa: PLC0415 (the same)

    if ratchet and baseline is None:
        raise click.UsageError("--ratchet needs --baseline FILE")
    also = read_outputs(outputs, as_json=as_json)
    files = (findings, rejects, *(one.file for one in also))
    prepare_outputs(files, flags["inputs"])
    plan = make_gate_plan(flags, expectations, today)
    with notices(show_text=False), progress(quiet=flags["quiet"]) as told:
        scan = scan_inputs(flags["inputs"], plan, progress=told)
    refuse_inputs(files, scan.inputs.sources)
    scan = with_suites(scan, plan)
    left = new_only(scan, plan, Path(baseline)) if baseline is not None else None
    report = left.report() if left is not None else report_of(scan, plan)
    if findings:
        from curate.engines.export import write_findings  # noqa: PLC0415 (only when asked)

        write_findings(left.scan if left is not None else scan, plan, Path(findings))
    if rejects:
        from curate.engines.rejecting import write_rejects  # noqa: PLC0415 (only when asked)

        write_rejects(left.scan if left is not None else scan, report, plan, Path(rejects))
    write_outputs(also, report)
    if not any(one.file is None for one in also):
        click.echo(render_json(report) if as_json else render_lines(report))
    if ratchet and left is not None and left.facts.mended and report.verdict.status != "nothing":
        from curate.gates.baseline import save_baseline  # noqa: PLC0415 (the same)

        save_baseline(left.kept, Path(left.facts.file))
    return report.verdict.exit_code
