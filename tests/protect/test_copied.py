from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.protect import Given

CONTEXT = (
    "In 1901 they recieve a apple from the Kings garden.\n"
    "However it was lost in  the end, they say; co-operate wich e-mail."
)


def _copied(text: str, shown: str, given_text: str = CONTEXT) -> bool:
    at = text.index(shown)
    return Given(given_text).copied(text, at, at + len(shown))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They recieve it.", "recieve"),
        ("They recieve it.", "ciev"),
        ("The Kings garden", "Kings"),
        ("from the Kings garden.", "Kings garden"),
        ("So they recieve a apple.", "a apple"),
        ("lost in the end", "in the end"),
        ("an e-mail here", "mail"),
        ("recieve a apple", "a"),
        ("a apple", "a"),
        ("wich one", "wich"),
        ("recieve", "recieve"),
    ],
)
def test_copied(text: str, shown: str) -> None:
    assert _copied(text, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They receive it.", "receive"),
        ("He ate a orange.", "a"),
        ("kings", "kings"),
        ("Recieve", "Recieve"),
        ("the queen's apples", "apples"),
        ("the the garden", "the the"),
        ("gard", "gard"),
        ("in the middle", "in the middle"),
    ],
)
def test_not_copied(text: str, shown: str) -> None:
    assert not _copied(text, shown)


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("However it was lost", "However", True),
        ("However they came", "However", False),
        ("so recieve", "rec", True),
        ("the end", "the end", True),
    ],
)
def test_an_insertion_looks_at_both_sides(text: str, after: str, *, expected: bool) -> None:
    at = text.index(after) + len(after)
    assert Given(CONTEXT).copied(text, at, at) is expected


def test_nothing_given_is_nothing_copied() -> None:
    assert not Given("").copied("They recieve it.", 5, 12)
    assert not Given("x").copied("", 0, 0)


def test_a_blank_between_words_is_copied_with_them() -> None:
    assert Given("so they say; co-operate").copied("they say; co", 9, 10)
    assert not Given("so they say").copied("they go away", 4, 5)


def test_given_can_be_sent_to_a_worker() -> None:
    sent = pickle.loads(pickle.dumps(Given(CONTEXT)))  # noqa: S301 (our own bytes)
    assert sent.copied("recieve", 0, 7)


_PARTS = (
    *("recieve", "the", "a", "apple", "in", "teh", "of", "wich", "garden"),
    *("not", "co-op", "it's", "5", "mg", ",", "."),
)
_WORDS = st.lists(
    st.sampled_from(_PARTS),
    min_size=1,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(_WORDS, st.data())
def test_every_place_of_an_extract_is_copied(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    extract = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    context = Given(" ".join(words))
    start = data.draw(st.integers(0, len(extract) - 1))
    end = data.draw(st.integers(start + 1, len(extract)))
    if any(sign.isalnum() for sign in extract[start:end]):
        assert context.copied(extract, start, end)
