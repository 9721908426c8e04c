"""``curate sample``: take rows that together cover the most, or draw some."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of
from curate.cli.options import data_options, make_plan
from curate.cli.progress import progress
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

    from curate.engines.sampling import Sampled
    from curate.engines.sampling_choice import Figures

SAMPLE_SCHEMA = "curate.sample/1"
"""The version of the JSON; a field is only ever added within one version."""


@click.command(short_help="Take rows that together cover the most.")
@data_options
@click.option(
    "--n", "size", required=True, type=click.IntRange(1), metavar="N", help="How many rows to take."
)
@click.option(
    "--maximise",
    type=click.Choice(["coverage", "random"]),
    default="coverage",
    show_default=True,
    help="What to take: rows that together cover most, or a plain draw.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Another seed draws others."
)
@click.option(
    "--out", "-o", required=True, metavar="OUT", help="The file to write; a folder for several inputs."
)
@click.option("--ledger", metavar="FILE", help="Where the other rows go; OUT.ledger.jsonl if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON, without text of any row.")
@click.option("--force", is_flag=True, help="Overwrite files, though never an input.")
def command(out: str, ledger: str | None, *, as_json: bool, force: bool, **flags: Any) -> int:  # noqa: ANN401 (the shared options)
    """Write N rows of DATA to OUT, byte for byte and in their order; the ledger keeps the others, and undo works.

    With --maximise coverage, each row that is taken is the one that adds most: rows of the data that were far from all
    that was taken before, and a new opening of a prompt. A coverage contract of the plan comes first: the minima of its
    cells are filled, and no maximum is passed. What comes out does not depend on the order of the rows.
    """
    from curate.engines.sampling import sample  # noqa: PLC0415 (loads polars)
    from curate.engines.sampling_choice import Rule  # noqa: PLC0415 (the same)

    rule = Rule(flags.pop("size"), flags.pop("maximise"), flags.pop("seed"))
    with progress(quiet=flags["quiet"]) as told:
        done = sample(
            *flags["inputs"],
            out=out,
            rule=rule,
            plan=make_plan(flags),
            ledger=ledger,
            force=force,
            progress=told,
        )
    if as_json:
        click.echo(json.dumps(_as_dict(done), indent=1))
        return 0
    from rich.console import Console  # noqa: PLC0415 (only for people)

    Console(highlight=False, soft_wrap=True).print(_summary(done))
    return 0


def _as_dict(done: Sampled) -> dict[str, Any]:
    """``docs/how-to/sample.md`` names the fields."""
    rows = done.dropped.rows
    compared = done.compared
    return {
        "schema": SAMPLE_SCHEMA,
        "n": done.rule.size,
        "maximise": done.rule.maximise,
        "seed": done.rule.seed,
        "rows": {
            "in": rows.in_,
            "kept": rows.kept,
            "dropped": rows.dropped,
            "quarantined": rows.quarantined,
        },
        "cells": [
            {"cell": visible_name(name), "rows": count, "minimum": low, "maximum": high}
            for name, count, low, high in done.cells
        ],
        "compared": {
            "k": compared.k,
            "asked": compared.asked,
            "sample": compared.sample._asdict(),
            "draws": [draw._asdict() for draw in compared.draws],
        }
        if compared
        else None,
        "outputs": [
            {"input": name, "output": str(path)}
            for name, path in zip(done.dropped.inputs, done.dropped.outputs, strict=True)
        ],
        "ledger": str(done.dropped.ledger),
    }


def _summary(done: Sampled) -> Text:
    """The account of the rows, the cells, and the sample against random draws; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    rows, text = done.dropped.rows, Text()
    text.append(count_of(rows.in_, "row"), "bold")
    text.append(f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined\n")
    _append_cells(text, done)
    _append_compared(text, done)
    for name, path in zip(done.dropped.inputs, done.dropped.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    text.append(f"The ledger: {visible_name(str(done.dropped.ledger))}")
    return text


def _append_cells(text: Text, done: Sampled) -> None:
    """The rows of each cell of the contract beside its bounds."""
    if done.cells:
        text.append("The contract is kept:\n")
    for name, count, low, high in done.cells:
        asked = [f"at least {low:,}"] * bool(low) + [f"at most {high:,}" for _ in [0] if high is not None]
        text.append(f"  {count:>9,}  {visible_name(name)} ({', '.join(asked)})\n")


def _append_compared(text: Text, done: Sampled) -> None:
    if done.compared is None:
        return
    draws, sample = done.compared.draws, done.compared.sample
    text.append(f"Against {len(draws)} random draws of {count_of(done.rule.size, 'row')}:\n")
    lines: tuple[tuple[str, Callable[[Figures], float], str], ...] = (
        ("different openings of prompts (three words)", lambda one: one.openings, ",.0f"),
        (f"of rows have one of it among their {done.compared.k} nearest", lambda one: one.coverage, ".1%"),
        ("cosine of a row to the nearest one of it, on average", lambda one: one.cosine, ".3f"),
    )
    for name, figure, form in lines:
        drawn = [figure(draw) for draw in draws]
        span = f"{min(drawn):{form}} to {max(drawn):{form}}"
        text.append(f"  {figure(sample):>9{form}}  {name}; at random {span}\n")
