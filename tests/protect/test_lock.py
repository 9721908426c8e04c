from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from curate.protect import MEANINGS, broken
from curate.protect.drugs import DRUG_PAIRS, DRUGS
from curate.protect.lookalikes import LAW, PARTIES
from tests.protect.lab import holds, pairs, verdict
from tests.protect.measure import SETS, sample
from tests.protect.test_spans import texts

if TYPE_CHECKING:
    from pathlib import Path

_LISTED = pairs()
_PARTS = ("the", "cat", "can", "is", "do", "may", "it", "not", "no", ",", ".", "\n", "x=1", "John")


def test_there_are_enough_pairs() -> None:
    assert len(_LISTED) >= 120
    assert {kind for pair in _LISTED for kind in pair["broken"]} >= set(MEANINGS) - {"table", "markup"}


@pytest.mark.parametrize("pair", _LISTED)
def test_pair(pair: dict[str, Any]) -> None:
    assert holds(pair), verdict(pair)


@pytest.mark.parametrize("pair", [pair for pair in _LISTED if pair["broken"]])
def test_what_is_refused_is_refused_both_ways(pair: dict[str, Any]) -> None:
    assert broken(pair["after"], pair["before"])


@settings(max_examples=200, deadline=None)
@given(texts)
def test_nothing_is_broken_where_nothing_changed(text: str) -> None:
    assert broken(text, text) == ()


@settings(max_examples=400, deadline=None)
@given(texts, st.text("0123456789", min_size=1, max_size=3), texts, st.data())
@example("&#", "39", ";", None)
@example("&#39; &#", "38", ";", None)
@example("&frac", "12", ";", None)
@example("Ã", "3", "³", None)
def test_a_changed_digit_is_always_broken(
    left: str, digits: str, right: str, data: st.DataObject | None
) -> None:
    text = left + digits + right
    places = [at for at, sign in enumerate(text) if sign in "0123456789"]
    at = data.draw(st.sampled_from(places)) if data else len(left)
    other = data.draw(st.sampled_from("0123456789")) if data else "7"
    assume(other != text[at])
    assert "number" in broken(text, text[:at] + other + text[at + 1 :])


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(_PARTS), max_size=12),
    st.data(),
)
def test_a_not_more_or_less_is_always_broken(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    fewer, more = " ".join(words), " ".join([*words[:at], "not", *words[at:]])
    assert "negation" in broken(fewer, more)
    assert "negation" in broken(more, fewer)


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_only_known_kinds_in_their_order(one: str, two: str) -> None:
    found = broken(one, two)
    assert list(found) == [kind for kind in MEANINGS if kind in found]


def test_an_unknown_kind_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="colour"):
        broken("a", "b", frozenset(("colour",)))


@pytest.mark.parametrize("kind", ["number", "negation", "modal", "dose", "lines"])
def test_what_may_never_change_cannot_be_declared(kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        broken("a", "a", frozenset((kind,)))


def test_a_declared_kind_hides_no_other() -> None:
    assert broken("Take 5 mcg.", "Take 50 µg.", frozenset(("unit",))) == ("number",)


def test_there_are_enough_drugs_and_parties() -> None:
    assert len(DRUGS) >= 300
    assert len(DRUG_PAIRS) >= 150
    assert len(PARTIES) + len(LAW) >= 60


@pytest.mark.parametrize("swap", [False, True])
def test_no_drug_becomes_another(swap: bool) -> None:
    for pair in DRUG_PAIRS:
        one, two = reversed(pair) if swap else pair
        found = broken(f"The patient was given {one} at night.", f"The patient was given {two} at night.")
        assert {"name", "term"} & set(found), pair


@pytest.mark.parametrize("swap", [False, True])
def test_no_party_becomes_another(swap: bool) -> None:
    for pair in (*PARTIES, *LAW):
        one, two = reversed(pair.split("/")) if swap else pair.split("/")
        assert broken(f"It was the {one} of it.", f"It was the {two} of it."), pair


def test_digits_and_negations_of_real_texts(real_data: Path) -> None:
    for name in SETS:
        for text in sample(name, real_data, 25):
            for hit in list(re.finditer("[0-9]", text))[:3]:
                other = str((int(hit[0]) + 1) % 10)
                assert "number" in broken(text, text[: hit.start()] + other + text[hit.end() :])
            for hit in list(re.finditer(r"\bnot ", text))[:2]:
                assert "negation" in broken(text, text[: hit.start()] + text[hit.end() :])
