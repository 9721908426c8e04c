"""``curate report``: look at data and say what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from curate.cli.counting import notices
from curate.cli.options import by_option, make_plan, plan_options
from curate.cli.outputs import prepare_outputs, refuse_inputs
from curate.cli.progress import progress
from curate.core.fix_plan import GRAMMARS
from curate.text.visible import visible_name


@click.command(short_help="Say whether data is fit to train on.")
@plan_options
@by_option
@click.option(
    "--html", "html", type=click.Path(dir_okay=False), metavar="FILE", help="Write one offline HTML page."
)
@click.option("--full", is_flag=True, help="Every problem, all examples, and what is in the data.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON (documented schema).")
@click.option("--findings", metavar="FILE", help="Write every finding (.jsonl, .csv or .parquet).")
@click.option(
    "--quarantine", metavar="FILE", help="Write the records that cannot be read, with their bytes (.jsonl)."
)
@click.option("--glossary", metavar="FILE", help="Say what this terminology would change, too.")
@click.option("--grammar", type=click.Choice(GRAMMARS), help="Say what grammar would change, from a sample.")
def command(
    html: str | None,
    findings: str | None,
    quarantine: str | None,
    glossary: str | None,
    grammar: str | None,
    *,
    full: bool,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Look at DATA (files, globs, folders, or - for stdin) and say whether it is fit to train on.

    Nothing is changed. Exits 0, or 2 if something cannot be read; "curate check" is the gate for CI.
    """
    from curate.api import report_of, scan_inputs  # noqa: PLC0415 (loads polars)
    from curate.engines.foreseeing import foresee  # noqa: PLC0415 (the same)

    outputs = (html, findings, quarantine)
    prepare_outputs(outputs, flags["inputs"])
    plan = make_plan(flags)
    fixed = replace(plan.fix, glossary=glossary or plan.fix.glossary, grammar=grammar or plan.fix.grammar)
    plan = replace(plan, fix=fixed)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        scan = scan_inputs(flags["inputs"], plan, progress=told)
    refuse_inputs(outputs, scan.inputs.sources)
    report = replace(report_of(scan, plan), fixes=foresee(scan, plan))
    if findings or quarantine:
        from curate.engines.export import write_findings, write_quarantine  # noqa: PLC0415 (only when asked)

        if findings:
            write_findings(scan, plan, Path(findings))
        if quarantine:
            write_quarantine(scan, Path(quarantine))
    if html:
        from curate.formats.keep_output import whole  # noqa: PLC0415 (only when asked)
        from curate.reports.html import render_html  # noqa: PLC0415 (loads jinja2)

        with whole(Path(html)) as page:
            page.write_text(render_html(report), "utf-8")
    if as_json:
        from curate.reports.plain import render_json  # noqa: PLC0415 (only when asked)

        click.echo(render_json(report))
        return 0
    from rich.console import Console  # noqa: PLC0415 (only for people)

    from curate.reports.terminal import print_report  # noqa: PLC0415 (the same)

    try:
        print_report(report, Console(highlight=False), full=full)
    except SystemExit as stop:  # rich's word for: nobody reads on
        raise BrokenPipeError from stop
    if html:
        click.echo(f"\nThe page: {visible_name(html)}")
    return 0
