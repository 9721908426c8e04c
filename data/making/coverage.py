"""A corpus with planted gaps: rows dealt so that some cells of ``coverage.toml`` lack rows, or hold too many.

The truth is written from what was dealt, and from a plain search for words: it shares no code with what finds the gaps.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from making.dice import Dice
from making.plant import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]

CLAUSES = ("rent", "easement", "maintenance", "insurance and indemnity", "security deposit")
OFFICES = ("Harwell Pike LLP", "Lindqvist & Okoro", "Corrigan Vale Legal")
ENOUGH = 5
"""Rows that every cell of clause and office should have."""

DEALT = {
    ("rent", "Harwell Pike LLP"): 11,
    ("rent", "Corrigan Vale Legal"): 2,
    ("easement", "Lindqvist & Okoro"): 0,
    ("easement", "Corrigan Vale Legal"): 4,
    ("insurance and indemnity", "Lindqvist & Okoro"): 1,
    ("security deposit", "Corrigan Vale Legal"): 3,
}
"""Rows of the cells that do not have exactly as many as they should."""

MOST = 0.40
"""Share of the rows that one office may have."""

WORDS = {
    "notice": r"(?i)\b(notices?|notifications?)\b",
    "landlord": r"(?i)\b(landlords?|lessors?)\b",
    "arbitration": r"(?i)\b(arbitrations?|arbitral proceedings)\b",
}
"""Terms of ``coverage.terms.yaml``, as they are looked for here."""

ASKED = {"notice": 0.20, "landlord": 0.60, "arbitration": 0.05}
"""Share of the rows that each term should occur in."""


def make(rows: Sequence[Row]) -> tuple[bytes, list[Row]]:
    """The file and the lines of its truth file.

    Args:
        rows: clean rows of the contracts corpus; the first that fit are dealt.
    """
    dealt = Dice("coverage/order").shuffled(_dealt(rows))
    lines = [
        dump(
            {
                "id": f"CV-{number:03d}",
                "source": office,
                "clause": row["clause"],
                "instruction": row["instruction"],
                "input": row["input"],
                "output": row["output"],
            }
        )
        for number, (row, office) in enumerate(dealt, 1)
    ]
    return b"\n".join(lines) + b"\n", [*_tables(dealt), *_offices(dealt), *_terms(dealt)]


def _dealt(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Rows with the office that they come from."""
    dealt = []
    for clause in CLAUSES:
        free = [row for row in rows if row["clause"] == clause and row["input"]]
        for office in OFFICES:
            count = DEALT.get((clause, office), ENOUGH)
            dealt += [(row, office) for row in free[:count]]
            free = free[count:]
    return dealt


def _tables(dealt: Sequence[tuple[Row, str]]) -> list[Row]:
    return [
        _line(
            {"meta.clause": clause, "meta.source": office},
            sum(row["clause"] == clause and source == office for row, source in dealt),
            minimum=ENOUGH,
        )
        for clause in CLAUSES
        for office in OFFICES
    ]


def _offices(dealt: Sequence[tuple[Row, str]]) -> list[Row]:
    most = math.floor(MOST * len(dealt))
    return [
        _line({"meta.source": office}, sum(source == office for _, source in dealt), maximum=most)
        for office in OFFICES
    ]


def _terms(dealt: Sequence[tuple[Row, str]]) -> list[Row]:
    told = []
    for term, pattern in WORDS.items():
        rows = sum(
            any(re.search(pattern, row[part]) for part in ("instruction", "input", "output"))
            for row, _ in dealt
        )
        told.append(_line({"term": term}, rows, minimum=math.ceil(ASKED[term] * len(dealt))))
    return told


def _line(cell: dict[str, str], rows: int, minimum: int = 0, maximum: int | None = None) -> Row:
    return {
        "cell": cell,
        "rows": rows,
        "missing": max(0, minimum - rows),
        "surplus": max(0, rows - maximum) if maximum is not None else 0,
    }
