"""Recipes: presets, files laid over them, and every mistake told with its line."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from curate_train.recipe import Recipe, preset_names, read_recipe, with_changes

from curate.core.errors import ConfigError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

PRESETS = ("llama3-8b-qlora", "mistral-7b-qlora", "smollm2-135m-cpu", "tiny-cpu")


def test_a_recipe_has_at_most_thirty_fields() -> None:
    assert len(fields(Recipe)) <= 30


def test_defaults_are_those_of_the_qlora_paper() -> None:
    made = Recipe()
    assert (made.lora_r, made.lora_alpha, made.lora_dropout, made.lora_targets) == (
        16,
        32,
        0.05,
        ("all-linear",),
    )
    assert (made.epochs, made.lr, made.schedule, made.warmup) == (3, 2e-4, "cosine", 0.03)
    assert (made.max_grad_norm, made.weight_decay, made.precision) == (0.3, 0.001, "bf16")


def test_the_presets() -> None:
    assert preset_names() == PRESETS
    read = {name: read_recipe(name) for name in PRESETS}
    for name in PRESETS[:2]:
        assert (read[name].precision, read[name].optimizer) == ("nf4", "paged_adamw_8bit")
    assert len({one.hash for one in read.values()}) == len(PRESETS)


def test_a_file_is_laid_over_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "llama3-8b-qlora"\nlr = 1e-4\nlora_targets = ["q_proj", "v_proj"]\n', "utf-8")
    made = read_recipe(path)
    assert made == with_changes(
        read_recipe("llama3-8b-qlora"), {"lr": 1e-4, "lora_targets": ["q_proj", "v_proj"]}
    )


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '# mine\nextends = "llama3-8b-qlor"\nlearning_rate = 1\nlr = 5\nprecision = "nf5"\n'
        "packing = 1\nepochs = true\nlora_targets = []\n[lora]\nr = 3\n",
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        read_recipe(path)
    told = str(caught.value).splitlines()
    meant = [
        (3, "unknown key 'learning_rate'"),
        (4, "lr must lie between"),
        (5, "precision must be one of bf16, fp16, fp32, nf4; got 'nf5'; did you mean 'nf4'?"),
        (6, "packing must be true or false"),
        (7, "epochs must be a number"),
        (8, "lora_targets must be a list of strings"),
        (9, "unknown key 'lora'"),
        (2, "there is no recipe 'llama3-8b-qlor'; did you mean 'llama3-8b-qlora'?"),
    ]
    assert len(told) == len(meant)
    for line, (number, words) in zip(told, meant, strict=True):
        assert line.startswith(f"{path}:{number}: ")
        assert words in line


def test_what_is_no_toml_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("lr = 1e-4\nepochs =\n", "utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML") as caught:
        read_recipe(path)
    assert caught.value.where == f"{path}:2"


def test_an_unknown_name_is_answered_with_a_close_one() -> None:
    with pytest.raises(UnreadableError, match="did you mean 'tiny-cpu'"):
        read_recipe("tinycpu")


def test_the_hash_depends_on_values_alone() -> None:
    made = read_recipe("tiny-cpu")
    assert with_changes(made, {"epochs": 3}).hash == with_changes(made, {"epochs": 3.0}).hash == made.hash
    assert with_changes(made, {"seed": 1}).hash != made.hash
