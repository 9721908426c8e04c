"""Makes a bundle: weights, tokenizer, template, what the platform calls, smoke prompts with their answers, hashes."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from curate.core.errors import UsageError
from curate_train.adapters import TRAINING_FILE, base_of, is_adapter, open_model, read_training
from curate_train.bundle.manifest import write_manifest
from curate_train.bundle.platforms import TARGETS, write_platform
from curate_train.encode import Encoder
from curate_train.evaluate_answers import Decoding
from curate_train.files import write_json
from curate_train.generate import generate, read_prompts
from curate_train.recipe import Recipe, with_changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate_train.adapters import Opened
    from curate_train.examples import Example

SETTINGS, SMOKE = "serving.json", "smoke.jsonl"
SMOKE_TOKENS = 48
"""Longest answer to a smoke prompt."""

PROMPTS = ("Say hello in one short sentence.", "What can you help me with?", "List three colours.")
"""Asked if the user names none."""

DEFAULTS = {"max_new_tokens": 512, "temperature": 0.7, "top_k": 50, "top_p": 0.95}
MOST = 4096
"""Tokens that a request may ask for."""

_DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
_SHARED = ("adapter_config.json", "adapter_model.safetensors", TRAINING_FILE, "README.md")


@dataclass(frozen=True)
class Bundle:
    """A bundle.

    Attributes:
        folder: that can be deployed, with ``manifest.json``.
        target: the platform.
        size: bytes of all files.
    """

    folder: Path
    target: str
    size: int


def make_bundle(
    model: Path, target: str, out: Path, *, prompts: Sequence[Example] = (), base: str = ""
) -> Bundle:
    """Write a bundle of a merged model, or of an adapter whose base the endpoint gets from the hub.

    Args:
        model: a folder that ``train merge`` or ``train lora`` wrote.
        target: ``hf-endpoint``, ``sagemaker`` or ``vllm``.
        out: the folder to write.
        prompts: smoke prompts; three general ones if none.
        base: id of an adapter's base, if not as in its configuration.

    Raises:
        UsageError: there is no such target, or ``out`` is taken.
        UnreadableError: the model cannot be loaded.
    """
    if target not in TARGETS:
        raise UsageError(f"there is no target '{target}'", hint="one of: " + ", ".join(TARGETS))
    if out.exists() and any(out.iterdir()):
        raise UsageError("is not empty", where=str(out), hint="name another folder with -o")
    precision = _served_in(model)
    opened = open_model(model, precision=precision, base=base)
    weights = out / "model" if target == "vllm" else out
    weights.mkdir(parents=True)
    _copy_weights(model, opened, weights)
    settings = _settings(opened, base, precision)
    write_json(weights / SETTINGS, settings)
    _write_smoke(opened, prompts or read_prompts(PROMPTS, "smoke"), out / SMOKE)
    (out / "requirements.txt").write_text("".join(f"{line}\n" for line in requirements(settings)), "utf-8")
    write_platform(target, out, settings)
    return Bundle(out, target, write_manifest(out, target))


def _served_in(model: Path) -> str:
    """In which numbers a bundle is served: those of a merged model's weights; for an adapter, of its training."""
    training = read_training(model)
    if is_adapter(model):
        return str(training.get("precision", {}).get("compute", "bf16"))
    if "merged" in training:
        return str(training["merged"]["dtype"])
    stored = json.loads((model / "config.json").read_text("utf-8")).get("dtype") if model.is_dir() else None
    return next((short for short, name in _DTYPES.items() if name == stored), "fp32")


def _copy_weights(model: Path, opened: Opened, folder: Path) -> None:
    """Weights and what describes them; nothing else that may lie in the folder."""
    wanted = {*_SHARED, "config.json", "generation_config.json", "model.safetensors.index.json"}
    for file in sorted(model.iterdir()):
        if file.name in wanted or (file.name.startswith("model") and file.suffix == ".safetensors"):
            shutil.copyfile(file, folder / file.name)
    opened.tokenizer.save_pretrained(folder)


def _settings(opened: Opened, base: str, precision: str) -> dict[str, Any]:
    recipe = with_changes(Recipe(), opened.training.get("recipe", {}))
    encoder = Encoder(opened.tokenizer, recipe)
    return {
        "base": (base or base_of(opened.adapter)) if opened.adapter else "",
        "dtype": _DTYPES[precision],
        "stop_ids": list(encoder.stop_ids),
        "pad_id": encoder.pad_id,
        "max_length": min(_longest(opened), recipe.max_length + MOST),
        "lora_r": recipe.lora_r if opened.adapter else 0,
        "defaults": DEFAULTS,
        "most_new_tokens": MOST,
    }


def _longest(opened: Opened) -> int:
    """Tokens that the model has positions for."""
    return int(getattr(opened.model.config, "max_position_embeddings", 1 << 20))


def _write_smoke(opened: Opened, prompts: Sequence[Example], file: Path) -> None:
    """Prompts with what the model that was bundled says to them, greedily, each for itself as an endpoint is asked."""
    lines = []
    for one in prompts:
        (said,) = generate(opened, [one], Decoding(SMOKE_TOKENS))
        messages = [{"role": turn.role, "content": turn.content} for turn in one.turns]
        lines.append({"messages": messages, "max_new_tokens": SMOKE_TOKENS, "expected": said.answer})
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def requirements(settings: dict[str, Any]) -> list[str]:
    """What the server needs, pinned to what was used here; torch comes with the platforms' images."""
    names = (
        "transformers",
        "tokenizers",
        "safetensors",
        "accelerate",
        *(("peft",) if settings["base"] else ()),
    )
    found = []
    for name in names:
        try:
            found.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            found.append(name)
    return [*found, "torch>=2.4"]
