"""The topics of all rows, found in a sample of prompts.

The sample is the one that the measures of diversity are taken from (``engines/diversity.py``): drawn by the hash of the
rows' content, so that neither the order of the rows nor the number of workers changes a topic. With an earlier release
beside it, topics are found in both together: what is new is then seen as much as what has gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.engines.diversity import draw_pool
from curate.engines.local import choose_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.diversity.topics import TopicModel
    from curate.engines.diversity import Pool
    from curate.engines.scan import Scan


@dataclass(frozen=True)
class Topics:
    """What tells topics.

    Attributes:
        model: gives a text its topic.
        rows: of each topic, rows of the first scan whose prompts are nearest to its middle.
    """

    model: TopicModel
    rows: tuple[tuple[int, ...], ...]


def find_topics(scans: Sequence[Scan], plan: Plan) -> Topics:
    """What tells the topics of all rows of some scans.

    Raises:
        MissingExtraError: the packages are not installed.
    """
    with choose_engine(sum(map(size_of, scans)), plan.workers) as engine:
        return topics_of([draw_pool(scan, engine) for scan in scans])


def size_of(scan: Scan) -> int:
    """Bytes of its inputs."""
    return sum(one.survey.size if one.survey else 0 for one in scan.opened)


def topics_of(pools: Sequence[Pool]) -> Topics:
    """What tells the topics of the rows that samples were drawn from; ``rows`` are those of the first.

    Raises:
        MissingExtraError: the packages are not installed.
    """
    from curate.diversity.topics import TopicModel  # noqa: PLC0415 (loads numpy; scikit-learn when it fits)

    model = TopicModel.fit(text for pool in pools for text in pool.prompts if text)
    first: dict[str, int] = {}
    for row, text in zip(pools[0].rows.tolist(), pools[0].prompts, strict=True):
        first.setdefault(text, row)
    rows = tuple(tuple(first[text] for text in texts if text in first) for texts in model.representatives)
    return Topics(model, rows)


def topic_names(model: TopicModel, texts: pl.Series) -> pl.Series:
    """The label of each text's topic; null where there is no text."""
    known = texts.drop_nulls()
    assigned = model.assign(known.to_list())
    names = pl.Series(model.labels, dtype=pl.String).gather(pl.Series(assigned, dtype=pl.Int64))
    places = pl.Series(range(len(texts)), dtype=pl.Int64).filter(texts.is_not_null())
    return pl.Series([None] * len(texts), dtype=pl.String).scatter(places, names)
