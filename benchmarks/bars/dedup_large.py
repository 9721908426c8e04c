"""The whole ``curate dedup`` of ten million rows beside a million: it ends, within its memory, at the same cost a row.

Needs 14 GB of disk and ten minutes.
"""

from __future__ import annotations

from benchmarks.bar import Outcome
from benchmarks.bars.dedup_whole import deduped

ROWS = (1_000_000, 10_000_000)
PEAK_MIB, GROWTH = 16 * 1024, 1.3


def run() -> list[Outcome]:
    """Both sizes in one run."""
    few, many = (deduped(rows, parsed=False) for rows in ROWS)
    each = [made.done.cpu / made.planted.rows for made in (few, many)]
    wanted = many.planted.copies + many.planted.near
    rows = f"{many.planted.rows:,} generated rows ({many.size:,.0f} MB)"
    return [
        Outcome(
            f"curate dedup of {rows}: peak memory",
            f"{many.done.peak_mib:,.0f} MiB ({few.done.peak_mib:,.0f} MiB for a tenth)",
            f"{PEAK_MIB:,} MiB",
            many.done.peak_mib <= PEAK_MIB,
        ),
        Outcome(
            "CPU a row against that of a million rows",
            f"{each[1] / each[0]:.2f}x ({1e6 * each[0]:.1f} and {1e6 * each[1]:.1f} µs)",
            f"{GROWTH}x",
            each[1] <= GROWTH * each[0],
        ),
        Outcome(
            "rows removed, none of them a variant", f"{many.removed:,}", f"{wanted:,}", many.removed == wanted
        ),
    ]
