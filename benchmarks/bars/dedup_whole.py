"""The whole ``curate dedup`` of a million rows, judgement, ledger and writing included, against polars' bare parse."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.bar import Outcome, Usage, curate, measure
from benchmarks.generated_rows import Planted, write_rows

ROWS = int(os.environ.get("CURATE_BENCH_ROWS", "1000000"))
RATIO, PEAK_MIB = 20.0, 2048.0
PARSE = "import sys, polars as pl; print(len(pl.read_ndjson(sys.argv[1])))"


class Deduped(NamedTuple):
    """What became of a generated file: what was planted, its megabytes, what the command cost, and what it removed."""

    planted: Planted
    size: float
    done: Usage
    removed: int
    parse: Usage | None


def run() -> list[Outcome]:
    """One file, both programs in one run; the removed rows are held against what was planted."""
    made = deduped(ROWS, parsed=True)
    assert made.parse is not None  # noqa: S101 (asked for)
    return _outcomes(made.planted, made.size, made.parse, made.done, made.removed)


def deduped(rows: int, *, parsed: bool) -> Deduped:
    """Generate a file, and run ``curate dedup`` over it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        planted = write_rows(path, rows)
        size = path.stat().st_size / 1e6
        parse = measure([sys.executable, "-c", PARSE, str(path)]) if parsed else None
        out = Path(folder) / "kept.jsonl"
        done = measure(curate("dedup", str(path), "-o", str(out), "--quiet", "--workers", "1"))
        removed = _removed(Path(f"{out}.ledger.jsonl")) if done.code == 0 else 0
    return Deduped(planted, size, done, removed, parse)


def _removed(ledger: Path) -> int:
    with ledger.open("rb") as lines:
        *_, last = lines
    return int(json.loads(last)["rows"]["dropped"])


def _outcomes(planted: Planted, size: float, parse: Usage, done: Usage, removed: int) -> list[Outcome]:
    rows = f"{planted.rows:,} generated rows ({size:,.0f} MB)"
    wanted = planted.copies + planted.near
    ratio = done.cpu / parse.cpu
    return [
        Outcome(
            f"curate dedup of {rows}: CPU against polars' parse",
            f"{done.cpu:.1f} s, {ratio:.1f}x of {parse.cpu:.2f} s ({1e6 * done.cpu / planted.rows:.0f} µs a row)",
            f"{RATIO:g}x",
            ratio <= RATIO if planted.rows <= 1_000_000 else None,
        ),
        Outcome(
            f"curate dedup of {rows}: peak memory",
            f"{done.peak_mib:,.0f} MiB",
            f"{PEAK_MIB:,.0f} MiB",
            done.peak_mib <= PEAK_MIB if planted.rows <= 1_000_000 else done.peak_mib <= 16 * 1024,
        ),
        Outcome(
            f"removed: {planted.copies:,} copies and {planted.near:,} near copies, and none of the"
            f" {planted.variants:,} variants",
            f"{removed:,}",
            f"{wanted:,}",
            removed == wanted,
        ),
    ]
