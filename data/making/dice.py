"""Choices that are the same on every machine and in every version of Python."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")


class Dice:
    """A stream of choices that is fixed by its seed: BLAKE2b of the seed and a counter.

    The standard library promises stable results for few of its random functions, and the committed corpora
    must come out byte for byte.
    """

    def __init__(self, seed: str) -> None:
        """A fresh stream for the seed."""
        self._seed = seed
        self._count = 0

    def child(self, label: object) -> Dice:
        """A stream of its own: what is drawn from it does not move this one."""
        return Dice(f"{self._seed}/{label}")

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound - 1``."""
        digest = blake2b(f"{self._seed}#{self._count}".encode(), digest_size=8).digest()
        self._count += 1
        return int.from_bytes(digest, "big") % bound

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order (Fisher and Yates)."""
        left = list(items)
        for last in range(len(left) - 1, 0, -1):
            other = self.below(last + 1)
            left[last], left[other] = left[other], left[last]
        return left
