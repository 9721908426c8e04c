"""10,000 damaged files: every byte lies in exactly one row, quarantine entry or separator."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.bar import ROOT, Outcome

FILES = 10_000


def run() -> list[Outcome]:
    """The conservation tests at full size."""
    env = {**os.environ, "CURATE_FUZZ": str(FILES)}
    command = [sys.executable, "-m", "pytest", "tests/formats/test_conservation.py"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or ["no output"])[-1]
    return [
        Outcome(
            f"{FILES:,} fuzzed files: conservation of bytes and rows, restore from the ledger",
            last,
            "all pass",
            done.returncode == 0,
        )
    ]
