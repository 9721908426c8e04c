"""``curate train export``: the data and configuration that another trainer reads."""

from __future__ import annotations

from pathlib import Path

import click

from curate_train.export import TOOLS

NEXT = {
    "llamafactory": "cd {out} && llamafactory-cli train train.yaml",
    "axolotl": "cd {out} && axolotl train axolotl.yaml",
    "trl": "python {out}/train.py",
    "openai": "upload train.jsonl, then send job.json with the model's name and the file's id",
}
"""What to do with the folder."""


@click.command(short_help="The data and configuration that another trainer reads.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@click.option("--for", "tool", type=click.Choice(TOOLS), required=True, help="The trainer.")
@click.option("--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset.")
@click.option("--out", "-o", required=True, metavar="FOLDER", help="The folder to write.")
@click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
@click.option(
    "--held-out", multiple=True, metavar="FILE", help="Rows to measure on, where the run has no split."
)
@click.option(
    "--force", is_flag=True, help="Go on though no gate let the data through; the record will say so."
)
def command(  # noqa: PLR0913 (one for each option)
    inputs: tuple[str, ...],
    tool: str,
    recipe: str,
    out: str,
    model: str | None,
    settings: tuple[str, ...],
    held_out: tuple[str, ...],
    *,
    force: bool,
) -> int:
    """Write DATA (the folder of a "curate run", or files that one wrote) for another trainer.

    Refuses data whose verdict is missing, failed or stale. Rows that the trainer would cut, or could not learn as they
    are meant, are left out and counted.
    """
    from curate_train.export import export  # noqa: PLC0415 (loaded when called)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)
    from curate_train.splits import training_parts  # noqa: PLC0415 (the same)

    chosen = recipe_of(recipe, model=model, settings=settings)
    data, aside = training_parts(inputs, chosen, held_out=held_out, force=force)
    done = export(tool, chosen, data, aside, Path(out))
    beside = f", {done.aside:,} to measure on" if done.aside else ""
    click.echo(f"{out}: {done.rows:,} rows for {tool}{beside} ({', '.join(done.files)})")
    for reason, count in done.left_out.most_common():
        click.echo(f"  left out: {count:,} rows: {reason}")
    for note in done.notes:
        click.echo(f"  note: {note}")
    click.echo("next: " + NEXT[tool].format(out=out))
    return 0
