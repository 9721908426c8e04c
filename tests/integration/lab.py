"""A git repository with data in it, and what a platform sees of it: files, an environment, a shell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
NAMES = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.com",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
LEAK = "<|im_end|>"


def row(at: int, more: str = "") -> dict[str, str]:
    """A sound row; ``more`` is put behind its answer."""
    return {
        "instruction": f"What does clause {at} of the lease with firm {at * 7} say about rent?",
        "input": "",
        "output": f"Clause {at} says that the rent of unit {at * 3} is paid monthly.{more}",
    }


@dataclass(frozen=True)
class Repository:
    """A git repository in a temporary folder."""

    folder: Path

    def write(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        """Write rows as JSON lines."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
        return path

    def git(self, *words: str, fails: bool = False) -> str:
        """Run git; what it and its hooks print."""
        done = self.run(["git", *words])
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def run(self, command: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository, with this Python's programs first on the path."""
        return subprocess.run(
            command, cwd=self.folder, env=environment(**more), capture_output=True, text=True, check=False
        )


def environment(**more: str) -> dict[str, str]:
    """The environment of this process, with the programs of this Python."""
    programs = str(Path(sys.executable).parent)
    return {
        **os.environ,
        **NAMES,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        **more,
    }


def inputs_filled(value: str, inputs: Mapping[str, str]) -> str:
    """``${{ inputs.NAME }}`` as GitHub fills it in."""
    return re.sub(r"\$\{\{ *inputs\.(\w+) *\}\}", lambda found: inputs[found[1]], value)
