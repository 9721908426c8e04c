"""A recipe: all that decides a training run besides the data itself, in one TOML file without sections.

Defaults follow Hu et al. 2021 (LoRA) and Dettmers et al. 2023 (QLoRA): adapters on all linear layers, a learning
rate of 2e-4 with a cosine schedule, gradients clipped at 0.3.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate_train.recipe_faults import close_name, faults_of, raise_faults, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).with_name("recipes")


@dataclass(frozen=True)
class Recipe:
    """How a model is tuned.

    Attributes:
        model: id on the hub, or a folder that ``save_pretrained`` wrote.
        template: ``tokenizer`` for the chat template that the tokenizer brings, or one of ``templates.NAMES``.
        train_on: ``all`` answers of a conversation, or the ``last`` one alone.
        max_length: tokens of a sequence. Longer rows are left out and counted, never cut.
        packing: whether rows are laid end to end, each seeing only itself.
        batch_size: sequences that go through the model at once.
        accumulate: such batches for one step of the optimiser.
        epochs: passes over the data.
        max_steps: steps of the optimiser after which to stop; 0 for none but the epochs.
        lr: the highest learning rate.
        schedule: how it falls: ``cosine``, ``linear`` or ``constant``.
        warmup: share of the steps in which it rises.
        max_grad_norm: gradients are scaled down to this norm; 0 for never.
        weight_decay: of AdamW.
        optimizer: ``adamw``, or ``paged_adamw_8bit`` (states in 8 bits that may be paged out of the GPU's memory).
        lora_r: rank of the adapters.
        lora_alpha: their scale is alpha / r.
        lora_dropout: on their input.
        lora_targets: names of the layers; ``all-linear`` for all but the output layer.
        precision: ``bf16``, ``fp16``, ``fp32``, or ``nf4`` (QLoRA: base weights in 4 bits, doubly quantised).
        checkpointing: whether activations are computed again in the backward pass, to save memory.
        attention: ``sdpa``, ``eager`` or ``flash_attention_2``.
        seed: of everything that is drawn.
        eval_split: split to evaluate on while training, where the data has it.
        eval_every: steps between evaluations; 0 for each epoch.
        patience: evaluations without a gain after which to stop; 0 for never.
        save_every: steps between checkpoints; 0 for each epoch.
        tensorboard: whether curves are written for TensorBoard.
        trust_remote_code: whether code from the model's repository may run.
    """

    model: str = ""
    template: str = "tokenizer"
    train_on: str = "all"
    max_length: int = 2048
    packing: bool = True
    batch_size: int = 1
    accumulate: int = 8
    epochs: float = 3.0
    max_steps: int = 0
    lr: float = 2e-4
    schedule: str = "cosine"
    warmup: float = 0.03
    max_grad_norm: float = 0.3
    weight_decay: float = 0.001
    optimizer: str = "adamw"
    lora_r: int = 16
    lora_alpha: float = 32.0
    lora_dropout: float = 0.05
    lora_targets: tuple[str, ...] = ("all-linear",)
    precision: str = "bf16"
    checkpointing: bool = True
    attention: str = "sdpa"
    seed: int = 0
    eval_split: str = "validation"
    eval_every: int = 0
    patience: int = 0
    save_every: int = 0
    tensorboard: bool = False
    trust_remote_code: bool = False

    @property
    def hash(self) -> str:
        """SHA-256 of the recipe's canonical JSON: sorted keys, no spaces."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def preset_names() -> tuple[str, ...]:
    """The recipes that come with this package."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_recipe(name_or_path: str | Path) -> Recipe:
    """A preset by its name, or a recipe by its path; ``extends = "NAME"`` lays a file over a preset.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
        UnreadableError: there is no such preset or file.
    """
    path = Path(name_or_path)
    if str(name_or_path) in preset_names():
        path = FOLDER / f"{name_or_path}.toml"
    elif not path.is_file():
        hint = close_name(str(name_or_path), preset_names()) or "name a file, or one of: " + ", ".join(
            preset_names()
        )
        raise UnreadableError("no such recipe", where=str(name_or_path), hint=hint)
    return with_changes(Recipe(), _laid_over(path))


def _laid_over(path: Path) -> dict[str, Any]:
    """What a file says, over what the preset says that it names."""
    table, lines = read_toml(path)
    extends = table.pop("extends", None)
    faults = faults_of(table, _kinds())
    if extends is not None and extends not in preset_names():
        hint = close_name(str(extends), preset_names()) or "one of: " + ", ".join(preset_names())
        faults["extends"] = f"there is no recipe '{extends}'; {hint}"
    raise_faults(faults, str(path), lines)
    base = _laid_over(FOLDER / f"{extends}.toml") if extends is not None else {}
    return {**base, **table}


def with_changes(recipe: Recipe, changes: Mapping[str, object]) -> Recipe:
    """A recipe with other values for some fields, held to the same rules as a file.

    Raises:
        ConfigError: a field is unknown, or a value makes no sense.
    """
    raise_faults(faults_of(changes, _kinds()), "recipe", {})
    kinds = _kinds()
    read = {name: _as(kinds[name], value) for name, value in changes.items()}
    return replace(recipe, **read)


def _kinds() -> dict[str, type]:
    """The type of each field, by its default."""
    return {field.name: type(field.default) for field in fields(Recipe)}


def _as(kind: type, value: Any) -> Any:  # noqa: ANN401 (any field)
    """A value as the dataclass holds it: a list of TOML is a tuple, a whole number may stand for a decimal one."""
    if kind is tuple:
        return (value,) if isinstance(value, str) else tuple(value)
    return float(value) if kind is float else value
