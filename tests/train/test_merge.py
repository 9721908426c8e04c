"""What a merged model says is what the adapter says."""
# ruff: noqa: E402 (what skips stands before what needs it)

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import CurateError, UnreadableError, UsageError
from tests.train import lab

lab.needs_training_packages()

import torch
from curate_train.adapters import open_model, read_training
from curate_train.evaluate_answers import Decoding
from curate_train.examples import Dataset, read_dataset
from curate_train.generate import generate, read_prompts
from curate_train.lora import tune
from curate_train.merge import DEQUANTISED, RELOADED, merge
from curate_train.recipe import Recipe, read_recipe, with_changes
from safetensors import safe_open

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = ["The red door is at the mill. Where is it?", "The blue coat is at the school. Where is it?"]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return random.Random(0).sample(lab.every_row(), 64)  # noqa: S311 (no secret)


@pytest.fixture(scope="module")
def held_out(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> Dataset:
    file = tmp_path_factory.mktemp("aside") / "aside.jsonl"
    return read_dataset(lab.write_rows(file, rows[48:]), force=True)


def adapter(folder: Path, recipe: Recipe, rows: list[dict[str, str]]) -> Path:
    data = read_dataset(lab.write_rows(folder / "train.jsonl", rows[:48]), force=True)
    return tune(recipe, data, folder / "adapter").folder


def recipe_for(model: Path, **changes: Any) -> Recipe:
    return with_changes(
        read_recipe("tiny-cpu"), {"model": str(model), "lr": 1e-2, "max_length": 64, **changes}
    )


@pytest.fixture(scope="module")
def lora(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> Path:
    return adapter(tmp_path_factory.mktemp("lora"), recipe_for(tiny_model), rows)


@pytest.fixture(scope="module")
def qlora(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> Path:
    pytest.importorskip("bitsandbytes", reason="needs bitsandbytes: pip install 'curate-data[train]'")
    changes = {"precision": "nf4", "optimizer": "paged_adamw_8bit", "checkpointing": True}
    return adapter(tmp_path_factory.mktemp("qlora"), recipe_for(tiny_model, **changes), rows)


def said(folder: Path) -> list[str]:
    return [one.answer for one in generate(open_model(folder), read_prompts(PROMPTS, "test"), Decoding(24))]


def test_merged_is_the_adapter(lora: Path, held_out: Dataset, tmp_path: Path) -> None:
    done = merge(lora, tmp_path / "merged", held_out=held_out)
    assert done.onto == RELOADED
    assert done.merged_nll[RELOADED] == pytest.approx(done.adapter_nll, abs=1e-4)
    assert said(done.folder) == said(lora)
    ids = torch.arange(4, 40)[None]
    merged, tuned = (open_model(folder).model(input_ids=ids).logits for folder in (done.folder, lora))
    torch.testing.assert_close(merged, tuned, rtol=1e-4, atol=1e-4)


def test_merged_says_where_it_comes_from(lora: Path, tmp_path: Path) -> None:
    done = merge(lora, tmp_path / "merged", dtype="bf16")
    record = read_training(done.folder)
    assert record["data"] == read_training(lora)["data"]
    assert record["merged"]["onto"] == RELOADED
    assert record["merged"]["adapter_nll"] is None
    assert "Merged onto the reloaded base, in bf16" in (done.folder / "README.md").read_text("utf-8")
    with safe_open(done.folder / "model.safetensors", "pt") as held:
        assert {held.get_tensor(name).dtype for name in held.keys()} == {torch.bfloat16}  # noqa: SIM118 (no dict)
    opened = open_model(done.folder)
    assert opened.tokenizer.chat_template == lab.TEMPLATE
    assert opened.model.generation_config.eos_token_id == [2]


def test_four_bits_load_learn_and_merge_on_a_cpu(qlora: Path, held_out: Dataset, tmp_path: Path) -> None:
    record = read_training(qlora)
    assert record["precision"] == {"asked": "nf4", "compute": "fp32", "device": "cpu", "note": ""}
    assert record["loss"][-1][1] < record["loss"][0][1] / 2
    assert record["isolation"]["moved"] == 0
    done = merge(qlora, tmp_path / "merged", held_out=held_out)
    assert set(done.merged_nll) == {DEQUANTISED, RELOADED}
    assert done.merged_nll[DEQUANTISED] == pytest.approx(done.adapter_nll, abs=1e-3)
    off = {way: abs(nll - done.adapter_nll) for way, nll in done.merged_nll.items()}
    assert off[RELOADED] > 5 * off[DEQUANTISED]
    assert done.onto == min(done.merged_nll, key=lambda way: done.merged_nll[way])
    assert "quantization_config" not in (done.folder / "config.json").read_text("utf-8")


def test_dequantised_is_what_the_adapter_was_trained_with(qlora: Path, tmp_path: Path) -> None:
    done = merge(qlora, tmp_path / "merged")
    assert done.onto == DEQUANTISED
    assert said(done.folder) == said(qlora)


def test_what_cannot_be_merged(lora: Path, tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not trained in 4 bits"):
        merge(lora, tmp_path / "a", onto=DEQUANTISED)
    with pytest.raises(UsageError, match="holds no adapter"):
        merge(tiny_model, tmp_path / "b")
    with pytest.raises(UsageError, match="not empty"):
        merge(lora, lora)
    with pytest.raises(CurateError, match="cannot be loaded"):
        merge(lora, tmp_path / "c", base=str(tmp_path))


def said_by(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def test_prompts_are_lines_or_objects() -> None:
    lines = [
        "Plain text.",
        "",
        '{"prompt": "One field."}',
        '{"instruction": "Two", "input": "fields."}',
        json.dumps(
            {"messages": [said_by("system", "Be kind."), said_by("user", "Hi."), said_by("assistant", "?")]}
        ),
        "{not JSON, so plain}",
    ]
    found = read_prompts(lines, "file", system="Be brief.")
    assert [one.turns[-1].content for one in found] == [
        *("Plain text.", "One field.", "Two\n\nfields.", "Hi.", "{not JSON, so plain}")
    ]
    assert [one.turns[0].content for one in found] == [*["Be brief."] * 3, "Be kind.", "Be brief."]
    assert [one.where for one in found] == [f"file:{number}" for number in (1, 3, 4, 5, 6)]


@pytest.mark.parametrize("lines", [["", " "], ['{"text": "Nothing to answer."}'], ['{"messages": []}']])
def test_what_is_no_prompt(lines: list[str]) -> None:
    with pytest.raises(UnreadableError, match="holds no prompt"):
        read_prompts(lines, "file")


def test_sampling_is_seeded(lora: Path) -> None:
    opened, prompts = open_model(lora), read_prompts(PROMPTS, "test")

    def drawn(seed: int) -> list[str]:
        return [one.answer for one in generate(opened, prompts, Decoding(24, temperature=5.0, seed=seed))]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
