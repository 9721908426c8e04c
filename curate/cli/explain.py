"""``curate explain``: the manual pages of the checks."""

from __future__ import annotations

import click


@click.command(short_help="List the checks, or explain one.")
@click.argument("check", required=False)
@click.option("--checks", "folders", multiple=True, metavar="FOLDER", help="A folder of your own checks.")
def command(check: str | None, folders: tuple[str, ...]) -> int:
    """List the checks, or show the page of CHECK (or of a family): why, what to do, limits, options, examples."""
    from curate.engines.registry import check_names, load_check  # noqa: PLC0415 (loads polars)
    from curate.reports.pages import index_page, terminal_page  # noqa: PLC0415 (the same)

    names = check_names(folders)
    if check is None or any(name.startswith(check + ".") for name in names):
        wanted = [name for name in names if check is None or name.startswith(check + ".")]
        click.echo(index_page([load_check(name, folders) for name in wanted]))
    else:
        click.echo(terminal_page(load_check(check, folders)))
    return 0
