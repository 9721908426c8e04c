"""``curate train doctor``: whether this machine can run a recipe."""

from __future__ import annotations

import json

import click

MARKS = {"good": ("✓", "green"), "poor": ("!", "yellow"), "bad": ("✗", "red")}


@click.command(short_help="Whether this machine can run a recipe.")
@click.option("--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset.")
@click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
@click.option(
    "--out", "-o", default=".", metavar="FOLDER", help="Where the adapter will lie; its disk is looked at."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(recipe: str, model: str | None, settings: tuple[str, ...], out: str, *, as_json: bool) -> int:
    """Look at packages, driver, GPU, precision, memory and disk, before the first step.

    Exits 0 if the recipe can run here, if need be more slowly than it asks for, and 1 if it cannot.
    """
    from curate.core.errors import UnreadableError  # noqa: PLC0415 (loaded when called)
    from curate_train.doctor import Finding, judge  # noqa: PLC0415 (the same)
    from curate_train.doctor_machine import look_around  # noqa: PLC0415 (the same)
    from curate_train.memory import shape_of  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)

    chosen = recipe_of(recipe, model=model, settings=settings)
    try:
        shape = shape_of(chosen.model)
        unknown = []
    except UnreadableError as error:
        shape = None
        unknown = [Finding("memory", "poor", f"not judged: {error.what}", error.hint)]
    found = (*judge(look_around(chosen.model, out), chosen, shape), *unknown)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            mark, colour = MARKS[one.level]
            click.echo(f"{click.style(mark, fg=colour)} {one.name:<13} {one.told}")
            if one.hint:
                click.echo(f"  {'':<13} {one.hint}")
    return int(any(one.level == "bad" for one in found))
