"""What a model answers, and how likely it finds the answers of the data. Imports torch: loaded by what evaluates."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch.nn.functional import cross_entropy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from curate_train.encode import Encoded

LOGITS = 1 << 27
"""Numbers that the logits of one batch may have: half a GiB in 32 bits."""


@dataclass(frozen=True)
class Decoding:
    """How answers are made of probabilities.

    Attributes:
        max_new_tokens: after which an answer is cut off.
        temperature: 0 for greedy.
        top_k: of the likeliest tokens; 0 for all.
        top_p: of the likeliest tokens that together have this probability.
        seed: of what is drawn; each batch is seeded anew.
    """

    max_new_tokens: int
    temperature: float = 0.0
    top_k: int = 50
    top_p: float = 0.95
    seed: int = 0

    @property
    def name(self) -> str:
        """In words, for the record."""
        if self.temperature <= 0:
            return "greedy"
        return f"temperature {self.temperature:g}, top-k {self.top_k}, top-p {self.top_p:g}"


class Said(NamedTuple):
    """An answer: its text, its tokens, and whether the model ended it."""

    text: str
    tokens: int
    is_stopped: bool


class Likelihood(NamedTuple):
    """Negative log-likelihood of a row's trained tokens, summed, in nats; and how many tokens that are."""

    nll: float
    tokens: int


def left_padded(rows: Sequence[Sequence[int]], pad_id: int, device: torch.device) -> dict[str, torch.Tensor]:
    """``input_ids``, ``attention_mask`` and ``position_ids`` of rows that all end at the right edge: rows × tokens.

    A model continues a text at its end. With the padding there, it would continue the padding.
    """
    width = max(map(len, rows))
    ids = torch.tensor([[pad_id] * (width - len(row)) + list(row) for row in rows], device=device)
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=device)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    return {"input_ids": ids, "attention_mask": mask, "position_ids": positions}


@torch.inference_mode()
def answers(
    model: Any,  # noqa: ANN401 (of transformers, or wrapped by peft)
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[int]],
    stop_ids: Sequence[int],
    decoding: Decoding,
) -> list[Said]:
    """Continue each prompt until a stop token, or until ``max_new_tokens``."""
    from transformers import GenerationConfig  # noqa: PLC0415 (heavy)

    pad_id = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else stop_ids[0]
    batch = left_padded(prompts, pad_id, next(model.parameters()).device)
    drawn: dict[str, Any] = (
        {
            "do_sample": True,
            "temperature": decoding.temperature,
            "top_k": decoding.top_k,
            "top_p": decoding.top_p,
        }
        if decoding.temperature > 0
        else {"do_sample": False, "temperature": 1.0, "top_k": 50, "top_p": 1.0}
    )
    config: Any = GenerationConfig(
        max_new_tokens=decoding.max_new_tokens,
        eos_token_id=list(stop_ids),
        pad_token_id=pad_id,
        num_beams=1,
        repetition_penalty=1.0,
        use_cache=True,
        **drawn,
    )
    torch.manual_seed(decoding.seed)
    batch.pop("position_ids")  # generate counts them itself
    found = model.generate(**batch, generation_config=config)
    return [_said(tokenizer, row[batch["input_ids"].shape[1] :], stop_ids) for row in found.tolist()]


def _said(tokenizer: PreTrainedTokenizerBase, ids: list[int], stop_ids: Sequence[int]) -> Said:
    end = next((at for at, token in enumerate(ids) if token in stop_ids), None)
    kept = ids[:end]
    text = tokenizer.decode(kept, skip_special_tokens=True)
    return Said(str(text).strip(), len(kept), end is not None)


@torch.inference_mode()
def likelihoods(model: Any, rows: Sequence[Encoded], pad_id: int) -> list[Likelihood]:  # noqa: ANN401 (the same)
    """How likely the model finds the trained tokens of each row, each row for itself.

    Rows of like length go together, in batches whose logits fit half a GiB. Logits are computed from the first trained
    token on.
    """
    found: dict[int, Likelihood] = {}
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    vocabulary = model.config.get_text_config().vocab_size
    while order:
        size = max(1, LOGITS // (vocabulary * len(rows[order[-1]].ids)))
        batch, order = order[-size:], order[:-size]
        found.update(zip(batch, _of_batch(model, [rows[at] for at in batch], pad_id), strict=True))
    return [found[at] for at in range(len(rows))]


def _of_batch(model: Any, rows: Sequence[Encoded], pad_id: int) -> list[Likelihood]:  # noqa: ANN401 (the same)
    device = next(model.parameters()).device
    batch = left_padded([row.ids for row in rows], pad_id, device)
    width = batch["input_ids"].shape[1]
    # The first token of a row is never predicted, so no mask counts it.
    masks = [[False] * (width - len(row.ids) + 1) + list(row.trained[1:]) for row in rows]
    keep = 1 + max((width - mask.index(True) for mask in masks if True in mask), default=0)
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    selects = "logits_to_keep" in inspect.signature(inner.forward).parameters
    logits = model(**batch, use_cache=False, **({"logits_to_keep": keep} if selects else {})).logits[
        :, -keep:
    ]
    targets = batch["input_ids"][:, 1 - keep :] if keep > 1 else batch["input_ids"][:, :0]
    nll = cross_entropy(logits[:, :-1].flatten(0, 1).float(), targets.flatten(), reduction="none")
    mask = torch.tensor(masks, device=device)[:, -(keep - 1) :] if keep > 1 else torch.zeros_like(targets)
    sums = (nll.view(targets.shape).double() * mask).sum(1)
    return [Likelihood(float(total), sum(one)) for total, one in zip(sums, masks, strict=True)]
