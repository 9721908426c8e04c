"""``curate train eval``: generate on the held-out split and measure, with intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from curate_train.adapters import Opened
    from curate_train.evaluate import Asking
    from curate_train.evaluate_folder import Evaluation
    from curate_train.examples import Dataset

BASE = "base"
"""The folder of the base's evaluation, below that of the tuned model."""


@click.command(short_help="Generate on the held-out split and measure.")
@click.argument("model", metavar="MODEL")
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@click.option("-o", "--out", required=True, metavar="FOLDER", help="Where the evaluation goes, or goes on.")
@click.option("--base", "with_base", is_flag=True, help="Evaluate the adapter's base, too, and compare.")
@click.option(
    "--split", metavar="NAME", help="Rows to ask; 'test' where the data has it, and 'all' for all rows."
)
@click.option(
    "--n",
    "most",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="At most so many rows, drawn by their key.",
)
@click.option("--recipe", metavar="RECIPE", help="Template and longest row; by default that of the training.")
@click.option(
    "--max-new-tokens",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Longest answer; by default a quarter beyond the longest reference, and at most 1,024.",
)
@click.option("--temperature", type=click.FloatRange(0), default=0.0, help="0, the default, is greedy.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@click.option(
    "--batch-size", type=click.IntRange(1), default=16, show_default=True, help="Rows asked at once."
)
@click.option("--base-model", default="", metavar="MODEL", help="The adapter's base, if it moved.")
@click.option("--json", "as_json", is_flag=True, help="Print metrics.json.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(  # noqa: PLR0913 (an option each)
    model: str,
    data: tuple[str, ...],
    out: str,
    split: str | None,
    recipe: str | None,
    most: int,
    base_model: str,
    *,
    with_base: bool,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (how answers are made)
) -> int:
    """Ask MODEL (an adapter, a folder of weights, or an id on the hub) the rows of DATA (a run's folder, or files).

    The folder gets predictions.jsonl, metrics.json and report.html, which shows the answers worst first. A run that was
    stopped goes on where it stood. Intervals are by bootstrap over groups of near rows.
    """
    from curate_train.adapters import open_model  # noqa: PLC0415 (loaded when called)
    from curate_train.evaluate import Asking, recipe_of  # noqa: PLC0415 (the same)
    from curate_train.evaluate_answers import Decoding  # noqa: PLC0415 (loads torch)
    from curate_train.recipe import read_recipe  # noqa: PLC0415 (the same)

    dataset = held_out(data, split)
    opened = open_model(model, base=base_model)
    settings = read_recipe(recipe) if recipe else recipe_of(opened)
    decoding = Decoding(flags["max_new_tokens"], temperature=flags["temperature"], seed=flags["seed"])
    asking = Asking(settings, decoding, most, flags["batch_size"])
    job = _Job(opened, dataset, asking, quiet=flags["quiet"])
    done = job.run(Path(out))
    base = job.run_base(Path(out) / BASE) if with_base else None
    _show(Path(out), done, base, trained_on=opened.training.get("data", {}), as_json=as_json)
    return 0


def held_out(data: tuple[str, ...], split: str | None) -> Dataset:
    """The rows that are asked; the split ``test`` if nothing is said and there is one.

    No verdict is asked for, since held-out data need not be a run's output; it is recorded.
    """
    from curate_train.examples import read_dataset  # noqa: PLC0415 (loaded when called)
    from curate_train.lock import gate_of  # noqa: PLC0415 (loads curate.formats)

    if split is None:
        split = "test" if "test" in gate_of([Path(one) for one in data]).splits else "all"
    return read_dataset(data, split=None if split == "all" else split, force=True)


class _Job:
    """One set of rows, asked of an adapter and of its base."""

    def __init__(self, opened: Opened, dataset: Dataset, asking: Asking, *, quiet: bool) -> None:
        self._opened = opened
        self._dataset = dataset
        self._asking = asking
        self._quiet = quiet

    def run(self, folder: Path) -> Evaluation:
        return self._evaluate(self._opened, folder)

    def run_base(self, folder: Path) -> Evaluation:
        """The same with the adapter switched off: no second model is loaded."""
        from dataclasses import replace  # noqa: PLC0415 (small)

        from curate.core.errors import UsageError  # noqa: PLC0415 (only here)

        if self._opened.adapter is None:
            raise UsageError(
                "--base needs an adapter", hint="evaluate two models, and: curate train compare A B"
            )
        wrapped: Any = self._opened.model
        with wrapped.disable_adapter():
            return self._evaluate(replace(self._opened, adapter=None), folder)

    def _evaluate(self, opened: Opened, folder: Path) -> Evaluation:
        from curate_train.evaluate import evaluate  # noqa: PLC0415 (loaded when called)
        from curate_train.evaluate_progress import answering  # noqa: PLC0415 (the same)

        name = Path(opened.adapter or opened.base).name
        with answering(f"asking {name}", quiet=self._quiet) as told:
            return evaluate(opened, self._dataset, folder, self._asking, told)


def _show(
    out: Path, done: Evaluation, base: Evaluation | None, *, trained_on: dict[str, Any], as_json: bool
) -> None:
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    from curate_train.compare import compare, comparison_json  # noqa: PLC0415 (the same)
    from curate_train.evaluate_folder import COMPARISON, METRICS, PAGE  # noqa: PLC0415 (the same)
    from curate_train.evaluation_report import render  # noqa: PLC0415 (the same)
    from curate_train.evaluation_report_terminal import comparison_table, evaluation_table  # noqa: PLC0415
    from curate_train.files import write_json  # noqa: PLC0415 (the same)

    made = compare(base, done) if base else None
    (out / PAGE).write_text(render(done, base, made), "utf-8")
    if made is not None:
        write_json(out / COMPARISON, comparison_json(made))
    console = Console(highlight=False, soft_wrap=True, stderr=as_json)
    if as_json:
        click.echo(json.dumps(json.loads((out / METRICS).read_text("utf-8")), ensure_ascii=False))
    elif made is None or base is None:
        console.print(evaluation_table(done))
    else:
        console.print(comparison_table(made, base.setup.model, done.setup.model))
        console.print(made.headline, style="bold")
    if trained_on.get("sha256") == done.setup.data_sha256:
        console.print(
            "These are the very rows that the model was trained on: nothing is held out.", style="bold red"
        )
    console.print(f"{out / PAGE} shows the answers, worst first", style="dim")
