"""``--by vendor`` on generated rows with faults at a rate of its own for each vendor: figures, intervals, outliers."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.bar import Outcome
from curate.api import report
from curate.core.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import Breakdown

RATES = {
    "Aldgate": (0.004, 0.05),
    "Beechwood": (0.004, 0.05),
    "Corvid & Sons": (0.06, 0.05),
    "Dunmore": (0.004, 0.30),
    "Eastmoor": (0.0, 0.05),
    None: (0.004, 0.05),
}
"""Chance of a leaked end token, which blocks, and of a no-break space, which warns."""

OUTLIERS = {("Corvid & Sons", "template.leaked-token"), ("Dunmore", "text.invisible")}
CHECKS = ("template.leaked-token", "text.invisible")
ROWS, SEEDS = 2000, 20
NOMINAL = 0.95


class Row(NamedTuple):
    """What was planted in a row, decided before it is written."""

    vendor: str | None
    leaks: bool
    blank: bool


def run() -> list[Outcome]:
    """Twenty files of another seed each."""
    wrong, groups, covered, intervals, missed, alarms = 0, 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(SEEDS):
            rows = list(_planted(seed))
            breakdown = _measured(rows, Path(folder) / f"{seed}.jsonl")
            expected = _counted(rows)
            told = {one.value: (one.rows, one.blocked.rows, one.flagged.rows) for one in breakdown.groups}
            groups += len(expected)
            wrong += sum(told.get(vendor) != figures for vendor, figures in expected.items())
            hits = list(_coverage(breakdown))
            covered, intervals = covered + sum(hits), intervals + len(hits)
            found = {(one.value, out.check) for one in breakdown.groups for out in one.stands_out}
            missed += len(OUTLIERS - found)
            alarms += bool(found - OUTLIERS)
    all_out = SEEDS * len(OUTLIERS)
    return [
        Outcome(
            "rows, blocked and flagged rows by vendor equal an independent count",
            f"{groups - wrong} of {groups} groups ({SEEDS} files of {ROWS} rows)",
            "all",
            wrong == 0,
        ),
        Outcome(
            "95% intervals that hold the planted rate",
            f"{covered} of {intervals} ({covered / intervals:.1%})",
            f"about {NOMINAL:.0%}: .90 to 1",
            covered / intervals >= 0.90,
        ),
        Outcome(
            "checks that stand out where a vendor is at fault",
            f"{all_out - missed} of {all_out}; {alarms} of {SEEDS} files with a false alarm",
            "all; at most 1 of 20 files",
            missed == 0 and alarms <= 1,
        ),
    ]


def _planted(seed: int) -> Iterator[Row]:
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    for _ in range(ROWS):
        vendor = rng.choice(list(RATES))
        leaks, blank = RATES[vendor]
        yield Row(vendor, rng.random() < leaks, rng.random() < blank)


def _measured(rows: list[Row], path: Path) -> Breakdown:
    """The breakdown of the rows, written as a file."""
    with path.open("w", encoding="utf-8") as out:
        for number, row in enumerate(rows):
            space = "\u00a0" if row.blank else " "
            written = {
                "instruction": f"Who carries parcel {number}?",
                "output": f"Parcel {number} goes with the{space}night train." + "<|im_end|>" * row.leaks,
                "meta": {"vendor": row.vendor},
            }
            out.write(json.dumps(written) + "\n")
    (breakdown,) = report(str(path), plan=Plan(select=CHECKS, by=("meta.vendor",))).by
    return breakdown


def _counted(rows: list[Row]) -> dict[str | None, tuple[int, int, int]]:
    every = Counter(row.vendor for row in rows)
    blocked = Counter(row.vendor for row in rows if row.leaks)
    flagged = Counter(row.vendor for row in rows if row.leaks or row.blank)
    return {vendor: (every[vendor], blocked[vendor], flagged[vendor]) for vendor in every}


def _coverage(breakdown: Breakdown) -> Iterator[bool]:
    """Whether each interval holds the rate that was planted."""
    for group in breakdown.groups:
        leaks, blank = RATES[group.value]
        either = leaks + blank - leaks * blank
        yield group.blocked.low <= leaks <= group.blocked.high
        yield group.flagged.low <= either <= group.flagged.high
