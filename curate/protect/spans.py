"""The protected places of a text: what every automatic edit must leave as it is.

Places are found by families, each a module of its own with one function ``find``. They are joined where they overlap.
Where it is in doubt whether a place is one, it is: a place too many costs an edit, a place too few costs the data.
"""

from __future__ import annotations

from functools import lru_cache

from curate.protect import (
    citations,
    code,
    foreign,
    markup,
    maths,
    names,
    numbers,
    placeholders,
    places,
    quotations,
    tables,
)
from curate.protect.look import Look, Protected, joined

_FAMILIES = (
    code,
    tables,
    markup,
    maths,
    places,
    placeholders,
    citations,
    quotations,
    foreign,
    numbers,
    names,
)
_REMEMBERED = 512
"""Texts whose places are kept: editors and locks ask for those of one text one after the other."""


def protected_spans(text: str) -> list[Protected]:
    """The protected places of a text, sorted and without overlaps.

    A text that is code or of another language as a whole is one place.

    >>> text = "Take 5 mg/kg po bid, see https://example.org."
    >>> [(text[place.start : place.end], place.kind) for place in protected_spans(text)]
    [('5 mg/kg po bid', 'dose'), ('https://example.org', 'url')]

    Args:
        text: any text, also with lone surrogates; line breaks as they are.
    """
    return list(places_of(text))


@lru_cache(maxsize=_REMEMBERED)
def places_of(text: str) -> tuple[Protected, ...]:
    """The same, as a tuple, remembered."""
    look = Look(text)
    whole: list[Protected] = []
    for family in _FAMILIES:
        for place in family.find(look):
            if place.start == 0 and place.end == len(text):
                return (place,)
            whole.append(place)
    return joined(whole)
