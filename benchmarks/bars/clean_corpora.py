"""Hits of the checks that are on by default in four clean public corpora, against verdicts of a reader."""

from __future__ import annotations

from benchmarks.bar import Outcome, needs_data, real_data
from benchmarks.bars.evidence import shares
from tests.evidence.clean_hits import CORPORA, Counted, count, find, verdicts
from tests.evidence.measure import stored

LINE = "hits in clean corpora"
LEAST = {True: 0.95, False: 0.8}
"""The precision that must be reached by checks that block, and by others."""


def run() -> list[Outcome]:
    """A line for each check that hits in a corpus, and one for all that block."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, "all read")]
    found = find(folder)
    table = count(found, verdicts())
    rows = ", ".join(f"{name} {found.rows[name]:,}" for name in CORPORA)
    blocked = [one for one in table if one.blocks]
    same = [one._asdict() for one in table] == stored()["clean"]
    return [
        Outcome(
            f"{len(found.blocking)} checks that block, in {rows} rows: hits",
            f"{sum(one.hits for one in blocked)}, all read: {all(map(_read, blocked))}",
            "all read, wrong <= 1 in 20",
            all(map(holds, blocked)),
        ),
        *(_outcome(one) for one in table),
        Outcome("figures of docs/reference/precision.md are those measured", str(same), "True", same),
    ]


def _read(one: Counted) -> bool:
    return one.read >= one.wanted


def holds(one: Counted) -> bool:
    """Whether enough hits were read and enough of them are right."""
    return _read(one) and one.right >= LEAST[one.blocks] * (one.right + one.wrong)


def _outcome(one: Counted) -> Outcome:
    judged = f"{one.read} read, right {shares(one.right, one.right + one.wrong)}, {one.unclear} unclear"
    return Outcome(
        f"{one.check} in {one.corpus}",
        f"{one.hits} hits, {judged}",
        f"{one.wanted} read, right >= {LEAST[one.blocks]}",
        holds(one),
    )
