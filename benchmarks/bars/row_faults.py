"""One bad row after six clean ones: found at its line, and the exit code is right."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.bar import Outcome
from curate.api import report
from tests.faults import FAULTS, LAYOUTS, Fault, clean_rows, file_with


def run() -> list[Outcome]:
    """Every kind of fault, and the clean rows of every layout."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.jsonl"
        missed = [fault.name for fault in FAULTS if not _found(fault, path)]
        alarms = [layout for layout in LAYOUTS if not _clean(layout, path)]
    found = len(FAULTS) - len(missed)
    return [
        Outcome(
            "kinds of row fault found at their file:line, with the right exit code",
            f"{found} of {len(FAULTS)}" + (f"; missed: {', '.join(missed)}" if missed else ""),
            "all",
            not missed,
        ),
        Outcome(
            "six clean rows alone: exit 0 and no finding",
            f"{len(LAYOUTS) - len(alarms)} of {len(LAYOUTS)} layouts",
            "all",
            not alarms,
        ),
    ]


def _found(fault: Fault, path: Path) -> bool:
    path.write_bytes(file_with(fault))
    result = report(str(path))
    if fault.check == "quarantine":
        lines = [item.line for item in result.quarantine]
    else:
        lines = [e.place.line for p in result.problems if p.check == fault.check for e in p.examples]
    return lines == [fault.line] and result.verdict.exit_code == int(fault.blocks)


def _clean(layout: str, path: Path) -> bool:
    path.write_text("".join(json.dumps(row) + "\n" for row in clean_rows(layout)), "utf-8")
    result = report(str(path))
    return not result.problems and result.verdict.exit_code == 0
