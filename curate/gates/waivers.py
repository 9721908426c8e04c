"""Waivers that have run out: the gate fails, and says whose they were.

Nothing else makes a promise with a date come true: a waiver that nobody is asked about again is a rule that has gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.report import Example, Place
from curate.gates.unmet import Told, unmet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.report import Problem, Report, WaiverFacts

EXPIRED = "waiver.expired"


def expired(report: Report) -> tuple[Problem, ...]:
    """One problem for all waivers of a report that have expired; none if none has."""
    over = [waiver for waiver in report.waivers if waiver.expired]
    if not over:
        return ()
    told = list(map(_told, over))
    return (
        unmet(
            EXPIRED,
            Told(
                title=f"Expired: {'; '.join(told)}",
                why="What was to be mended by that day is in the data still, or nobody has looked.",
                mend="Mend the rows and take the waiver out, or let its owner answer for it until another day.",
            ),
            [Example(place_of(waiver.place, report), text) for waiver, text in zip(over, told, strict=True)],
            of=len(report.waivers),
            about="waiver",
        ),
    )


def _told(waiver: WaiverFacts) -> str:
    return f"the waiver of {waiver.owner} for {waiver.check} held until {waiver.until}"


def place_of(place: str, report: Report) -> Place:
    """A line of the plan's file; the beginning of the data where no file says it."""
    file, _, line = place.rpartition(":")
    if not file:
        return Place(_first(report.files), None, 1, "")
    return Place(file, int(line), int(line), "")


def _first(files: Sequence[object]) -> str:
    return str(getattr(files[0], "name", "")) if files else ""
