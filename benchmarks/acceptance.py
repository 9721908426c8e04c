"""Runs the bars, prints a table, and stores it under ``benchmarks/results``.

``python -m benchmarks.acceptance`` runs all; names run some. Exits 1 if a bar does not hold.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from benchmarks.bar import Outcome

RESULTS = Path(__file__).parent / "results" / "acceptance.json"
BARS = Path(__file__).parent / "bars"
MARKS = {True: "[green]holds[/]", False: "[red]does not hold[/]", None: "[yellow]not run[/]"}


def names() -> list[str]:
    """All bars."""
    return sorted(path.stem.replace("_", "-") for path in BARS.glob("*.py") if path.stem != "__init__")


def run_bar(name: str) -> list[Outcome]:
    """The outcomes of one bar."""
    module = importlib.import_module("benchmarks.bars." + name.replace("-", "_"))
    outcomes: list[Outcome] = module.run()
    return outcomes


def main(wanted: list[str]) -> int:
    """Run bars in order, and keep the stored results of those that were not asked for."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no such bar: {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    stored = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    table = Table("bar", "line", "figure", "must be", "")
    failed = False
    for name in wanted or names():
        began = time.monotonic()
        outcomes = run_bar(name)
        failed |= any(outcome.held is False for outcome in outcomes)
        for outcome in outcomes:
            table.add_row(name, outcome.line, outcome.figure, outcome.bar, MARKS[outcome.held])
        stored[name] = {
            "seconds": round(time.monotonic() - began, 1),
            "python": platform.python_version(),
            "lines": [vars(outcome) for outcome in outcomes],
        }
        RESULTS.write_text(json.dumps(dict(sorted(stored.items())), indent=1, ensure_ascii=False) + "\n")
    Console(width=140).print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
