"""The facets of a coverage report: values with their rows, cross tables, lengths, openings, verbs and objects."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from curate.core.coverage_plan import BANDED, FACETS, META, NO_VALUE, bands
from curate.core.coverage_report import CrossTable, Facet, Lengths, Openings, Value, VerbObject
from curate.engines.facets import TOKENS
from curate.engines.private import HIDDEN, shown_text
from curate.text.private import BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.coverage_plan import CoveragePlan
    from curate.core.plan import Plan
    from curate.engines.covering_samples import Samples
    from curate.engines.facets_said import Said

MOST = 30
"""Values of a facet that are listed."""

ACROSS, DOWN = 12, 20
"""Columns and lines of a cross table that nobody asked to bound."""

LABEL = 60
"""Code points of a value that are shown."""

_MASKED = re.compile(BLOCK + "{6,}")
OF_TEXT = ("topic",)
"""Facets, beside those of one's own, whose values are words of rows."""


def lines_of(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """A line for each combination of the values of a row."""
    lines = rows.select("row", "hash", *names)
    for name in names:
        if lines.schema[name] == pl.List(pl.String):
            lines = lines.explode(name)
    return lines


def counts_of(rows: pl.DataFrame, name: str) -> dict[str, int]:
    """Rows by value, most frequent first; rows without one are not counted."""
    counts = lines_of(rows, [name])[name].drop_nulls().value_counts()
    return dict(sorted(counts.iter_rows(), key=lambda one: (-one[1], one[0])))


def chosen_of(rows: pl.DataFrame, name: str, values: Sequence[str], examples: int) -> dict[str, list[int]]:
    """The rows that are shown of some values: the first by the hash of their content."""
    lines = lines_of(rows, [name]).filter(pl.col(name).is_in(list(values))).sort("hash", "row")
    picked = lines.group_by(name, maintain_order=True).agg(pl.col("row").head(examples))
    return dict(picked.select(name, "row").iter_rows())


def listed(name: str, counts: dict[str, int], edges: tuple[int, ...]) -> list[str]:
    """The values that are listed, in their order: bands of length by length, others by frequency."""
    if name in BANDED:
        order = bands(edges) if name != "turns" else sorted(counts, key=lambda text: int(text.rstrip("+")))
        return [value for value in order if value in counts]
    return list(counts)[:MOST]


def facet_of(
    name: str, rows: pl.DataFrame, chosen: dict[str, list[int]], samples: Samples, plan: Plan
) -> Facet:
    """A facet as it is told."""
    counts = counts_of(rows, name)
    values = listed(name, counts, plan.coverage.edges)
    total = max(rows.height, 1)
    lines = lines_of(rows, [name])
    has_listed = lines.filter(pl.col(name).is_in(values))["row"].n_unique()
    without = int(rows[name].is_null().sum())
    return Facet(
        name=name,
        title=title_of(name, plan.coverage),
        values=tuple(
            Value(label, counts[value], counts[value] / total, samples.of(chosen.get(value, ())))
            for value, label in zip(values, labels(name, values, plan), strict=True)
        ),
        distinct=len(counts),
        others=rows.height - without - has_listed,
        without=without,
        is_ordered=name in BANDED,
        is_multiple=plan.coverage.is_multiple(name),
    )


def title_of(name: str, plan: CoveragePlan) -> str:
    """What a facet says, in words."""
    own = plan.own.get(name)
    if own is not None:
        where = {"both": "prompt or answer", "target": "answer"}.get(own.part, own.part)
        return (
            f"Terms of {own.glossary} in the {where}"
            if own.glossary
            else f"Found by expression in the {where}"
        )
    return f"Field {name.removeprefix(META)}" if name.startswith(META) else FACETS[name]


def labels(name: str, values: Sequence[str], plan: Plan) -> list[str]:
    """The values as they are shown: masked, then cut; numbered where two would look the same."""
    is_named = name in FACETS and name not in OF_TEXT
    told = [value if is_named or value == NO_VALUE else _label(name, value, plan) for value in values]
    count, number = Counter(told), Counter[str]()
    numbered = []
    for text in told:
        number[text] += 1
        numbered.append(text if count[text] == 1 else f"{text} #{number[text]}")
    return numbered


def _label(name: str, value: str, plan: Plan) -> str:
    own = plan.coverage.own.get(name)
    is_text = name in OF_TEXT or (own is not None and own.pattern is not None)
    if not plan.show_text and is_text:
        return HIDDEN
    text = _MASKED.sub(BLOCK * 6, shown_text(value, plan))
    return text if len(text) <= LABEL else text[: LABEL // 2 - 1] + HIDDEN + text[-LABEL // 2 :]


def cross_of(rows: pl.DataFrame, down: str, across: str, plan: Plan) -> CrossTable:
    """Two facets against each other, their most frequent values; the one with fewer stands across."""
    edges = plan.coverage.edges
    values = {name: listed(name, counts_of(rows, name), edges) for name in (down, across)}
    down, across = sorted((down, across), key=lambda name: -len(values[name]))
    lines, columns = values[down][:DOWN], values[across][:ACROSS]
    counted = lines_of(rows, [down, across]).group_by(down, across).len()
    known = {(one, other): count for one, other, count in counted.iter_rows()}
    return CrossTable(
        title=f"{down} × {across}",
        down=down,
        across=across,
        lines=tuple(labels(down, lines, plan)),
        columns=tuple(labels(across, columns, plan)),
        counts=tuple(tuple(known.get((one, other), 0) for other in columns) for one in lines),
    )


# --- what is said -----------------------------------------------------------------------------------------

STEPS = 200
"""Points of a Lorenz curve at most."""

MOST_PAIRS, TOP = 60, 12
"""Pairs of verb and object, and openings, that are told."""


def verbs_of(said: Said, plan: Plan) -> tuple[VerbObject, ...]:
    """The most frequent pairs of verb and object; they are words of rows, so they are masked, or not told at all."""
    if not plan.show_text:
        return ()
    pairs = said.pairs.head(MOST_PAIRS).iter_rows()
    return tuple(
        VerbObject(shown_text(verb, plan), shown_text(what or "", plan), rows) for verb, what, rows in pairs
    )


def openings_of(said: Said, plan: Plan) -> Openings | None:
    """How evenly rows are spread over openings, with the Gini coefficient (Gini 1912) of the counts."""
    counts = said.openings["rows"].sort()
    rows, distinct = int(counts.sum()), len(counts)
    if not rows:
        return None
    ranks = pl.int_range(1, distinct + 1, eager=True)
    gini = 2 * float((ranks * counts).sum()) / (distinct * rows) - (distinct + 1) / distinct
    top = said.openings.head(TOP).iter_rows() if plan.show_text else ()
    return Openings(
        _stepped(counts.to_list()),
        distinct,
        rows,
        gini,
        tuple((shown_text(text, plan), n) for text, n in top),
    )


def _stepped(counts: list[int]) -> tuple[int, ...]:
    """Ascending counts, summed within at most ``STEPS`` steps that differ in length by one at most."""
    steps = min(STEPS, len(counts))
    bounds = [len(counts) * step // steps for step in range(steps + 1)]
    return tuple(sum(counts[low:high]) for low, high in pairwise(bounds))


def lengths_of(rows: pl.DataFrame, budget: int | None) -> tuple[Lengths, ...]:
    """Histograms of prompts, answers and both; bars begin at powers of 2."""
    columns = {
        "prompt": rows[f"{TOKENS}prompt_length"],
        "target": rows[f"{TOKENS}target_length"],
        "row": rows[f"{TOKENS}prompt_length"] + rows[f"{TOKENS}target_length"],
    }
    return tuple(_histogram(of, tokens, budget if of == "row" else None) for of, tokens in columns.items())


def _histogram(of: str, tokens: pl.Series, budget: int | None) -> Lengths:
    longest = int(tokens.max() or 0)  # type: ignore[arg-type]
    edges = [0, 1, *(2**power for power in range(1, 40) if 2**power <= longest), longest + 1]
    edges = sorted(set(edges))
    places = pl.Series(edges[1:-1], dtype=tokens.dtype).search_sorted(tokens, side="right")
    counted = dict(places.value_counts().iter_rows()) if len(edges) > 2 else {0: len(tokens)}  # noqa: PLR2004 (one bar)
    return Lengths(
        of=of,
        edges=tuple(edges),
        counts=tuple(counted.get(at, 0) for at in range(len(edges) - 1)),
        median=_quantile(tokens, 0.5),
        p95=_quantile(tokens, 0.95),
        longest=longest,
        budget=budget,
        over=int((tokens > budget).sum()) if budget is not None else 0,
    )


def _quantile(tokens: pl.Series, part: float) -> int:
    return int(tokens.quantile(part, "lower") or 0)
