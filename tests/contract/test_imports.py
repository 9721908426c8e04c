"""What starting costs: which modules a command imports."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    "torch",
    "transformers",
    "great_expectations",
    "datasets",
    "pandas",
    "pyarrow",
    "ray",
    "datasketch",
    "numpy",
}


def modules_after(code: str) -> set[str]:
    script = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint('\\nMODULES', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("MODULES")[2].split())


def run_code(*arguments: str) -> str:
    return f"sys.argv = {['curate', *arguments]!r}; from curate.cli.main import main; main()"


def test_help_imports_neither_polars_nor_rich() -> None:
    loaded = modules_after(run_code("--help"))
    assert "curate.cli.main" in loaded
    assert not {"polars", "rich", "jinja2", "curate.api"} & loaded
    assert not HEAVY & loaded


def test_check_imports_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text('{"prompt": "Name a colour.", "completion": "Blue."}\n')
    loaded = modules_after(run_code("check", str(path)))
    assert "polars" in loaded
    assert not {"rich", "jinja2", "zstandard", "curate.reports.html"} & loaded
    assert not HEAVY & loaded
