"""Where texts lie: rows of numbers, of length one, in which near texts are about alike.

By words: TF-IDF (K. Spärck Jones 1972) with sublinear term frequencies, reduced by a truncated singular value
decomposition (latent semantic analysis; Deerwester et al. 1990; the randomised algorithm is that of Halko, Martinsson
& Tropp 2011). By a model: the mean vectors of ``EmbeddingSpace``.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from curate.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    F32: TypeAlias = NDArray[np.float32]

EXTRA = "topics"
SLICE = 8192
"""Texts that are placed at once, which bounds the memory."""


class Space(Protocol):
    """Places texts; one row a text, of length 1, or of zeros where nothing is known of it."""

    def vectors(self, texts: Sequence[str]) -> F32:
        """(texts, dimensions), the same for a text whatever stands beside it."""


@dataclass(frozen=True)
class WordSpace:
    """The space of words.

    Attributes:
        counter: texts to counts of terms (scikit-learn's ``CountVectorizer``).
        weights: counts to TF-IDF (``TfidfTransformer``).
        components: the decomposition: (dimensions, terms).
    """

    counter: Any
    weights: Any
    components: F32

    def vectors(self, texts: Sequence[str]) -> F32:
        """(texts, dimensions); a text without a known term has zeros."""
        if not len(self.components):
            return np.zeros((len(texts), 0), np.float32)
        parts = [self._slice(texts[at : at + SLICE]) for at in range(0, len(texts), SLICE)]
        return np.concatenate([np.zeros((0, len(self.components)), np.float32), *parts])

    def _slice(self, texts: Sequence[str]) -> F32:
        return self.placed(self.counter.transform(texts))

    def placed(self, counts: Any) -> F32:  # noqa: ANN401 (a sparse matrix of an untyped package)
        """Where texts lie whose terms have been counted."""
        placed: NDArray[np.floating] = np.asarray(self.weights.transform(counts) @ self.components.T)
        return unit(placed)


def unit(rows: NDArray[np.floating]) -> F32:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.sqrt(np.square(rows, dtype=np.float64).sum(axis=1, keepdims=True))
    scaled = np.divide(rows, lengths, out=np.zeros(rows.shape, np.float64), where=lengths > 0)
    result: F32 = scaled.astype(np.float32)
    return result


def has_scikit() -> bool:
    """Whether scikit-learn is installed; it is not loaded."""
    return importlib.util.find_spec("sklearn") is not None


def need_scikit() -> None:
    """Make sure that scikit-learn is there.

    Raises:
        MissingExtraError: it is not installed.
    """
    if not has_scikit():
        raise MissingExtraError("finding topics", EXTRA)


def scikit(module: str) -> Any:  # noqa: ANN401 (an untyped package)
    """A module of scikit-learn, loaded when it is needed."""
    need_scikit()
    return importlib.import_module(f"sklearn.{module}")


def one_thread() -> Any:  # noqa: ANN401 (an untyped package)
    """A context in which linear algebra runs in one thread: how sums are split decides their last bits."""
    need_scikit()
    return importlib.import_module("threadpoolctl").threadpool_limits(1)
