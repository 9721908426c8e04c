"""What a run will take, before a GPU is rented: steps, tokens, memory, time and cost. Nothing here imports torch."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from curate_train.licences import Licence, licence_of
from curate_train.memory import GIB, Memory, Shape, adapter_weights, memory_of, shape_of
from curate_train.packing import one_each, pack_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.packing import Packed
    from curate_train.recipe import Recipe


class Gpu(NamedTuple):
    """A device: dense bf16 (fp16 on Turing) operations a second by its data sheet, and its memory in GiB."""

    flops: float
    memory: float


GPUS = {
    "t4": Gpu(65e12, 15),
    "l4": Gpu(121e12, 22),
    "a10g": Gpu(70e12, 22),
    "rtx4090": Gpu(165e12, 24),
    "l40s": Gpu(362e12, 45),
    "a100-40gb": Gpu(312e12, 40),
    "a100-80gb": Gpu(312e12, 80),
    "h100": Gpu(989e12, 80),
    "h200": Gpu(989e12, 141),
}
"""By the names under which they are rented."""

MFU = {"nf4": 0.25, "bf16": 0.35, "fp16": 0.35, "fp32": 0.35}
"""Model FLOP utilisation that is assumed where the user measured none; quantised weights are unpacked on the way."""


class Rates(NamedTuple):
    """What the user knows of the machine.

    Attributes:
        gpu: one of ``GPUS``; empty for none.
        tokens: a second, if measured.
        mfu: share of the GPU's operations that goes into the model, if measured.
        price: of an hour, in any currency.
    """

    gpu: str = ""
    tokens: float | None = None
    mfu: float | None = None
    price: float | None = None


@dataclass(frozen=True)
class Plan:
    """A planned run.

    Attributes:
        rows: that are trained on.
        sequences: of an epoch.
        tokens: of an epoch.
        answer_tokens: of these, learned.
        fill: share of the sequences that holds tokens; of padded ones too.
        steps: of the optimiser, over all epochs.
        step_tokens: of a step, on average.
        total_tokens: of the whole run.
        flops: of the whole run.
        memory: of a step.
        adapter_weights: that are trained.
        base_weights: of the base.
        licence: of the base.
        tokens_per_second: by the rates; None where nothing tells.
        assumed: whether that rests on an assumed utilisation.
        price: of an hour.
        room: bytes of the GPU; None without one.
    """

    rows: int
    sequences: int
    tokens: int
    answer_tokens: int
    fill: float
    steps: int
    step_tokens: float
    total_tokens: int
    flops: float
    memory: Memory
    adapter_weights: int
    base_weights: int
    licence: Licence
    tokens_per_second: float | None = None
    assumed: bool = False
    price: float | None = None
    room: float | None = None

    @property
    def hours(self) -> float | None:
        """Of training alone; loading the model, evaluation and saving come on top."""
        return self.total_tokens / self.tokens_per_second / 3600 if self.tokens_per_second else None

    @property
    def cost(self) -> float | None:
        """In the currency of the price."""
        return self.hours * self.price if self.hours is not None and self.price is not None else None

    @property
    def fits(self) -> bool | None:
        """Whether the estimate is below the GPU's memory."""
        return None if self.room is None else self.memory.total <= self.room

    def as_json(self) -> dict[str, Any]:
        """All figures; memory in GiB."""
        told = asdict(self) | {"hours": self.hours, "cost": self.cost, "fits": self.fits}
        parts = {name: round(size / GIB, 3) for name, size in asdict(self.memory).items()}
        room = None if self.room is None else self.room / GIB
        return told | {"memory": parts | {"total": round(self.memory.total / GIB, 3)}, "room": room}


def packing_plan(lengths: Sequence[int], recipe: Recipe) -> Packed:
    """The sequences that training makes of rows of these lengths."""
    return (
        pack_lengths(lengths, recipe.max_length, recipe.seed)
        if recipe.packing
        else one_each(lengths, recipe.max_length)
    )


def steps_of(sequences: int, recipe: Recipe) -> int:
    """Steps of the optimiser, as the Trainer counts them: the last step of an epoch may be a smaller one."""
    if recipe.max_steps:
        return recipe.max_steps
    an_epoch = max(1, math.ceil(math.ceil(sequences / recipe.batch_size) / recipe.accumulate))
    return math.ceil(recipe.epochs * an_epoch)


def make_plan(lengths: Sequence[int], answer_tokens: int, recipe: Recipe, rates: Rates = Rates()) -> Plan:  # noqa: B008 (immutable)
    """The plan of a run.

    Args:
        lengths: tokens of each row that is trained on.
        answer_tokens: of all of them, learned.
        recipe: what to do.
        rates: of the machine.

    Raises:
        UnreadableError: the sizes of the model are not known.
    """
    shape = shape_of(recipe.model)
    packed = packing_plan(lengths, recipe)
    tokens = sum(lengths)
    steps = steps_of(len(packed.packs), recipe)
    an_epoch = max(1, math.ceil(math.ceil(len(packed.packs) / recipe.batch_size) / recipe.accumulate))
    total = round(tokens * steps / an_epoch)
    share = answer_tokens / tokens if tokens else 0.0
    work = flops_of(shape, recipe, tokens, sum(one * one for one in lengths), answer_tokens)
    flops = work * steps / an_epoch
    speed, assumed = _speed(rates, recipe, flops, total)
    return Plan(
        rows=len(lengths),
        sequences=len(packed.packs),
        tokens=tokens,
        answer_tokens=answer_tokens,
        fill=packed.fill,
        steps=steps,
        step_tokens=tokens / an_epoch,
        total_tokens=total,
        flops=flops,
        memory=memory_of(shape, recipe, share, gpu=recipe.precision != "fp32" or bool(rates.gpu)),
        adapter_weights=adapter_weights(shape, recipe),
        base_weights=shape.weights,
        licence=licence_of(recipe.model),
        tokens_per_second=speed,
        assumed=assumed,
        price=rates.price,
        room=GPUS[rates.gpu].memory * GIB if rates.gpu else None,
    )


def flops_of(shape: Shape, recipe: Recipe, tokens: int, squares: int, answer_tokens: int) -> float:
    """Operations of an epoch.

    Forward 2 a weight and token; backward 2, for frozen weights have no gradients; 2 more where activations
    are computed again. Attention costs 2 × 2 × width for each pair of tokens that see each other, half of the square of
    a row's length; its backward pass twice that. The output layer is computed for answer tokens alone.
    """
    again = 1 if recipe.checkpointing else 0
    linear = 2.0 * shape.in_blocks * tokens * (2 + again)
    trained = 6.0 * adapter_weights(shape, recipe) * tokens
    attention = 2.0 * shape.heads * shape.head * shape.layers * squares * (3 + again)
    output = 4.0 * shape.vocabulary * shape.hidden * answer_tokens
    return linear + trained + attention + output


def _speed(rates: Rates, recipe: Recipe, flops: float, total: int) -> tuple[float | None, bool]:
    """Tokens a second, and whether that rests on an assumption."""
    if rates.tokens is not None:
        return rates.tokens, False
    if not rates.gpu or not flops:
        return None, False
    used = rates.mfu if rates.mfu is not None else MFU[recipe.precision]
    return GPUS[rates.gpu].flops * used * total / flops, rates.mfu is None
