"""What ``--only grammar`` applies without a reader: how often it is right, and how much of the wrong it mends.

Errors are injected into targets of public sets: misspellings from a list that the fixer does not know, slips of the
fingers, and fifteen kinds of learners' errors. An edit is right if it takes an injected error back; what is also wrong
in the sets themselves counts against it. What is applied to the targets as they are has been read, edit by edit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from benchmarks.bar import Outcome, needs_data, real_data
from curate.fixing.editor import EDITABLE
from curate.fixing.grammar import Grammar
from curate.grammar.calibrating import Change, shown
from curate.grammar.trust import load
from curate.protect import broken
from curate.text.wilson import wilson
from tests.evidence.grammar.corpora import clean, with_errors, words_of
from tests.evidence.grammar.measure import RIGHT, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OF_SET = 700
ERRORS, PRECISION, RECALL, WRONG = 2000, 0.97, 0.6, 0.01
TYPOS = "misspelling"


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
    with Grammar().opened() as editor:
        return [_table(), *_of_errors(editor, data), _of_clean(editor, data)]


def _applied(editor: Grammar, texts: Sequence[str]) -> list[_Edit]:
    """What the editor offers as safe and the meaning lock lets pass."""
    rows = [(number, "/output", "target", "assistant", text, "") for number, text in enumerate(texts)]
    offers = editor.offers(pl.DataFrame(rows, schema=EDITABLE, orient="row")).offers
    safe = offers.filter(pl.col("safety") == "auto").select("row", "start", "end", "after", "check")
    edits = [
        _Edit(number, start, end, after, check.removeprefix("grammar."))
        for number, start, end, after, check in safe.iter_rows()
    ]
    return [edit for edit in edits if not broken(texts[edit.number], _followed(texts[edit.number], edit))]


def _followed(text: str, edit: _Edit) -> str:
    return text[: edit.start] + edit.after + text[edit.end :]


def _of_errors(editor: Grammar, data: Path) -> list[Outcome]:
    """How many edits are right, and how many errors of each kind are mended."""
    injected = with_errors(data, OF_SET)
    there = Counter(error.kind for one in injected for error in one.errors)
    edits = _applied(editor, [one.text for one in injected])
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


def _of_clean(editor: Grammar, data: Path) -> Outcome:
    """Wrong edits of targets as they are; one that nobody has read fails the bar."""
    texts = [text for several in clean(data).values() for text in several]
    said = verdicts()
    edits = _applied(editor, texts)
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
