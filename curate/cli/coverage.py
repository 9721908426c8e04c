"""``curate coverage``: what data covers, where it is thin, and what to write next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import notices
from curate.cli.options import data_options, make_plan
from curate.cli.outputs import prepare_page
from curate.cli.progress import progress
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from curate.core.coverage_report import CoverageReport


@click.command(short_help="What data covers, and what to write next.")
@data_options
@click.option("--facet", "facets", multiple=True, metavar="FACET", help="Look at these facets; repeatable.")
@click.option("--by-cross", is_flag=True, help="Tell the named facets against each other.")
@click.option("--against", multiple=True, metavar="OLD", help="An earlier release to compare with.")
@click.option(
    "--examples", type=click.IntRange(0), default=2, show_default=True, metavar="N", help="Rows to show."
)
@click.option(
    "--context", type=click.IntRange(1), metavar="TOKENS", help="The context that rows must fit into."
)
@click.option("--full", is_flag=True, help="Beside a contract, also all that is told without one.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--html", type=click.Path(dir_okay=False), metavar="FILE", help="Write one offline HTML page.")
def command(
    facets: tuple[str, ...],
    against: tuple[str, ...],
    html: str | None,
    examples: int,
    context: int | None,
    *,
    by_cross: bool,
    full: bool,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Say what DATA covers. With a contract ([coverage] in the plan): the cells, the gaps, and what to write next.

    Without one: tasks, topics, languages, forms of answers, lengths, and how diverse they are. Nothing is changed.
    Exits 0, 1 if a cell of the contract is out of its bounds, or 2 if something cannot be read.
    """
    from curate.api import coverage  # noqa: PLC0415 (loads polars)
    from curate.engines.covering import Wanted  # noqa: PLC0415 (the same)

    prepare_page(html, (), (*flags["inputs"], *against), force=True)
    plan = make_plan(flags)
    whole = full or as_json or html is not None
    wanted = Wanted(facets, whole=whole, crossed=by_cross, examples=examples, context=context)
    with notices(show_text=plan.show_text), progress(quiet=flags["quiet"]) as told:
        report = coverage(*flags["inputs"], plan=plan, wanted=wanted, against=against, progress=told)
    if html:
        _write_page(report, Path(html))
    if as_json:
        from curate.reports.coverage_json import render_coverage_json  # noqa: PLC0415 (only when asked)

        click.echo(render_coverage_json(report))
    else:
        _print(report, html, full=full)
    return report.exit_code


def _write_page(report: CoverageReport, path: Path) -> None:
    from curate.formats.keep_output import whole  # noqa: PLC0415 (only when asked)
    from curate.reports.coverage_html import render_coverage_html  # noqa: PLC0415 (loads jinja2)

    with whole(path) as page:
        page.write_text(render_coverage_html(report), "utf-8")


def _print(report: CoverageReport, html: str | None, *, full: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 (only for people)

    from curate.reports.coverage_terminal import print_coverage  # noqa: PLC0415 (the same)

    try:
        print_coverage(report, Console(highlight=False), full=full)
    except SystemExit as stop:  # rich's word for: nobody reads on
        raise BrokenPipeError from stop
    if html:
        click.echo(f"\nThe page: {visible_name(html)}")
