"""``curate train plan``: what a run will take, before a GPU is rented."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from curate_train.plan import GPUS


@click.command(short_help="Steps, tokens, memory, time and cost.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@click.option("--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset.")
@click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
@click.option("--gpu", type=click.Choice(tuple(GPUS)), help="The device that is to be rented.")
@click.option("--tokens-per-second", "tokens", type=click.FloatRange(0, min_open=True), help="As measured.")
@click.option(
    "--mfu",
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the GPU's operations that is used, as measured.",
)
@click.option("--price", type=click.FloatRange(0), help="Of an hour, in any currency.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option("--out", "-o", metavar="FILE", help="Also record them, the licence among them, as JSON.")
def command(  # noqa: PLR0913 (one for each option)
    inputs: tuple[str, ...],
    recipe: str,
    model: str | None,
    settings: tuple[str, ...],
    gpu: str | None,
    tokens: float | None,
    mfu: float | None,
    price: float | None,
    out: str | None,
    *,
    as_json: bool,
) -> int:
    """Say what training on DATA will take; no torch is loaded and no weights are read.

    Sizes of the presets' models are known; any other model is a folder with its config.json. Where the tokenizer is not
    at hand, tokens are estimated. Exits 1 if it will not fit into the memory of --gpu, 3 if no row can be trained on.
    """
    from curate_train.examples import read_dataset  # noqa: PLC0415 (loaded when called)
    from curate_train.plan import Rates, make_plan  # noqa: PLC0415 (the same)
    from curate_train.plan_lengths import lengths_of  # noqa: PLC0415 (the same)
    from curate_train.plan_report import print_plan  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)

    chosen = recipe_of(recipe, model=model, settings=settings)
    dataset = read_dataset(inputs, force=True)
    if "train" in dataset.splits:
        dataset = read_dataset(inputs, split="train", force=True)
    lengths = lengths_of(dataset, chosen)
    rates = Rates(gpu or "", tokens, mfu, price)
    plan = make_plan(lengths.rows, lengths.learned, chosen, rates)
    told = {
        "data_sha256": dataset.sha256,
        "verdict": dataset.verdict,
        "recipe": asdict(chosen),
        "recipe_sha256": chosen.hash,
        "rates": rates._asdict(),
        "note": lengths.note,
        "too_long": lengths.too_long,
        "left_out": lengths.left_out,
        **plan.as_json(),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if out:
        Path(out).write_text(text + "\n", "utf-8")
    if as_json:
        click.echo(text)
    else:
        from rich.console import Console  # noqa: PLC0415 (loaded where it is printed)

        print_plan(plan, lengths, chosen, rates, Console(highlight=False))
    if not plan.rows:
        return 3
    return int(plan.fits is False)
