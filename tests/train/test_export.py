"""What is exported is read back by each trainer's own code, and means there what it means here."""

# ruff: noqa: E402 (what skips stands before what needs it)
from __future__ import annotations

import json
import os
import warnings
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UsageError
from tests.train import lab, references
from tests.train.references import CONVERSATIONS, messages

lab.needs_training_packages()
import yaml
from curate_train.encode import Encoded, Encoder
from curate_train.examples import Dataset, read_dataset
from curate_train.export import TOOLS, export
from curate_train.recipe import Recipe, read_recipe, with_changes

from tests.train.test_encode_trl import TIGHT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    chats = [{"messages": messages(said)} for said in CONVERSATIONS]
    return [*chats, *lab.every_row()[:6]]


@pytest.fixture
def data(tmp_path: Path, rows: list[dict[str, Any]]) -> Dataset:
    return read_dataset(lab.write_rows(tmp_path / "rows.jsonl", rows), force=True)


@pytest.fixture
def recipe(tiny_model: Path) -> Recipe:
    return with_changes(read_recipe("tiny-cpu"), {"model": str(tiny_model), "max_length": 512})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def pairs(encoded: list[Any]) -> list[tuple[list[int], list[int]]]:
    """Ids and labels."""
    assert all(isinstance(one, Encoded) for one in encoded)
    return [
        (one.ids, [token if learns else -100 for token, learns in zip(one.ids, one.trained, strict=True)])
        for one in encoded
    ]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_record_accounts_for_every_row(tool: str, data: Dataset, recipe: Recipe, tmp_path: Path) -> None:
    done = export(tool, recipe, data, data, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "curate-export.json").read_text("utf-8"))
    assert told["examples"] + sum(told["left_out"].values()) == len(data.examples)
    assert told["rows"] == len(lines(tmp_path / "out" / "train.jsonl")) == done.rows
    assert told["verdict"] == "missing"
    assert told["data_sha256"] == data.sha256
    assert (tmp_path / "out" / "validation.jsonl").is_file()
    assert sorted(done.files) == sorted(path.name for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize("tool", ["llamafactory", "axolotl", "openai"])
def test_curate_reads_it_back_as_the_same_turns(
    tool: str, data: Dataset, recipe: Recipe, tmp_path: Path
) -> None:
    export(tool, recipe, data, None, tmp_path / "out")
    again = read_dataset(tmp_path / "out" / "train.jsonl", force=True)
    assert [one.turns for one in again.examples] == [one.turns for one in data.examples]


def test_trl_learns_the_same_tokens(data: Dataset, recipe: Recipe, tmp_path: Path) -> None:
    trl = pytest.importorskip("trl", reason="needs trl and datasets: pip install trl")
    from datasets import load_dataset  # noqa: PLC0415 (heavy)
    from transformers import AutoModelForCausalLM  # noqa: PLC0415 (heavy)

    tokenizer = references.small(tmp_path / "tokenizer", template=TIGHT)
    export("trl", recipe, data, None, tmp_path / "out")
    config = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = trl.SFTTrainer(
            model=AutoModelForCausalLM.from_pretrained(config["model"]),
            args=trl.SFTConfig(
                **(config["sft"] | {"output_dir": str(tmp_path / "adapter"), "use_cpu": True})
            ),
            train_dataset=load_dataset(
                "json",
                data_files=str(tmp_path / "out" / "train.jsonl"),
                cache_dir=str(tmp_path),
                split="train",
            ),
            processing_class=tokenizer,
        )
        made = [trainer.data_collator([row]) for row in trainer.train_dataset]
    theirs = [(one["input_ids"][0].tolist(), one["labels"][0].tolist()) for one in made]
    encodes = Encoder(tokenizer, with_changes(recipe, {"train_on": "last"}))
    split = [
        type(one)(one.key, one.turns[: number + 1])
        for one in data.examples
        for number, turn in enumerate(one.turns)
        if turn.trained
    ]
    assert theirs == pairs(encodes.encode(split))


def test_the_script_for_trl_is_python_and_names_every_file(
    data: Dataset, recipe: Recipe, tmp_path: Path
) -> None:
    export("trl", recipe, data, None, tmp_path / "out")
    compile((tmp_path / "out" / "train.py").read_text("utf-8"), "train.py", "exec")
    config = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    peft = pytest.importorskip("peft")
    assert peft.LoraConfig(**config["lora"]).r == recipe.lora_r


def test_llamafactory_reads_every_row(data: Dataset, recipe: Recipe, tmp_path: Path) -> None:
    os.environ["DISABLE_VERSION_CHECK"] = "1"
    parser = pytest.importorskip(
        "llamafactory.data.parser", reason="needs llamafactory", exc_type=ImportError
    )
    from datasets import load_dataset  # noqa: PLC0415 (heavy)
    from llamafactory.data.converter import align_dataset  # noqa: PLC0415 (optional)
    from llamafactory.hparams import DataArguments  # noqa: PLC0415 (optional)

    done = export("llamafactory", recipe, data, None, tmp_path / "out")
    config = yaml.safe_load((tmp_path / "out" / "train.yaml").read_text("utf-8"))
    (attributes,) = parser.get_dataset_list([config["dataset"]], str(tmp_path / "out"))
    file = str(tmp_path / "out" / attributes.dataset_name)
    raw = load_dataset("json", data_files=file, cache_dir=str(tmp_path), split="train")

    class Training:
        local_process_index = 0

    known = {name: config[name] for name in ("cutoff_len", "neat_packing", "packing", "mask_history")}
    aligned = align_dataset(raw, attributes, DataArguments(**known), Training())
    assert len(aligned) == done.rows == len(data.examples)
    for row, example in zip(aligned, data.examples, strict=True):
        said = [(turn["role"], turn["content"]) for turn in [*row["_prompt"], *row["_response"]]]
        assert said == [(turn.role, turn.content) for turn in example.turns if turn.role != "system"]
        assert row["_system"] == next((turn.content for turn in example.turns if turn.role == "system"), "")


def test_axolotl_accepts_the_configuration_and_learns_the_same_tokens(
    data: Dataset, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("axolotl", reason="needs axolotl")
    from axolotl.prompt_strategies.chat_template import StrategyLoader  # noqa: PLC0415 (optional)
    from axolotl.utils.config import validate_config  # noqa: PLC0415 (optional)
    from axolotl.utils.dict import DictDefault  # noqa: PLC0415 (optional)

    export("axolotl", recipe, data, None, tmp_path / "out")
    monkeypatch.chdir(tmp_path / "out")
    config = DictDefault(yaml.safe_load((tmp_path / "out" / "axolotl.yaml").read_text("utf-8")))
    has = {"bf16": True, "n_gpu": 1, "compute_capability": "sm_80", "fp8": False, "tf32": True, "n_node": 1}
    valid = validate_config(config, capabilities=has, env_capabilities={"torch_version": "2.9.0"})
    tokenizer = references.small(tmp_path / "tokenizer")
    strategy = StrategyLoader()(tokenizer, valid, valid["datasets"][0])
    theirs = [strategy.tokenize_prompt(row) for row in lines(tmp_path / "out" / "train.jsonl")]
    mine = pairs(Encoder(tokenizer, recipe).encode(data.examples))
    assert [(one["input_ids"], one["labels"]) for one in theirs] == mine


def test_rows_that_a_trainer_would_cut_are_left_out(data: Dataset, recipe: Recipe, tmp_path: Path) -> None:
    done = export("llamafactory", with_changes(recipe, {"max_length": 64}), data, None, tmp_path / "out")
    assert done.left_out == {"is longer than max_length": len(data.examples) - done.rows}
    assert 0 < done.rows < len(data.examples)


def test_answers_that_are_not_to_be_learned_stay_so(recipe: Recipe, tmp_path: Path) -> None:
    said = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "weight": 0},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]
    whole = [{key: value for key, value in turn.items() if key != "weight"} for turn in said]
    path = lab.write_rows(tmp_path / "rows.jsonl", [{"messages": said}])
    data = read_dataset(path, force=True)
    export("openai", recipe, data, None, tmp_path / "openai")
    assert [one.get("weight") for one in lines(tmp_path / "openai" / "train.jsonl")[0]["messages"]] == [
        None,
        0,
        None,
        1,
    ]
    export("trl", recipe, data, None, tmp_path / "trl")
    assert [row["completion"][0]["content"] for row in lines(tmp_path / "trl" / "train.jsonl")] == ["d"]
    export("llamafactory", recipe, data, None, tmp_path / "lf")
    assert yaml.safe_load((tmp_path / "lf" / "train.yaml").read_text("utf-8"))["mask_history"] is True
    both = read_dataset(
        lab.write_rows(tmp_path / "both.jsonl", [{"messages": said}, {"messages": whole}]), force=True
    )
    done = export("llamafactory", recipe, both, None, tmp_path / "both")
    assert (done.rows, list(done.left_out.values())) == (1, [1])


def test_a_taken_folder_and_nothing_to_export_are_errors(
    data: Dataset, recipe: Recipe, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="not empty"):
        export("trl", recipe, data, None, tmp_path)
    with pytest.raises(UsageError, match="no row can be exported"):
        export("trl", with_changes(recipe, {"max_length": 8}), data, None, tmp_path / "out")


def test_packing_is_off_where_the_trainer_would_leak(data: Dataset, recipe: Recipe, tmp_path: Path) -> None:
    assert asdict(recipe)["packing"]
    done = export("axolotl", recipe, data, None, tmp_path / "sdpa")
    assert any("see each other" in note for note in done.notes)
    assert yaml.safe_load((tmp_path / "sdpa" / "axolotl.yaml").read_text("utf-8"))["sample_packing"] is False
    flash = with_changes(recipe, {"attention": "flash_attention_2"})
    export("axolotl", flash, data, None, tmp_path / "flash")
    assert yaml.safe_load((tmp_path / "flash" / "axolotl.yaml").read_text("utf-8"))["sample_packing"] is True
