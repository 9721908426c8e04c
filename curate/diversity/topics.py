"""What texts are about: clusters of them, each with its terms.

Texts are placed in a space (``spaces``), and k-means (Lloyd 1982; first centres by Arthur & Vassilvitskii 2007,
"k-means++") parts them. A topic's terms are those of class-based TF-IDF (``topic_labels``).

The model depends on the set of texts and the seed alone: it is learned from at most ``draw.MOST`` distinct texts, which
are chosen and ordered by their hashes, in one thread. So neither the order of rows nor the number of workers shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from curate.diversity.draw import MOST, Draw
from curate.diversity.spaces import SLICE, WordSpace, need_scikit, one_thread, scikit
from curate.diversity.topic_labels import NOTHING, distinct_names, topic_terms
from curate.diversity.word_space import count_terms, dimensions_for, fit_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from curate.diversity.spaces import F32, Space
    from curate.diversity.word_space import Counted

    F64: TypeAlias = NDArray[np.float64]
    I64: TypeAlias = NDArray[np.int64]

FEWEST, LARGEST = 1, 50
"""Bounds of the number of topics that is found by itself: more than fifty are no overview."""
STARTS = 3
"""Runs of k-means from other first centres; the one with the least inertia counts."""
ROUNDS = 50
SHOWN = 5
"""Representative texts of a topic."""


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics that were found in a corpus, k in number, and what places any text in one.

    Attributes:
        spaced: the space that texts are placed in.
        centres: (k, dimensions).
        terms: of each topic, the best first; the last entry, of the texts that the space knows nothing of, is empty.
        labels: a distinct name for each topic, and ``NOTHING`` for texts that the space knows nothing of: k + 1.
        representatives: of each topic, the texts nearest to its centre; none for the last.
        places: (k + 1, 2), where to draw each topic: the first two principal components of the centres.
    """

    spaced: Space
    centres: F64
    terms: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    representatives: tuple[tuple[str, ...], ...]
    places: F64

    @classmethod
    def fit(
        cls, texts: Iterable[str], *, topics: int | None = None, seed: int = 0, space: Space | None = None
    ) -> TopicModel:
        """Find the topics of texts.

        Args:
            texts: any number; copies count once, and of very many a sample is read.
            topics: how many; ``topics_for`` decides if None. Never more than there are different texts.
            seed: of all that is drawn.
            space: where to place texts, such as an ``EmbeddingSpace``; one of words, made from the texts, if None.

        Raises:
            MissingExtraError: scikit-learn is not installed.
        """
        need_scikit()
        draw = Draw(MOST, seed)
        draw.add(texts)
        read = draw.texts()
        with one_thread():
            counted = count_terms(read)
            spaced = space or fit_words(counted, seed, dimensions_for(topics or topics_for(len(read))))
            vectors = _vectors(spaced, read, counted)
            known = np.flatnonzero(vectors.any(axis=1))
            centres = centres_of(vectors[known].astype(np.float64), topics, seed)
            found = nearest(vectors, centres)
        terms = topic_terms(counted, found, len(centres))
        return cls(
            spaced,
            centres,
            (*terms, ()),
            (*distinct_names(terms), NOTHING),
            tuple(_representatives(read, vectors, found, centres)),
            _places(centres),
        )

    def __len__(self) -> int:
        """The number of topics."""
        return len(self.centres)

    def space(self, texts: Sequence[str]) -> F32:
        """Where texts lie: (texts, dimensions), each of length 1, or of zeros where nothing is known of a text."""
        with one_thread():
            return self.spaced.vectors(texts)

    def assign(self, texts: Sequence[str]) -> I64:
        """The topic of each text, 0 to k - 1; k for a text that the space knows nothing of."""
        return self.assigned(self.space(texts))

    def assigned(self, vectors: F32) -> I64:
        """The topics of texts that have been placed by ``space``."""
        with one_thread():
            return nearest(vectors, self.centres)


def topics_for(texts: int) -> int:
    """How many topics are looked for in so many different texts: the root of an eighth of them, 1 to 50.

    It is half of the rule of thumb of Mardia, Kent & Bibby (1979, "Multivariate analysis"), the root of a half: about
    as many as can be looked at. No number is true; the same rule makes releases comparable.
    """
    return int(min(max(round(float(np.sqrt(texts / 8))), FEWEST), LARGEST))


def _vectors(space: Space, texts: list[str], counted: Counted) -> F32:
    """Where texts lie whose terms have been counted."""
    if isinstance(space, WordSpace) and space.counter is counted.counter and counted.counts is not None:
        return space.placed(counted.counts)
    return space.vectors(texts)


def centres_of(vectors: F64, topics: int | None, seed: int = 0, starts: int = STARTS) -> F64:
    """The centres of the clusters of some rows, the largest cluster first: (topics, dimensions).

    Args:
        vectors: in an order that does not depend on chance; to be called within ``one_thread``.
        topics: how many clusters; ``topics_for`` decides if None. Never more than there are different rows.
        seed: of the first centres.
        starts: runs from other first centres.
    """
    wanted = min(topics or topics_for(len(vectors)), len(np.unique(vectors, axis=0)))
    if not wanted:
        return np.zeros((0, vectors.shape[1]))
    means = scikit("cluster").KMeans(wanted, n_init=starts, max_iter=ROUNDS, random_state=seed).fit(vectors)
    sizes = np.bincount(means.labels_, minlength=wanted)
    ordered: F64 = means.cluster_centers_[np.argsort(-sizes, kind="stable")]
    return ordered


def nearest(vectors: F32, centres: F64) -> I64:
    """For each row the number of the nearest centre; the number of centres for a row of zeros."""
    parts = [_slice(vectors[at : at + SLICE], centres) for at in range(0, len(vectors), SLICE)]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _slice(vectors: F32, centres: F64) -> I64:
    if not len(centres):
        return np.zeros(len(vectors), np.int64)
    distances = np.square(centres).sum(axis=1) - 2 * (vectors.astype(np.float64) @ centres.T)
    return np.where(vectors.any(axis=1), distances.argmin(axis=1), len(centres)).astype(np.int64)


def _representatives(texts: list[str], vectors: F32, found: I64, centres: F64) -> Iterator[tuple[str, ...]]:
    for topic, centre in enumerate(centres):
        rows = np.flatnonzero(found == topic)
        nearness = vectors[rows].astype(np.float64) @ centre
        yield tuple(texts[row] for row in rows[np.argsort(-nearness, kind="stable")[:SHOWN]])
    yield ()


def _places(centres: F64) -> F64:
    """Two coordinates of each topic: principal components, each of the sign that makes its largest part positive."""
    places = np.zeros((len(centres) + 1, 2))
    if len(centres) > 1:
        centred = centres - centres.mean(axis=0)
        axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
        signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
        places[:-1, : len(axes)] = centred @ (axes * signs[:, None]).T
    return places
