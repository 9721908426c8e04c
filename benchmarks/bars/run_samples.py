"""``curate run`` on every sample corpus: planted faults are gone, what is left passes, nothing else was changed.

The plan of the runs says of warnings what the default says of errors: repair the row, or drop it.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bar import ROOT, Outcome
from curate.api import run as run_curate
from curate.api import scan_inputs
from curate.core.chain import read_chain
from curate.core.plan import Plan
from curate.core.run_plan import MEND, RunPlan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.export import all_findings
from curate.engines.undoing import undo
from curate.engines.verifying import verify

if TYPE_CHECKING:
    from curate.engines.running import Ran

MAPPINGS = {
    "contracts.jsonl": TableMap(),
    "support_chats.jsonl": TableMap(),
    "preferences.jsonl": TableMap(),
    "tickets.csv": TableMap(read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID")),
    "ticket_comments.csv": TableMap(
        {"text": ("comment",)}, Grouping("ticket", "created", "author"), {"internal": ("true",)}
    ),
}
"""The sample corpora and how their columns are read."""

PLAN = Plan(run=RunPlan(policy={"warning": MEND}))

OF_FILES = ("schema.encoding",)
"""Faults of a file as a whole: no row of it is at fault, and its bytes are kept in its own encoding."""


@dataclass(frozen=True)
class Sample:
    """What became of a sample corpus.

    Attributes:
        planted: faults of rows in the truth file.
        left: findings in what was written, of planted faults or not.
        missed: planted faults whose row is neither repaired there nor set aside.
        touched: entries of the ledger about rows in which nothing is planted, and edits of another text of a row.
        code: exit code of the last check.
        verified: whether the run verifies, and undoes to the corpus byte for byte.
    """

    planted: int
    left: tuple[str, ...]
    missed: tuple[str, ...]
    touched: tuple[str, ...]
    code: int
    verified: bool


def measure(name: str, folder: Path) -> Sample:
    """Run one corpus into a folder, and hold the result against its truth file."""
    data = ROOT / "data" / name
    plan = replace(PLAN, mapping=MAPPINGS[name])
    done = run_curate(str(data), out=folder, plan=plan)
    truth = [
        json.loads(line) for line in (data.parent / f"{data.stem}.truth.jsonl").read_bytes().splitlines()
    ]
    planted = [one for one in truth if one["check"] != "none" and one["check"] not in OF_FILES]
    clean = folder / f"clean{data.suffix}"
    seen = scan_inputs((str(clean),), plan)
    left = [f"{check}:{line}" for check, line in all_findings(seen, plan).select("check", "line").iter_rows()]
    entries = _entries(folder, done)
    return Sample(
        len(planted),
        tuple(one for one in left if one.partition(":")[0] not in OF_FILES),
        tuple(f"{one['check']}:{one['line']}" for one in planted if one["line"] not in entries),
        tuple(_touched(planted, entries, data)),
        done.report.verdict.exit_code,
        _is_verified(folder, clean, data, done),
    )


def _entries(folder: Path, done: Ran) -> dict[int, list[tuple[str, str, str]]]:
    """By line of the corpus: action, check and text of all that was done to it."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    for name in ("dropped.jsonl", "quarantine.jsonl"):
        for line in (folder / name).read_bytes().splitlines():
            one: dict[str, Any] = json.loads(line)
            found.setdefault(one["line"], []).append((name, one["check"] or "", ""))
    chain = read_chain(folder / "ledger.jsonl")
    for at, (step, ledger) in enumerate(zip((*done.steps, "check"), chain, strict=True)):
        for entry in ledger.entries():
            if entry.action == "edit":
                place = entry.line if step == "repair" and at == 0 else None
                found.setdefault(place or 0, []).append(("edit", entry.check or "", entry.at))
    return found


def _touched(
    planted: list[dict[str, Any]], entries: dict[int, list[tuple[str, str, str]]], data: Path
) -> list[str]:
    """What was done where nothing is planted; a conversation of several lines is dropped with all of them."""
    places = {one["line"] for one in planted}
    texts = {(one["line"], one["at"]) for one in planted}
    threads = _threads(data)
    at_fault = {threads.get(one["line"]) for one in planted if one["check"] not in ("left out", "quarantine")}
    return [
        f"{action} {check}:{line} {at}"
        for line, several in entries.items()
        for action, check, at in several
        if (line not in places and threads.get(line, "") not in at_fault)
        or (action == "edit" and (line, at) not in texts)
    ]


def _threads(data: Path) -> dict[int, str]:
    """Of a table with a line for each comment, the conversation of each line."""
    if MAPPINGS[data.name].group is None:
        return {}
    with data.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return dict((reader.line_num, row["ticket"]) for row in reader)  # noqa: C402 (the line moves on)


def _is_verified(folder: Path, clean: Path, data: Path, done: Ran) -> bool:
    back = folder / f"back{data.suffix}"
    undo(folder / "ledger.jsonl", clean, back)
    return not verify(folder, done.head).faults and back.read_bytes() == data.read_bytes()


def run() -> list[Outcome]:
    """All corpora, a line for each."""
    return [_outcome(name) for name in MAPPINGS]


def _outcome(name: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        made = measure(name, Path(folder) / "out")
    wrong = (*made.left, *made.missed, *made.touched)
    kinds = Counter(one.partition(":")[0] for one in wrong)
    figure = (
        f"{made.planted} planted, {len(made.missed)} missed, {len(made.left)} left, {len(made.touched)} other changes; "
        f"check exits {made.code}; verified and undone: {made.verified}"
    )
    return Outcome(
        f"curate run on data/{name}",
        figure + (f" ({dict(kinds)})" if wrong else ""),
        "0 missed, 0 left, 0 other changes, exit 0, verified and undone",
        not wrong and made.code == 0 and made.verified,
    )
