"""What is in the data, counted batch by batch: counters that add up, whatever the partitioning."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from curate.core.report import Bin, DataFacts, Distribution
from curate.text.private import mask
from curate.text.tokens import NOTE

if TYPE_CHECKING:
    from curate.core.batch import Batch
    from curate.core.plan import Plan

Facts = dict[str, Counter[str]]

MOST_OPENINGS = 500
"""Openings kept of one batch; rarer ones cannot come to the top of all."""

SCRIPTS = {
    "Latin": r"\p{Latin}",
    "Chinese": r"\p{Han}",
    "Japanese kana": r"[\p{Hiragana}\p{Katakana}]",
    "Korean": r"\p{Hangul}",
    "Cyrillic": r"\p{Cyrillic}",
    "Arabic": r"\p{Arabic}",
    "Greek": r"\p{Greek}",
    "Hebrew": r"\p{Hebrew}",
    "Devanagari": r"\p{Devanagari}",
    "Thai": r"\p{Thai}",
}
SAMPLED = 160
"""Characters of a target that decide its script."""


def count_facts(batch: Batch, tokens: pl.DataFrame) -> Facts:
    """Counters of one batch.

    Args:
        batch: rows and turns.
        tokens: ``row, target_tokens, prompt_tokens``.
    """
    return {
        "layout": _counts(batch.rows, "layout"),
        "prompt tokens": _bands(tokens["prompt_tokens"]),
        "target tokens": _bands(tokens["target_tokens"]),
        "turns": _counts(batch.turns.group_by("row").agg(pl.col("turn").n_unique().cast(pl.String)), "turn"),
        "script": _scripts(batch.targets),
        "opening": _openings(batch),
    }


def add_facts(total: Facts, more: Facts) -> None:
    """Add the counters of another batch."""
    for name, counter in more.items():
        total.setdefault(name, Counter()).update(counter)


def _counts(frame: pl.DataFrame, column: str) -> Counter[str]:
    counts = frame[column].value_counts()
    return Counter(dict(zip(counts[column].to_list(), counts["count"].to_list(), strict=True)))


def _bands(tokens: pl.Series) -> Counter[str]:
    """Exact values: the median and the percentiles are computed from them."""
    counts = tokens.value_counts()
    return Counter(dict(zip(map(str, counts.to_series(0).to_list()), counts["count"].to_list(), strict=True)))


def _scripts(targets: pl.DataFrame) -> Counter[str]:
    """The script of most letters at the beginning of a target; Japanese as soon as kana occur."""
    head = pl.col("text")
    heads = targets.select(head.str.slice(0, SAMPLED))
    is_ascii = head.str.len_bytes() == head.str.len_chars()
    others = heads.filter(~is_ascii)
    letters = int(heads.filter(is_ascii).select(head.str.contains("[A-Za-z]").sum()).item())
    plain = {"Latin": letters, "no letters": len(heads) - len(others) - letters}
    total = Counter({script: count for script, count in plain.items() if count})
    return total if others.is_empty() else total + _mixed_scripts(others)


def _mixed_scripts(heads: pl.DataFrame) -> Counter[str]:
    """The same for beginnings that are not all ASCII."""
    text = pl.col("text").str
    counts = heads.select(text.count_matches(pattern).alias(name) for name, pattern in SCRIPTS.items())
    most = pl.max_horizontal(pl.all())
    script = (
        pl.when(pl.col("Japanese kana") > 0)
        .then(pl.lit("Japanese kana"))
        .when(most == 0)
        .then(pl.lit("no letters"))
    )
    for name in SCRIPTS:
        script = script.when(pl.col(name) == most).then(pl.lit(name))
    return _counts(counts.select(script.alias("script")), "script")


def _openings(batch: Batch) -> Counter[str]:
    """The first two words of what the user asks first."""
    asked = batch.prompts.filter(pl.col("role") == "user").unique("row", keep="first", maintain_order=True)
    words = asked.select(
        pl.col("text")
        .str.slice(0, SAMPLED)
        .str.to_lowercase()
        .str.extract(r"^\W*(\w+(?:\W+\w+)?)")
        .alias("opening")
    ).drop_nulls()
    counts = (
        words["opening"].value_counts().sort("count", "opening", descending=[True, False]).head(MOST_OPENINGS)
    )
    return Counter(dict(zip(counts["opening"].to_list(), counts["count"].to_list(), strict=True)))


def describe(facts: Facts, plan: Plan) -> DataFacts:
    """The facts as charts; the openings are text of rows, and shown only where the plan lets text be shown."""
    openings = facts.get("opening", Counter()) if plan.show_text else Counter()
    if not plan.show_pii:
        masked: Counter[str] = Counter()
        for text, count in sorted(openings.items(), key=lambda item: (-item[1], item[0]))[:MOST_OPENINGS]:
            masked[mask(text)] += count
        openings = masked
    charts = [
        _histogram("Prompt length", facts.get("prompt tokens", Counter())),
        _histogram("Target length", facts.get("target tokens", Counter())),
        _bars("Turns in a row", facts.get("turns", Counter()), numeric=True),
        _bars("Layout", facts.get("layout", Counter())),
        _bars("Script of the target", facts.get("script", Counter())),
        _bars("First words of the prompt", openings),
    ]
    return DataFacts(
        supervised_tokens=_weighted(facts.get("target tokens", Counter())),
        prompt_tokens=_weighted(facts.get("prompt tokens", Counter())),
        token_note=NOTE,
        charts=tuple(chart for chart in charts if chart.bins) if facts.get("turns") else (),
    )


def _weighted(values: Counter[str]) -> int:
    return sum(int(value) * count for value, count in values.items())


EDGES = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)


def _histogram(title: str, values: Counter[str]) -> Distribution:
    """Bars that double in width; the figures beside them are exact."""
    numbers = sorted((int(value), count) for value, count in values.items())
    bins = []
    for low, high in zip(EDGES, (*EDGES[1:], None), strict=True):
        count = sum(n for value, n in numbers if value >= low and (high is None or value < high))
        label = (
            str(low)
            if high is not None and high - low == 1
            else f"{low:,}–{high - 1:,}"
            if high
            else f"≥ {low:,}"
        )
        bins.append(Bin(label, count, low, high))
    while bins and not bins[-1].count:
        bins.pop()
    if not numbers:
        return Distribution(title, "tokens", ())
    return Distribution(
        title, "tokens", tuple(bins), _quantile(numbers, 0.5), _quantile(numbers, 0.95), float(numbers[-1][0])
    )


def _quantile(numbers: list[tuple[int, int]], q: float) -> float:
    """The smallest value with at least the share ``q`` of the weight at or below it."""
    total = sum(count for _, count in numbers)
    seen = 0
    for value, count in numbers:
        seen += count
        if seen >= q * total:
            return float(value)
    return float(numbers[-1][0])


def _bars(title: str, counts: Counter[str], *, numeric: bool = False, most: int = 12) -> Distribution:
    """The most frequent values, or all of them in order of size where they are numbers."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    if numeric:
        ranked.sort(key=lambda item: int(item[0]))
    rest = len(counts) - len(ranked)
    note = f"{rest:,} more are not shown" if rest > 0 else ""
    return Distribution(title, "rows", tuple(Bin(label, count) for label, count in ranked), note=note)
