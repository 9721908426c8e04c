"""Kept rows that may ask the same in other words: found by a model's vectors, judged like every other pair.

No n-gram sees that "How do I lose weight?" and "What is a good way to get thinner?" ask the same; a model does, and
it also takes "gain" for "lose". So it names candidates for a reader, and what may cost a row is still decided by the
judge alone.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from curate.engines.rereading import read_examples, reread
from curate.engines.twins import Shown, told
from curate.similarity.embedding import load_embedder
from curate.similarity.guard import Kind
from curate.similarity.judge import PairClass, judge
from curate.similarity.semantic import close_pairs, joined, refuse_no_cosine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.engines.twins import Decided
    from curate.similarity.embedding import Embedder
    from curate.similarity.judge import Example, Judgement
    from curate.similarity.semantic import Close

SETTING = frozenset({"system", "tools"})
"""Roles that say under which conditions is asked, and not what; another condition makes another ask."""

TELLING = frozenset({Kind.NUMBER, Kind.NEGATION})
"""Differences that change an ask in whatever words it is put, and that vectors hardly see."""

SERIES = 3
"""Candidates that differ in the same way, of which as many are listed. Where each disease is asked its treatments and
its outlook, a model takes the two for one ask, disease by disease; who has read three of them knows the rest."""


def paraphrases(  # noqa: PLR0913 (what a deduplication knows, and two settings)
    seen: Scan, rows: pl.DataFrame, decided: Decided, model: str | Path, threshold: float, engine: Engine
) -> tuple[Shown, ...]:
    """Pairs of kept rows that a model takes for one ask, the nearest first; their ``similarity`` is the cosine.

    A pair is ``PARAPHRASE``, a candidate, unless the judge finds more: it is a variant where a number or a negation
    differs, and is not listed; it is ``NEAR`` where one of both may go after all. Of rows with one ask the first stands
    for all, and of pairs between which the same words differ the nearest ``SERIES`` do. Only the beginning of an ask is
    read (``embedding.MOST_TOKENS``), and rows under different system prompts or with different tools are not compared.

    Args:
        seen: the scan.
        rows: what the sketch holds of each row.
        decided: which rows go.
        model: the folder of a model.
        threshold: the cosine from which two asks are candidates.
        engine: where rows are read again; the model runs in this process.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        UsageError: the folder holds no model, or the threshold is no cosine.
    """
    refuse_no_cosine(threshold)
    embedder = load_embedder(model)
    kept = (
        rows.join(decided.removed, on="row", how="anti")
        .select("row")
        .join(decided.asks, on="row", how="left")
    )
    first_of_ask = pl.col("ask").is_null() | pl.col("ask").is_first_distinct()
    asks = _asks(seen, kept.sort("row").filter(first_of_ask)["row"], engine)
    numbers = asks["row"].to_numpy()
    pairs = _close(asks, embedder, threshold)
    order = np.lexsort((pairs.j, pairs.i, -pairs.cosine))
    known = read_examples(seen, pl.Series(numbers[np.union1d(pairs.i, pairs.j)], dtype=pl.Int64), engine)
    judged = (
        _judged(int(numbers[pairs.i[at]]), int(numbers[pairs.j[at]]), float(pairs.cosine[at]), known)
        for at in order
    )
    return tuple(_without_series(one for one in judged if one is not None))


def said(example: Example) -> tuple[str, str]:
    """The conditions under which a row asks, and what it asks, as one text each."""
    condition = "\n".join(f"{turn.role}\t{turn.text}" for turn in example.ask if turn.role in SETTING)
    return condition, "\n".join(turn.text for turn in example.ask if turn.role not in SETTING)


def kind_of(judgement: Judgement) -> PairClass:
    """What a pair is whose asks a model takes for one."""
    if judgement.pair.removable or judgement.pair in {PairClass.CONFLICT, PairClass.SAME_DOCUMENT}:
        return judgement.pair
    if any(one.kind in TELLING for one in judgement.differences):
        return PairClass.VARIANT
    return PairClass.PARAPHRASE


def _asks(seen: Scan, rows: pl.Series, engine: Engine) -> pl.DataFrame:
    """``row, condition, ask`` of the rows, the first of those that are equal, none without an ask."""
    schema = pl.Schema({"row": pl.Int64(), "condition": pl.String(), "ask": pl.String()})
    parts = reread(seen, rows, partial(_texts, schema=schema), engine)
    asks = pl.concat([pl.DataFrame(schema=schema), *parts])
    asks = asks.filter(pl.col("ask").str.strip_chars() != "")
    return asks.sort("row").unique(["condition", "ask"], keep="first", maintain_order=True)


def _texts(rows: Sequence[tuple[int, Example]], schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame([(row, *said(example)) for row, example in rows], schema=schema, orient="row")


def _close(asks: pl.DataFrame, embedder: Embedder, threshold: float) -> Close:
    """The candidates, as places in ``asks``, among rows that ask under one condition.

    Asks with one vector are one as far as the model reads, which says nothing of the rest: the first stands for all.
    """
    vectors = embedder.embed(asks["ask"].to_list())
    found: list[Close] = []
    places = asks.with_row_index("at").group_by("condition", maintain_order=True).agg("at")["at"].to_list()
    for at in map(np.array, places):
        group = at[np.sort(np.unique(vectors[at], axis=0, return_index=True)[1])]
        pairs = close_pairs(vectors[group], threshold)
        found.append(pairs._replace(i=group[pairs.i], j=group[pairs.j]))
    return joined(found)


def _judged(row: int, other: int, cosine: float, known: dict[int, Example]) -> Shown | None:
    judgement = judge(known[other], known[row])
    kind = kind_of(judgement)
    if not (kind.removable or kind is PairClass.PARAPHRASE):
        return None
    return Shown(other, row, kind, cosine, told(judgement.differences))


def _without_series(pairs: Iterable[Shown]) -> Iterator[Shown]:
    """The pairs, no more than ``SERIES`` candidates of those between which the same words differ."""
    listed: Counter[frozenset[frozenset[str]]] = Counter()
    for pair in pairs:
        pattern = frozenset(frozenset((left, right)) for _, left, right in pair.differences)
        listed[pattern] += 1
        if pair.kind.removable or listed[pattern] <= SERIES:
            yield pair
