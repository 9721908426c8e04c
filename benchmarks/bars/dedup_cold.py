"""What near duplicates cost on a cold start: a process of its own, empty caches, 5,000 rows to groups."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from benchmarks.bar import ROOT, Outcome, measure

ROWS = 5_000
RUNS = 3
LIMIT = 2.5
PROGRAM = """
import sys
import polars as pl
from curate.similarity import keep_nearest, ranked, self_join, shingle
texts = pl.read_ndjson(sys.argv[1])["text"]
groups = keep_nearest(self_join(shingle(texts, 5), 0.8), ranked(texts.str.len_bytes().to_numpy(), texts.to_numpy()))
print(len(groups.removed()))
"""


def run() -> list[Outcome]:
    """CPU of both kernels, without byte code of our own."""
    outcomes = []
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "data.jsonl"
        pl.DataFrame({"text": _texts()}).write_ndjson(path)
        for name in ("compiled", "numpy"):
            line = f"{ROWS:,} rows to groups, cold, CPU in all ({name} kernels)"
            if name == "compiled" and find_spec("curate.similarity._kernels") is None:
                outcomes.append(Outcome(line, "not run: the extension was not built", f"≤ {LIMIT} s", None))
                continue
            used, removed = _cold(path, Path(scratch), name)
            figure = f"{used:.2f} s, {removed} rows removed"
            outcomes.append(Outcome(line, figure, f"≤ {LIMIT} s", used <= LIMIT and removed == ROWS // 5))
    return outcomes


def _cold(path: Path, scratch: Path, kernels: str) -> tuple[float, int]:
    """The median CPU of runs that find no byte code, and the rows they remove."""
    command = [sys.executable, "-c", PROGRAM, str(path)]
    used = []
    for run in range(RUNS):
        env = {
            **os.environ,
            "CURATE_KERNELS": kernels,
            "PYTHONPYCACHEPREFIX": str(scratch / f"{kernels}{run}"),
            "PYTHONPATH": str(ROOT),
        }
        used.append(measure(command, env=env).cpu)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return statistics.median(used), int(done.stdout)


def _texts() -> list[str]:
    """Rows of about 100 words that all differ; every fifth is the one before it with two words changed."""
    texts: list[str] = []
    for row in range(ROWS):
        words = [f"w{(row * 7919 + k * k * 31 + k) % 20011}" for k in range(100)]
        if row % 5 == 4:
            words = texts[-1].split(" ")
            words[10] = words[80] = f"other{row}"
        texts.append(" ".join(words))
    return texts
