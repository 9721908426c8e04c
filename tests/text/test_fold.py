"""Folding many texts at once says what folding each of them says."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from curate.text.fold import fold, fold_all

LETTERS = " \t\n\r\x0b\x0c\x1c\x1f\x00ABcd1×É\xa0\u2003ſİ"


@given(st.lists(st.tuples(st.text(LETTERS, max_size=9), st.booleans())))
def test_all_at_once_as_one_by_one(cells: list[tuple[str, bool]]) -> None:
    texts = pl.Series([text for text, _ in cells], dtype=pl.String)
    strict = pl.Series([is_strict for _, is_strict in cells], dtype=pl.Boolean)
    expected = [fold(text, strict=is_strict).decode() for text, is_strict in cells]
    assert fold_all(texts, strict).to_list() == expected
