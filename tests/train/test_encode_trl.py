"""Our labels equal those of TRL's trainer, token by token, where TRL supports the case."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
from curate_train.encode import Encoded

from tests.train import lab, references
from tests.train.references import CONVERSATIONS, encoder, example, messages

if TYPE_CHECKING:
    from pathlib import Path

lab.needs_training_packages()
trl = pytest.importorskip("trl", reason="needs trl and datasets: pip install trl")

IGNORED = -100
TIGHT = lab.TEMPLATE.replace("<|im_end|>\n", "<|im_end|>")
"""Nothing stands behind the stop token. With a line break there, TRL learns to say it after the answer has ended."""

MARKED = TIGHT.replace(
    "{{ message['content'] }}<|im_end|>",
    "{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}<|im_end|>{% endgeneration %}"
    "{% else %}{{ message['content'] }}<|im_end|>{% endif %}",
)


def labels_of_trl(model: Path, tokenizer: Any, rows: list[dict[str, Any]], **changes: Any) -> list[list[int]]:
    """What TRL's collator makes of rows, one by one."""
    from datasets import Dataset  # noqa: PLC0415 (heavy)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = trl.SFTTrainer(
            model=str(model),
            args=trl.SFTConfig(
                output_dir=str(model / "trl"), report_to="none", use_cpu=True, max_length=None, **changes
            ),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
        )
        made = [trainer.data_collator([row]) for row in trainer.train_dataset]
    return [[*one["input_ids"][0].tolist(), *one["labels"][0].tolist()] for one in made]


def ours(tokenizer: Any, **changes: object) -> list[list[int]]:
    encoded = encoder(tokenizer, **changes).encode([example(*said) for said in CONVERSATIONS])
    assert all(isinstance(one, Encoded) for one in encoded)
    return [
        [
            *one.ids,
            *(token if learns else IGNORED for token, learns in zip(one.ids, one.trained, strict=True)),
        ]
        for one in encoded
        if isinstance(one, Encoded)
    ]


def test_prompt_and_completion(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = references.small(tmp_path, template=TIGHT)
    rows = [{"prompt": messages(said[:-1]), "completion": messages(said[-1:])} for said in CONVERSATIONS]
    assert labels_of_trl(tiny_model, tokenizer, rows) == ours(tokenizer, train_on="last")


def test_all_answers_of_conversations_with_generation_markers(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = references.small(tmp_path, template=MARKED)
    rows = [{"messages": messages(said)} for said in CONVERSATIONS]
    assert labels_of_trl(tiny_model, tokenizer, rows, assistant_only_loss=True) == ours(tokenizer)


def test_what_we_leave_out_is_the_line_break_behind_the_stop_token(tiny_model: Path, tmp_path: Path) -> None:
    tokenizer = references.small(tmp_path)
    rows = [{"prompt": messages(said[:-1]), "completion": messages(said[-1:])} for said in CONVERSATIONS]
    for theirs, mine in zip(
        labels_of_trl(tiny_model, tokenizer, rows), ours(tokenizer, train_on="last"), strict=True
    ):
        assert theirs[:-1] == mine[:-1]
        assert (tokenizer.decode([theirs[-1]]), mine[-1]) == ("\n", IGNORED)
