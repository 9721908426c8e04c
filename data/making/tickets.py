"""Clean rows of the ticket export: a scenario, one wording of subject and description, one of the resolution."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from making.alike import Apart
from making.dice import Dice
from making.slots import Slots, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]

LIMIT = 0.55
"""Two clean tickets share less than this part of their word sequences."""

STEMS = ("tickets_1", "tickets_2")

WORDINGS = ((0, 0), (1, 1), (0, 1), (1, 0))
"""Of description and resolution, in the order in which a scenario uses them."""

COLUMNS = ("Ticket ID", "Subject", "Description", "Resolution", "Vendor", "Created", "Internal")
VENDORS = ("Lotse GmbH", "Quayside Support", "Brightfix")

_FIRST = datetime(2025, 2, 3, 8, 5)  # noqa: DTZ001 - exports name no zone


def scenarios() -> list[tuple[Row, Row]]:
    """Every desk with each of its scenarios; the desks take turns."""
    desks = [texts(stem) for stem in STEMS]
    longest = max(len(desk["ticket"]) for desk in desks)
    return [(desk, desk["ticket"][at]) for at in range(longest) for desk in desks if at < len(desk["ticket"])]


def clean_tickets() -> list[Row]:
    """Four tickets of each scenario, in a fixed order that mixes them."""
    apart = Apart(LIMIT)
    rows = [
        _row(desk, ticket, said, Dice(f"tickets/{number}/{said}"), apart)
        for number, (desk, ticket) in enumerate(scenarios())
        for said in WORDINGS
    ]
    return Dice("tickets/order").shuffled(rows)


def _row(desk: Row, ticket: Row, said: tuple[int, int], dice: Dice, apart: Apart) -> Row:
    """One ticket; other values are drawn until it is unlike all others."""
    asked, answered = said
    turn = 0
    while True:
        slots = Slots(dice.child(turn))
        row = {
            "prefix": desk["prefix"],
            "Subject": slots.fill(ticket["subjects"][asked]),
            "Description": slots.fill(ticket["descriptions"][asked]),
            "Resolution": slots.fill(ticket["resolutions"][answered]),
        }
        if apart.take(f"{row['Subject']}\n\n{row['Description']}", row["Resolution"]):
            return row
        turn += 1


def finish(row: Row, number: int) -> Row:
    """The row with all columns of the export."""
    dice = Dice(f"tickets/finish/{number}")
    created = _FIRST + timedelta(minutes=137 * number + dice.below(90))
    cells = {
        **row,
        "Ticket ID": f"{row['prefix']}-{51200 + 3 * number}",
        "Vendor": dice.pick(VENDORS),
        "Created": f"{created:%d.%m.%Y %H:%M}",
        "Internal": "true" if dice.below(15) == 0 else "false",
    }
    return {name: cells[name] for name in (*COLUMNS, "_broken") if name in cells}


def record(cells: Sequence[str], delimiter: str) -> str:
    """A record as Excel writes it: quotes only where they are needed, and doubled inside."""
    marks = (delimiter, '"', "\n", "\r")
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in marks) else cell for cell in cells
    )
