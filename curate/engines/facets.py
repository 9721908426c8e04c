"""What every row is in some respects: its facets, read chunk by chunk in a second pass.

Texts are not kept beyond their chunk, but for the prompts that topics are found in (``facets_topics``). What is read of
a chunk depends on the chunk and on what is asked alone, so the number of workers does not show.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from curate.core.coverage_plan import META
from curate.core.errors import ConfigError, UsageError
from curate.engines.export import named_rows
from curate.engines.facets_kinds import LENGTHS, kind_of, tokens_of
from curate.engines.facets_own import own_values
from curate.engines.facets_said import Said, say
from curate.engines.facets_texts import row_texts
from curate.engines.facets_topics import Topics, find_topics, size_of, topic_names
from curate.engines.local import choose_engine
from curate.engines.scan import all_chunks
from curate.formats.parse import parse_chunk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.batch import Batch
    from curate.core.coverage_plan import CoveragePlan
    from curate.core.plan import Plan
    from curate.diversity.topics import TopicModel
    from curate.engines.local import Engine
    from curate.engines.scan import Scan
    from curate.formats.chunk import Chunk
    from curate.terms.term import Glossary

TOPIC, FILE = "topic", "file"


@dataclass(frozen=True)
class Asked:
    """What is asked of every row.

    Attributes:
        names: facets, without ``file``, which the scan knows.
        plan: facets of one's own, bands of length.
        glossaries: by the name of the facet that looks for their terms.
        topics: gives a text its topic; needed for the facet ``topic``.
        with_said: whether verbs, openings and lengths are counted as well.
    """

    names: tuple[str, ...]
    plan: CoveragePlan
    glossaries: Mapping[str, Glossary] = field(default_factory=dict)
    topics: TopicModel | None = None
    with_said: bool = False


@dataclass(frozen=True)
class Facets:
    """The facets of all rows that could be read.

    Attributes:
        rows: ``row`` (over all inputs), ``hash`` of the content, ``file``, and a column for each facet: a string, or a
            list of strings for facets of one's own; null where the facet has no value.
        topics: what the topics were found by, if they were asked for.
        said: verbs, openings and lengths, if they were asked for.
    """

    rows: pl.DataFrame
    topics: Topics | None = None
    said: Said | None = None


def facet_frame(scan: Scan, facets: Sequence[str], plan: Plan) -> pl.DataFrame:
    """One line for each row that could be read, in order, with a column for each facet.

    Args:
        scan: what was read.
        facets: names, as in ``[[coverage.cells]]``.
        plan: facets of one's own, bands of length, workers.

    Returns:
        ``row_number`` (over all inputs, from 0), ``file``, ``line``, ``key``, and the facets: strings, or lists of
        strings for facets of one's own; null where the facet has no value.
    """
    read = read_facets(scan, facets, plan)
    named = named_rows(scan).select(pl.col("row").alias("row_number"), "file", "line", "key")
    columns = [name for name in dict.fromkeys(facets) if name != FILE]
    return pl.concat([named, read.rows.select(columns)], how="horizontal")


def read_facets(  # noqa: PLR0913 (what a reading is made of)
    scan: Scan,
    names: Sequence[str],
    plan: Plan,
    *,
    topics: Topics | None = None,
    with_said: bool = False,
    engine: Engine | None = None,
) -> Facets:
    """The facets of all rows.

    Args:
        scan: what was read.
        names: of the facets.
        plan: facets of one's own, bands of length, workers.
        topics: what tells topics, if they have been found already.
        with_said: whether verbs, openings and lengths are counted as well.
        engine: where chunks are read; chosen by the size of the input if None.

    Raises:
        ConfigError: a metadata field is in none of the rows, or a glossary is wrong.
        MissingExtraError: topics are asked for and their packages are not installed.
    """
    names = tuple(dict.fromkeys(names))
    if TOPIC in names and topics is None:
        topics = find_topics((scan,), plan)
    asked = Asked(
        tuple(name for name in names if name != FILE),
        plan.coverage,
        _glossaries(names, plan),
        topics.model if topics is not None else None,
        with_said,
    )
    with nullcontext(engine) if engine else choose_engine(size_of(scan), plan.workers) as chosen:
        told = list(chosen.map(partial(tell, asked=asked), all_chunks(scan.opened)))
    columns = pl.concat([frame for frame, _ in told]) if told else _nothing(asked)
    files = dict(enumerate(one.source.name for one in scan.opened))
    index = scan.index.select(
        "row", "hash", pl.col(FILE).replace_strict(files, default="", return_dtype=pl.String)
    )
    rows = pl.concat([index, columns], how="horizontal")
    _refuse_absent(rows, plan)
    return Facets(rows, topics, Said.together([said for _, said in told]) if with_said else None)


def tell(chunk: Chunk, asked: Asked) -> tuple[pl.DataFrame, Said]:
    """The facets of the rows of a chunk, a line each, and what they say."""
    fields = tuple(name.removeprefix(META) for name in asked.names if name.startswith(META))
    batch = parse_chunk(chunk, fields).batch
    texts = row_texts(batch)
    frame = pl.DataFrame({name: _column(name, batch, texts, asked) for name in asked.names})
    if not asked.with_said:
        return frame, Said()
    return pl.concat([frame, tokens_of(batch).select(pl.all().name.prefix(TOKENS))], how="horizontal"), say(
        batch, texts
    )


TOKENS = "tokens."
"""Begins the columns of lengths: ``tokens.prompt_length``."""


def _nothing(asked: Asked) -> pl.DataFrame:
    """The facets of no rows."""
    kinds = {name: pl.List(pl.String) if name in asked.plan.own else pl.String() for name in asked.names}
    lengths = {f"{TOKENS}{name}": pl.UInt32() for name in LENGTHS} if asked.with_said else {}
    return pl.DataFrame(schema={**kinds, **lengths})


def _column(name: str, batch: Batch, texts: pl.DataFrame, asked: Asked) -> pl.Series:
    own = asked.plan.own.get(name)
    if own is not None:
        return own_values(own, texts, asked.glossaries.get(name))
    if name == TOPIC:
        assert asked.topics is not None  # noqa: S101 (found before)
        return topic_names(asked.topics, texts["prompt"])
    return kind_of(name, batch, texts, asked.plan.edges)


def _glossaries(names: Sequence[str], plan: Plan) -> dict[str, Glossary]:
    from curate.terms.load import load_glossary  # noqa: PLC0415 (only for glossaries)

    wanted = [facet for facet in plan.coverage.facets if facet.name in names and facet.glossary]
    return {facet.name: load_glossary(facet.glossary) for facet in wanted}


def _refuse_absent(rows: pl.DataFrame, plan: Plan) -> None:
    """A metadata field that no row has is a slip of the pen."""
    for name in rows.columns:
        if name.startswith(META) and rows.height and rows[name].null_count() == rows.height:
            field_name = name.removeprefix(META)
            what = f"no row has the field '{field_name}'"
            hint = f"curate report DATA --by {field_name} lists the fields that there are"
            tables = plan.coverage.tables
            entry = next((table.number for table in tables if name in table.facets), None)
            if entry is None:
                raise UsageError(what, hint=hint)
            place = plan.places.get(f"coverage.cells.{entry}.{name}") or plan.places.get(
                f"coverage.cells.{entry}"
            )
            raise ConfigError(what, where=place or "", hint=hint)
