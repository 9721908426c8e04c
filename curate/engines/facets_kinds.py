"""The facets that need no plan: what each says of the rows of a batch, as one value a row or null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from curate.core.coverage_plan import META, MOST_TURNS, bands
from curate.engines.facts import SAMPLED, SCRIPTS
from curate.text.language import identify
from curate.text.tokens import said_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.core.batch import Batch
    from curate.diversity.task_types import Task

LOOKED_AT = 600
"""Code points of a text by which its language is told."""


def kind_of(name: str, batch: Batch, texts: pl.DataFrame, edges: tuple[int, ...]) -> pl.Series:
    """The values of a facet for the rows of a batch.

    Args:
        name: of ``FACETS`` without topic and file, or ``meta.FIELD``.
        batch: the rows.
        texts: of :func:`curate.engines.facets_texts.row_texts`.
        edges: where bands of length begin, in tokens.
    """
    if name.startswith(META):
        return batch.rows[name]
    if name in LENGTHS:
        return band_of(tokens_of(batch)[name], edges)
    return MAKERS[name](batch, texts)


def tokens_of(batch: Batch) -> pl.DataFrame:
    """``prompt_length, target_length`` of every row, in estimated tokens; prompts with their system messages."""

    def count() -> pl.DataFrame:
        said = said_tokens(batch).filter(pl.col("kind") != "call")
        part, tokens = pl.col("part"), pl.col("tokens")
        summed = said.group_by("row").agg(
            tokens.filter(part.is_in(["prompt", "context"])).sum().alias("prompt_length"),
            tokens.filter(part == "target").sum().alias("target_length"),
        )
        rows = batch.rows.select("row")
        joined = rows.join(summed, on="row", how="left", maintain_order="left").fill_null(0)
        return joined.select(pl.col(LENGTHS).cast(pl.UInt32))

    return batch.once("lengths of rows", count)


LENGTHS = ("prompt_length", "target_length")


def band_of(lengths: pl.Series, edges: tuple[int, ...]) -> pl.Series:
    """The band of each length."""
    names = pl.Series(bands(edges), dtype=pl.String)
    places = pl.Series(edges, dtype=pl.UInt32).search_sorted(lengths, side="right")
    return names.gather(places)


def _each(texts: pl.Series, tell: Callable[[str], str]) -> pl.Series:
    """What is said of each text; of an equal one only once."""
    known: dict[str, str] = {}
    told: list[str | None] = []
    for text in texts.to_list():
        if text is not None and text not in known:
            known[text] = tell(text)
        told.append(known[text] if text is not None else None)
    return pl.Series(told, dtype=pl.String)


def tasks_of(batch: Batch, texts: pl.DataFrame) -> dict[str, Task]:
    """What each different instruction of a batch asks for; told once for all who ask."""
    from curate.diversity.task_types import task_of  # noqa: PLC0415 (only where it is asked for)

    return batch.once(
        "tasks",
        lambda: {text: task_of(text) for text in texts["instruction"].drop_nulls().unique().to_list()},
    )


def _task(batch: Batch, texts: pl.DataFrame) -> pl.Series:
    tasks = tasks_of(batch, texts)
    return _each(texts["instruction"], lambda text: tasks[text].kind)


def _format(_: Batch, texts: pl.DataFrame) -> pl.Series:
    from curate.diversity.answer_formats import format_of  # noqa: PLC0415 (only where it is asked for)

    return _each(texts["answer"], format_of)


def _language(_: Batch, texts: pl.DataFrame) -> pl.Series:
    """Of the answer; of the prompt where the answer has too little prose; ``und`` where both have."""
    heads = texts.select(pl.col("target", "prompt").str.slice(0, LOOKED_AT))
    said = _each(heads["target"], _code)
    is_open = said.is_null() | (said == UNDETERMINED)
    asked = _each(heads["prompt"].set(~is_open, None), _code)
    return pl.select(pl.coalesce(said.set(is_open, None), asked, said)).to_series()


UNDETERMINED = "und"


def _code(text: str) -> str:
    return identify(text).language


def _script(_: Batch, texts: pl.DataFrame) -> pl.Series:
    """Of most letters at the beginning of the answer; Japanese as soon as kana occur."""
    heads = texts.select(pl.col("answer").str.slice(0, SAMPLED).alias("text"))
    text = pl.col("text").str
    counts = heads.select(
        "text", *(text.count_matches(pattern).alias(name) for name, pattern in SCRIPTS.items())
    )
    most = pl.max_horizontal(*SCRIPTS)
    script = (
        pl.when(pl.col("text").is_null())
        .then(None)
        .when(pl.col("Japanese kana") > 0)
        .then(pl.lit("Japanese kana"))
        .when(most == 0)
        .then(pl.lit("no letters"))
    )
    for name in SCRIPTS:
        script = script.when(pl.col(name) == most).then(pl.lit(name))
    return counts.select(script.alias("script")).to_series()


def _layout(batch: Batch, _: pl.DataFrame) -> pl.Series:
    return batch.rows["layout"]


def _turns(_: Batch, texts: pl.DataFrame) -> pl.Series:
    turns = texts["turns"].fill_null(0)
    named = turns.clip(upper_bound=MOST_TURNS).cast(pl.String)
    return named.set(turns >= MOST_TURNS, f"{MOST_TURNS}+")


MAKERS: dict[str, Callable[[Batch, pl.DataFrame], pl.Series]] = {
    "task": _task,
    "language": _language,
    "script": _script,
    "answer_format": _format,
    "layout": _layout,
    "turns": _turns,
}
