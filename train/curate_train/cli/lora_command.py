"""``curate train lora``: adapter weights from validated data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.text import Text

    from curate_train.lora import Tuned

RECIPE = click.option(
    "--recipe", "-r", required=True, metavar="NAME|FILE", help="A recipe, or the name of a preset."
)
MODEL = click.option("--model", metavar="FOLDER|ID", help="Another base model than the recipe's.")
FORCE = click.option(
    "--force", is_flag=True, help="Go on though no gate let the data through; the adapter will say so."
)
SET = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Another value for a key of the recipe."
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")


@click.command(short_help="Fine-tune LoRA or QLoRA weights on validated data.")
@click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
@RECIPE
@MODEL
@click.option("--out", "-o", required=True, metavar="ADAPTER/", help="The folder to write.")
@click.option(
    "--held-out", multiple=True, metavar="FILE", help="Rows to measure on, where the run has no split for it."
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted, to the same weights.")
@FORCE
@SET
@QUIET
def command(inputs: tuple[str, ...], out: str, *, resume: bool, quiet: bool, **flags: Any) -> int:  # noqa: ANN401
    """Train on DATA: the folder of a "curate run", or files that one wrote.

    Refuses data whose verdict in curate.lock.json is missing, failed or stale. Of a run with splits, the split train
    is learned, and the recipe's eval_split is measured on; the others are not touched. ADAPTER/ gets weights
    (safetensors), tokenizer, training.json with all that decided, and a model card.
    """
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate_train.lora import tune  # noqa: PLC0415 (the same)
    from curate_train.progress import progress  # noqa: PLC0415 (the same)
    from curate_train.recipe_flags import recipe_of  # noqa: PLC0415 (the same)
    from curate_train.splits import training_parts  # noqa: PLC0415 (the same)

    recipe = recipe_of(flags["recipe"], model=flags["model"], settings=flags["settings"])
    data, held_out = training_parts(inputs, recipe, held_out=flags["held_out"], force=flags["force"])
    try:
        with progress(quiet=quiet) as told:
            tuned = tune(recipe, data, Path(out), held_out=held_out, resume=resume, progress=told)
    except KeyboardInterrupt:
        click.echo(
            f"\nInterrupted. To go on: the same command with --resume; {out} holds the checkpoints.", err=True
        )
        raise
    Console(highlight=False, soft_wrap=True).print(_summary(tuned))
    return 0


def _summary(tuned: Tuned) -> Text:
    """What was trained, on what, and what it did to held-out answers."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate_train.model_card import left_out_words, verdict_words  # noqa: PLC0415 (the same)
    from curate_train.progress import minutes  # noqa: PLC0415 (the same)

    record = tuned.record
    sequences, speed = record["sequences"], record["speed"]
    text = Text()
    text.append(str(tuned.folder), "bold")
    text.append(
        f": {record['weights']['trained']:,} weights, {record['steps']:,} steps in {minutes(speed['seconds'])} "
        f"at {speed['tokens_per_second']:,.0f} tokens/s\n"
        f"{record['data']['rows']:,} rows; gate: {verdict_words(record['data'])}; "
        f"left out: {left_out_words(record['left_out'])}\n"
        f"{sequences['count']:,} sequences, {sequences['fill']:.1%} full; "
        f"{sequences['answer_tokens']:,} of {sequences['tokens']:,} tokens are learned"
    )
    if record["precision"]["note"]:
        text.append(f"\n{record['precision']['note']}")
    if record["held_out_nll"]:
        before, after = record["held_out_nll"][0][1], record["held_out_nll"][-1][1]
        text.append(f"\nHeld-out answers: {before:.3f} nats a token before, {after:.3f} after")
    return text
