from __future__ import annotations

import pytest

from curate.protect import broken, joins, turned
from curate.protect.hidden import _HIDDEN


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Give 10\u00ad20 mg", True),
        ("5\x0010", True),
        ("5\u200b\u200b10", True),
        ("1\u202e2", True),
        ("5\x1b[0m10", True),
        ("1.\u200b5", True),
        ("not\0able", True),
        ("no\u200bthing", True),
        ("pass\u200dword", False),
        ("450 \u200bminutes", False),
        ("hyphen\u00adation", False),
        ("can\u00adnot", False),
        ("L\u00c3\u200b\u00bcbeck", False),
    ],
)
def test_what_nobody_sees_may_keep_words_apart(text: str, *, joined: bool) -> None:
    hit = _HIDDEN.search(text)
    assert hit is not None
    assert joins(text, *hit.span(), "") is joined
    assert not joins(text, *hit.span(), " ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The patient is alive.", "The patient is dead."),
        ("Smoking is permitted.", "Smoking is prohibited."),
        ("It is indicated in asthma.", "It is contraindicated in asthma."),
        ("He is barred from it.", "He is allowed to it."),
        ("She manages to sleep.", "She fails to sleep."),
        ("He is tolerant of it.", "He is allergic to it."),
    ],
)
def test_no_word_becomes_its_opposite(before: str, after: str) -> None:
    assert "term" in broken(before, after)
    assert "term" in broken(after, before)


@pytest.mark.parametrize(
    ("gone", "come"), [("permitted", "allowed"), ("then", "than"), ("alowed", "allowed")]
)
def test_other_words_are_none(gone: str, come: str) -> None:
    assert not turned([gone], [come])
    assert not broken(f"It is {gone} so.", f"It is {come} so.")
