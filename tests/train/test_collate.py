from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'curate-data[train]'")

from curate_train.collate import Collator, Packs
from curate_train.packing import Packed


def packs() -> Packs:
    documents = [
        SimpleNamespace(ids=[5, 6, 7], trained=[False, True, True]),
        SimpleNamespace(ids=[8, 9], trained=[True, True]),
        SimpleNamespace(ids=[10, 11], trained=[False, True]),
    ]
    return Packs(documents, Packed(((1, 0), (2,)), 7, 5))


def test_positions_start_anew_and_the_first_token_of_a_document_is_not_learned() -> None:
    batch = Collator(pad_id=3)([packs()[0]])
    assert batch["input_ids"].tolist() == [[8, 9, 5, 6, 7]]
    assert batch["position_ids"].tolist() == [[0, 1, 0, 1, 2]]
    assert batch["labels"].tolist() == [[-100, 9, -100, 6, 7]]


def test_there_is_no_attention_mask() -> None:
    assert set(Collator(pad_id=3)([packs()[0]])) == {"input_ids", "position_ids", "labels"}


def test_a_gap_is_a_document_of_its_own_that_nothing_is_learned_from() -> None:
    batch = Collator(pad_id=3)([packs()[0], packs()[1]])
    assert batch["input_ids"][1].tolist() == [10, 11, 3, 3, 3]
    assert batch["position_ids"][1].tolist() == [0, 1, 0, 1, 2]
    assert batch["labels"][1].tolist() == [-100, 11, -100, -100, -100]


def test_flat_is_one_line_without_gaps() -> None:
    batch = Collator(pad_id=3, flat=True)([packs()[0], packs()[1]])
    assert batch["input_ids"].tolist() == [[8, 9, 5, 6, 7, 10, 11]]
    assert batch["position_ids"].tolist() == [[0, 1, 0, 1, 2, 0, 1]]


def test_learned_tokens_are_counted() -> None:
    assert packs().trained == 4
    assert len(packs()) == 2
