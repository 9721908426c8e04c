"""Rows in which a careless fixer does harm: drugs that look alike, errors on purpose, extracts.

Every row is made anew from lists and a seed; nothing is stored.
"""

from __future__ import annotations

import random
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tests.evidence.traps.drugs import DRUGS
from tests.evidence.traps.misspellings import EXTRACT_SENTENCES, MENTIONS, MISSPELLINGS
from tests.evidence.traps.spoken import FIXED, SPOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 20260611
PAIRS = 300
EXTRACTS = 500
ALIKE = 0.66
OF_EACH = 10
"""Misspellings that each sentence is tried with."""

NEUTRAL = (
    "Answer the question of a reader.",
    "What should I know about it?",
    "Tell me more.",
    "Please explain.",
    "What did they find?",
)
"""Prompts that say nothing of spelling."""


_Said = TypeVar("_Said")


class Trap(NamedTuple):
    """A row, and the words of its answer that must stay."""

    prompt: str
    answer: str
    stays: tuple[str, ...]

    def row(self) -> dict[str, str]:
        """In the alpaca layout."""
        return {"instruction": self.prompt, "input": "", "output": self.answer}


def pairs() -> list[tuple[str, str]]:
    """The pairs of drugs that are most alike."""
    names = sorted(set(DRUGS))
    scored = [
        (SequenceMatcher(None, one.lower(), two.lower()).ratio(), one, two)
        for one, two in combinations(names, 2)
        if one[0].lower() == two[0].lower() or one[-4:] == two[-4:]
        if one.lower() != two.lower()
    ]
    best = sorted(((one, two) for share, one, two in scored if share > ALIKE))
    return random.Random(SEED).sample(best, PAIRS)  # noqa: S311 (reproducible, not secret)


_SAID = (
    "Give {one} 20 mg by mouth twice daily and stop {two} first.",
    "{One} was changed to {two} because of a rash.",
    "The patient takes {one}, not {two}.",
    "Do not confuse {one} with {two}: they look alike.",
    "She has used {one} for years without any problem.",
)


def drugs() -> list[Trap]:
    """Each pair in both directions."""
    made = []
    for at, (left, right) in enumerate(pairs()):
        for one, two in ((left, right), (right, left)):
            said = _SAID[at % len(_SAID)].format(one=one, two=two, One=one[:1].upper() + one[1:])
            stays = tuple(name[1:] for name in (one, two) if name[1:] in said)
            made.append(Trap("What does the note say about the treatment?", said, stays))
    return made


def mentions() -> list[Trap]:
    """A misspelling is spoken of, with and without quotation marks; the prompts say nothing of it."""
    return [
        Trap(NEUTRAL[at % len(NEUTRAL)], said.format(wrong=wrong, right=MISSPELLINGS[wrong]), (wrong,))
        for at, (said, wrong) in enumerate(_each(MENTIONS))
    ]


def purposes() -> list[Trap]:
    """An error is an example, a name, a value or asked for, or only looks like one."""
    made = [
        Trap(prompt, said.format(wrong=wrong, right=MISSPELLINGS[wrong]), (wrong,))
        for (prompt, said), wrong in _each(SPOKEN)
    ]
    return [*made, *(Trap(prompt, said, (stays,)) for prompt, said, stays in FIXED)]


def _each(several: Sequence[_Said]) -> list[tuple[_Said, str]]:
    """Each sentence with some misspellings."""
    draw = random.Random(SEED)  # noqa: S311 (reproducible, not secret)
    return [(said, wrong) for said in several for wrong in draw.sample(sorted(MISSPELLINGS), OF_EACH)]


def extracts() -> list[Trap]:
    """The answer is a sentence of the passage, whose mistakes it has."""
    draw = random.Random(SEED)  # noqa: S311 (the same)
    made = []
    for _ in range(EXTRACTS):
        sentences = [
            sentence.format(*draw.sample(sorted(MISSPELLINGS), 2))
            for sentence in draw.sample(EXTRACT_SENTENCES, 4)
        ]
        answer = draw.choice(sentences)
        passage = " ".join(sentences)
        made.append(
            Trap(f"Copy the sentence that matters from this passage.\n\n{passage}", answer, (answer,))
        )
    return made
