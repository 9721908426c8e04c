"""What to call a topic: the terms that it uses more than others do.

Class-based TF-IDF (M. Grootendorst 2022, "BERTopic", arXiv 2203.05794): all texts of a topic are one document, and a
term's weight there is ``tf · log(1 + A / f)``, with ``tf`` its number there, ``f`` its number in all
topics, and ``A`` the mean number of terms of a topic. Function words and single letters name nothing and are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from curate.text.language import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from curate.diversity.word_space import Counted

NOTHING = "(no known word)"
"""What texts are called that the space knows nothing of."""

TERMS = 8
"""Terms that are kept of a topic."""

NAMED = 3
"""Terms that make its name."""

FUNCTION_WORDS = frozenset(word for listed in WORDS.values() for word in listed.split())
"""The most frequent function words of the languages that are listed."""


def topic_terms(counted: Counted, found: NDArray[np.int64], topics: int) -> list[tuple[str, ...]]:
    """The best terms of each topic.

    Args:
        counted: the terms of the texts.
        found: the topic of each text; those of no topic have a number from ``topics`` on.
        topics: how many there are.
    """
    names = counted.terms()
    naming = np.array([_names(term) for term in names], np.bool_)
    sums = np.zeros((topics, len(names)))
    for topic in range(topics if names else 0):
        sums[topic] = counted.counts[np.flatnonzero(found == topic)].sum(axis=0)
    weights = sums * np.log1p(sums.sum() / max(1, topics) / np.maximum(sums.sum(axis=0), 1))
    weights[:, ~naming] = 0
    orders = np.argsort(-weights, axis=1, kind="stable")  # columns stand by the alphabet, which decides ties
    return [
        tuple(_apart(names[at] for at in order if row[at] > 0))
        for row, order in zip(weights, orders, strict=True)
    ]


def _names(term: str) -> bool:
    return all(len(word) > 1 and word not in FUNCTION_WORDS for word in term.split())


def _apart(ranked: Iterable[str]) -> list[str]:
    """The first terms of which none says again what another says."""
    chosen: list[str] = []
    said: set[str] = set()
    for term in ranked:
        if said.isdisjoint(term.split()):
            chosen.append(term)
            said.update(term.split())
        if len(chosen) == TERMS:
            break
    return chosen


def distinct_names(topics: Sequence[Sequence[str]]) -> list[str]:
    """A name for each topic: its best terms, and a number where an earlier topic has the same."""
    names = [" · ".join(best[:NAMED]) or "(function words only)" for best in topics]
    seen = Counter[str]()
    for at, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[at] = f"{name} ({seen[name]})"
    return names
