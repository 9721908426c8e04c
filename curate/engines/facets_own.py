"""Facets of one's own: the values that expressions, or the terms of a glossary, find in a row. There may be several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from curate.text.linear_search import captured, written

if TYPE_CHECKING:
    import re

    from curate.core.coverage_plan import OwnFacet
    from curate.terms.term import Glossary

PART_COLUMNS = {"prompt": ("prompt",), "target": ("target",), "both": ("prompt", "target")}


def own_values(facet: OwnFacet, texts: pl.DataFrame, glossary: Glossary | None) -> pl.Series:
    """A list of the different values of each row, sorted; null where nothing is found.

    Expressions are matched in linear time: nobody's expression may stop a report.

    Args:
        facet: of the plan.
        texts: with the columns ``prompt`` and ``target``.
        glossary: what the facet's file holds, if it names one.
    """
    columns = [
        _values(facet, texts[name].cast(pl.String).fill_null(""), glossary)
        for name in PART_COLUMNS[facet.part]
    ]
    found = [sorted({value for part in row for value in part}) or None for row in zip(*columns, strict=True)]
    return pl.Series(found, dtype=pl.List(pl.String))


def _values(facet: OwnFacet, texts: pl.Series, glossary: Glossary | None) -> list[list[str]]:
    """The values in each text."""
    if glossary is not None:
        return _by_glossary(glossary, texts)
    if facet.pattern is not None:
        return _by_match(facet.pattern, texts)
    hits = [texts.str.contains(written(pattern)).to_list() for _, pattern in facet.patterns]
    names = [name for name, _ in facet.patterns]
    return [[name for name, hit in zip(names, row, strict=True) if hit] for row in zip(*hits, strict=True)]


def _by_match(pattern: re.Pattern[str], texts: pl.Series) -> list[list[str]]:
    return [
        [" ".join(hit.lower().split()) for hit in hits if hit and not hit.isspace()]
        for hits in captured(pattern, texts)
    ]


def _by_glossary(glossary: Glossary, texts: pl.Series) -> list[list[str]]:
    from curate.terms.matcher import matcher_of  # noqa: PLC0415 (only for glossaries)

    matcher, names = matcher_of(glossary), [term.name for term in glossary.terms]
    return [[names[use.form.term] for use in matcher.uses(text)] if text else [] for text in texts]
