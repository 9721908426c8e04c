"""``curate train sweep``: a small grid over learning rate and rank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curate_train.cli.lora_command import FORCE, MODEL, RECIPE, SET


@click.command(short_help="A small grid over learning rate and rank at equal budget.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@RECIPE
@MODEL
@click.option("--out", "-o", required=True, metavar="SWEEP/", help="The folder to write, or to go on with.")
@click.option(
    "--held-out", multiple=True, metavar="FILE", help="Rows to measure on, where the run has no split."
)
@click.option("--lr", "lrs", multiple=True, type=float, default=(1e-4, 3e-4), show_default=True)
@click.option("--rank", "ranks", multiple=True, type=int, default=(8, 16), show_default=True)
@FORCE
@SET
def command(
    inputs: tuple[str, ...],
    out: str,
    lrs: tuple[float, ...],
    ranks: tuple[int, ...],
    **flags: Any,  # noqa: ANN401
) -> int:
    """Train an adapter for each learning rate and rank, and rank them by held-out answers.

    All have the same data, steps and seed. Finished cells are not trained again. The winner was chosen by the held-out
    rows, so measure it on others: curate train eval.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.table import Table  # noqa: PLC0415 (the same)

    from curate.core.errors import UsageError  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)
    from curate_train.splits import training_parts  # noqa: PLC0415 (the same)
    from curate_train.sweep import Grid, sweep  # noqa: PLC0415 (the same)

    recipe = recipe_of(flags["recipe"], model=flags["model"], settings=flags["settings"])
    data, held_out = training_parts(inputs, recipe, held_out=flags["held_out"], force=flags["force"])
    if held_out is None:
        raise UsageError(
            "a sweep needs rows to measure on", hint="split the data, or name a file: --held-out FILE"
        )
    grid = Grid(tuple(dict.fromkeys(lrs)), tuple(dict.fromkeys(ranks)))
    cells = sweep(recipe, data, held_out, grid, Path(out), lambda text: click.echo(text, err=True))
    table = Table("learning rate", "rank", "held-out answers, nats a token", "base", "folder")
    for cell in cells:
        table.add_row(
            f"{cell.lr:g}", str(cell.rank), f"{cell.after:.4f}", f"{cell.before:.4f}", str(cell.folder)
        )
    Console(highlight=False).print(table)
    return 0
