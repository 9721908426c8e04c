"""A corpus that collapses: a share of its rows are paraphrased copies of twenty of its prompts.

The paraphrases are templates of our own, around and within a question, so that no two copies need be equal: what an
instruction generator that has run dry writes.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COPIED = 20
"""Prompts that are copied."""

OPENERS = (
    *("", "", "Please tell me: ", "Can you tell me, ", "I would like to know: ", "Quick question: ", "Hi! "),
    *("My question is: ", "Explain to me: ", "Help me understand: ", "I was wondering, ", "Answer this: "),
    *("As an expert, say: ", "For my notes: ", "I need to know: ", "Could you explain, "),
)
CLOSERS = (
    *(
        "",
        "",
        " Thanks.",
        " Please be brief.",
        " Explain in detail.",
        " Answer in plain words.",
        " Give sources.",
    ),
    *(
        " I am a student.",
        " It is urgent.",
        " Thank you in advance.",
        " Keep it simple.",
        " Be precise, please.",
    ),
)
SWAPS = (
    ("What are the", "Which are the"),
    ("What is", "What's"),
    ("What is (are)", "Define"),
    ("How to", "How can one"),
    ("Do you have information about", "What do you know about"),
    ("treatments", "therapies"),
    ("symptoms", "signs"),
    ("Who is at risk for", "Who may get"),
    ("outlook", "prognosis"),
)
"""What the templates exchange within a question."""


class Row(NamedTuple):
    """What is asked, and what is answered."""

    prompt: str
    target: str


def collapsed(rows: Sequence[Row], share: float, seed: int = 0) -> list[Row]:
    """As many rows, of which a share are copies of the same twenty in other words, in random order.

    Args:
        rows: the corpus, in its order; the twenty are drawn from it, and which rows make way is, too.
        share: of the rows that are copies, 0 to 1.
        seed: of the draws; a larger share keeps the copies of a smaller one.
    """
    chance = random.Random(seed)  # noqa: S311 (a benchmark)
    order = list(rows)
    chance.shuffle(order)
    models, others = order[:COPIED], order[COPIED:]
    copies = [_copy(models[at % COPIED], chance) for at in range(len(others))]
    count = round(share * len(others))
    mixed = copies[:count] + others[count:]
    chance.shuffle(mixed)
    return mixed


def _copy(row: Row, chance: random.Random) -> Row:
    said = row.prompt
    for old, new in SWAPS:
        if chance.random() < 1 / 2:
            said = said.replace(old, new)
    opener, closer = chance.choice(OPENERS), chance.choice(CLOSERS)
    if opener:
        said = said[:1].lower() + said[1:]
    lead = chance.choice(("", "", "Sure. ", "Of course. ", "Here is what is known. ", "In short: "))
    return Row(f"{opener}{said}{closer}", f"{lead}{row.target}")
