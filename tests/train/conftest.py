"""The tiny model, once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.train import lab

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny Llama with its tokenizer; tests that use it skip without torch, transformers and peft."""
    lab.needs_training_packages()
    return lab.make_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Tiny matrices gain nothing from a second thread, and threads that wait for each other cost what they wait."""
    try:
        import torch  # noqa: PLC0415 (only where it is there)
    except ImportError:
        return
    torch.set_num_threads(1)
