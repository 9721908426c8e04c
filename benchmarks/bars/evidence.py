"""Precision and recall on labelled rows, measured again and compared with the figures that the pages print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, needs_data, real_data
from curate.engines.registry import load_check
from curate.text.wilson import wilson
from tests.evidence.measure import Measured, public, stored, written

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE = 'refusals among rows that say "I am an AI": {}'
BAR = "precision and recall >= .9, >= 100 rows"
LEAST_RECALL = {"pii.email": 1.0, "pii.card": 0.9}


def run() -> list[Outcome]:
    """Refusals and personal data; the public rows where they are at hand."""
    folder = real_data()
    here = written()
    there = public(folder) if folder else []
    kept = stored()
    same = [one._asdict() for one in here] == kept["written"]
    same &= not there or [one._asdict() for one in there] == kept["public"]
    refusals = [one for one in here if one.check == "answer.refusal"]
    said = "written for this project, role-play and code"
    return [
        _refusals(LINE.format(said), refusals),
        _refusals(LINE.format("public and written"), [*refusals, there[1]])
        if there
        else needs_data(LINE.format("public"), BAR),
        *(_pii(one) for one in here if one.check.startswith("pii.")),
        Outcome("figures of docs/reference/precision.md are those measured", str(same), "True", same),
    ]


def shares(right: int, of: int) -> str:
    """A proportion and its Wilson bounds at 95 %."""
    low, high = wilson(right, of)
    return f"{right} of {of} ({low:.3f} to {high:.3f})"


def _refusals(line: str, parts: Iterable[Measured]) -> Outcome:
    count, found, meant, right = (sum(column) for column in zip(*(one[2:] for one in parts), strict=True))
    figure = f"{count} rows, precision {shares(right, found)}, recall {shares(right, meant)}"
    return Outcome(line, figure, BAR, count >= 100 and right >= 0.9 * found and right >= 0.9 * meant)


def _pii(one: Measured) -> Outcome:
    """Decoys must not be flagged at all; and what only warns cannot block."""
    least = LEAST_RECALL.get(one.check, 0.9)
    blocks = load_check(one.check).severity.value == "error"
    false = one.found - one.right
    return Outcome(
        f"{one.check} on {one.size:,} generated rows with look-alikes",
        f"recall {shares(one.right, one.meant)}, {false} false, {false * blocks} of them block",
        f"recall >= {least}, no false block",
        one.right >= least * one.meant and not (false and blocks),
    )
