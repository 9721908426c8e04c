"""The second judge is judged by hand, or it would prove nothing."""

from __future__ import annotations

import pytest

from tests.oracles.second_lexer import changed, touched

TEXT = (
    'Run `pip instal` and see https://exmaple.com/teh for 5 mg of "recieve" in {user_name}; the word adress.'
)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("instal", "code"),
        ("teh", "url"),
        ("5 mg", "number"),
        ("recieve", "quotation"),
        ("user_name", "placeholder"),
    ],
)
def test_protected_places_are_named(word: str, kind: str) -> None:
    at = TEXT.index(word)
    assert kind in {place.kind for place in touched(TEXT, at, at + len(word))}


def test_prose_is_free() -> None:
    at = TEXT.index("adress")
    assert touched(TEXT, at, at + 6) == []
    assert touched(TEXT, len(TEXT), len(TEXT)) == []


def test_an_open_fence_protects_to_the_end() -> None:
    assert touched("Use\n```\nteh", 9, 10)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("You cant leave.", "You can't leave.", []),
        ("You shall pay.", "You may pay.", ["modals"]),
        ("Do not stop.", "Do stop.", ["negations"]),
        ("12 eggs", "21 eggs", ["digits"]),
        ("at http://a.b/c", "at http://a.b/d", ["urls"]),
        ("teh end", "the end", []),
    ],
)
def test_meaning(before: str, after: str, kinds: list[str]) -> None:
    assert changed(before, after) == kinds
