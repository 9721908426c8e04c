"""Finding terms by brute force: every form sought in every text by itself. It shares no code with ``curate.terms``."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from curate.terms.term import Term

SAME = {"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\xa0": " ", "\u202f": " "}


class Spot(NamedTuple):
    start: int
    end: int
    term: int
    role: str
    is_given: bool = True


def small(text: str) -> str:
    """Every character by itself, in lower case."""
    return "".join(SAME.get(letter, letter.lower()[0]) for letter in text)


def plural_of(form: str) -> str:
    words = form.split(" ")
    at = next((n - 1 for n, word in enumerate(words) if n and word in PREPOSITIONS), len(words) - 1)
    word = words[at]
    if word.lower().endswith("sis"):
        word = word[:-2] + "es"
    elif word.lower()[-1] in "sxz" or word.lower()[-2:] in ("ch", "sh"):
        word += "es"
    elif word.lower()[-1] == "y" and word.lower()[-2:-1] not in tuple("aeiou"):
        word = word[:-1] + "ies"
    else:
        word += "s"
    return " ".join([*words[:at], word, *words[at + 1 :]])


PREPOSITIONS = ("of", "in", "at", "for", "with", "by", "to", "from", "on", "per")


def written(term: Term, number: int) -> list[tuple[str, Spot]]:
    """All that is sought for one term; roles as the tests count them."""
    sought = []
    for role, forms in (
        ("preferred", (term.preferred,)),
        ("variant", term.variants),
        ("forbidden", term.forbidden),
        ("admitted", term.admitted),
    ):
        for form in forms:
            more = (
                [form]
                if term.inflection == "none"
                else [form, dict(term.plurals).get(form) or plural_of(form)]
            )
            sought += [(small(one), Spot(0, 0, number, role, one == form)) for one in more]
    return sought


def is_edge(text: str, at: int, step: int) -> bool:
    """Whether a word can end at ``at``, looking in the direction of ``step``."""
    if not 0 <= at < len(text):
        return True
    letter = text[at]
    if letter in "-_@/\\#" or unicodedata.category(letter)[0] in "LMN":
        return False
    beyond = at + step
    if 0 <= beyond < len(text) and letter in (".'" if step < 0 else "."):
        return not (text[beyond] in "-_@/\\#" or unicodedata.category(text[beyond])[0] in "LMN")
    return True


def find(text: str, sought: list[tuple[str, Spot]]) -> list[Spot]:
    """What stands in a text: longest first, then leftmost."""
    folded = small(text)
    spots: list[Spot] = []
    for form, spot in sought:
        at = folded.find(form) if form in folded else -1
        while at >= 0:
            if is_edge(folded, at - 1, -1) and is_edge(folded, at + len(form), 1):
                spots.append(spot._replace(start=at, end=at + len(form)))
            at = folded.find(form, at + 1)
    taken: list[Spot] = []
    while spots:
        best = max(spots, key=lambda spot: (spot.end - spot.start, -spot.start, spot.is_given))
        taken.append(best)
        spots = [spot for spot in spots if spot.start >= best.end or spot.end <= best.start]
    return sorted(taken)
