"""From rows to an adapter, on the tiny model."""

# ruff: noqa: E402 (what skips stands before what needs it)
from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import CurateError, UsageError
from tests.train import lab

lab.needs_training_packages()

import torch
from curate_train import running
from curate_train.adapters import is_adapter, open_model, read_training
from curate_train.advice import NotFiniteError, OutOfMemoryError, advised, less_memory
from curate_train.collate import Collator
from curate_train.encode import Encoder
from curate_train.examples import Dataset, read_dataset
from curate_train.loop import mean_nll
from curate_train.lora import CHECKPOINTS, Tuned, feed, last_checkpoint, tune
from curate_train.recipe import Recipe, read_recipe, with_changes
from curate_train.splits import training_parts
from safetensors.torch import load_file, save_file

if TYPE_CHECKING:
    from pathlib import Path

    from curate_train.progress import Standing


@pytest.fixture
def rows() -> list[dict[str, str]]:
    """24 to learn, 8 to measure on."""
    return random.Random(0).sample(lab.every_row(), 32)  # noqa: S311 (no secret)


@pytest.fixture
def data(tmp_path: Path, rows: list[dict[str, str]]) -> Dataset:
    return read_dataset(lab.write_rows(tmp_path / "train.jsonl", rows[:24]), force=True)


@pytest.fixture
def held_out(tmp_path: Path, rows: list[dict[str, str]]) -> Dataset:
    return read_dataset(lab.write_rows(tmp_path / "aside.jsonl", rows[24:]), force=True)


@pytest.fixture
def recipe(tiny_model: Path) -> Recipe:
    """Eight steps with dropout, a checkpoint every third."""
    changes = {"model": str(tiny_model), "epochs": 2, "max_length": 64, "batch_size": 1, "accumulate": 2}
    return with_changes(read_recipe("tiny-cpu"), {**changes, "lora_dropout": 0.1, "save_every": 3})


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter_model.safetensors")


class Interrupt:
    """A user who presses Ctrl-C after a step."""

    def __init__(self, step: int) -> None:
        self.step = step

    def __call__(self, now: Standing) -> None:
        if now.step == self.step:
            raise KeyboardInterrupt


