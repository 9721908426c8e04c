from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.protect import KINDS, protected_spans
from tests.protect.lab import cases, wrong_in
from tests.protect.measure import SETS, sample, share

if TYPE_CHECKING:
    from pathlib import Path

_LISTED = [(family, case) for family, listed in cases().items() for case in listed]
_PIECES = (
    *(
        "`",
        "```\n",
        "\n",
        "\n    ",
        "> ",
        "- ",
        "| ",
        "\t",
        '"',
        "'",
        "“",
        "”",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "$",
        "\\",
        "%",
    ),
    *(
        "5 mg",
        "x = 3",
        "http://a.b/c",
        "a@b.org",
        "John",
        "the word recieve",
        "и мир",
        "世界",
        "de la que",
        "def f(x):",
        "((",
        "§ 5",
        "v. ",
    ),
    *(
        "Act ",
        "et al. ",
        "2019;",
        "12/3",
        "a,b,c\n",
        "Section IV",
        "&amp;",
        "&#39;",
        "<|x|>",
        "SELECT ",
        "::",
        "->",
        "\u2028",
        "\ud800",
    ),
)
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=20).map("".join),
)


def test_there_are_enough_cases() -> None:
    assert len(_LISTED) >= 200


@pytest.mark.parametrize(("family", "case"), _LISTED)
def test_case(family: str, case: dict[str, Any]) -> None:
    assert not wrong_in(case), family


@settings(max_examples=300, deadline=None)
@given(texts)
def test_places_are_sorted_in_range_and_apart(text: str) -> None:
    last = 0
    for start, end, kind in protected_spans(text):
        assert last <= start < end <= len(text)
        assert kind in KINDS
        last = end


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_digit_is_protected(text: str) -> None:
    plain = text.replace("&", "+")
    covered = {at for start, end, _ in protected_spans(plain) for at in range(start, end)}
    assert {at for at, sign in enumerate(plain) if sign in "0123456789"} <= covered


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_PIECES), st.integers(200, 2000))
def test_time_is_near_linear(piece: str, times: int) -> None:
    begin = time.process_time()
    protected_spans(piece * times)
    assert time.process_time() - begin < 2


def test_the_same_list_may_be_changed_by_its_owner() -> None:
    first = protected_spans("Take 5 mg.")
    first.clear()
    assert protected_spans("Take 5 mg.")


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("humaneval", 0.98, 1.0),
        ("medquad", 0.02, 0.35),
        ("chat", 0.05, 0.35),
        ("gsm8k", 0.3, 0.6),
        ("pubmedqa", 0.01, 0.2),
    ],
)
def test_share_of_real_texts(real_data: Path, name: str, least: float, most: float) -> None:
    part, _ = share(sample(name, real_data, 150))
    assert least <= part <= most


def test_every_digit_of_real_texts_is_protected(real_data: Path) -> None:
    for name in SETS:
        for text in sample(name, real_data, 60):
            covered = {at for start, end, _ in protected_spans(text) for at in range(start, end)}
            assert {at for at, sign in enumerate(text) if sign in "0123456789"} <= covered, text
