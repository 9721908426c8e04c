"""How much memory a step needs, by the shape of the model alone: nothing is loaded.

What is counted: weights in their precision, adapters with gradients and both moments of Adam in 32 bits (8 bits where
the recipe says so), activations, and the logits of answer tokens. The sizes of weights follow Dettmers et al. 2023: a
weight in nf4 has 4 bits, and 0.127 bits for its doubly quantised scale. All sizes are bytes, all figures estimates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import UnreadableError

if TYPE_CHECKING:
    from curate_train.recipe import Recipe

GIB = 2**30

BYTES = {"bf16": 2.0, "fp16": 2.0, "fp32": 4.0, "nf4": (4 + 0.127) / 8}
"""Of a weight of a linear layer, by precision."""

CHUNK = 1024
"""Answer tokens whose logits are held in 32 bits at a time."""

RUNTIME = 0.6 * GIB
"""The CUDA context and the workspaces of its libraries, about."""

SLACK = 0.05
"""Share of the rest that the allocator loses to gaps."""


class Shape(NamedTuple):
    """The sizes of a Llama-like decoder.

    Attributes:
        hidden: width of the residual stream.
        inner: width of the feed-forward layer.
        layers: how many.
        heads: of attention.
        kv_heads: heads of keys and values.
        head: width of a head.
        vocabulary: tokens.
        tied: whether input and output embeddings are one matrix.
    """

    hidden: int
    inner: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    vocabulary: int
    tied: bool

    @property
    def linears(self) -> dict[str, tuple[int, int]]:
        """Width in and out of each linear layer of a block."""
        attention, cache = self.heads * self.head, self.kv_heads * self.head
        return {
            "q_proj": (self.hidden, attention),
            "k_proj": (self.hidden, cache),
            "v_proj": (self.hidden, cache),
            "o_proj": (attention, self.hidden),
            "gate_proj": (self.hidden, self.inner),
            "up_proj": (self.hidden, self.inner),
            "down_proj": (self.inner, self.hidden),
        }

    @property
    def in_blocks(self) -> int:
        """Weights of the linear layers of all blocks."""
        return self.layers * sum(wide * high for wide, high in self.linears.values())

    @property
    def in_embeddings(self) -> int:
        """Weights of the embeddings, and of the norms."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2) + (2 * self.layers + 1) * self.hidden

    @property
    def weights(self) -> int:
        """All weights."""
        return self.in_blocks + self.in_embeddings


SHAPES = {
    "meta-llama/Meta-Llama-3-8B-Instruct": Shape(4096, 14_336, 32, 32, 8, 128, 128_256, tied=False),
    "mistralai/Mistral-7B-Instruct-v0.3": Shape(4096, 14_336, 32, 32, 8, 128, 32_768, tied=False),
    "HuggingFaceTB/SmolLM2-135M-Instruct": Shape(576, 1536, 30, 9, 3, 64, 49_152, tied=True),
}
"""Of the presets' bases, so that a run can be planned before anything is downloaded."""


def shape_of(model: str) -> Shape:
    """The sizes that ``config.json`` tells, or those of a preset's base.

    Raises:
        UnreadableError: there is no such folder, or its model is of another kind.
    """
    if model in SHAPES:
        return SHAPES[model]
    file = Path(model) / "config.json"
    try:
        config = json.loads(file.read_text("utf-8"))
        return Shape(
            hidden=config["hidden_size"],
            inner=config["intermediate_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            kv_heads=config.get("num_key_value_heads") or config["num_attention_heads"],
            head=config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"],
            vocabulary=config["vocab_size"],
            tied=bool(config.get("tie_word_embeddings", False)),
        )
    except OSError as error:
        hint = "give --model FOLDER with its config.json; known without one: " + ", ".join(SHAPES)
        raise UnreadableError("the model's sizes are not known", where=str(model), hint=hint) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"does not tell the sizes of a decoder: {error}", where=str(file)) from error


def adapter_weights(shape: Shape, recipe: Recipe) -> int:
    """Weights of the adapters: r × (in + out) for each layer that has one."""
    linears = shape.linears
    chosen = (
        linears
        if "all-linear" in recipe.lora_targets
        else [one for one in linears if one in recipe.lora_targets]
    )
    return shape.layers * recipe.lora_r * sum(sum(linears[one]) for one in chosen)


@dataclass(frozen=True)
class Memory:
    """Bytes that training holds at its peak."""

    weights: float
    adapters: float
    optimizer: float
    activations: float
    logits: float
    runtime: float

    @property
    def total(self) -> float:
        """All of it."""
        held = self.weights + self.adapters + self.optimizer + self.activations + self.logits
        return held * (1 + SLACK) + self.runtime


def memory_of(shape: Shape, recipe: Recipe, learned: float, *, gpu: bool = True) -> Memory:
    """The memory of a step.

    Args:
        shape: of the base.
        recipe: precision, lengths and adapters.
        learned: the share of tokens whose logits are computed.
        gpu: whether a GPU's runtime is counted.
    """
    tokens = recipe.batch_size * recipe.max_length
    compute = 4 if recipe.precision == "fp32" else 2
    # Preparing a quantised base for training raises what is not quantised, embeddings and norms, to 32 bits.
    rest = shape.in_embeddings * (4 if recipe.precision == "nf4" else BYTES[recipe.precision])
    adapters = adapter_weights(shape, recipe)
    moments = 2 if recipe.optimizer == "paged_adamw_8bit" else 8
    answers = min(learned, 1.0) * tokens
    return Memory(
        weights=shape.in_blocks * BYTES[recipe.precision] + rest,
        adapters=adapters * (4 + 4),
        optimizer=adapters * moments,
        activations=_activations(shape, recipe, tokens, compute),
        logits=answers * shape.vocabulary * 2 * compute + min(answers, CHUNK) * shape.vocabulary * 4 * 3,
        runtime=RUNTIME if gpu else 0.0,
    )


def _activations(shape: Shape, recipe: Recipe, tokens: int, compute: int) -> float:
    """What the backward pass needs: of all blocks, or of one, where the others keep only their input.

    Of a block: the inputs and outputs of its layers, norms in 32 bits, and what adapters keep of their inputs, in 32
    bits, with the mask of the dropout.
    """
    cache = shape.kv_heads * shape.head
    plain = (6 * shape.hidden + 2 * cache + 4 * shape.inner) * compute + 2 * shape.hidden * 4
    dropped = 5 if recipe.lora_dropout else 0
    adapted = (6 * shape.hidden + shape.inner) * ((0 if compute == 4 else 4) + dropped)  # noqa: PLR2004 (bytes)
    block = tokens * (plain + adapted)
    inputs = tokens * shape.hidden * compute
    return shape.layers * inputs + block if recipe.checkpointing else shape.layers * block
