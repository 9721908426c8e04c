"""The Trainer of Hugging Face with a loss on answers only: logits are computed where something is learned.

Imports torch and transformers, so it is imported by the functions that train.
"""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint
from transformers import Trainer

from curate_train.collate import IGNORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from curate_train.kinds import Model

CHUNK = 1024
"""Answer tokens whose logits are held in 32 bits at a time: of a vocabulary of 128,256 that is half a GiB."""


def answer_nll(model: Model, batch: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """The negative log-likelihood of all answer tokens of a batch, summed, in nats; and how many there are.

    The output layer looks only at positions before an answer token: prompts and padding, often more than half of the
    tokens, never meet the vocabulary. With several lines these are the positions at which any of them learns.

    Args:
        model: a causal language model of transformers, also wrapped by peft.
        batch: of :class:`curate_train.collate.Collator`, on the model's device.
    """
    targets = batch["labels"][:, 1:]
    places = (targets != IGNORED).any(0).nonzero().squeeze(1)
    targets = targets[:, places]
    selects = _selects(model)
    found = model(
        input_ids=batch["input_ids"],
        position_ids=batch["position_ids"],
        use_cache=False,
        **({"logits_to_keep": places} if selects else {}),
    )
    logits = found.logits if selects else found.logits[:, places]
    return _summed(logits.flatten(0, 1), targets.flatten()), (targets != IGNORED).sum()


def _selects(model: Model) -> bool:
    """Whether the model computes logits for a part of the positions."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return "logits_to_keep" in inspect.signature(inner.forward).parameters


def _summed(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over tokens × vocabulary; in pieces where they are many, each made anew for gradients."""
    if len(targets) <= CHUNK:
        return _piece(logits, targets)
    pieces = zip(torch.split(logits, CHUNK), torch.split(targets, CHUNK), strict=True)
    total: torch.Tensor = sum(
        (checkpoint(_piece, *piece, use_reentrant=False) for piece in pieces),
        start=logits.new_zeros((), dtype=torch.float32),
    )
    return total


def _piece(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits.float(), targets, ignore_index=IGNORED, reduction="sum")


def mean_nll(model: Model, batches: Iterable[Mapping[str, torch.Tensor]]) -> float:
    """The negative log-likelihood of an answer token over all batches, in nats; not a number if there is none."""
    device = next(model.parameters()).device
    total, tokens = 0.0, 0
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for batch in batches:
                nll, count = answer_nll(model, {name: tensor.to(device) for name, tensor in batch.items()})
                total, tokens = total + float(nll), tokens + int(count)
    finally:
        model.train(training)
    return total / tokens if tokens else math.nan


class AnswerTrainer(Trainer):
    """The loss of an optimiser step is the mean over all its answer tokens, however they are spread over batches."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 (the Trainer's own)
        super().__init__(*arguments, **named)
        self.model_accepts_loss_kwargs = True

    def compute_loss(
        self,
        model: Any,  # noqa: ANN401 (the Trainer's signature)
        inputs: Any,  # noqa: ANN401 (the same)
        return_outputs: bool = False,  # noqa: ARG002 (the same)
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        """The batch's share of the step's mean."""
        nll, count = answer_nll(model, inputs)
        return nll / (count if num_items_in_batch is None else num_items_in_batch)

    def evaluate(
        self,
        eval_dataset: Any = None,  # noqa: ANN401 (the Trainer's signature)
        ignore_keys: list[str] | None = None,  # noqa: ARG002 (the same)
        metric_key_prefix: str = "eval",
    ) -> dict[str, float]:
        """The mean over all answer tokens of the held-out part, not the mean of the means of its batches."""
        batches = self.get_eval_dataloader(eval_dataset)
        with self.compute_loss_context_manager():
            metrics = {f"{metric_key_prefix}_loss": mean_nll(self.model, batches)}
        self.log(metrics)
        self.control: Any = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics
