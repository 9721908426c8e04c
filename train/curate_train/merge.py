"""``train merge``: one model out of a base and its adapter, and what that costs in held-out answers.

An adapter of QLoRA learned to correct a base whose weights were rounded to 4 bits. Added to the weights before rounding
it corrects errors that are not there; added to the rounded weights, written out in full, it does what it learned. Both
can be made, and where there are rows to measure on, both are measured. Neither merges into 4 bits, which rounds the
adapter itself away.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import UsageError
from curate_train.adapters import TRAINING_FILE, load_base, open_model, with_adapter
from curate_train.encode import Encoder
from curate_train.files import write_json
from curate_train.precision import Precision, settle
from curate_train.recipe import Recipe, with_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate_train.adapters import Opened
    from curate_train.examples import Dataset
    from curate_train.kinds import Model

    Measure = Callable[[Model], float | None]

DEQUANTISED, RELOADED = "dequantised", "reloaded"
WAYS = (DEQUANTISED, RELOADED)


@dataclass(frozen=True)
class Merged:
    """A merged model.

    Attributes:
        folder: that was written.
        onto: ``dequantised``: the base's weights rounded to 4 bits as in training, written out; ``reloaded``: the
            base's own weights. An adapter that was not trained in 4 bits has but the second.
        dtype: in which the weights are written.
        adapter_nll: of the adapter on its base as it was trained: nats for a held-out answer token; None without rows.
        merged_nll: of each way that was tried.
    """

    folder: Path
    onto: str
    dtype: str
    adapter_nll: float | None
    merged_nll: dict[str, float | None]


def merge(  # noqa: PLR0913 (each says something of its own)
    adapter: Path,
    out: Path,
    *,
    onto: str = "",
    base: str = "",
    held_out: Dataset | None = None,
    dtype: str = "",
) -> Merged:
    """Merge an adapter.

    Args:
        adapter: its folder.
        out: the folder to write.
        onto: ``dequantised`` or ``reloaded``; if not given, the one with the better held-out answers, and without
            ``held_out`` the weights that the adapter was trained with.
        base: where the adapter's base lies now, if not where it was.
        held_out: rows to measure on.
        dtype: ``bf16``, ``fp16`` or ``fp32``; that of the training's computation if not given.

    Raises:
        UsageError: ``out`` is taken, or the adapter has no such way.
        UnreadableError: a model cannot be loaded.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("is not empty", where=str(out), hint="name another folder with -o")
    opened = open_model(adapter, base=base)
    if opened.adapter is None:
        raise UsageError("holds no adapter", where=str(adapter), hint="name a folder that train lora wrote")
    ways = _ways(opened, onto, is_measured=held_out is not None)
    recipe = with_changes(Recipe(), opened.training.get("recipe", {}))
    measure = _measure_of(opened, recipe, held_out)
    adapter_nll = measure(opened.model)
    how = Precision(dtype, dtype, opened.precision.device) if dtype else _plain(opened.precision)
    found: dict[str, float | None] = {}
    best = ""
    for way in ways:
        model = _merged(opened, recipe, how, way)
        found[way] = measure(model)
        if not best or _less(found[way], found[best]):
            best = way
            _write(model, opened, recipe, out)
    done = Merged(out, best, how.compute, adapter_nll, found)
    _finish(done, opened)
    return done


def _ways(opened: Opened, onto: str, *, is_measured: bool) -> tuple[str, ...]:
    """Which ways to try; the first is the one to take where nothing is measured."""
    possible = WAYS if opened.precision.quantised else (RELOADED,)
    if onto and onto not in possible:
        raise UsageError(
            f"the adapter was not trained in 4 bits, so there is no base to be {onto}",
            hint=f"leave --onto out, or say --onto {RELOADED}",
        )
    if onto:
        return (onto,)
    return possible if is_measured else possible[:1]


def _plain(how: Precision) -> Precision:
    """The precision of the training's computation, not quantised."""
    return Precision(how.compute, how.compute, how.device)


def _less(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other


def _measure_of(opened: Opened, recipe: Recipe, held_out: Dataset | None) -> Measure:
    """What measures a model on the held-out rows; without rows it measures nothing."""
    if held_out is None:
        return lambda _: None
    from curate_train.collate import Collator  # noqa: PLC0415 (numpy)
    from curate_train.loop import mean_nll  # noqa: PLC0415 (torch)
    from curate_train.lora import feed  # noqa: PLC0415 (numpy)
    from curate_train.running import batches  # noqa: PLC0415 (torch)

    encoder = Encoder(opened.tokenizer, recipe)
    packs = feed(held_out.examples, encoder, recipe).packs
    collate = Collator(encoder.pad_id)
    return lambda model: mean_nll(model, batches(packs, collate, recipe.batch_size))


def _merged(opened: Opened, recipe: Recipe, how: Precision, way: str) -> Model:
    """A base in full numbers, with the adapter added to its weights."""
    trust = recipe.trust_remote_code
    if way == DEQUANTISED:
        model = load_base(opened.base, settle("nf4"), attention=recipe.attention, trust_remote_code=trust)
        model = model.dequantize().to(how.dtype)
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.config.dtype = how.dtype
    else:
        model = load_base(opened.base, how, attention=recipe.attention, trust_remote_code=trust)
    adapter = opened.adapter or Path()
    return with_adapter(model, adapter).merge_and_unload(safe_merge=True)


def _write(model: Model, opened: Opened, recipe: Recipe, out: Path) -> None:
    """Weights as safetensors, with the tokenizer, and the tokens at which servers are to stop."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    model.config.use_cache = True
    model.generation_config.eos_token_id = list(Encoder(opened.tokenizer, recipe).stop_ids)
    model.save_pretrained(out)
    opened.tokenizer.save_pretrained(out)


def _finish(done: Merged, opened: Opened) -> None:
    """The card and the record, which stands for a folder that is whole."""
    from curate_train.model_card import merged_card  # noqa: PLC0415 (only here)

    told = {**asdict(done), "folder": done.folder.name}
    record = {**opened.training, "merged": told}
    if opened.training:
        (done.folder / "README.md").write_text(merged_card(record), "utf-8")
    write_json(done.folder / TRAINING_FILE, record)
