"""A tiny Llama model with a tokenizer and chat template of its own, made on the spot: no download, a second of CPU."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML with a BOS, and without generation markers."""

COLOURS = ("red", "green", "blue", "yellow", "black", "white", "orange", "purple")
THINGS = ("door", "boat", "lamp", "coat", "wall", "roof", "chair", "fence")
PLACES = ("harbour", "mill", "station", "garden", "market", "school", "bakery", "library")


def needs_training_packages() -> None:
    """Skip, with a reason that is seen, where the packages of the extra ``train`` are missing."""
    for name in ("torch", "transformers", "peft"):
        pytest.importorskip(name, reason=f"needs {name}: pip install 'curate-data[train]'")


def sentences() -> list[str]:
    """Every question and answer that the small task can make: what the tokenizer is trained on."""
    return [text for row in every_row() for text in (row["prompt"], row["completion"])]


def every_row() -> list[dict[str, str]]:
    """All 512 rows of a task that a tiny model can learn: say where the thing of that colour stands.

    The answer needs three words of the question in another order, so rows that were not seen show whether the model
    learned to answer or to recite.
    """
    return [
        {
            "prompt": f"The {colour} {thing} is at the {place}. Where is it?",
            "completion": f"At the {place} you find the {thing}, which is {colour}.",
        }
        for colour in COLOURS
        for thing in THINGS
        for place in PLACES
    ]


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def make_tokenizer(folder: Path, template: str = TEMPLATE, vocabulary: int = 512) -> None:
    """Byte-level BPE trained on the task's sentences, saved with a chat template; its stop token is ``<|im_end|>``."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: PLC0415 (heavy)
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 (heavy)

    special = ["<s>", "<|im_start|>", "<|im_end|>", "<pad>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*sentences(), "system\nuser\nassistant\n"], trainer)
    fast: Any = PreTrainedTokenizerFast  # untyped
    fast = fast(
        tokenizer_object=tokenizer,
        bos_token="<s>",  # noqa: S106 (no password)
        eos_token="<|im_end|>",  # noqa: S106 (the same)
        pad_token="<pad>",  # noqa: S106 (the same)
    )
    fast.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    fast.chat_template = template
    fast.save_pretrained(folder)


def make_model(  # noqa: PLR0913 (what tests vary)
    folder: Path,
    *,
    seed: int = 0,
    hidden: int = 64,
    layers: int = 2,
    vocabulary: int = 512,
    spread: float = 0.2,
) -> Path:
    """A Llama of random weights with that tokenizer, as a folder that ``from_pretrained`` reads."""
    import torch  # noqa: PLC0415 (heavy)
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415 (heavy)

    make_tokenizer(folder, vocabulary=vocabulary)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=3,
        initializer_range=spread,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
