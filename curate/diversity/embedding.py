"""The space of a language model: texts that mean alike lie near, whatever their words.

Any object with ``embed`` will do, such as ``similarity.embedding.Embedder``, which loads a model from a folder on this
machine. A vector's last bits depend on what else the model reads beside a text; so vectors are rounded, and equal texts
stay equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from curate.diversity.spaces import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.diversity.spaces import F32

DECIMALS = 4
"""To which the parts of a vector are rounded."""


class Embedder(Protocol):
    """A language model that places texts."""

    def embed(self, texts: Sequence[str]) -> F32:
        """One row a text, of length 1; zeros for a text of which the model sees nothing."""


@dataclass(frozen=True)
class EmbeddingSpace:
    """A space for ``TopicModel.fit``.

    Attributes:
        embedder: the model.
    """

    embedder: Embedder

    def vectors(self, texts: Sequence[str]) -> F32:
        """(texts, dimensions)."""
        return unit(np.round(self.embedder.embed(texts).astype(np.float64), DECIMALS))
