"""The contract on the sample corpus, whose gaps were planted: all of them are found, and the work list closes them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bar import ROOT, Outcome, curate, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE, PLAN = "data/coverage.jsonl", "data/coverage.toml"


def run() -> list[Outcome]:
    """Truth against the report; then rows are written as the work list says, and the report is made again."""
    told = _told(SAMPLE)
    planted = [
        (line["cell"], line["rows"], line["missing"], line["surplus"])
        for line in map(json.loads, (ROOT / "data/coverage.truth.jsonl").read_text("utf-8").splitlines())
    ]
    found = [(dict(cell["where"]), cell["rows"], cell["deficit"], cell["surplus"]) for cell in told["cells"]]
    right = sum(one == other for one, other in zip(found, planted, strict=True))
    gaps = sum(missing > 0 or surplus > 0 for _, _, missing, surplus in planted)
    work = told["work"]
    apart = [cell for cell in told["cells"] if cell["table"] == 1]
    first = sum(
        item["rows"]
        for item in work["items"]
        if any(told["cells"][at]["table"] == 1 for at in item["serves"])
    )
    missing = sum(cell["deficit"] for cell in apart)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "written.jsonl"
        path.write_text((ROOT / SAMPLE).read_text("utf-8") + "".join(_written(work["items"])), "utf-8")
        left = sum(cell["deficit"] for cell in _told(str(path))["cells"])
    return [
        Outcome(
            "cells of the sample contract as planted: rows, missing, too many",
            f"{right} of {len(planted)} ({gaps} planted gaps)",
            "all",
            right == len(planted),
        ),
        Outcome(
            "the work list of the cells that no row can share sums to what they lack",
            f"{first} and {missing} rows",
            "equal",
            first == missing,
        ),
        Outcome(
            "rows written as the list says: what is then missing",
            f"{left} of {sum(cell['deficit'] for cell in told['cells'])} ({work['rows']} rows written)",
            "0",
            left == 0,
        ),
    ]


def _told(path: str) -> dict[str, Any]:
    done = measure(curate("coverage", path, "--plan", PLAN, "--json", "-q"), cwd=ROOT)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _written(items: list[dict[str, Any]]) -> Iterator[str]:
    """So many rows of each kind."""
    for at, item in enumerate(items):
        kind = dict(item["where"])
        for number in range(item["rows"]):
            row = {
                "source": kind.get("meta.source", "another office"),
                "clause": kind.get("meta.clause", "another clause"),
                "instruction": f"What is said of {kind.get('term', 'it')} in clause {at}.{number}?",
                "output": "Nothing.",
            }
            yield json.dumps(row) + "\n"
