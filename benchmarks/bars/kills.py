"""kill -9 at random moments of ``fix``, ``dedup`` and ``run``: the old file or the new one, then the same bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.bar import Outcome
from tests.engines.kill_lab import COMMANDS, kill

MOMENTS = 50
"""Kills of each command."""


def run() -> list[Outcome]:
    """A line for each command."""
    return [_outcome(name) for name in COMMANDS]


def _outcome(name: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        seen = kill(name, MOMENTS, Path(folder))
    again = f"; {seen.resumed} called again ({seen.took_over} took over steps), {seen.other} with other bytes"
    return Outcome(
        f"curate {name}, killed at {MOMENTS} random moments",
        f"{seen.moments} killed, {len(seen.half)} half, {seen.published} after all was written"
        + (again if name == "run" else ""),
        f"{MOMENTS} killed, 0 half" + (", 0 with other bytes" if name == "run" else ""),
        seen.moments == MOMENTS and not seen.half and not seen.other,
    )
