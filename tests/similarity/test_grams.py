"""Runs of equal tokens, against a search that compares every token with every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from curate.similarity import token_hashes
from curate.similarity.grams import GramIndex, Run, WholeIndex, gram_hashes
from tests.similarity.corpora import near_texts, scraps

if TYPE_CHECKING:
    from curate.similarity.kernels import Kernels


def runs_by_search(one: list[list[int]], two: list[list[int]], n: int) -> set[Run]:
    """Every maximal run of at least n equal tokens, by walking along every diagonal."""
    found = set()
    for text, left in enumerate(one):
        for other, right in enumerate(two):
            for shift in range(-len(right) + 1, len(left)):
                length = 0
                for at in range(max(shift, 0), min(len(left), len(right) + shift) + 1):
                    inside = at < len(left) and at - shift < len(right)
                    if inside and left[at] == right[at - shift]:
                        length += 1
                        continue
                    if length >= n:
                        found.add(Run(text, at - length, other, at - length - shift, length))
                    length = 0
    return found


def hashes(texts: pl.Series) -> list[list[int]]:
    tokens = token_hashes(texts)
    return [tokens.hashes[tokens.indptr[at] : tokens.indptr[at + 1]].tolist() for at in range(len(tokens))]


@pytest.mark.parametrize("n", [2, 5, 13])
@pytest.mark.usefixtures("both")
def test_runs_are_those_of_a_search(n: int) -> None:
    texts = near_texts(4, 60, words=20, vocabulary=30)
    left, right = pl.Series(texts[:40], dtype=pl.String), pl.Series(texts[30:], dtype=pl.String)
    index = GramIndex.build(right, n, common=1000)
    found = list(index.runs(token_hashes(left)))
    assert len(found) == len(set(found))
    assert set(found) == runs_by_search(hashes(left), hashes(right), n)
    assert found


def test_n_grams_stay_within_their_text(both: Kernels) -> None:
    texts = pl.Series([*scraps(3, 200), "", None, "one", "one two three"], dtype=pl.String)
    for n in (1, 2, 4):
        tokens = both.tokens(texts)
        values, begins = gram_hashes(tokens, n)
        owners = np.searchsorted(tokens.indptr, begins, "right") - 1
        expected = [max(size - n + 1, 0) for size in np.diff(tokens.indptr).tolist()]
        assert np.bincount(owners, minlength=len(texts)).tolist() == expected
        grams = {tuple(tokens.hashes[begin : begin + n].tolist()) for begin in begins.tolist()}
        assert len(set(values.tolist())) == len(grams)


def test_what_many_texts_share_is_no_anchor_but_of_a_text_that_has_nothing_else() -> None:
    frame = "read the passage and answer the question with yes or no"
    ends = "apples taste sweet in june", "cedars smell nice after rain", "poplars bend low by rivers"
    texts = [*(f"{frame} {end}" for end in ends), frame]
    index = GramIndex.build(pl.Series(texts), 5, common=3)
    assert {run.other for run in index.runs(token_hashes(pl.Series([frame])))} == {3}
    (run,) = index.runs(token_hashes(pl.Series(["we say cedars smell nice after rain"])))
    assert (run.other, run.length, index.own_tokens(run)) == (1, 5, 5)
    (run,) = [run for run in index.runs(token_hashes(pl.Series([texts[0]]))) if run.other == 0]
    assert (run.length, index.own_tokens(run)) == (16, 5)


@pytest.mark.usefixtures("both")
def test_short_texts_are_found_as_a_whole() -> None:
    index = WholeIndex.build(pl.Series(["name animals", "animals", "", "Name animals!", "a b c d e"]), 4)
    found = list(
        index.runs(token_hashes(pl.Series(["x", "now name animals and name animal", "NAME  animals"])))
    )
    assert sorted(found) == [Run(1, 1, 0, 0, 2), Run(1, 1, 3, 0, 2), Run(2, 0, 0, 0, 2), Run(2, 0, 3, 0, 2)]
    assert list(WholeIndex.build(pl.Series(["one"]), 4).runs(token_hashes(pl.Series(["one"])))) == []
