"""``curate train check``: the training view of every row."""

from __future__ import annotations

import json
import sys

import click

BATCH = 1024
"""Rows between two words of progress."""


@click.command(short_help="The training view of every row.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@click.option("--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset.")
@click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
@click.option("--split", metavar="NAME", help="Only the rows of this split of the run.")
@click.option(
    "--show", default=0, metavar="N", type=click.IntRange(0), help="Render so many rows, mask in colour."
)
@click.option(
    "--allow", default=0, metavar="N", type=click.IntRange(0), help="Pass with so many rows left out."
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON, without text of any row.")
@click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def command(  # noqa: PLR0913 (one for each option)
    inputs: tuple[str, ...],
    recipe: str,
    model: str | None,
    settings: tuple[str, ...],
    split: str | None,
    show: int,
    allow: int,
    *,
    as_json: bool,
    show_pii: bool,
    quiet: bool,
) -> int:
    """Encode DATA (a run's folder, or files) with the recipe's tokenizer and template, and account for every row.

    A row is trained on whole or left out: none is cut. Exits 0 if all rows are trained on (or no more than --allow are
    left out), 1 if some are left out, 2 on usage, recipe or unreadable files, 3 if no row is left.
    """
    from curate_train.checking import look  # noqa: PLC0415 (loaded when called)
    from curate_train.checking_report import as_json as figures  # noqa: PLC0415 (the same)
    from curate_train.checking_report import print_view  # noqa: PLC0415 (the same)
    from curate_train.encode import Encoder  # noqa: PLC0415 (the same)
    from curate_train.encode_tokenizer import load_tokenizer  # noqa: PLC0415 (the same)
    from curate_train.examples import read_dataset  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)

    chosen = recipe_of(recipe, model=model, settings=settings)
    encoder = Encoder(load_tokenizer(chosen), chosen)
    dataset = read_dataset(inputs, split=split, force=True)
    view = look(dataset, encoder, show=0 if as_json else show, progress=None if quiet else _told)
    if as_json:
        click.echo(json.dumps(figures(view, dataset, chosen), ensure_ascii=False, indent=1))
    else:
        from rich.console import Console  # noqa: PLC0415 (loaded where it is printed)

        print_view(view, dataset, chosen, Console(highlight=False), show_pii=show_pii)
    if not view.kept:
        return 3
    return int(view.rows - view.kept > allow)


def _told(done: int, total: int) -> None:
    """One line on a terminal, written over."""
    if sys.stderr.isatty():
        told = f"\r{done:,} of {total:,} rows" if done + BATCH < total else "\r\033[K"
        click.echo(told, err=True, nl=False)
