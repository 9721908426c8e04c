"""Tokens and shingles: the reference, both kernels, and an independent tokeniser agree."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.similarity import ShingleStore, plain, shingle, token_hashes, words
from curate.similarity.shingles import BATCH_BYTES
from tests.similarity import oracle
from tests.similarity.corpora import CHARS, scraps

if TYPE_CHECKING:
    from pathlib import Path

    from curate.similarity.kernels import Kernels

SAID = {
    "C, C++ and C#; F#, .NET, node.js": "c c++ and c# f# .net node.js",
    "2.5 25 -5 5 3-5 (-5) x-1": "2.5 25 -5 5 3 5 -5 x 1",
    "a<b a>b a<=b a!=b x->y y<-x k:=v": "a < b a > b a <= b a != b x -> y y <- x k := v",
    "!done (!ok) wow!!! don't": "! done ! ok wow don t",
    "i++; a+b a++b C++/C# ### x##": "i++ a + b a ++ b c++ / c# ### x ##",
    "50% of $5 (€4), 1/2 cup": "50 % of $ 5 € 4 1 / 2 cup",
    "中文字 第3章 カナ": "中 文 字 第 3 章 カ ナ",
    "한국어 ภาษา": "한 국 어 ภ า ษ า",
    "ÉCOLE Straße ΣΟΦΟΣ ſ": "école straße σοφοσ s",
    "e.g. foo().bar ... .5 end.Next": "e.g foo .bar .5 end.next",
    "“Quoted” – text… [a](b) {c}": "quoted text a b c",
    "❤️ 👩‍🚀 x² ½": "❤ 👩 🚀 x² ½",
    "": "",
    " ?!… ": "",
}


@pytest.mark.parametrize("text", SAID)
def test_tokens_are_what_is_said(text: str) -> None:
    assert [token.text for token in words.tokens(text)] == SAID[text].split()
    assert oracle.words(text) == SAID[text].split()


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.sampled_from(CHARS), max_size=20))
def test_reference_and_oracle_agree(text: str) -> None:
    assert [(token.text, token.start) for token in words.tokens(text)] == list(oracle.placed_words(text))


def test_every_code_point_is_of_the_kind_that_unicode_says() -> None:
    kinds = {"gap": words.SEPARATES, "word": words.WORD, "alone": words.ALONE, "symbol": words.SYMBOL}
    table = words.kinds()
    known = [code for code in range(words.TABLE_SIZE) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    assert [hex(c) for c in known if kinds[oracle.sort_of(chr(c))] != table.get(c, words.SEPARATES)] == []
    worded = [code for code in known if table.get(code) == words.WORD]
    assert [hex(c) for c in worded if ord(oracle.folded(chr(c))) != words.folding().get(c, c)] == []


def test_folding_is_done_once_and_stays_among_words() -> None:
    table, folding = words.kinds(), words.folding()
    assert [hex(c) for c, fold in folding.items() if fold in folding or table[fold] != words.WORD] == []


def places(texts: list[str | None]) -> list[list[tuple[int, int, int]]]:
    return [
        [(words.token_hash(token.text), token.start, token.end) for token in words.tokens(text or "")]
        for text in texts
    ]


@pytest.mark.parametrize("seed", range(4))
def test_kernels_give_the_reference_tokens(both: Kernels, seed: int) -> None:
    texts: list[str | None] = [*scraps(seed, 300), None, "", *SAID, "A" * 8, "b" * 16 + "é", "x" * 100]
    found = both.tokens(pl.Series(texts, dtype=pl.String))
    rows = zip(found.indptr[:-1], found.indptr[1:], strict=True)
    columns = (found.hashes, found.starts, found.ends)
    got = [
        [tuple(map(int, token)) for token in zip(*(c[a:b] for c in columns), strict=True)] for a, b in rows
    ]
    assert got == places(texts)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 13, 64])
def test_kernels_give_the_reference_shingles(both: Kernels, n: int) -> None:
    texts: list[str | None] = [*scraps(n, 200, 200), None, "", *SAID, "la " * 500, "la lo " * 40]
    sets = both.shingles(pl.Series(texts, dtype=pl.String), n)
    assert [sets[row].tolist() for row in range(len(texts))] == [words.shingles(t or "", n) for t in texts]


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=5), st.integers(1, 4)
)
def test_kernels_agree_on_any_text(texts: list[str], n: int) -> None:
    series = pl.Series(texts, dtype=pl.String)
    sets, same = shingle(series, n), plain.shingles(series, n)
    assert (sets.indptr.tolist(), sets.values.tolist()) == (same.indptr.tolist(), same.values.tolist())


def test_shingles_are_as_many_as_the_oracle_sees() -> None:
    texts = scraps(9, 400, 300)
    for n in (1, 3, 5):
        assert shingle(pl.Series(texts), n).sizes().tolist() == [len(oracle.shingles(t, n)) for t in texts]


def test_large_sets_are_sorted_and_unique(both: Kernels) -> None:
    text = " ".join(f"w{number * 7919 % 30011}" for number in range(60_000))
    values = both.shingles(pl.Series([text]), 1)[0].tolist()
    assert values == sorted(set(values))
    assert len(values) == 30011


def test_n_has_bounds(both: Kernels) -> None:
    for n in (0, 65):
        with pytest.raises(ValueError, match="between 1 and 64"):
            both.shingles(pl.Series(["a"]), n)


def test_slices_chunks_and_empty_columns_are_read(both: Kernels) -> None:
    texts = [*scraps(5, 50), None, "a long text that is not kept within its view"]
    whole = both.shingles(pl.Series(texts, dtype=pl.String), 2)
    parts = pl.concat(
        [pl.Series(texts[:20], dtype=pl.String), pl.Series(texts[20:], dtype=pl.String)], rechunk=False
    )
    assert both.shingles(parts, 2).values.tolist() == whole.values.tolist()
    assert (
        both.shingles(parts.slice(10, 25), 2).values.tolist()
        == whole.values[whole.indptr[10] : whole.indptr[35]].tolist()
    )
    assert len(both.shingles(pl.Series([], dtype=pl.String), 2)) == 0


def test_batches_do_not_show(both: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series(scraps(6, 200))
    whole = both.shingles(texts, 3)
    monkeypatch.setattr("curate.similarity.shingles.BATCH_BYTES", 100)
    sets, tokens = shingle(texts, 3), token_hashes(texts)
    assert (sets.indptr.tolist(), sets.values.tolist()) == (whole.indptr.tolist(), whole.values.tolist())
    assert tokens.hashes.tolist() == both.tokens(texts).hashes.tolist()
    assert BATCH_BYTES > 100


@pytest.mark.parametrize("budget", [0, 8 * 500, 1 << 30])
def test_a_store_beyond_its_budget_spills(tmp_path: Path, budget: int) -> None:
    texts = pl.Series(scraps(7, 300))
    store = ShingleStore(3, budget=budget, folder=tmp_path)
    for part in (texts[:100], texts[100:110], texts[110:]):
        store.add(part)
    sets, whole = store.sets(), shingle(texts, 3)
    assert (sets.indptr.tolist(), sets.values.tolist()) == (whole.indptr.tolist(), whole.values.tolist())
    assert (type(sets.values).__name__ == "memmap") == (budget < 1 << 30)
    assert list(tmp_path.iterdir()) == []
