"""Drugs that look alike, errors on purpose, extracts of passages with mistakes: nothing may change."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bar import ROOT, Outcome, curate, measure
from tests.evidence.traps.generate import Trap, drugs, extracts, mentions, purposes

if TYPE_CHECKING:
    from collections.abc import Sequence

GLOSSARY = ROOT / "data" / "glossaries" / "medical.yaml"
CONTROL = "It was definately a good dinner, and we recieved many guests in the garden."


def run() -> list[Outcome]:
    """The kinds, and a control that the fixer was awake."""
    kinds = {
        "drugs of 300 look-alike pairs, both directions, that are edited": drugs(),
        "misspellings mentioned on purpose that are edited": mentions(),
        "errors that are examples, names, values or asked for that are edited": purposes(),
        "extracts of passages with typos that are no substring any more": extracts(),
    }
    outcomes = [_outcome(line, traps) for line, traps in kinds.items()]
    control = _fixed([Trap("What was the evening like?", CONTROL, ())])[0]
    changed = control != CONTROL
    return [*outcomes, Outcome("the same run mends typos elsewhere", control, "mended", changed)]


def _outcome(line: str, traps: Sequence[Trap]) -> Outcome:
    answers = _fixed(traps)
    harmed = [
        f"{trap.answer!r} -> {answer!r}"
        for trap, answer in zip(traps, answers, strict=True)
        if any(word not in answer for word in trap.stays)
    ]
    told = f"{len(harmed)} of {len(traps)}" + (f": {'; '.join(harmed[:3])}" if harmed else "")
    return Outcome(line, told, "0", not harmed)


def _fixed(traps: Sequence[Trap]) -> list[str]:
    """The answers as ``curate fix`` leaves them, a glossary included."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "traps.jsonl", Path(folder) / "fixed.jsonl"
        source.write_text("".join(json.dumps(trap.row()) + "\n" for trap in traps), "utf-8")
        flags = ["--glossary", str(GLOSSARY)] if GLOSSARY.exists() else []
        done = measure(curate("fix", str(source), "-o", str(out), *flags))
        if not out.exists():
            raise RuntimeError(done.stderr)
        return [json.loads(line)["output"] for line in out.read_text("utf-8").split("\n") if line]
