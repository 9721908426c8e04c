"""Numbers in what commands say."""

from __future__ import annotations


def count_of(number: int, word: str) -> str:
    """A number with its noun: ``1 row``, ``1,200 rows``."""
    return f"{number:,} {word}{'s' * (number != 1)}"
