"""A grid at equal budget, and the flags of a recipe."""
# ruff: noqa: E402 (what skips stands before what needs it)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curate.core.errors import ConfigError, UsageError
from tests.train import lab

lab.needs_training_packages()

from curate_train.adapters import read_training
from curate_train.examples import read_dataset
from curate_train.recipe import read_recipe, with_changes
from curate_train.recipe_flags import recipe_of
from curate_train.sweep import Grid, sweep

if TYPE_CHECKING:
    from pathlib import Path


def test_a_grid_is_ranked_by_held_out_answers_and_not_trained_twice(tiny_model: Path, tmp_path: Path) -> None:
    rows = lab.every_row()
    data = read_dataset(lab.write_rows(tmp_path / "train.jsonl", rows[:24]), force=True)
    held_out = read_dataset(lab.write_rows(tmp_path / "aside.jsonl", rows[24:32]), force=True)
    changes = {"model": str(tiny_model), "max_steps": 4, "max_length": 64}
    recipe = with_changes(read_recipe("tiny-cpu"), changes)
    told: list[str] = []
    grid, out = Grid((1e-5, 1e-2), (4, 8)), tmp_path / "sweep"
    cells = sweep(recipe, data, held_out, grid, out, told.append)
    assert len(told) == 4
    assert [cell.after for cell in cells] == sorted(cell.after for cell in cells)
    assert cells[0].lr == 1e-2
    assert len({cell.before for cell in cells}) == 1
    records = [read_training(cell.folder) for cell in cells]
    assert {record["steps"] for record in records} == {4}
    assert {record["recipe"]["lora_alpha"] / record["recipe"]["lora_r"] for record in records} == {2.0}
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*.safetensors")}
    assert sweep(recipe, data, held_out, grid, out, told.append) == cells
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*.safetensors")} == before
    with pytest.raises(UsageError, match="other data or another recipe"):
        sweep(with_changes(recipe, {"seed": 1}), data, held_out, grid, out, told.append)
    with pytest.raises(UsageError, match="grid is empty"):
        sweep(recipe, data, held_out, Grid((), (8,)), out, told.append)


def test_flags_lie_over_a_recipe() -> None:
    settings = ["lr=1e-3", "packing=false", "epochs=2", "lora_targets=q_proj, v_proj", "lora_r=4"]
    recipe = recipe_of("tiny-cpu", model="somewhere", settings=settings)
    assert (recipe.lr, recipe.packing, recipe.epochs, recipe.lora_r) == (1e-3, False, 2.0, 4)
    assert recipe.lora_targets == ("q_proj", "v_proj")
    assert recipe.model == "somewhere"


@pytest.mark.parametrize(
    ("setting", "error", "words"),
    [
        ("lr", UsageError, "not written as KEY=VALUE"),
        ("lrr=1", ConfigError, "unknown key 'lrr'"),
        ("lr=fast", ConfigError, "must be a number"),
        ("packing=perhaps", ConfigError, "true or false"),
    ],
)
def test_settings_that_make_no_sense(setting: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        recipe_of("tiny-cpu", settings=[setting])
