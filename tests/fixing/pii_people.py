"""A list of customers, rows that name them in every way, and rows that name somebody else; the same for a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.evidence.pii_numbers import FIRST, LAST
from tests.fixing.pii_said import Planted

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("in full", lambda first, last: f"{first} {last}"),
    ("in capitals", lambda first, last: f"{first} {last}".upper()),
    ("in small letters", lambda first, last: f"{first} {last}".lower()),
    ("turned", lambda first, last: f"{last}, {first}"),
    ("initial", lambda first, last: f"{first[0]}. {last}"),
    ("broken over lines", lambda first, last: f"{first}\n{last}"),
    ("possessive", lambda first, last: f"{first} {last}'s"),
    ("typographic possessive", lambda first, last: f"{last}’s" if first else last),
    ("with a title", lambda first, last: f"{'Mr.' if first else ''} {last}"),
)
"""How a name is written; the possessives keep their ending."""

_OTHERS = ("Zoltan", "Quentin", "Wanda", "Yorick")
_DECOYS = (
    "{first} Okonkwo-Vale signed it.",
    "The {last}strasse is closed; {lower}ing is not a word.",
    "We met {first}. {lower} is what they said.",
    "{other} {last}son came.",
)


def customers(count: int, seed: int = 8) -> list[tuple[str, str]]:
    """First name and surname of each customer; no two share a surname, so that no form is ambiguous."""
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    last = sorted(set(LAST))
    rng.shuffle(last)
    return [(rng.choice(FIRST), name) for name in last[:count]]


def csv_of(people: list[tuple[str, str]]) -> str:
    """The list as a file."""
    return "first name,surname\n" + "".join(f"{first},{last}\n" for first, last in people)


def naming(people: list[tuple[str, str]], count: int, seed: int = 9) -> list[Planted]:
    """Rows in which a customer is named in full and in another form, and as many with somebody else."""
    rng = random.Random(seed)  # noqa: S311 (repeatable)
    rows = []
    for number in range(count):
        first, last = rng.choice(people)
        kind, form = FORMS[number % len(FORMS)]
        said = form(first, last)
        row = {
            "prompt": f"Who called?\nIt was {first} {last}.",
            "completion": f"I noted {said} as the caller.",
        }
        rows.append(Planted(row, kind, (first, last)))
        parts = {"first": first, "last": last, "lower": last.lower(), "other": _OTHERS[number % len(_OTHERS)]}
        decoy = _DECOYS[number % len(_DECOYS)].format(**parts)
        rows.append(Planted({"prompt": "What does the note say?", "completion": decoy}, "", ()))
    return rows
