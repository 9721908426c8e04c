"""What ``curate coverage`` costs without a contract: CPU on a real file, memory on a million rows.

All usual facets, topics and numbers. One process, since several split a corpus of this size for less waiting and more
CPU; with them, peak memory is that of the largest.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import zstandard

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data
from benchmarks.generated_rows import write_rows

ROWS = 1_000_000
CPU, PEAK_MIB = 25.0, 8 * 1024


def run() -> list[Outcome]:
    """Both in turn."""
    return [_real(), *_large()]


def _real() -> Outcome:
    line, bar = "curate coverage of 55,185 rows (T0): CPU of one process", f"{CPU:.0f} s"
    folder = real_data()
    if folder is None:
        return needs_data(line, bar)
    with tempfile.TemporaryDirectory() as there:
        path = Path(there) / "t0.jsonl"
        with (folder / "selfinstruct/t0_55k.jsonl.zst").open("rb") as packed, path.open("wb") as plain:
            zstandard.ZstdDecompressor().copy_stream(packed, plain)
        done = measure(_command(path), cwd=Path(there))
    figure = f"{done.cpu:.1f} s, {done.peak_mib:,.0f} MiB"
    return Outcome(line, figure, bar, done.code == 0 and done.cpu <= CPU)


def _large() -> list[Outcome]:
    with tempfile.TemporaryDirectory() as there:
        path = Path(there) / "rows.jsonl"
        write_rows(path, ROWS)
        done = measure(_command(path), cwd=Path(there))
    rows = json.loads(done.stdout)["rows"] if done.code == 0 else 0
    return [
        Outcome(
            f"curate coverage of {ROWS:,} generated rows: peak memory",
            f"{done.peak_mib:,.0f} MiB, {done.cpu:.0f} s of CPU",
            f"{PEAK_MIB:,} MiB",
            rows == ROWS and done.peak_mib <= PEAK_MIB,
        )
    ]


def _command(path: Path) -> list[str]:
    return curate("coverage", str(path), "--json", "--workers", "1", "-q")
