"""Facets of one's own: the values that expressions, or the terms of a glossary, find in a row. There may be several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from curate.core.coverage_plan import OwnFacet
    from curate.terms.term import Glossary

PART_COLUMNS = {"prompt": ("prompt",), "target": ("target",), "both": ("prompt", "target")}


def own_values(facet: OwnFacet, texts: pl.DataFrame, glossary: Glossary | None) -> pl.Series:
    """A list of the different values of each row, sorted; null where nothing is found.

    Args:
        facet: of the plan.
        texts: with the columns ``prompt`` and ``target``.
        glossary: what the facet's file holds, if it names one.
    """
    find = finder(facet, glossary)
    columns = [texts[name].to_list() for name in PART_COLUMNS[facet.part]]
    found = [
        sorted({value for text in row if text for value in find(text)}) or None
        for row in zip(*columns, strict=True)
    ]
    return pl.Series(found, dtype=pl.List(pl.String))


def finder(facet: OwnFacet, glossary: Glossary | None) -> Callable[[str], Iterator[str]]:
    """What gives the values of a text."""
    if glossary is not None:
        return _by_glossary(glossary)
    if facet.pattern is not None:
        return _by_match(facet)
    return _by_pattern(facet)


def _by_match(facet: OwnFacet) -> Callable[[str], Iterator[str]]:
    pattern = facet.pattern
    assert pattern is not None  # noqa: S101 (asked by the caller)
    group = 1 if pattern.groups else 0

    def find(text: str) -> Iterator[str]:
        hits = (hit[group] for hit in pattern.finditer(text))
        return (" ".join(hit.lower().split()) for hit in hits if hit and not hit.isspace())

    return find


def _by_pattern(facet: OwnFacet) -> Callable[[str], Iterator[str]]:
    def find(text: str) -> Iterator[str]:
        return (value for value, pattern in facet.patterns if pattern.search(text))

    return find


def _by_glossary(glossary: Glossary) -> Callable[[str], Iterator[str]]:
    from curate.terms.matcher import matcher_of  # noqa: PLC0415 (only for glossaries)

    matcher, names = matcher_of(glossary), [term.name for term in glossary.terms]

    def find(text: str) -> Iterator[str]:
        return (names[use.form.term] for use in matcher.uses(text))

    return find
