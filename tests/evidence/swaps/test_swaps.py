from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from curate.similarity.asks import Turn
from curate.similarity.judge import Example, PairClass, judge
from tests.evidence.swaps import rules
from tests.evidence.swaps.generate import WORDS, Swap, retouched, swaps

if TYPE_CHECKING:
    from pathlib import Path


def judged(swap: Swap) -> PairClass:
    one, two = (Example((Turn("user", text),), ("The answer.",)) for text in (swap.ask, swap.swapped))
    return judge(one, two).pair


def are_as_described(made: list[Swap]) -> None:
    assert len(made) == 300
    assert Counter(swap.kind for swap in made) == {
        **{kind: wanted for kind, (wanted, _) in rules.PAIRS.items()},
        "number": rules.NUMBERS,
        "name": rules.NAMES,
        "suit": rules.SUITS,
    }
    assert all(swap.ask.split() != swap.swapped.split() for swap in made)
    assert all(len(swap.ask.split()) in WORDS for swap in made)


def test_no_swap_in_written_prompts_is_removed() -> None:
    made = swaps(None)
    are_as_described(made)
    assert {judged(swap) for swap in made} == {PairClass.VARIANT}


def test_no_swap_in_real_prompts_is_removed(real_data: Path) -> None:
    made = swaps(real_data)
    are_as_described(made)
    assert sum(swap.real for swap in made) >= 200
    assert {judged(swap) for swap in made} == {PairClass.VARIANT}


def test_the_same_prompts_retouched_are_near() -> None:
    edits = retouched(swaps(None))
    assert sum(judged(swap) is PairClass.NEAR for swap in edits) >= 0.9 * len(edits)
