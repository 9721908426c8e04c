"""The plan of a run in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate_train.memory import GIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from curate_train.plan import Plan, Rates
    from curate_train.plan_lengths import Lengths
    from curate_train.recipe import Recipe

PARTS = {
    "weights": "base",
    "adapters": "adapters and gradients",
    "optimizer": "optimiser",
    "activations": "activations",
    "logits": "logits",
    "runtime": "runtime",
}


def print_plan(plan: Plan, lengths: Lengths, recipe: Recipe, rates: Rates, console: Console) -> None:
    """One screen: data, steps, memory, time and cost, licence."""
    for line in (
        *_data(plan, lengths, recipe),
        *_memory(plan, rates),
        *_time(plan, rates),
        *_licence(plan, recipe),
    ):
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def _data(plan: Plan, lengths: Lengths, recipe: Recipe) -> Iterator[str]:
    if lengths.note:
        yield f"note: {lengths.note}"
    aside = (
        f"; {lengths.too_long:,} longer than {recipe.max_length:,} are left out" if lengths.too_long else ""
    )
    others = (
        f"; {lengths.left_out:,} left out for other reasons (curate train check)" if lengths.left_out else ""
    )
    yield f"data      {plan.rows:,} rows, {plan.tokens:,} tokens, {plan.answer_tokens:,} of them learned{aside}{others}"
    how = "packed" if recipe.packing else "padded"
    yield f"sequences {plan.sequences:,} of {recipe.max_length:,} tokens, {how}, {plan.fill:.1%} full"
    yield (
        f"steps     {plan.steps:,} of {recipe.batch_size} × {recipe.accumulate} sequences "
        f"({plan.step_tokens:,.0f} tokens each); {plan.total_tokens:,} tokens in all"
    )
    share = plan.adapter_weights / max(plan.base_weights, 1)
    yield f"weights   {plan.adapter_weights:,} are trained, {share:.2%} of {plan.base_weights:,}"


def _memory(plan: Plan, rates: Rates) -> Iterator[str]:
    told = ", ".join(f"{name} {getattr(plan.memory, part) / GIB:.1f}" for part, name in PARTS.items())
    yield f"memory    about {plan.memory.total / GIB:.1f} GiB: {told}"
    if plan.room is not None:
        verdict = "it should fit" if plan.fits else "IT WILL NOT FIT"
        yield f"          {verdict} into the {plan.room / GIB:.0f} GiB of {rates.gpu}"


def _time(plan: Plan, rates: Rates) -> Iterator[str]:
    if plan.tokens_per_second is None or plan.hours is None:
        yield "time      unknown: give --gpu NAME, or --tokens-per-second as measured"
        return
    source = "as given" if rates.tokens is not None else f"{rates.gpu}"
    if plan.assumed:
        source += (
            ", at an assumed utilisation; measure it with a few steps and give --mfu or --tokens-per-second"
        )
    yield f"time      about {_clock(plan.hours)} at {plan.tokens_per_second:,.0f} tokens/s ({source})"
    if plan.cost is not None:
        yield f"cost      about {plan.cost:,.2f} at {plan.price:,.2f} an hour, without loading, evaluation and idling"


def _clock(hours: float) -> str:
    """A time in the unit that fits."""
    if hours < 1 / 60:
        return f"{hours * 3600:.0f} s"
    return f"{hours * 60:.0f} min" if hours < 2 else f"{hours:.1f} h"  # noqa: PLR2004 (hours)


def _licence(plan: Plan, recipe: Recipe) -> Iterator[str]:
    licence = plan.licence
    if not licence.is_known:
        yield f"licence   of {recipe.model} is not known here: read its model card before you use it"
        return
    yield f"licence   {licence.name} ({licence.url}). Whoever hands on the tuned model, or builds on it:"
    yield from (f"          - {duty}" for duty in licence.duties)
