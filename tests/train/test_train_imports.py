"""What training imports: a machine with a GPU need not have what reads and cleans data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.train.lab import needs_training_packages

BLOCKED = ("polars", "datasets", "trl", "bitsandbytes", "pandas")
CORE = ("packing", "collate", "encode", "adapters", "lora", "merge", "generate")
"""Modules of ``curate_train`` that must come without them; ``running`` and ``loop`` load torch as well."""


def imported(modules: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys\n"
        f"for name in {BLOCKED}: sys.modules[name] = None\n"
        f"for name in {modules}: __import__('curate_train.' + name)\n"
        "print('torch' in sys.modules)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_core_needs_neither_polars_nor_trl() -> None:
    done = imported(CORE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("module", ["running", "loop", "selfcheck"])
def test_the_loop_needs_neither_polars_nor_trl(module: str) -> None:
    needs_training_packages()
    done = imported((module,))
    assert done.returncode == 0, done.stderr
