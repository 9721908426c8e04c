"""Counting what a corpus writes: its words as they stand, and its acronyms as they are defined."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.terms.abbreviations import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")
"""A word with its hyphens."""


@dataclass
class Counts:
    """Words in the letter case in which they stand, and pairs of a short and a long form; sums add up."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: int = 0

    def add(self, texts: Iterable[str]) -> None:
        """Count some texts."""
        for text in texts:
            self.words.update(WORD.findall(text))
            self.pairs.update(pairs(text))
            self.texts += 1

    def merge(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        self.words.update(other.words)
        self.pairs.update(other.pairs)
        self.texts += other.texts
