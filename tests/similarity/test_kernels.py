"""Which kernels are used, and that none are needed: an install without a compiler works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curate.core.errors import UsageError
from curate.similarity import kernels, plain

if TYPE_CHECKING:
    from curate.similarity.kernels import Kernels

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import polars as pl
from curate.similarity import kernels, self_join, shingle
sets = shingle(pl.Series(["a b c d e f", "a b c d e g", "none of it"]), 2)
pairs = self_join(sets, 0.6)
print(kernels.load().__name__, pairs.i.tolist(), pairs.j.tolist(), pairs.shared.tolist(), sets.values.sum())
"""


def test_the_variable_chooses(monkeypatch: pytest.MonkeyPatch, compiled: Kernels) -> None:
    for name, module in (("", compiled), ("compiled", compiled), ("numpy", plain)):
        monkeypatch.setenv(kernels.VARIABLE, name)
        assert kernels.load() is module
    monkeypatch.setenv(kernels.VARIABLE, "cuda")
    with pytest.raises(UsageError, match="CURATE_KERNELS is 'cuda'"):
        kernels.load()


def test_without_the_extension_numpy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "curate.similarity.compiled", None)
    monkeypatch.delenv(kernels.VARIABLE, raising=False)
    assert kernels.load() is plain
    monkeypatch.setenv(kernels.VARIABLE, "compiled")
    with pytest.raises(UsageError, match="was not built"):
        kernels.load()


def test_an_install_without_a_compiler_succeeds_and_gives_the_same(tmp_path: Path) -> None:
    """A build with a compiler that fails, from a copy of what the build needs, into a folder of its own."""
    pytest.importorskip(
        "setuptools", minversion="77", reason="needs the setuptools that pyproject.toml asks for"
    )
    said = {}
    for compiler in ("/bin/false", None):
        home = tmp_path / ("without" if compiler else "with")
        subprocess.run(
            [sys.executable, "-c", BUILD, str(home)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env=_env(compiler),
        )
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(home)],
            check=True,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        name, _, figures = done.stdout.partition(" ")
        said[name] = figures
        assert bool(list(home.rglob("_kernels*.so"))) == (name == "curate.similarity.compiled")
    assert "curate.similarity.plain" in said
    assert len(set(said.values())) == 1


def _env(compiler: str | None) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in {"CC", kernels.VARIABLE}}
    return env | ({"CC": compiler} if compiler else {})


BUILD = """
import shutil, subprocess, sys
from pathlib import Path
home = Path(sys.argv[1])
source = home.with_name(home.name + "-source")
skip = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
shutil.copytree("curate", source / "curate", ignore=skip)
for name in ("pyproject.toml", "README.md", "LICENSE"):
    shutil.copy(name, source)
sys.exit(subprocess.call([
    sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target", str(home),
    str(source),
]))
"""
