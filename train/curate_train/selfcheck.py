"""Before the first step: does packing isolate documents, on this model, with this attention, on this machine?

An intervention test. Two documents stand in one sequence; the tokens of the first are changed; if that moves the logits
of the second, documents see each other, and every step would train on answers given with a stranger's prompt in view.
It costs three forward passes of a short sequence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from curate.core.errors import CurateError
from curate_train.collate import Collator

if TYPE_CHECKING:
    import torch

    from curate_train.kinds import Model

LENGTH = 24
"""Tokens of each of the two documents."""

LEAK = 1e-3
"""The largest change that counts as rounding, as a share of the change that a leak would make."""


class LeakError(CurateError):
    """Documents of one sequence see each other."""


@dataclass(frozen=True)
class Isolation:
    """What the intervention moved, as the largest difference of a logit.

    Attributes:
        moved: in the second document, when the first was changed; 0 without a leak.
        leak: the same where the documents are given as one, so that they must see each other: the control, without
            which a test that cannot move anything would pass.
    """

    moved: float
    leak: float

    @property
    def holds(self) -> bool:
        """Whether nothing crossed, and the control shows that it would have been seen."""
        return self.leak > 0 and self.moved <= LEAK * self.leak


def measure_isolation(model: Model, *, flat: bool = False) -> Isolation:
    """Change document 0 and watch document 1; both are of random tokens.

    Args:
        model: any causal language model of transformers, also wrapped by peft; its mode is left as it was.
        flat: as the collator for training.
    """
    tokens = np.random.default_rng(0).integers(model.config.vocab_size, size=(3, LENGTH), dtype=np.int32)
    first, second, other = tokens
    collate = Collator(pad_id=0, flat=flat)

    def logits(*documents: np.ndarray) -> torch.Tensor:
        return _logits(model, collate([[(one, one) for one in documents]]))[-LENGTH:]

    before, after = logits(first, second), logits(other, second)
    joined_before = logits(np.concatenate((first, second)))
    joined_after = logits(np.concatenate((other, second)))
    return Isolation(float((before - after).abs().max()), float((joined_before - joined_after).abs().max()))


def _logits(model: Model, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Logits of the one sequence of a batch, tokens × vocabulary, in 32 bits."""
    import torch  # noqa: PLC0415 (heavy)

    device = next(model.parameters()).device
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            found = model(
                input_ids=batch["input_ids"].to(device),
                position_ids=batch["position_ids"].to(device),
                use_cache=False,
            )
    finally:
        model.train(training)
    logits: torch.Tensor = found.logits[0].float()
    return logits


def refuse_leaks(model: Model, *, flat: bool = False) -> Isolation:
    """Measure, and refuse to train where documents see each other.

    Raises:
        LeakError: a change of document 0 moved document 1.
    """
    found = measure_isolation(model, flat=flat)
    if not math.isfinite(found.moved + found.leak):
        raise LeakError(
            "the model answers with numbers that are none: its weights are damaged, or its precision too low"
        )
    if not found.holds:
        raise LeakError(
            "packing does not isolate documents on this model: a change in one moves the logits of its neighbour "
            f"by {found.moved:.3g} (a full leak moves them by {found.leak:.3g})",
            hint="set packing = false in the recipe, or another attention implementation",
        )
    return found
