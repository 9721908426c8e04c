"""``curate train compare``: hold two evaluations against each other, row by row."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(short_help="Hold two evaluations against each other.")
@click.argument("first", metavar="FIRST")
@click.argument("second", metavar="SECOND")
@click.option(
    "--html", metavar="PAGE", help="Write a page with the answers of both side by side, worst first."
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the resampling.")
def command(first: str, second: str, html: str | None, seed: int, *, as_json: bool) -> int:
    """Is SECOND better than FIRST? Both are folders that "curate train eval" wrote, of the same data.

    Paired bootstrap over groups of near rows for the intervals, approximate randomisation for the p values, adjusted
    for the number of measures. What is not shown is called so, with the difference that would have been.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate_train.compare import compare, comparison_json  # noqa: PLC0415 (the same)
    from curate_train.evaluate_folder import read_evaluation  # noqa: PLC0415 (the same)
    from curate_train.evaluation_report import render  # noqa: PLC0415 (the same)
    from curate_train.evaluation_report_terminal import comparison_table  # noqa: PLC0415 (the same)

    one, other = read_evaluation(Path(first)), read_evaluation(Path(second))
    made = compare(one, other, seed=seed)
    if html is not None:
        Path(html).write_text(render(other, one, made), "utf-8")
    if as_json:
        click.echo(json.dumps(comparison_json(made), ensure_ascii=False))
        return 0
    console = Console(highlight=False, soft_wrap=True)
    console.print(comparison_table(made, first, second))
    for note in made.notes:
        console.print(note, style="yellow")
    console.print(made.headline, style="bold")
    return 0
