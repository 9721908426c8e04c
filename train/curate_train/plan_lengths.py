"""How long rows are: by the tokenizer where it is at hand, and otherwise by an estimate that says so. No torch."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from curate_train.encode import Encoder, Rejected

if TYPE_CHECKING:
    from curate_train.examples import Dataset
    from curate_train.recipe import Recipe

MARKS = 5
"""Tokens that a template writes around a turn, about: Llama 3 writes 5, ChatML 5, Mistral 1 to 2."""


class Lengths(NamedTuple):
    """Rows that are trained on.

    Attributes:
        rows: tokens of each.
        learned: answer tokens of all.
        too_long: rows that do not fit.
        left_out: rows that cannot be trained on for other reasons.
        note: how tokens were counted, if not by the model's own tokenizer.
    """

    rows: list[int]
    learned: int
    too_long: int
    left_out: int
    note: str = ""


def lengths_of(dataset: Dataset, recipe: Recipe) -> Lengths:
    """Count the tokens of all rows."""
    tokenizer = fast_tokenizer(recipe.model)
    if tokenizer is None:
        return _estimated(dataset, recipe)
    rows, learned, too_long, left_out = [], 0, 0, len(dataset.unusable)
    for one in Encoder(tokenizer, recipe).encode_whole(dataset.examples):
        if isinstance(one, Rejected):
            left_out += 1
        elif len(one.ids) > recipe.max_length:
            too_long += 1
        else:
            rows.append(len(one.ids))
            learned += sum(one.trained)
    return Lengths(rows, learned, too_long, left_out)


def fast_tokenizer(model: str) -> Any:  # noqa: ANN401 (a tokenizer of transformers)
    """The tokenizer in a folder, or in what was downloaded from the hub before; None if there is none.

    It is read as its ``tokenizer.json`` stands, by the class that does not load torch.
    """
    file = _local(model)
    if file is None or importlib.util.find_spec("transformers") is None:
        return None
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from transformers import PreTrainedTokenizerFast, logging  # noqa: PLC0415 (heavy)

    logging.set_verbosity_error()
    return PreTrainedTokenizerFast.from_pretrained(str(file.parent))


def _local(model: str) -> Path | None:
    if not model:
        return None
    if Path(model).is_dir():
        file = Path(model) / "tokenizer.json"
        return file if file.is_file() else None
    if importlib.util.find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 (heavy)
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415 (heavy)

    try:
        found = try_to_load_from_cache(model, "tokenizer.json")
    except HFValidationError:
        return None
    return Path(found) if isinstance(found, str) else None


def _estimated(dataset: Dataset, recipe: Recipe) -> Lengths:
    """By the counts of characters, fitted to Llama 3 and to Mistral."""
    import polars as pl  # noqa: PLC0415 (heavy)

    from curate.text.tokens import NOTE, estimated_tokens  # noqa: PLC0415 (loads polars)

    family = "mistral" if "mistral" in recipe.model.lower() else "llama3"
    turns = [turn for example in dataset.examples for turn in example.turns]
    texts = pl.DataFrame({"text": [turn.content for turn in turns]}, schema={"text": pl.String})
    counts = iter(texts.select(estimated_tokens("text", family)).to_series().to_list())
    rows, learned, too_long = [], 0, 0
    for example in dataset.examples:
        sizes = [(next(counts) + MARKS, turn.trained) for turn in example.turns]
        size = sum(size for size, _ in sizes)
        if size > recipe.max_length:
            too_long += 1
            continue
        rows.append(size)
        learned += sum(size - MARKS + 1 for size, is_trained in sizes if is_trained)
    note = f"The tokenizer of {recipe.model or 'the model'} is not at hand. {NOTE}"
    return Lengths(rows, learned, too_long, len(dataset.unusable), note)
