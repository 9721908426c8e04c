"""The block of an ask: the sum of the hashes of its words that no list can touch, whichever kernel computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.similarity import plain, words
from curate.similarity.blocking import LONG, SPACED, block_keys, listed
from tests.similarity.corpora import scraps

if TYPE_CHECKING:
    from curate.similarity.kernels import Kernels

MASK = 2**64 - 1
ASKS = (
    *(
        "",
        "Please explain the treatment of hypertension.",
        "treatment of hypertension",
        "Explain",
        "a b c d e",
    ),
    *(
        "什么是高血压的治疗方法？",
        "治疗 hypertension 方法",
        "ein Übermaß an Überstunden",
        "x" * 40,
        "12345 1234 123456",
    ),
)


def block(text: str) -> int:
    """The definition, word by word."""
    tokens = list(words.tokens(text))
    known = set(listed().tolist())
    is_dense = sum(token.end - token.start for token in tokens) < SPACED * len(tokens)
    hashes = [words.token_hash(token.text) for token in tokens if is_dense or token.end - token.start >= LONG]
    return sum(hash_ for hash_ in hashes if hash_ not in known) & MASK


def test_kernels_give_the_blocks_of_the_definition(both: Kernels) -> None:
    texts = [*ASKS, *scraps(5, 200)]
    keys = both.blocks(pl.Series(texts, dtype=pl.String), listed(), LONG, SPACED)
    assert keys.tolist() == list(map(block, texts))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_kernels_agree_on_any_text(texts: list[str]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    assert block_keys(series).tolist() == plain.blocks(series, listed(), LONG, SPACED).tolist()


def test_what_the_list_can_touch_does_not_part_asks() -> None:
    one, two, three = block_keys(
        pl.Series(["Please explain hypertension.", "explain Hypertension", "hypotension"])
    )
    assert one == two != three
