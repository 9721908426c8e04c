"""Three kinds of row in which a careless fixer does harm: drugs that look alike, mentions of misspellings, extracts.

Every row is made anew from lists and a seed; nothing is stored.
"""

from __future__ import annotations

import random
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from tests.evidence.traps.drugs import DRUGS
from tests.evidence.traps.misspellings import EXTRACT_SENTENCES, MENTIONS, MISSPELLINGS

SEED = 20260611
PAIRS = 300
EXTRACTS = 500
ALIKE = 0.66


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
    """A misspelling is spoken of, with and without quotation marks."""
    chosen = random.Random(SEED).sample(sorted(MISSPELLINGS), len(MENTIONS) * 5)  # noqa: S311 (the same)
    made = []
    for at, wrong in enumerate(chosen):
        said = MENTIONS[at % len(MENTIONS)].format(wrong=wrong, right=MISSPELLINGS[wrong])
        made.append(Trap("Answer a learner's question about spelling.", said, (wrong,)))
    return made


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