def interrupted(recipe: Recipe, data: Dataset, out: Path, step: int, **named: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        tune(recipe, data, out, progress=Interrupt(step), **named)


def test_an_adapter_says_what_it_was_made_from(
    recipe: Recipe, data: Dataset, held_out: Dataset, tmp_path: Path
) -> None:
    told: list[Standing] = []
    tuned = tune(recipe, data, tmp_path / "adapter", held_out=held_out, progress=told.append)
    record = read_training(tuned.folder)
    assert record == json.loads(json.dumps(tuned.record))
    assert record["data"]["sha256"] == data.sha256
    assert record["data"]["verdict"] == "missing"
    assert record["data"]["forced"] is True
    assert record["recipe_sha256"] == recipe.hash
    assert record["versions"]["torch"] == torch.__version__
    assert record["isolation"] == {"moved": 0.0, "leak": record["isolation"]["leak"]}
    assert record["held_out_nll"][0][1] > record["held_out_nll"][-1][1]
    assert [now.step for now in told] == list(range(1, record["steps"] + 1))
    assert told[-1].left == 0
    assert not (tuned.folder / CHECKPOINTS).exists()
    card = (tuned.folder / "README.md").read_text("utf-8")
    assert data.sha256 in card
    assert "not checked; used all the same (--force)" in card
    assert str(tmp_path) not in card


def test_weights_are_safetensors_and_open_again(
    recipe: Recipe, data: Dataset, held_out: Dataset, tmp_path: Path
) -> None:
    tuned = tune(recipe, data, tmp_path / "adapter", held_out=held_out)
    assert not [path for path in tuned.folder.rglob("*") if path.suffix in {".bin", ".pt", ".pth", ".pkl"}]
    assert is_adapter(tuned.folder)
    opened = open_model(tuned.folder)
    assert opened.tokenizer.chat_template == lab.TEMPLATE
    encoder = Encoder(opened.tokenizer, recipe)
    fed = feed(held_out.examples, encoder, recipe)
    again = mean_nll(opened.model, running.batches(fed.packs, Collator(encoder.pad_id), 4))
    assert again == pytest.approx(tuned.record["held_out_nll"][-1][1], abs=2e-5)


@pytest.mark.parametrize("step", [1, 5, 7])
def test_interrupted_and_resumed_is_uninterrupted_bit_for_bit(
    recipe: Recipe, data: Dataset, held_out: Dataset, tmp_path: Path, step: int
) -> None:
    whole = tune(recipe, data, tmp_path / "whole", held_out=held_out)
    interrupted(recipe, data, tmp_path / "again", step, held_out=held_out)
    resumed = tune(recipe, data, tmp_path / "again", held_out=held_out, resume=True)
    expected, found = weights(whole.folder), weights(resumed.folder)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    for name in ("loss", "held_out_nll", "steps", "isolation"):
        assert whole.record[name] == resumed.record[name], name


def test_a_checkpoint_that_was_cut_off_is_not_resumed_from(
    recipe: Recipe, data: Dataset, tmp_path: Path
) -> None:
    interrupted(recipe, data, tmp_path / "adapter", 7)
    checkpoints = tmp_path / "adapter" / CHECKPOINTS
    assert last_checkpoint(checkpoints) == checkpoints / "checkpoint-6"
    (checkpoints / "checkpoint-6" / "trainer_state.json").write_text('{"global_step": 6, "log_hi', "utf-8")
    assert last_checkpoint(checkpoints) == checkpoints / "checkpoint-3"
    resumed = tune(recipe, data, tmp_path / "adapter", resume=True)
    whole = tune(recipe, data, tmp_path / "whole")
    expected, found = weights(whole.folder), weights(resumed.folder)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_only_the_same_run_is_resumed(
    recipe: Recipe, data: Dataset, held_out: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "adapter"
    interrupted(recipe, data, out, 4)
    with pytest.raises(UsageError, match="unfinished run") as told:
        tune(recipe, data, out)
    assert "--resume" in told.value.hint
    for other in (
        {"recipe": with_changes(recipe, {"lr": 1e-3}), "data": data},
        {"recipe": recipe, "data": held_out},
        {"recipe": recipe, "data": data, "held_out": held_out},
    ):
        with pytest.raises(UsageError, match="other data or another recipe"):
            tune(**other, out=out, resume=True)


def test_a_folder_that_holds_something_is_not_written_over(
    recipe: Recipe, data: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "adapter"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        tune(recipe, data, out)
    shutil.rmtree(out)
    tune(with_changes(recipe, {"max_steps": 1}), data, out)
    with pytest.raises(UsageError, match="finished adapter"):
        tune(recipe, data, out, resume=True)


def test_training_stops_when_the_held_out_part_gets_no_better(
    recipe: Recipe, data: Dataset, held_out: Dataset, tmp_path: Path
) -> None:
    changes = {
        "lr": 0.2,
        "schedule": "constant",
        "max_grad_norm": 0.0,
        "max_steps": 60,
        "eval_every": 1,
        "patience": 2,
    }
    tuned = tune(with_changes(recipe, changes), data, tmp_path / "adapter", held_out=held_out)
    record = tuned.record
    curve = dict(record["held_out_nll"][1:])
    assert record["steps"] < 60
    assert record["best_step"] == min(curve, key=curve.__getitem__)
    assert record["steps"] == record["best_step"] + 2


@pytest.fixture
def broken_model(tiny_model: Path, tmp_path: Path) -> Path:
    """A model with a weight that is not a number."""
    folder = shutil.copytree(tiny_model, tmp_path / "broken")
    held = load_file(folder / "model.safetensors")
    held["model.norm.weight"][0] = torch.nan
    save_file(held, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def test_numbers_that_run_away_give_advice(
    recipe: Recipe, broken_model: Path, data: Dataset, tmp_path: Path
) -> None:
    wild = with_changes(
        recipe, {"model": str(broken_model), "packing": False, "max_grad_norm": 0.0, "lr": 0.04}
    )
    with pytest.raises(NotFiniteError, match="ran away") as told:
        tune(wild, data, tmp_path / "adapter")
    assert "lr = 0.01 (it is 0.04)" in told.value.hint
    assert "max_grad_norm = 0.3" in told.value.hint
    assert last_checkpoint(tmp_path / "adapter" / CHECKPOINTS) is None


def test_a_damaged_base_is_named_before_the_first_step(
    recipe: Recipe, broken_model: Path, data: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(CurateError, match="weights are damaged"):
        tune(with_changes(recipe, {"model": str(broken_model)}), data, tmp_path / "adapter")


def test_memory_that_is_short_gives_advice(recipe: Recipe) -> None:
    big = with_changes(recipe, {"batch_size": 8, "accumulate": 4, "max_length": 4096})
    with pytest.raises(OutOfMemoryError) as told, advised(big):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    assert "batch_size = 4 with accumulate = 8 (the same steps)" in told.value.hint
    assert less_memory(big)[0] == "checkpointing = true"
    with pytest.raises(OutOfMemoryError), advised(big):
        torch.empty(1 << 50)
    with pytest.raises(RuntimeError, match="shape"), advised(big):
        raise RuntimeError("shape mismatch")


def test_rows_that_are_too_long_are_left_out_and_counted(
    recipe: Recipe, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    long = {"prompt": "Where? " * 60, "completion": "Here."}
    data = read_dataset(lab.write_rows(tmp_path / "d.jsonl", [*rows[:6], long]), force=True)
    tuned = tune(with_changes(recipe, {"max_steps": 1}), data, tmp_path / "adapter")
    assert tuned.record["left_out"] == {"is longer than max_length": 1}
    with pytest.raises(UsageError, match="no row can be trained on: is longer than max_length"):
        tune(recipe, read_dataset(lab.write_rows(tmp_path / "e.jsonl", [long]), force=True), tmp_path / "b")


def test_a_held_out_row_is_never_trained_on(
    tiny_model: Path, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    recipe = with_changes(read_recipe("tiny-cpu"), {"model": str(tiny_model)})
    train = lab.write_rows(tmp_path / "train.jsonl", rows[:24])
    aside = lab.write_rows(tmp_path / "aside.jsonl", rows[20:])
    with pytest.raises(UsageError, match="4 held-out rows are trained on"):
        training_parts([str(train)], recipe, held_out=[str(aside)], force=True)


def test_data_without_a_verdict_is_refused(
    tiny_model: Path, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    recipe = with_changes(read_recipe("tiny-cpu"), {"model": str(tiny_model)})
    train = lab.write_rows(tmp_path / "train.jsonl", rows)
    with pytest.raises(UsageError, match="no gate has seen this data"):
        training_parts([str(train)], recipe)


def test_a_recipe_without_a_model_and_a_model_that_is_none(
    recipe: Recipe, data: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(CurateError, match="names no base model"):
        tune(with_changes(recipe, {"model": ""}), data, tmp_path / "a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CurateError) as told:
        tune(with_changes(recipe, {"model": str(tmp_path / "empty")}), data, tmp_path / "b")
    assert told.value.hint


def test_two_trainings_of_one_seed_are_one(recipe: Recipe, data: Dataset, tmp_path: Path) -> None:
    def made(name: str, **changes: Any) -> Tuned:
        return tune(with_changes(recipe, {"max_steps": 2, **changes}), data, tmp_path / name)

    first, second, other = (
        weights(made("a").folder),
        weights(made("b").folder),
        weights(made("c", seed=1).folder),
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)
