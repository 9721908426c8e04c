"""Tasks pickled, shuffled over partitions, and each run twice: the same digest and findings for every check."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome
from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.engines import local
from curate.engines.local import InlineEngine
from curate.engines.registry import check_names
from curate.formats import chunk
from tests.engines_lab import LabEngine
from tests.faults import FAULTS, file_with

if TYPE_CHECKING:
    import polars as pl


def run() -> list[Outcome]:
    """Every check over all faults, inline and on the laboratory engine."""
    chunk.BLOCK, local.SMALL = 4096, 10
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faults.jsonl"
        path.write_bytes(b"".join(file_with(fault) for fault in FAULTS) * 2)
        plain = scan_inputs((str(path),), Plan(), engine=InlineEngine())
        differing: set[str] = set()
        tasks = 0
        for seed in range(5):
            lab = LabEngine(seed)
            other = scan_inputs((str(path),), Plan(), engine=lab)
            tasks += lab.tasks
            differing |= {n for n in check_names() if not _same(n, plain.found, other.found)}
    chunk.BLOCK, local.SMALL = 4 * 1024 * 1024, 1_000_000
    checks = len(check_names())
    return [
        Outcome(
            "checks with the same findings when tasks are pickled, shuffled and run twice (5 seeds)",
            f"{checks - len(differing)} of {checks}, {tasks} tasks, {len(plain.found)} checks with findings",
            "all",
            not differing,
        )
    ]


def _same(name: str, one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    first, second = one.get(name), other.get(name)
    if first is None or second is None:
        return first is second
    return first.equals(second)
