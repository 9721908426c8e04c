"""``curate train prove``: whether the cleaning pays, raw against clean, with controls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from curate_train.prove import Proof


@click.command(short_help="Whether the cleaning pays.")
@click.argument("raw", metavar="RAW")
@click.argument("clean", metavar="CLEAN")
@click.option(
    "--held-out", required=True, metavar="DATA", help="Rows to measure on: clean, and in neither of the two."
)
@click.option("--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset.")
@click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
@click.option("--seeds", type=click.IntRange(3), default=3, show_default=True, help="Trainings of each arm.")
@click.option(
    "--doses",
    default="50",
    show_default=True,
    metavar="LIST",
    help="Further arms: percent of the cleaning undone.",
)
@click.option(
    "--tokens",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Budget of each training; by default the recipe's epochs over the smaller data.",
)
@click.option("-o", "--out", required=True, metavar="FOLDER", help="Where trainings and report go, or go on.")
@click.option("--json", "as_json", is_flag=True, help="Print proof.json.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
def command(  # noqa: PLR0913 (an option each)
    raw: str,
    clean: str,
    held_out: str,
    recipe: str,
    model: str | None,
    settings: tuple[str, ...],
    seeds: int,
    doses: str,
    tokens: int,
    out: str,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Train on RAW, on CLEAN and on controls, all with the same base, recipe and number of tokens, and hold the models
    against each other on held-out rows.

    The verdict is gain, harm, none or undecided; "none" only where a difference of 0.02 nats would have been seen.
    A run that was stopped goes on with the next training. Exits 1 if cleaning harms.
    """  # noqa: D205 (click shows the first paragraph as one)
    from curate_train.examples import read_dataset  # noqa: PLC0415 (loaded when called)
    from curate_train.prove import PAGE, PROOF, Question, prove  # noqa: PLC0415 (the same)
    from curate_train.prove_report import render_proof  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)

    question = Question(
        read_dataset(raw, force=True),
        read_dataset(clean, force=True),
        read_dataset(held_out, force=True),
        recipe_of(recipe, model=model, settings=settings),
        range(seeds),
        _shares(doses),
        tokens,
    )
    told = None if quiet else lambda text: click.echo(text, err=True)
    proof = prove(question, Path(out), told)
    (Path(out) / PAGE).write_text(render_proof(proof), "utf-8")
    if as_json:
        click.echo(json.dumps(json.loads((Path(out) / PROOF).read_text("utf-8")), ensure_ascii=False))
    else:
        _show(proof)
        click.echo(str(Path(out) / PAGE))
    return int(proof.verdict == "harm")


def _shares(doses: str) -> list[float]:
    try:
        made = [float(one) / 100 for one in doses.split(",") if one.strip()]
    except ValueError as error:
        raise click.BadParameter(f"'{doses}' is no list of percentages", param_hint="--doses") from error
    if any(not 0 < one < 1 for one in made):
        raise click.BadParameter("each dose lies between 0 (clean) and 100 (raw)", param_hint="--doses")
    return sorted(set(made))


def _show(proof: Proof) -> None:
    from rich.console import Console  # noqa: PLC0415 (loaded when called)
    from rich.table import Table  # noqa: PLC0415 (the same)

    console = Console(highlight=False, soft_wrap=True)
    table = Table("arm", "rows", "NLL", "gain", "interval", "would be seen", "", box=None, pad_edge=False)
    for one in proof.arms:
        gain = one.gain
        row = [one.name, f"{one.rows:,}", f"{sum(one.nll) / len(one.nll):.4f}"]
        if gain is not None:
            reach = f"{gain.low:+.4f} to {gain.high:+.4f}"
            row += [f"{gain.value:+.4f}", reach, f"{gain.detectable:.4f}", gain.verdict]
        table.add_row(*row)
    console.print(table)
    for name, over in proof.over_controls.items():
        console.print(
            f"clean over {name}: {over.value:+.4f} ({over.low:+.4f} to {over.high:+.4f}), {over.verdict}"
        )
    console.print(proof.headline, style="bold")
