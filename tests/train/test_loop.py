"""Packing changes how fast the sums are computed, and nothing else."""

# ruff: noqa: E402 (what skips stands before what needs it)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.train.lab import needs_training_packages

needs_training_packages()

import numpy as np
import torch
from curate_train.collate import IGNORED, Collator
from curate_train.loop import CHUNK, _summed, answer_nll, mean_nll
from curate_train.selfcheck import LeakError, measure_isolation, refuse_leaks
from transformers import AutoModelForCausalLM

if TYPE_CHECKING:
    from pathlib import Path

ATTENTION = pytest.mark.parametrize("attention", ["sdpa", "eager"])
FLAT = pytest.mark.parametrize("flat", [False, True])
Document = tuple[np.ndarray, np.ndarray]


def load(folder: Path, attention: str = "sdpa") -> Any:
    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32)


def documents(*lengths: int) -> list[Document]:
    dice = np.random.default_rng(1)
    made = []
    for length in lengths:
        ids = dice.integers(4, 300, length, dtype=np.int32)
        made.append((ids, np.where(np.arange(length) < length // 3 + 1, IGNORED, ids)))
    return made


@ATTENTION
@FLAT
def test_packed_loss_is_the_sum_of_the_solo_losses(tiny_model: Path, attention: str, flat: bool) -> None:
    model, rows = load(tiny_model, attention), documents(7, 30, 12, 3, 25)
    collate = Collator(pad_id=3, flat=flat)
    packed, count = answer_nll(model, collate([rows[:3], rows[3:]]))
    alone = [answer_nll(model, collate([[row]])) for row in rows]
    assert packed.item() == pytest.approx(sum(nll.item() for nll, _ in alone), rel=1e-5)
    assert count == sum(found for _, found in alone)


@ATTENTION
def test_gradients_are_those_of_the_solo_losses(tiny_model: Path, attention: str) -> None:
    model, rows, collate = load(tiny_model, attention), documents(7, 30, 12), Collator(pad_id=3)
    weights = list(model.parameters())
    packed = torch.autograd.grad(answer_nll(model, collate([rows]))[0], weights)
    alone = torch.autograd.grad(sum(answer_nll(model, collate([[row]]))[0] for row in rows), weights)
    for one, other in zip(packed, alone, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)


def test_loss_is_that_of_transformers_on_one_row(tiny_model: Path) -> None:
    model, (row,) = load(tiny_model), documents(20)
    nll, count = answer_nll(model, Collator(pad_id=3)([[row]]))
    ids, labels = (torch.from_numpy(one.astype(np.int64))[None] for one in row)
    assert (nll / count).item() == pytest.approx(model(input_ids=ids, labels=labels).loss.item(), rel=1e-5)


@ATTENTION
@FLAT
def test_changing_document_0_moves_no_other(tiny_model: Path, attention: str, flat: bool) -> None:
    found = measure_isolation(load(tiny_model, attention), flat=flat)
    assert found.moved == 0
    assert found.leak > 0.1
    assert refuse_leaks(load(tiny_model, attention), flat=flat) == found


@ATTENTION
def test_a_model_that_gets_an_attention_mask_leaks_and_is_refused(tiny_model: Path, attention: str) -> None:
    model = load(tiny_model, attention)
    forward = model.forward

    def masked(input_ids: torch.Tensor, **named: Any) -> Any:
        return forward(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), **named)

    model.forward = masked
    with pytest.raises(LeakError, match="does not isolate"):
        refuse_leaks(model)


def test_a_test_that_can_move_nothing_does_not_pass(tiny_model: Path) -> None:
    model = load(tiny_model)
    with torch.no_grad():
        model.lm_head.weight.zero_()
    assert not measure_isolation(model).holds


def test_many_answer_tokens_are_summed_in_pieces() -> None:
    torch.manual_seed(0)
    logits, targets = torch.randn(2 * CHUNK + 5, 11, requires_grad=True), torch.randint(11, (2 * CHUNK + 5,))
    targets[::3] = IGNORED
    whole = torch.nn.functional.cross_entropy(logits, targets, reduction="sum", ignore_index=IGNORED)
    pieces = _summed(logits, targets)
    torch.testing.assert_close(pieces, whole)
    torch.testing.assert_close(
        *(torch.autograd.grad(one, logits, retain_graph=True)[0] for one in (pieces, whole))
    )


def test_the_mean_is_over_tokens_not_over_batches(tiny_model: Path) -> None:
    model, rows, collate = load(tiny_model), documents(40, 4), Collator(pad_id=3)
    both = [collate([[row]]) for row in rows]
    sums = [answer_nll(model, batch) for batch in both]
    expected = sum(nll.item() for nll, _ in sums) / sum(int(count) for _, count in sums)
    assert mean_nll(model, both) == pytest.approx(expected, rel=1e-6)
