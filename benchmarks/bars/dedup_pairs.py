"""Labelled pairs of real rows: variants stay, the same ask with an equivalent answer goes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, needs_data, real_data
from curate.similarity.asks import Turn
from curate.similarity.judge import Example, judge
from curate.text.wilson import wilson
from tests.evidence.near_pairs.load import load

if TYPE_CHECKING:
    from tests.evidence.near_pairs.load import Pair

ENOUGH = "labelled pairs; same asks"
VARIANTS = "labelled variants that are removed"
OTHERS = "other pairs that must stay (paraphrases, different asks, different answers) that are removed"
SAME = "labelled same asks with equivalent answers of which one is removed"


def run() -> list[Outcome]:
    """Judge every labelled pair as a row of one question and one answer."""
    folder = real_data()
    if folder is None:
        return [needs_data(VARIANTS, "<= 1 %"), needs_data(SAME, ">= 85 %")]
    pairs = load(folder)
    removed = {pair.pair for pair in pairs if judge(*map(_row, _sides(pair))).pair.removable}
    kinds = Counter((_kind(pair), pair.pair in removed) for pair in pairs)
    asks = sum(pair.ask == "same" for pair in pairs)
    enough = len(pairs) >= 200 and asks >= 40
    return [
        Outcome(ENOUGH, f"{len(pairs)}; {asks}", ">= 200; >= 40", enough),
        _share(VARIANTS, kinds, "variant"),
        _share(OTHERS, kinds, "other"),
        _share(SAME, kinds, "same"),
    ]


def _sides(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return (pair.prompt_a, pair.answer_a), (pair.prompt_b, pair.answer_b)


def _row(side: tuple[str, str]) -> Example:
    return Example((Turn("user", side[0]),), (side[1],))


def _kind(pair: Pair) -> str:
    if pair.ask == "variant":
        return "variant"
    return "same" if (pair.ask, pair.answer) == ("same", "equivalent") else "other"


def _share(line: str, kinds: Counter[tuple[str, bool]], kind: str) -> Outcome:
    """How many of a kind are removed, with bounds: nearly all of the same, hardly any others."""
    gone, all_of = kinds[kind, True], kinds[kind, True] + kinds[kind, False]
    low, high = wilson(gone, all_of)
    figure = f"{gone} of {all_of} (Wilson {low:.3f} to {high:.3f})"
    if kind == "same":
        return Outcome(line, figure, ">= 85 %", gone >= 0.85 * all_of)
    return Outcome(line, figure, "<= 1 %", gone <= 0.01 * all_of)
