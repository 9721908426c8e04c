"""A bundle answers in a clean place, without the network, as its model did."""
# ruff: noqa: E402 (what skips stands before what needs it)

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

import pytest

from curate.core.errors import UnreadableError, UsageError
from tests.train import lab

lab.needs_training_packages()

from curate_train.bundle.making import SETTINGS, SMOKE, make_bundle
from curate_train.bundle.manifest import read_manifest
from curate_train.bundle.platforms import ARCHIVE, TARGETS, vllm_arguments, write_archive
from curate_train.bundle.proving import BundleError, prove
from curate_train.examples import read_dataset
from curate_train.generate import read_prompts
from curate_train.lora import tune
from curate_train.merge import merge
from curate_train.recipe import read_recipe, with_changes

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = ["The red door is at the mill. Where is it?"]


@pytest.fixture(scope="module")
def adapter(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundled")
    data = read_dataset(lab.write_rows(folder / "rows.jsonl", lab.every_row()[:32]), force=True)
    changes = {"model": str(tiny_model), "lora_r": 20, "lr": 1e-2}
    return tune(with_changes(read_recipe("tiny-cpu"), changes), data, folder / "adapter").folder


@pytest.fixture(scope="module")
def merged(adapter: Path) -> Path:
    return merge(adapter, adapter.parent / "merged").folder


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", TARGETS)
def test_a_bundle_replays_offline_in_a_clean_folder(merged: Path, tmp_path: Path, target: str) -> None:
    made = make_bundle(merged, target, tmp_path / "bundle", prompts=read_prompts(PROMPTS, "test"))
    done = prove(made.folder)
    assert done.target == target
    assert done.wrong == []
    assert len(done.found) == 1
    assert done.found[0]


def test_an_adapter_is_bundled_with_the_name_of_its_base(
    adapter: Path, tiny_model: Path, tmp_path: Path
) -> None:
    made = make_bundle(adapter, "vllm", tmp_path / "bundle", prompts=read_prompts(PROMPTS, "test"))
    settings = json.loads((made.folder / "model" / SETTINGS).read_text("utf-8"))
    assert settings["base"] == str(tiny_model)
    assert "--enable-lora --max-lora-rank 32 --lora-modules tuned=./model" in " ".join(
        vllm_arguments(settings)
    )
    assert "model/model.safetensors" not in names(made.folder)
    assert "peft==" in (made.folder / "requirements.txt").read_text("utf-8")
    assert prove(made.folder).wrong == []


def test_each_platform_gets_what_it_looks_for(merged: Path, tmp_path: Path) -> None:
    hub = make_bundle(merged, "hf-endpoint", tmp_path / "hub").folder
    assert {"handler.py", "serving.py", "requirements.txt", "README.md", "model.safetensors"} <= names(hub)
    aws = make_bundle(merged, "sagemaker", tmp_path / "aws").folder
    assert names(aws) == {ARCHIVE, "requests.json", SMOKE, "manifest.json"}
    with tarfile.open(aws / ARCHIVE) as tar:
        assert {"model.safetensors", "code/inference.py", "code/serving.py", "code/requirements.txt"} <= set(
            tar.getnames()
        )
    calls = json.loads((aws / "requests.json").read_text("utf-8"))
    assert list(calls) == [
        *("sagemaker.create_model", "sagemaker.create_endpoint_config", "sagemaker.create_endpoint"),
        "sagemaker-runtime.invoke_endpoint",
    ]
    assert json.loads(calls["sagemaker-runtime.invoke_endpoint"]["Body"])["inputs"][0]["role"] == "user"


def test_no_word_of_the_training_data_and_no_path_of_this_machine(merged: Path, tmp_path: Path) -> None:
    hub = make_bundle(
        merged, "hf-endpoint", tmp_path / "hub", prompts=read_prompts(["Hello."], "test")
    ).folder
    for name in names(hub) - {"tokenizer.json", "model.safetensors", SMOKE, "training.json"}:
        text = (hub / name).read_text("utf-8")
        assert str(tmp_path.parent) not in text, name
        assert "harbour" not in text, name


def test_a_bundle_that_was_changed_is_told(merged: Path, tmp_path: Path) -> None:
    bundle = make_bundle(merged, "hf-endpoint", tmp_path / "bundle").folder
    (bundle / "handler.py").write_text("# mine\n")
    (bundle / "requirements.txt").unlink()
    (bundle / "note.txt").write_text("mine")
    with pytest.raises(BundleError) as told:
        prove(bundle)
    for words in ("handler.py was changed", "requirements.txt is missing", "note.txt is not in the manifest"):
        assert words in str(told.value)
    with pytest.raises(UnreadableError, match="no manifest of a bundle"):
        prove(merged)


def test_an_answer_that_differs_is_told(merged: Path, tmp_path: Path) -> None:
    from curate_train.bundle.manifest import write_manifest  # noqa: PLC0415 (spoils a bundle on purpose)

    bundle = make_bundle(
        merged, "hf-endpoint", tmp_path / "bundle", prompts=read_prompts(PROMPTS, "t")
    ).folder
    line = json.loads((bundle / SMOKE).read_text("utf-8"))
    (bundle / SMOKE).write_text(json.dumps({**line, "expected": "Something else."}) + "\n")
    write_manifest(bundle, "hf-endpoint")
    assert prove(bundle).wrong == [0]


def test_a_server_that_wants_the_network_does_not_pass(merged: Path, tmp_path: Path) -> None:
    from curate_train.bundle.manifest import write_manifest  # noqa: PLC0415 (the same)

    bundle = make_bundle(merged, "hf-endpoint", tmp_path / "bundle").folder
    call = "\nimport urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')\n"
    (bundle / "handler.py").write_text((bundle / "handler.py").read_text("utf-8") + call)
    write_manifest(bundle, "hf-endpoint")
    with pytest.raises(BundleError, match="without the network"):
        prove(bundle)


def test_an_archive_depends_on_nothing_but_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    write_archive(tmp_path / "x.tar.gz", tmp_path, [tmp_path / "a"])
    (tmp_path / "a").touch()
    write_archive(tmp_path / "y.tar.gz", tmp_path, [tmp_path / "a"])
    assert (tmp_path / "x.tar.gz").read_bytes() == (tmp_path / "y.tar.gz").read_bytes()


def test_the_manifest_names_every_file(merged: Path, tmp_path: Path) -> None:
    made = make_bundle(merged, "sagemaker", tmp_path / "bundle")
    manifest = read_manifest(made.folder)
    assert {one["name"] for one in manifest["files"]} | {"manifest.json"} == names(made.folder)
    assert made.size == sum(one["size"] for one in manifest["files"])


def test_what_cannot_be_bundled(merged: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no target 'azure'"):
        make_bundle(merged, "azure", tmp_path / "a")
    with pytest.raises(UsageError, match="not empty"):
        make_bundle(merged, "vllm", merged)
