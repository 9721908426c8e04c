"""Rows of many kinds, made of lists, for tests that need some hundred different prompts."""

from __future__ import annotations

import random

from benchmarks.collapsing import Row

ASKS = (
    "Explain {thing} to {whom}",
    "Write a letter about {thing} for {whom}",
    "Which rules hold for {thing} in {place}?",
    "List what {whom} should know of {thing} in {place}",
    "Compare {thing} with {other}",
    "How does {whom} deal with {thing} when {other} comes up?",
    "Translate the note on {thing} that {whom} left in {place}",
    "Decide whether {thing} matters to {whom}, given {other}",
)
SYLLABLES = ("ba", "ko", "li", "mu", "ne", "ra", "su", "to", "ve", "zi")
FIELDS = 12
WORDS = 80
"""Words of a field, each of its own."""

PEOPLE = (
    "a nurse",
    "a tenant",
    "two students",
    "an old farmer",
    "my neighbour",
    "the new clerk",
    "her sister",
)
PLACES = (
    "Oslo",
    "Lima",
    "Accra",
    "Kyoto",
    "Quebec",
    "Perth",
    "Malta",
    "Tunis",
    "Riga",
    "Cusco",
    "Hanoi",
    "Genoa",
)


def word(field: int, number: int) -> str:
    """A word of a field, made of syllables."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{1000 + field * WORDS + number}")


def varied(count: int, seed: int = 0) -> list[Row]:
    """Rows with different prompts, of twelve fields."""
    chance = random.Random(seed)  # noqa: S311 (a test)
    found: dict[str, Row] = {}
    while len(found) < count:
        field = chance.randrange(FIELDS)
        said = [word(field, chance.randrange(WORDS)) for _ in range(16)]
        words = {
            "thing": f"the {said[0]} {said[1]} and the {said[2]}",
            "whom": chance.choice(PEOPLE),
            "place": chance.choice(PLACES),
            "other": f"the {said[3]} of {chance.choice(PLACES)}",
        }
        prompt = chance.choice(ASKS).format(**words)
        found.setdefault(prompt, Row(prompt, f"It is a matter of {' '.join(said[4:])}."))
    return list(found.values())
