"""Opening models: a base, a base with an adapter, or a merged model, each from a folder or by its name on the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import MissingExtraError, UnreadableError
from curate_train.base_models import INSTALL, SMOLLM2, place_of
from curate_train.encode_tokenizer import load_tokenizer
from curate_train.precision import Precision, settle
from curate_train.quiet import hush
from curate_train.recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from curate_train.kinds import Model


ADAPTER_FILE = "adapter_config.json"
TRAINING_FILE = "training.json"
"""What ``train lora`` writes beside the weights: data, verdict, recipe, versions."""


@dataclass(frozen=True)
class Opened:
    """A model that is ready for use.

    Attributes:
        model: also wrapped by peft; not in training mode.
        tokenizer: with its chat template.
        base: folder or id of the base.
        adapter: its folder, if there is one.
        training: what ``training.json`` says beside the adapter or the merged weights; empty if there is none.
        precision: as it was loaded.
    """

    model: Model
    tokenizer: PreTrainedTokenizerBase
    base: str
    adapter: Path | None
    training: dict[str, Any]
    precision: Precision


def is_adapter(name: str | Path) -> bool:
    """Whether a folder holds adapter weights."""
    return (Path(name) / ADAPTER_FILE).is_file()


def read_training(folder: str | Path) -> dict[str, Any]:
    """What ``train lora`` recorded beside these weights; empty for weights of other origin."""
    file = Path(folder) / TRAINING_FILE
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnreadableError(f"is damaged: {error}", where=str(file)) from error
    return found if isinstance(found, dict) else {}


def base_of(folder: str | Path) -> str:
    """Folder or id of the base that an adapter was trained on.

    Raises:
        UnreadableError: the adapter's configuration cannot be read.
    """
    file = Path(folder) / ADAPTER_FILE
    try:
        return str(json.loads(file.read_text("utf-8"))["base_model_name_or_path"])
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableError(f"is no configuration of an adapter: {error}", where=str(file)) from error


def open_model(
    name: str | Path,
    *,
    precision: str = "",
    base: str = "",
    attention: str = "sdpa",
    trust_remote_code: bool = False,
) -> Opened:
    """Open a base, an adapter on its base, or a merged model, for inference.

    Args:
        name: a folder, or an id on the hub.
        precision: as in a recipe; if not given, an adapter gets that of its training, other models bf16 on a GPU and
            fp32 on a CPU.
        base: where the adapter's base lies now, if not where it was.
        attention: implementation, as in a recipe.
        trust_remote_code: whether code from the model's repository may run.

    Raises:
        UnreadableError: there is no such model.
    """
    hush()
    training = read_training(name) if Path(name).is_dir() else {}
    adapter = Path(name) if is_adapter(name) else None
    under = (base or base_of(adapter)) if adapter else str(name)
    trained_in = training.get("recipe", {}).get("precision", "") if adapter else ""
    how = settle(precision or trained_in or _usual())
    model = load_base(under, how, attention=attention, trust_remote_code=trust_remote_code)
    if adapter:
        model = with_adapter(model, adapter)
    model.eval()
    brings = name if _has_tokenizer(name) else under
    tokenizer = load_tokenizer(replace(Recipe(), model=str(brings), trust_remote_code=trust_remote_code))
    return Opened(model, tokenizer, under, adapter, training, how)


def _usual() -> str:
    import torch  # noqa: PLC0415 (heavy)

    return "bf16" if torch.cuda.is_available() else "fp32"


def _has_tokenizer(name: str | Path) -> bool:
    """Whether a folder brings its own tokenizer; of a hub id that is taken for granted."""
    return not Path(name).is_dir() or (Path(name) / "tokenizer_config.json").is_file()


def load_base(
    name: str, how: Precision, *, attention: str = "sdpa", trust_remote_code: bool = False
) -> Model:
    """The weights of a model, from safetensors alone: a pickle may run code.

    Raises:
        UnreadableError: there is no such model, or it asks for code of its own.
        MissingExtraError: transformers is not installed.
    """
    try:
        from transformers import AutoModelForCausalLM  # noqa: PLC0415 (heavy)
    except ImportError as error:
        raise MissingExtraError("training", "train") from error
    named = {
        "attn_implementation": attention,
        "trust_remote_code": trust_remote_code,
        "use_safetensors": True,
    }
    try:
        model: Model = AutoModelForCausalLM.from_pretrained(place_of(name), **named, **how.loading())
    except (OSError, ValueError) as error:
        raise _not_loaded(name, error) from error
    model.config.use_cache = False
    return model


def _not_loaded(name: str, error: Exception) -> UnreadableError:
    """The reason in a line, with what to do about the usual ones."""
    reason = str(error).strip().partition("\n")[0]
    if "trust_remote_code" in str(error):
        return UnreadableError(
            "wants to run code of its own",
            where=name,
            hint="read that code first; then set trust_remote_code = true in the recipe",
        )
    if name == SMOLLM2:
        hint = (
            f"without the hub: {INSTALL}; then python -m curate_train.base_models FOLDER, and --model FOLDER"
        )
    else:
        hint = "name a folder with --model, or log in to the hub: hf auth login"
    return UnreadableError(f"the model cannot be loaded: {reason}", where=name, hint=hint)


def add_lora(model: Model, recipe: Recipe) -> Model:
    """A fresh adapter (Hu et al. 2021) on a base: its output is 0 until the first step, and the base is frozen.

    The adapter's weights are held in 32 bits, whatever the base's are. Seeded by the recipe.
    """
    import peft  # noqa: PLC0415 (heavy)
    from transformers import set_seed  # noqa: PLC0415 (the same)

    if getattr(model, "is_loaded_in_4bit", False):
        prepare: Any = peft.prepare_model_for_kbit_training
        model = prepare(model, use_gradient_checkpointing=False)
    if recipe.checkpointing:
        model.enable_input_require_grads()
    targets = recipe.lora_targets
    alpha: Any = int(recipe.lora_alpha) if float(recipe.lora_alpha).is_integer() else recipe.lora_alpha
    config = peft.LoraConfig(
        r=recipe.lora_r,
        lora_alpha=alpha,
        lora_dropout=recipe.lora_dropout,
        target_modules=targets[0] if len(targets) == 1 and targets[0] == "all-linear" else list(targets),
        task_type="CAUSAL_LM",
    )
    set_seed(recipe.seed)
    tuned: Model = peft.get_peft_model(model, config)
    return tuned


def with_adapter(model: Model, folder: Path) -> Model:
    """A trained adapter on its base, not to be trained further.

    Raises:
        UnreadableError: it does not fit this base.
    """
    from peft import PeftModel  # noqa: PLC0415 (heavy)

    try:
        tuned: Model = PeftModel.from_pretrained(model, folder)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise UnreadableError(f"the adapter does not fit its base: {reason}", where=str(folder)) from error
    return tuned
