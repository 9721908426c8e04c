"""What starting costs, and how the cost grows with the rows."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.bar import Outcome, curate, measure

RUNS = 5


def run() -> list[Outcome]:
    """Medians of whole-process CPU."""
    bare = _median([sys.executable, "-c", "pass"])
    started = _median(curate("--help")) - bare
    with tempfile.TemporaryDirectory() as folder:
        small = _median(curate("check", str(_corpus(Path(folder), 100))))
        one = _median(
            curate("report", str(_corpus(Path(folder), 20_000)), "--json", "--quiet", "--workers", "1")
        )
        ten = _median(
            curate("report", str(_corpus(Path(folder), 200_000)), "--json", "--quiet", "--workers", "1"), 3
        )
    return [
        Outcome("curate --help over bare Python, CPU", f"{started:.3f} s", "≤ 0.15 s", started <= 0.15),
        Outcome("curate check on 100 rows, cold, CPU", f"{small:.2f} s", "≤ 1 s", small <= 1),
        Outcome("CPU for 200,000 rows against 20,000", f"{ten / one:.1f}×", "≤ 11×", ten / one <= 11),
    ]


def _median(command: list[str], runs: int = RUNS) -> float:
    return statistics.median(measure(command).cpu for _ in range(runs))


def _corpus(folder: Path, rows: int) -> Path:
    """Rows that all differ, of about 300 bytes."""
    path = folder / f"{rows}.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for i in range(rows):
            answer = f"Clause {i} lets tenant {i * 7919 % rows} end the lease after {i % 90 + 30} days, " * 3
            row = {
                "instruction": f"Sum up clause {i} of lease {i * 31 % rows}.",
                "input": "",
                "output": answer,
            }
            out.write(json.dumps(row) + "\n")
    return path
