"""The generated pages are what the code says, and what the README shows is run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.write_docs import measured, pages

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8") if (ROOT / "README.md").exists() else ""


def test_generated_pages_do_not_differ() -> None:
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"run: make docs ({path.name})"


def test_every_planted_fault_is_found_and_nothing_else() -> None:
    assert [(n, p, f, r) for n, p, f, r in measured() if not p == f == r] == []


def blocks() -> list[str]:
    """The README's ``console`` blocks, whose commands are run in the root of the repository."""
    return re.findall(r"```console\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", blocks(), ids=range(len(blocks())))
def test_readme_commands_print_what_they_show(block: str, tmp_path: Path) -> None:
    """Each ``$ curate …`` runs; each line shown under it must be printed, ``…`` standing for anything."""
    shown: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            shown.append((line[2:], []))
        elif line.strip() and line.strip() != "…":
            shown[-1][1].append(line)
    for command, expected in shown:
        arguments = shlex.split(command)
        assert arguments[0] == "curate"
        arguments = [str(tmp_path / a[4:]) if a.startswith("out/") else a for a in arguments]
        program = str(Path(sys.executable).parent / "curate")
        done = subprocess.run(
            [program, *arguments[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        refused = bool(expected) and expected[0].startswith("error:")
        assert (done.returncode == 2) == refused, done.stderr
        printed = (done.stdout + done.stderr).replace(str(tmp_path), "out")
        for line in expected:
            pieces = [re.escape(piece.strip()) for piece in line.split("…")]
            assert re.search(".*".join(pieces), printed), (line, printed)
