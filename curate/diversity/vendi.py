"""The Vendi score: how many texts that have nothing in common would be as varied as these.

It is the exponential of the Shannon entropy of the eigenvalues of the texts' similarities, divided by their number
(D. Friedman & A. B. Dieng 2023, "The Vendi score", TMLR): 1 if all are alike, their number if none is like another.
Similarity is the cosine of TF-IDF vectors of the words, rare ones included: they are what two texts share that speak of
one thing. (In a space of topics, which is learned from the corpus, a corpus that collapses spreads out again.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from curate.diversity.ngrams import Encoded

    F64: TypeAlias = NDArray[np.float64]


def weights_of(texts: Encoded) -> F64:
    """The weight of each word, smoothed inverse document frequency: ``log((1 + n) / (1 + texts that have it)) + 1``."""
    return np.log((len(texts.indptr)) / (1 + texts.commonness())) + 1


def weighted(texts: Encoded, weights: F64) -> F64:
    """TF-IDF vectors with sublinear term frequencies, of length 1 or zeros: (texts, words that occur)."""
    used, columns = np.unique(texts.ids.astype(np.int64), return_inverse=True)
    count = len(texts.indptr) - 1
    rows = np.repeat(np.arange(count), np.diff(texts.indptr))
    times = np.bincount(rows * len(used) + columns, minlength=count * len(used)).reshape(count, len(used))
    vectors = np.where(times > 0, 1 + np.log(np.maximum(times, 1)), 0.0) * weights[used]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: F64 = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return result


def vendi(vectors: NDArray[np.floating]) -> float:
    """The score of rows of length 1; rows of zeros, of which nothing is known, are left out."""
    known = vectors[vectors.any(axis=1)].astype(np.float64)
    if not len(known):
        return 0.0
    tall = len(known) > known.shape[1]  # the products of both sides have the same eigenvalues, but for zeros
    values = np.linalg.eigvalsh((known.T @ known if tall else known @ known.T) / len(known))
    shares = values[values > 0] / values[values > 0].sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))
