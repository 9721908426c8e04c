"""Keeps clean rows apart: a row that shares too many word sequences with an earlier one is not taken."""

from __future__ import annotations

import re

WORD = re.compile(r"[一-鿿]|[^\W_]+")
"""A word, or a single Chinese character."""

SHINGLE = 5


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The sets of five consecutive words of a text, in lower case."""
    words = WORD.findall(text.lower())
    return frozenset(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))


def jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Shared shingles as a part of all (Broder 1997), from 0 to 1."""
    return len(one & other) / len(one | other)


class Apart:
    """Remembers the texts that were taken, and refuses those that are too like one of them."""

    def __init__(self, limit: float) -> None:
        """An empty memory; ``limit`` is the Jaccard similarity from which a text is refused."""
        self._limit = limit
        self._taken: list[frozenset[tuple[str, ...]]] = []
        self._prompts: set[str] = set()

    def take(self, prompt: str, answer: str) -> bool:
        """True, and the row is remembered, if its prompt is new and the whole is unlike all others."""
        folded = " ".join(prompt.lower().split())
        new = shingles(f"{prompt}\n{answer}")
        if folded in self._prompts or any(jaccard(new, old) >= self._limit for old in self._taken):
            return False
        self._prompts.add(folded)
        self._taken.append(new)
        return True
