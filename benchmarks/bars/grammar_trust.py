"""What ``--only grammar`` applies without a reader: how often it is right, and how much of the wrong it mends.

Errors are injected into targets of public sets: misspellings from a list that the fixer does not know, slips of the
fingers, and fifteen kinds of learners' errors. An edit is right if it takes an injected error back; what is also wrong
in the sets themselves counts against it. All of it goes through the whole pipeline, with the prompts that the sets
have, so that protected places, the copy lock and the lock of meaning are measured with it. What is applied to the
targets as they are has been read, edit by edit.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data
from curate.grammar.calibrating import Change, shown
from curate.grammar.trust import load
from curate.text.wilson import wilson
from tests.evidence.grammar.corpora import clean, cut, prompts, with_errors, words_of
from tests.evidence.grammar.measure import RIGHT, verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OF_SET = 700
ERRORS, PRECISION, RECALL, WRONG = 2000, 0.97, 0.6, 0.01
TYPOS = "misspelling"
ASKED = "Tell me about it."
"""The prompt of a target of which the set has none by itself."""


class _Edit(NamedTuple):
    """An edit that would be applied, and the number of its text."""

    number: int
    start: int
    end: int
    after: str
    guard: str


def run() -> list[Outcome]:
    """Precision, recall by kind of error, and wrong edits of right text."""
    data = real_data()
    if data is None:
        return [needs_data("grammar that is applied", f"precision >= {PRECISION}")]
    given = prompts(data)
    return [_table(), *_of_errors(given, data), _of_clean(given, data)]


def _applied(texts: Sequence[str], given: Sequence[str]) -> list[_Edit]:
    """What ``curate fix --only grammar`` makes of answers, by its ledger: what no lock of the pipeline holds back."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "rows.jsonl", Path(folder) / "fixed.jsonl"
        rows = (
            {"instruction": ask, "input": "", "output": text} for ask, text in zip(given, texts, strict=True)
        )
        source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        done = measure(curate("fix", str(source), "-o", str(out), "--only", "grammar", "--grammar", "harper"))
        if not out.exists():
            raise RuntimeError(done.stderr)
        with Path(f"{out}.ledger.jsonl").open(encoding="utf-8") as lines:
            entries = [entry for entry in map(json.loads, lines) if entry.get("action") == "edit"]
    return [_edit(entry) for entry in entries if entry["at"] == "/output"]


def _edit(entry: Mapping[str, Any]) -> _Edit:
    start, end = entry["span"]
    return _Edit(entry["line"] - 1, start, end, entry["after"], entry["check"].removeprefix("grammar."))


def _of_errors(prompt_of: Mapping[str, str], data: Path) -> list[Outcome]:
    """How many edits are right, and how many errors of each kind are mended."""
    injected = with_errors(data, OF_SET)
    there = Counter(error.kind for one in injected for error in one.errors)
    edits = _applied([one.text for one in injected], [prompt_of.get(one.original, ASKED) for one in injected])
    found = (injected[edit.number].mended(edit.start, edit.end, edit.after) for edit in edits)
    mended = Counter(error.kind for error in found if error is not None)
    right = mended.total()
    low = wilson(right, len(edits)).low
    recall = mended[TYPOS] / there[TYPOS]
    kinds = ", ".join(f"{kind} {mended[kind]}/{there[kind]}" for kind in sorted(there) if kind != TYPOS)
    return [
        Outcome(
            "errors injected",
            f"{there.total()} in {len(injected)} texts",
            f">= {ERRORS}",
            there.total() >= ERRORS,
        ),
        Outcome(
            "applied edits that take an injected error back",
            f"{right / len(edits):.4f} ({right} of {len(edits)}, at least {low:.4f})",
            f">= {PRECISION}",
            right / len(edits) >= PRECISION,
        ),
        Outcome(
            f"injected misspellings that are mended (others: {kinds})",
            f"{recall:.3f} ({mended[TYPOS]} of {there[TYPOS]})",
            f">= {RECALL}",
            recall >= RECALL,
        ),
    ]


def _of_clean(prompt_of: Mapping[str, str], data: Path) -> Outcome:
    """Wrong edits of targets as they are; one that nobody has read fails the bar."""
    texts = [text for several in clean(data).values() for text in several]
    said = verdicts()
    edits = _applied(texts, [prompt_of.get(cut(text), ASKED) for text in texts])
    told = [said.get((edit.guard, shown(texts[edit.number], _change(edit)).edit)) for edit in edits]
    unread, wrong = told.count(None), sum(one not in {RIGHT, None} for one in told)
    words = sum(map(words_of, texts))
    rate = 1000 * wrong / words
    return Outcome(
        "wrong edits in 1,000 words of targets as they are",
        f"{rate:.4f} ({wrong} of {len(edits)} edits in {words:,} words, {unread} unread)",
        f"<= {WRONG}, all read",
        not unread and rate <= WRONG,
    )


def _change(edit: _Edit) -> Change:
    return Change(edit.start, edit.end, edit.after, "", "", edit.guard)


def _table() -> Outcome:
    """That nothing is applied on less evidence than the design asks for."""
    auto = [line for line in load().lines if line.safety == "auto"]
    least = min((line.low for line in auto), default=0.0)
    return Outcome(
        "least evidence of a rule that is applied",
        f"{least:.3f} (lower bound; {len(auto)} rules)",
        ">= 0.9, 1 rule or more",
        bool(auto) and least >= 0.9,
    )
