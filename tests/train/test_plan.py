"""``train plan`` without torch, and ``train doctor``: figures held against models and against the Trainer."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from curate_train.doctor import judge
from curate_train.doctor_machine import Machine, look_around
from curate_train.examples import read_dataset
from curate_train.licences import UNKNOWN, licence_of
from curate_train.memory import GIB, SHAPES, adapter_weights, memory_of, shape_of
from curate_train.plan import GPUS, Rates, flops_of, make_plan, steps_of
from curate_train.plan_lengths import lengths_of
from curate_train.recipe import read_recipe, with_changes

from curate.core.errors import UnreadableError
from tests.train import lab

if TYPE_CHECKING:
    from pathlib import Path

LLAMA, MISTRAL, SMOLLM = SHAPES
QLORA = read_recipe("llama3-8b-qlora")
ROWS = lab.every_row()[:40]

UNTORCHED = """
import sys
from curate.cli.main import cli
try:
    cli.main(args=sys.argv[1:], standalone_mode=True)
except SystemExit as done:
    print("exit", done.code)
print("loaded", *(name for name in ("torch", "transformers.models.auto", "peft") if name in sys.modules))
"""


def test_sizes_of_the_presets_are_those_of_the_published_models() -> None:
    assert SHAPES[LLAMA].weights == 8_030_261_248
    assert SHAPES[MISTRAL].weights == 7_248_023_552
    assert SHAPES[SMOLLM].weights == 134_515_008
    assert adapter_weights(SHAPES[LLAMA], QLORA) == 41_943_040
    assert adapter_weights(SHAPES[SMOLLM], QLORA) == 4_884_480


def test_sizes_are_read_from_a_folder_and_equal_the_models_own(tiny_model: Path) -> None:
    from curate_train.adapters import add_lora, load_base  # noqa: PLC0415 (heavy)
    from curate_train.precision import settle  # noqa: PLC0415 (heavy)
    from curate_train.quiet import hush  # noqa: PLC0415 (heavy)

    hush()
    shape = shape_of(str(tiny_model))
    for targets in (["all-linear"], ["q_proj", "down_proj"]):
        recipe = with_changes(read_recipe("tiny-cpu"), {"lora_targets": targets})
        model = load_base(str(tiny_model), settle("fp32"))
        assert shape.weights == sum(one.numel() for one in model.parameters())
        tuned = add_lora(model, recipe)
        assert adapter_weights(shape, recipe) == sum(
            one.numel() for one in tuned.parameters() if one.requires_grad
        )


def test_an_unknown_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="sizes are not known"):
        shape_of("somebody/something")
    (tmp_path / "config.json").write_text('{"hidden_size": 8}', "utf-8")
    with pytest.raises(UnreadableError, match="does not tell the sizes"):
        shape_of(str(tmp_path))


def test_weights_take_what_was_measured_of_llama_3() -> None:
    """Measured: 15.0 GiB in bf16, 7.3 GiB quantised and prepared for training."""
    plain = memory_of(SHAPES[LLAMA], with_changes(QLORA, {"precision": "bf16"}), 0.5)
    assert plain.weights / GIB == pytest.approx(15.0, abs=0.05)
    assert memory_of(SHAPES[LLAMA], QLORA, 0.5).weights / GIB == pytest.approx(7.3, abs=0.05)


@pytest.mark.parametrize(
    "more",
    [
        {"max_length": 4096},
        {"batch_size": 4},
        {"checkpointing": False},
        {"lora_r": 64},
        {"precision": "bf16"},
    ],
)
def test_what_needs_more_memory_is_planned_with_more(more: dict[str, object]) -> None:
    shape = SHAPES[LLAMA]
    assert memory_of(shape, with_changes(QLORA, more), 0.5).total > memory_of(shape, QLORA, 0.5).total


@pytest.mark.parametrize(
    "changes", [{}, {"accumulate": 3}, {"batch_size": 2, "accumulate": 2}, {"max_steps": 2}]
)
def test_steps_are_those_that_the_trainer_makes(
    changes: dict[str, object], tiny_model: Path, tmp_path: Path
) -> None:
    from curate_train.lora import tune  # noqa: PLC0415 (heavy)

    named = {
        "model": str(tiny_model),
        "max_length": 64,
        "batch_size": 1,
        "accumulate": 4,
        "epochs": 2,
        **changes,
    }
    recipe = with_changes(read_recipe("tiny-cpu"), named)
    data = read_dataset(lab.write_rows(tmp_path / "rows.jsonl", ROWS), force=True)
    lengths = lengths_of(data, recipe)
    plan = make_plan(lengths.rows, lengths.learned, recipe)
    record = tune(recipe, data, tmp_path / "adapter").record
    assert lengths.note == ""
    assert plan.steps == record["steps"]
    assert plan.sequences == record["sequences"]["count"]
    assert plan.tokens == record["sequences"]["tokens"]
    assert plan.fill == pytest.approx(record["sequences"]["fill"], abs=1e-4)
    assert plan.adapter_weights == record["weights"]["trained"]


def test_time_and_cost_follow_from_the_rates() -> None:
    lengths = [50 + number * 37 % 450 for number in range(400)]
    plan = make_plan(lengths, sum(lengths) // 3, QLORA, Rates(tokens=1000.0, price=2.0))
    assert plan.total_tokens == pytest.approx(3 * sum(lengths), rel=1e-3)
    assert plan.hours == pytest.approx(plan.total_tokens / 1000 / 3600)
    assert plan.cost == pytest.approx((plan.hours or math.nan) * 2)
    fast = make_plan(lengths, sum(lengths) // 3, QLORA, Rates(gpu="h100", mfu=0.3))
    assert fast.tokens_per_second == pytest.approx(GPUS["h100"].flops * 0.3 * fast.total_tokens / fast.flops)
    assert not fast.assumed
    assert make_plan(lengths, 1, QLORA, Rates(gpu="h100")).assumed
    assert make_plan(lengths, 1, QLORA, Rates(gpu="t4")).fits is True
    assert make_plan(lengths, 1, with_changes(QLORA, {"precision": "bf16"}), Rates(gpu="t4")).fits is False
    assert make_plan(lengths, 1, QLORA).hours is None


def test_operations_grow_with_weights_and_lengths() -> None:
    shape, plain = SHAPES[LLAMA], with_changes(QLORA, {"checkpointing": False})
    work = flops_of(shape, plain, 1000, 1000 * 1000, 300)
    assert work / (4 * shape.in_blocks * 1000) == pytest.approx(1, abs=0.15)
    again = flops_of(shape, QLORA, 1000, 1000 * 1000, 300)
    assert again / work == pytest.approx(1.5, abs=0.06)


def test_steps_of_partial_epochs() -> None:
    recipe = with_changes(QLORA, {"epochs": 1.5, "batch_size": 1, "accumulate": 4})
    assert [steps_of(sequences, recipe) for sequences in (1, 4, 5, 8)] == [2, 2, 3, 3]


def test_planning_imports_no_torch(tmp_path: Path) -> None:
    path = lab.write_rows(tmp_path / "rows.jsonl", ROWS)
    pytest.importorskip("transformers", reason="needs transformers for a tokenizer")
    lab.make_tokenizer(tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text(
        json.dumps(
            dict(
                zip(
                    ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"),
                    (64, 128, 2, 4),
                    strict=True,
                )
            )
            | {"vocab_size": 512}
        ),
        "utf-8",
    )
    for model in ([], ["--model", str(tmp_path / "model")]):
        words = [
            "train",
            "plan",
            str(path),
            "-r",
            "llama3-8b-qlora",
            "--gpu",
            "a100-40gb",
            "--price",
            "1.5",
            *model,
        ]
        done = subprocess.run(
            [sys.executable, "-c", UNTORCHED, *words], capture_output=True, text=True, check=True
        )
        assert "exit 0\nloaded\n" in done.stdout
        assert "cost      about" in done.stdout
        assert ("estimated" in done.stdout) is not model


def test_an_estimate_says_so_and_is_near(tmp_path: Path, tiny_model: Path) -> None:
    data = read_dataset(lab.write_rows(tmp_path / "rows.jsonl", ROWS), force=True)
    estimated = lengths_of(data, QLORA)
    assert "not at hand" in estimated.note
    assert len(estimated.rows) == len(ROWS)
    counted = lengths_of(data, with_changes(read_recipe("tiny-cpu"), {"model": str(tiny_model)}))
    assert sum(estimated.rows) == pytest.approx(sum(counted.rows), rel=0.5)


@pytest.mark.parametrize(
    ("model", "name", "duty"),
    [
        (LLAMA, "Meta Llama 3 Community License", "Built with Meta Llama 3"),
        ("meta-llama/Llama-3.1-8B-Instruct", "Llama 3.1 Community License", "begin the name"),
        (MISTRAL, "Apache-2.0", "copy of the licence"),
        (SMOLLM, "Apache-2.0", "changed"),
        ("google/gemma-2-2b-it", "Gemma Terms of Use", "restrictions"),
    ],
)
def test_licences_of_known_bases(model: str, name: str, duty: str) -> None:
    licence = licence_of(model)
    assert licence.name == name
    assert any(duty in one for one in licence.duties)


def test_an_unknown_licence_is_not_guessed(tmp_path: Path) -> None:
    assert licence_of("somebody/something") == UNKNOWN
    assert licence_of(str(tmp_path)) == UNKNOWN
    assert licence_of("Qwen/Qwen2.5-3B-Instruct") == UNKNOWN


GOOD = Machine(
    packages={
        "torch": "2.11.0+cu130",
        "transformers": "5.17.0",
        "peft": "0.18.1",
        "accelerate": "1.12",
        "bitsandbytes": "0.50.2",
    },
    gpu="NVIDIA L4",
    capability="8.9",
    cuda="13.0",
    driver="580.1",
    bf16=True,
    gpu_free=22 * GIB,
    memory_free=60 * GIB,
    disk_free=100 * GIB,
)


def levels(machine: Machine, **changes: object) -> dict[str, str]:
    recipe = with_changes(QLORA, changes)
    return {one.name: one.level for one in judge(machine, recipe, SHAPES[LLAMA]) if one.level != "good"}


def test_a_fit_machine_has_nothing_to_mend() -> None:
    assert levels(GOOD) == {}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"packages": {**GOOD.packages, "peft": "0.17.9"}}, {"peft": "bad"}),
        (
            {"packages": {name: one for name, one in GOOD.packages.items() if name != "bitsandbytes"}},
            {"bitsandbytes": "bad"},
        ),
        ({"bits_fault": "OSError: no library"}, {"precision": "bad"}),
        ({"bf16": False}, {"precision": "poor"}),
        ({"gpu_free": 8 * GIB}, {"GPU memory": "bad"}),
        ({"disk_free": 2 * GIB}, {"disk": "bad"}),
        ({"disk_free": 2 * GIB, "has_base": True}, {}),
        ({"gpu": "", "driver": ""}, {"GPU": "poor", "precision": "poor"}),
        ({"gpu": "", "cuda": ""}, {"GPU": "bad", "precision": "poor"}),
    ],
)
def test_what_a_run_would_trip_over_is_found(changes: dict[str, object], found: dict[str, str]) -> None:
    assert levels(replace(GOOD, **changes)) == found  # type: ignore[arg-type]


def test_bitsandbytes_is_asked_for_only_where_it_is_used() -> None:
    without = replace(
        GOOD, packages={name: one for name, one in GOOD.packages.items() if name != "bitsandbytes"}
    )
    assert levels(replace(without, gpu_free=80 * GIB), precision="bf16", optimizer="adamw") == {}


def test_this_machine_is_looked_at(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="needs torch: pip install 'curate-data[train]'")
    here = look_around(str(tmp_path), tmp_path / "not" / "there")
    assert here.packages["torch"]
    assert here.memory_free > 0
    assert here.disk_free > 0
    assert here.has_base
