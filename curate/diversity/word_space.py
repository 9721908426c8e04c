"""Counts terms, and learns the space of words from the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from curate.diversity.spaces import WordSpace, scikit
from curate.diversity.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_DIMENSIONS, DIMENSIONS = 16, 64
A_TOPIC = 2
"""Dimensions a topic: k - 1 principal directions hold the relaxed solution of k-means with k clusters (Ding & He 2004,
"K-means clustering via principal component analysis"); of many more the rest is noise to it."""

MOST_TERMS = 20_000
RAREST = 0.002
"""Share of texts that a term must stand in, and two texts at least: rarer ones tell no topic of so few."""
COMMONEST = 0.5
"""Share of texts above which a term tells nothing."""
FEW = 50
"""Texts up to which every term counts, however rare or common."""
FEWEST = 3
"""Texts below which there is nothing to reduce."""
ITERATIONS = 3
"""Power iterations of the decomposition."""


class Counted(NamedTuple):
    """Counted terms.

    Attributes:
        counter: that counts those of other texts, too (scikit-learn's ``CountVectorizer``).
        counts: (texts, terms), sparse; None if no text has a term.
    """

    counter: Any
    counts: Any

    def terms(self) -> list[str]:
        """The term of each column."""
        return [] if self.counts is None else [str(term) for term in self.counter.get_feature_names_out()]


def count_terms(texts: Sequence[str]) -> Counted:
    """The counts of the terms that can tell topics.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    limits = {} if len(texts) <= FEW else {"min_df": max(2, int(RAREST * len(texts))), "max_df": COMMONEST}
    make = scikit("feature_extraction.text").CountVectorizer
    for choice in (limits, {}):  # where every term is too rare or too common, all count
        counter = make(analyzer=terms, max_features=MOST_TERMS, dtype=np.float32, **choice)
        try:
            return Counted(counter, counter.fit_transform(texts))
        except ValueError:  # no term is left; the package raises no narrower type
            continue
    return Counted(counter, None)


def dimensions_for(topics: int) -> int:
    """How many dimensions a space has in which so many topics are to be told apart: twice as many, 16 to 64."""
    return min(max(A_TOPIC * topics, LEAST_DIMENSIONS), DIMENSIONS)


def fit_words(counted: Counted, seed: int = 0, dimensions: int = DIMENSIONS) -> WordSpace:
    """The space of some texts.

    Args:
        counted: their terms; which of them count must not depend on chance.
        seed: of the randomised decomposition.
        dimensions: how many, if there are so many terms and texts.
    """
    if counted.counts is None:
        return WordSpace(counted.counter, None, np.zeros((0, 0), np.float32))
    weights = scikit("feature_extraction.text").TfidfTransformer(sublinear_tf=True)
    weighted = weights.fit_transform(counted.counts)
    texts, columns = weighted.shape
    if columns <= dimensions or texts < FEWEST:
        return WordSpace(counted.counter, weights, np.eye(columns, dtype=np.float32))
    make = scikit("decomposition").TruncatedSVD
    svd = make(min(dimensions, texts), n_iter=ITERATIONS, random_state=seed).fit(weighted)
    return WordSpace(counted.counter, weights, svd.components_.astype(np.float32))
