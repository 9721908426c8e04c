"""The shape of the code: sizes, layers, style and types, held for good."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    p for top in ("curate", "train", "benchmarks", "tests", "data") for p in (ROOT / top).rglob("*.py")
)
FILE_LINES = 500
FUNCTION_LINES = 60


def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in SOURCES]


def test_files_are_small() -> None:
    assert [str(p) for p in SOURCES if p.read_text("utf-8").count("\n") > FILE_LINES] == []


def test_functions_are_small() -> None:
    large = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert large == []


def test_nothing_is_global() -> None:
    assert [
        str(path) for path, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Global)
    ] == []


def test_inheritance_is_flat() -> None:
    """At most two levels of our own classes, errors aside."""
    bases: dict[str, list[str]] = {}
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]

    def depth(name: str) -> int:
        return 1 + max((depth(base) for base in bases.get(name, []) if base in bases), default=0)

    assert [name for name in bases if depth(name) > 3 and not name.endswith("Error")] == []


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["importlinter.cli", "lint"],
    ],
    ids=" ".join,
)
def test_linters_pass(command: list[str]) -> None:
    if command[0] == "importlinter.cli":
        arguments = [str(Path(sys.executable).parent / "lint-imports")]
    else:
        arguments = [sys.executable, "-m", *command]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
