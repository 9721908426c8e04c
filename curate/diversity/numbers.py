"""How varied a corpus is: measures with their intervals, for a fixed number of rows.

``docs/reference/diversity.md`` says what each is blind to.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from curate.core.coverage_report import Number
from curate.diversity.bootstrap import RESAMPLES, SIZE, Estimate, draws, estimate
from curate.diversity.measures import OF_PROMPTS, OF_TEXTS, WHOLE
from curate.diversity.ngrams import (
    Encoded,
    distinct,
    entropy,
    frequencies,
    gram_entropy,
    self_bleu,
    type_token,
)
from curate.diversity.templates import opening, skeleton
from curate.diversity.topics import centres_of, nearest
from curate.diversity.vendi import vendi, weighted, weights_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    F32: TypeAlias = NDArray[np.float32]
    I64: TypeAlias = NDArray[np.int64]
    Taken: TypeAlias = Callable[[I64], float | None]

COMMONEST = 10
"""Openings and skeletons whose rows are counted together."""

COMPARED = 200
"""Rows of a draw that self-BLEU compares each with each."""

DRAWN_FROM = 10
"""Times the size of a draw: so many rows, the first, are what draws are made from, which bounds the cost."""

SCORED = 300
"""Rows of a draw that the Vendi score is of: it grows with them, and its cost with their cube."""

GROUPED = 10
"""Groups of near duplicates for each of which there is one topic."""

WINDOW = 1000
"""Words in a row among which the different ones are counted."""

COMPRESSED = 2000
"""Code points of a text that are compressed."""

LEVEL = 6


def diversity_numbers(  # noqa: PLR0913 (a corpus in columns, and what is drawn)
    prompts: Sequence[str],
    targets: Sequence[str],
    *,
    groups: I64 | None = None,
    space: F32 | None = None,
    meaning: F32 | None = None,
    size: int = SIZE,
    seed: int = 0,
    resamples: int = RESAMPLES,
    of: int | None = None,
) -> list[Number]:
    """All measures that can be taken.

    Args:
        prompts: of rows in an order that is random, and the same every time, such as that of their hashes.
        targets: of the same rows.
        groups: a number for each row that its near duplicates share; measures of groups are left out if None.
        space: where the prompts lie in the space of the topics, (rows, dimensions), at least for the first rows that
            draws are made from; topic entropy is left out if None.
        meaning: where a model of language places them, each of length 1 or zeros, if there is one.
        size: rows that each measure is of, at most half of all.
        seed: of the draws.
        resamples: number of draws.
        of: rows of the corpus that these were drawn from; as many as these if None.
    """
    if not len(prompts):
        return []
    read = slice(min(len(prompts), DRAWN_FROM * size))
    picked = draws(read.stop, size, resamples, seed)
    total = len(prompts) if of is None else of
    takers = _takers(prompts[read], targets[read], groups, space, meaning)
    taken = {name: [take(rows) for rows in picked] for name, take in takers}
    numbers = [
        _number(name, estimate(values), len(picked[0]), total)
        for name, found in taken.items()
        if len(values := [value for value in found if value is not None]) == resamples
    ]
    if groups is not None:
        share = repeated(groups)
        numbers.append(_number(WHOLE, Estimate(share, share, share), len(prompts), total))
    return numbers


def _number(name: str, found: Estimate, rows: int, of: int) -> Number:
    measure = OF_PROMPTS.get(name) or OF_TEXTS[name.rpartition(", ")[0]]
    return Number(name, *found, rows, of, measure.source, measure.sensitive_to)


def _takers(
    prompts: Sequence[str], targets: Sequence[str], groups: I64 | None, space: F32 | None, meaning: F32 | None
) -> Iterator[tuple[str, Taken]]:
    """Each measure's name, and what takes it of some rows."""
    read = Encoded.of(prompts)
    for side, texts, words in (("prompts", prompts, read), ("targets", targets, Encoded.of(targets))):
        for name, take in _of_texts(texts, words):
            yield f"{name}, {side}", take
    openings, skeletons = (
        np.unique([make(text) for text in prompts], return_inverse=True)[1] for make in (opening, skeleton)
    )
    yield "rows in the 10 commonest openings", lambda rows: commonest(openings[rows])
    yield "rows in the 10 commonest skeletons", lambda rows: commonest(skeletons[rows])
    weights = weights_of(read)
    yield "Vendi score", lambda rows: vendi(weighted(read.drawn(rows[:SCORED]), weights))
    if meaning is not None:
        yield "Vendi score by a model", lambda rows: vendi(meaning[rows[:SCORED]])
    if space is not None and groups is not None:
        yield "topic entropy (bits)", lambda rows: topic_entropy(space[rows], groups[rows])
    if groups is not None:
        yield "rows with a near duplicate", lambda rows: repeated(groups[rows])
        yield "effective number of prompts", lambda rows: effective(groups[rows])


def _of_texts(texts: Sequence[str], read: Encoded) -> Iterator[tuple[str, Taken]]:
    """The measures of one side: of prompts or of targets."""
    heads = [text[:COMPRESSED].encode("utf-8", "surrogatepass") for text in texts]
    for n in (1, 2, 3):
        yield f"distinct-{n}", lambda rows, n=n: distinct(read.drawn(rows), n)  # type: ignore[misc]
    yield "bigram entropy (bits)", lambda rows: gram_entropy(read.drawn(rows), 2)
    yield "compression ratio", lambda rows: compression([heads[row] for row in rows.tolist()])
    yield "self-BLEU", lambda rows: self_bleu(read.drawn(rows[:COMPARED]))
    yield "type-token ratio per 1,000 words", lambda rows: type_token(read.drawn(rows), WINDOW)


def compression(texts: Sequence[bytes]) -> float:
    """Bytes of the texts, one a line, by bytes of the same compressed by DEFLATE (RFC 1951), as gzip does."""
    said = b"\n".join(texts)
    return len(said) / len(zlib.compress(said, LEVEL))


def commonest(kinds: NDArray[np.integer]) -> float:
    """The share of rows that have one of the ten commonest kinds."""
    counts = np.sort(frequencies(kinds))
    return float(counts[-COMMONEST:].sum() / max(1, len(kinds)))


def repeated(groups: NDArray[np.integer]) -> float:
    """The share of rows whose group has another row."""
    _, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return float((counts[group] > 1).mean()) if len(groups) else 0.0


def topic_entropy(vectors: F32, groups: I64) -> float:
    """The entropy of the topics of some rows, in bits.

    Topics are the clusters that k-means finds among one row of each group of near duplicates, one for ``GROUPED`` of
    them: so copies, which say nothing of what else there is to speak of, do not make topics of their own.
    """
    first = np.unique(groups, return_index=True)[1]
    known = np.sort(first[vectors[first].any(axis=1)])
    wanted = max(1, round(len(known) / GROUPED))
    centres = centres_of(vectors[known].astype(np.float64), wanted, starts=1)
    return entropy(np.bincount(nearest(vectors, centres)))


def effective(groups: NDArray[np.integer]) -> float:
    """The number of groups of equal size that are as uncertain as these: 2 to the power of their entropy in bits."""
    return float(2 ** entropy(frequencies(groups))) if len(groups) else 0.0
