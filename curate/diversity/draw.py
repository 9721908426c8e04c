"""A bounded sample of distinct texts that depends on the set of texts alone: not on their order, nor on workers.

Each text has a hash; those with the smallest ones are kept (bottom-k sampling; E. Cohen & H. Kaplan 2007,
"Summarizing data using bottom-k sketches").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 20_000
"""Texts from which topics are learned."""


@dataclass
class Draw:
    """Collects texts, and forgets all but the ``size`` whose hashes are smallest.

    Attributes:
        size: how many are kept.
        seed: other seeds draw other texts.
    """

    size: int = MOST
    seed: int = 0
    _kept: dict[bytes, str] = field(default_factory=dict)

    def add(self, texts: Iterable[str]) -> None:
        """Some more texts; copies count once."""
        salt = self.seed.to_bytes(8, "little", signed=True)
        for text in texts:
            self._kept.setdefault(text_hash(text, salt), text)
            if len(self._kept) >= 2 * self.size + 1000:
                self._forget()

    def texts(self) -> list[str]:
        """The sample, in the order of its hashes."""
        self._forget()
        return list(self._kept.values())

    def _forget(self) -> None:
        self._kept = dict(sorted(self._kept.items())[: self.size])


def text_hash(text: str, salt: bytes = b"") -> bytes:
    """128 bits of BLAKE2b (RFC 7693) of a text, lone surrogates and all."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, salt=salt).digest()
