"""What to do when training fails for want of memory, or because its numbers ran away."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

from curate.core.errors import CurateError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate_train.recipe import Recipe

_OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "cuda error: out of memory",
    "defaultcpuallocator",
)


class OutOfMemoryError(CurateError):
    """Training did not fit into the memory."""


class NotFiniteError(CurateError):
    """The loss or the gradient is not a number any more."""


@contextmanager
def advised(recipe: Recipe) -> Iterator[None]:
    """Turn a failed allocation into an error that names the fields of the recipe that help, in the order to try them.

    Raises:
        OutOfMemoryError: there was not enough memory.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not isinstance(error, MemoryError) and not _is_memory(error):
            raise
        raise OutOfMemoryError(
            f"out of memory with sequences of {recipe.max_length} tokens, {recipe.batch_size} at a time",
            hint="change the recipe, in this order: " + "; ".join(less_memory(recipe)),
        ) from error


def _is_memory(error: RuntimeError) -> bool:
    return any(words in str(error).lower() for words in _OUT_OF_MEMORY)


def less_memory(recipe: Recipe) -> list[str]:
    """Changes that need less memory; those that change no result come first."""
    told = []
    if not recipe.checkpointing:
        told.append("checkpointing = true")
    if recipe.batch_size > 1:
        half = recipe.batch_size // 2
        again = recipe.accumulate * recipe.batch_size // half
        told.append(f"batch_size = {half} with accumulate = {again} (the same steps)")
    if recipe.optimizer != "paged_adamw_8bit":
        told.append('optimizer = "paged_adamw_8bit"')
    if recipe.precision != "nf4":
        told.append('precision = "nf4"')
    told.append(f"max_length = {recipe.max_length // 2} (see first what it loses: curate train check)")
    if recipe.lora_r > 1:
        told.append(f"lora_r = {recipe.lora_r // 2}")
    return told


def refuse_runaway(recipe: Recipe, step: int, name: str, value: float) -> None:
    """Stop where a loss or a gradient is not finite: every later step would be wasted.

    Raises:
        NotFiniteError: it is not.
    """
    if math.isfinite(value):
        return
    told = [f"lr = {recipe.lr / 4:g} (it is {recipe.lr:g})"]
    if recipe.warmup < 0.1:  # noqa: PLR2004 (a usual warm-up for shaky starts)
        told.append("warmup = 0.1")
    if recipe.precision == "fp16":
        told.append('precision = "bf16" or "fp32": fp16 overflows at 65,504')
    if not recipe.max_grad_norm:
        told.append("max_grad_norm = 0.3: gradients are not clipped")
    raise NotFiniteError(
        f"the {name} is {value} at step {step}: the numbers ran away",
        hint="change the recipe, and start anew: " + "; ".join(told),
    )
