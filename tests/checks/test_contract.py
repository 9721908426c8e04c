"""Every check keeps the contract, and the contract catches what does not keep it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli.main import GROUPS
from curate.core.manual import manual_of
from curate.engines.contract import broken_promises
from curate.engines.registry import BUILT_IN, check_names, load_check
from curate.engines.registry import module_name as name_of

CHECKS = [load_check(name) for name in check_names()]
BY_NAME = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
ROOT = Path(__file__).parents[2]


@BY_NAME
def test_check_keeps_the_contract(check) -> None:  # noqa: ANN001 (a check)
    assert broken_promises(check) == []


@BY_NAME
def test_commands_that_mend_exist(check) -> None:  # noqa: ANN001 (a check)
    known = {name for group in GROUPS.values() for name in group}
    for command in re.findall(r"`(curate [^`]+)`", manual_of(check).mend):
        assert command.split()[1] in known


def test_names_are_paths() -> None:
    files = {name_of(path) for path in BUILT_IN.glob("*/*.py") if path.stem != "__init__"}
    assert files == {check.name for check in CHECKS}


HOW_TO = (ROOT / "docs" / "how-to" / "write-a-check.md").read_text("utf-8")
SHOUTING = re.findall(r"```python\n(.*?)```", HOW_TO, re.DOTALL)[0]


def own(folder: Path, source: str) -> Path:
    (folder / "style").mkdir()
    (folder / "style" / "shouting.py").write_text(source, "utf-8")
    return folder


def explain(folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).parent / "curate")
    command = [program, "explain", "style.shouting", "--checks", str(folder), "--test"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_how_to_makes_a_check_that_works(tmp_path: Path) -> None:
    done = explain(own(tmp_path, SHOUTING))
    assert done.stdout == "style.shouting: keeps the contract\n"
    assert done.returncode == 0
    data = tmp_path / "data.jsonl"
    data.write_text('{"prompt": "Who repairs it?", "completion": "THE LANDLORD REPAIRS THE ROOF."}\n')
    program = str(Path(sys.executable).parent / "curate")
    command = [program, "check", str(data), "--checks", str(tmp_path), "--select", "style"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "data.jsonl:1: warning: style.shouting: 1 row" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("THE LANDLORD REPAIRS", "The landlord repairs", "lines [] are flagged instead of [0]"),
        ('answer("HUD.")', 'answer("HOUSING AND URBAN DEVELOPMENT")', "CLEAN[1] is flagged"),
        ("Why     ", "", "the section Why of the page says nothing"),
        ("frozen=True", "frozen=False", "cannot be loaded"),
        (
            "import polars as pl",
            "import polars as pl\nfrom curate.api import report",
            "may import curate.core",
        ),
        ("class Shouting(RowCheck)", "class Shouting", "exactly one check, found 0"),
    ],
)
def test_broken_checks_are_caught(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in SHOUTING
    done = explain(own(tmp_path, SHOUTING.replace(old, new)))
    assert done.returncode == 3
    assert complaint in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
