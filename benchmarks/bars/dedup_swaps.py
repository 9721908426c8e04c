"""One thing exchanged in a prompt of 30 to 80 words: another example, never removed. The answer is left as it was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.bar import Outcome, needs_data, real_data
from curate.similarity.asks import Turn
from curate.similarity.judge import Example, PairClass, judge
from tests.evidence.swaps.generate import retouched, swaps

if TYPE_CHECKING:
    from tests.evidence.swaps.generate import Swap

LINE = "generated swaps that are removed"
CONTROL = "the same prompts retouched within the allow-list that are removed (the control)"


def run() -> list[Outcome]:
    """All swaps, and as a control harmless changes to the same prompts."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, "0"), needs_data(CONTROL, ">= 90 %")]
    made = swaps(folder)
    classes = Counter(_judged(swap) for swap in made)
    removed = sum(count for pair, count in classes.items() if pair.removable)
    real = sum(swap.real for swap in made)
    edits = [(swap, _judged(swap)) for swap in retouched(made)]
    near = sum(pair is PairClass.NEAR for _, pair in edits)
    counts = ", ".join(f"{pair} {count}" for pair, count in classes.most_common())
    return [
        Outcome(LINE, f"{removed} of {len(made)} ({real} in real prompts): {counts}", "0", removed == 0),
        Outcome(CONTROL, f"{near} of {len(edits)}", ">= 90 %", near >= 0.9 * len(edits)),
    ]


def _judged(swap: Swap) -> PairClass:
    one, two = (Example((Turn("user", text),), ("The answer.",)) for text in (swap.ask, swap.swapped))
    return judge(one, two).pair
