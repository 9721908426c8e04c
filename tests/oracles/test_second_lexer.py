"""The second judge is judged by hand, or it would prove nothing."""

from __future__ import annotations

import pytest

from tests.oracles.second_lexer import changed, language, numbers, touched

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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10\u00ad20 mg", ["10", "20"]),
        ("5\x1b[0m10", ["5", "10"]),
        ("5&#8211;10", ["5", "10"]),
        ("1020", ["1020"]),
    ],
)
def test_what_nobody_sees_bounds_a_number(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("El perro de la casa no es el que vive en la calle, y por eso no sale.", "es"),
        ("Der Hund ist nicht in dem Haus, und die Katze ist auf der Straße zu sehen.", "de"),
        ("Le chien est dans la maison et le chat ne sort pas de la rue avec lui.", "fr"),
        ("The dog is in the house, and the cat is on the street with it for a while.", ""),
        ("Der Hund.", ""),
    ],
)
def test_languages_are_told_apart(text: str, name: str) -> None:
    assert language(text) == name
