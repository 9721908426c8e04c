"""Two glossaries, each with a corpus and a truth file, through the whole of ``curate fix --only terms``."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bar import ROOT, Outcome
from curate.core.fix_plan import FixPlan
from curate.core.plan import Plan
from curate.engines.repairing import fix
from curate.engines.terminology import check_terms
from curate.terms.load import load_glossary

FOLDER = ROOT / "data" / "glossaries"
NAMES = ("legal", "medical")
RECALL = 0.98


@dataclass
class Score:
    """What the truth file says of an output; ``wrong`` are rows with any other difference."""

    planted: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    traps: int = 0
    wrong: list[int] = field(default_factory=list)
    missed: list[tuple[int, str, str]] = field(default_factory=list)


def run() -> list[Outcome]:
    """Recall, false edits and consistency of each."""
    return [outcome for name in NAMES for outcome in _lines(name)]


def _lines(name: str) -> list[Outcome]:
    corpus, terms = FOLDER / f"{name}.jsonl", load_glossary(FOLDER / f"{name}.yaml")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "fixed.jsonl"
        plan = Plan(fix=FixPlan(only=("terms",), glossary=str(FOLDER / f"{name}.yaml")))
        fix(corpus, out=out, plan=plan)
        before, after = (check_terms(path, glossary=terms).consistency or 0 for path in (corpus, out))
        score = scored(name, out.read_bytes())
    planted, done = score.planted.total(), score.done.total()
    what = f"{name}: {len(terms.terms)} terms"
    return [
        Outcome(
            f"{what}, planted variants that become the preferred form",
            f"{done / planted:.3f} ({done} of {planted})",
            f"≥ {RECALL}",
            done >= RECALL * planted,
        ),
        Outcome(
            f"{what}, rows with any other edit ({score.traps} places that must stay)",
            f"{len(score.wrong)}",
            "0",
            not score.wrong,
        ),
        Outcome(
            f"{what}, consistency before and after", f"{before:.1%} → {after:.1%}", "rises", after > before
        ),
    ]


def scored(name: str, output: bytes) -> Score:
    """An output held against the truth: each planted place is as it was or as it should be, all else as it was."""
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_bytes().splitlines()]
    fixed = [json.loads(line) for line in output.splitlines()]
    assert len(rows) == len(fixed)  # noqa: S101 (nothing is dropped)
    truth: dict[int, list[dict[str, Any]]] = {}
    for line in (FOLDER / f"{name}.truth.jsonl").read_bytes().splitlines():
        entry = json.loads(line)
        truth.setdefault(entry["line"], []).append(entry)
    score = Score()
    for number, (row, new) in enumerate(zip(rows, fixed, strict=True), 1):
        entries = sorted(truth.get(number, ()), key=lambda entry: entry["start"])
        is_right = row["prompt"] == new["prompt"] and _walk(
            row["completion"], new["completion"], entries, score
        )
        if not is_right:
            score.wrong.append(number)
    return score


def _walk(old: str, new: str, entries: list[dict[str, Any]], score: Score) -> bool:
    """Whether the texts differ in nothing but planted places; these are counted."""
    at = done = 0
    for entry in entries:
        lead = old[at : entry["start"]]
        if not new.startswith(lead, done):
            return False
        done += len(lead)
        at = entry["start"] + len(entry["span"])
        score.traps += entry["after"] is None
        if entry["after"] is not None:
            score.planted[entry["note"]] += 1
        is_done = entry["after"] is not None and new.startswith(entry["after"], done)
        if entry["after"] is not None and not is_done:
            score.missed.append((entry["line"], entry["note"], entry["span"]))
        score.done[entry["note"]] += is_done
        written = entry["after"] if is_done else entry["span"]
        if not new.startswith(written, done):
            return False
        done += len(written)
    return old[at:] == new[done:]
