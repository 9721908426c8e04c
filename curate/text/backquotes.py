"""What a text shows rather than says: code between backquotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|``[^\n]*?``|`[^`\n]+`", re.DOTALL)


def code_spans(text: str) -> list[tuple[int, int]]:
    """Fenced blocks and spans between backquotes (CommonMark 4.5, 6.1, roughly), with their marks."""
    return [match.span() for match in _CODE.finditer(text)] if "`" in text or "~~~" in text else []


def outside_code(hits: pl.DataFrame) -> pl.DataFrame:
    """The hits (``text, start, end``) that do not begin in code."""
    if hits.is_empty():
        return hits
    return hits.filter(pl.Series(list(_plain(hits)), dtype=pl.Boolean))


def _plain(hits: pl.DataFrame) -> Iterator[bool]:
    last, spans = None, list[tuple[int, int]]()
    for text, start in hits.select("text", "start").iter_rows():
        if text is not last:
            last, spans = text, code_spans(text)
        yield not any(low <= start < high for low, high in spans)
