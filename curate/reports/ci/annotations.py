"""What a platform shows of a report: one annotation for each problem, never one for each row, and no text of any row.

Platforms cut long lists off (GitHub shows ten errors and ten warnings of a step), so that an annotation for each row
would hide nine problems of ten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curate.core.names import DISTRIBUTION
from curate.reports.plain import percent, plural
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from curate.core.report import Place, Problem, Report, Unreadable

QUARANTINE = "quarantine"
"""The name under which records that cannot be read are shown."""

UNREADABLE = "Records cannot be read"
MEND_RECORDS = "Mend the lines, or allow for them in the plan: `quarantine = {}`."


@dataclass(frozen=True)
class Spot:
    """Where something is: ``line`` is null where the container has no lines; then ``row`` says it."""

    file: str
    line: int | None
    row: int
    key: str = ""

    @property
    def told(self) -> str:
        """In words, without the file."""
        return f"line {self.line}" if self.line is not None else f"row {self.row}"


@dataclass(frozen=True)
class Annotation:
    """One problem as a platform shows it.

    Attributes:
        check: its name; the rule, for a platform.
        level: ``error`` if it blocks, else ``warning`` or ``note``.
        title: what it is, in a few words.
        message: how many rows, which share, what is allowed, where it begins.
        mend: what to do, with a command if there is one.
        why: why it matters.
        spots: the first places, at least one.
        count: rows, or files, or records.
        fingerprint: of the check and the file where it begins; the same when lines move and rows come and go.
    """

    check: str
    level: str
    title: str
    message: str
    mend: str
    why: str
    spots: tuple[Spot, ...]
    count: int
    fingerprint: str

    @property
    def first(self) -> Spot:
        """Where it is shown."""
        return self.spots[0]


def annotate(report: Report) -> tuple[Annotation, ...]:
    """All problems, what blocks first; records that cannot be read come before them, as in the verdict."""
    found = [*_unreadable(report), *map(_problem, report.problems)]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda one: order[one.level]))


def _problem(problem: Problem) -> Annotation:
    spots = tuple(_spot(example.place) for example in problem.examples)
    allowed = f"; allowed: {problem.budget}" if problem.budget else ""
    where = f" The first: {spots[0].told}." if problem.findings > 1 and problem.rows > 1 else ""
    return Annotation(
        check=visible_name(problem.check),
        level=_level(problem),
        title=visible_name(problem.title),
        message=f"{problem.counted} ({percent(problem.share)}){allowed}.{where}",
        mend=problem.mend,
        why=problem.why,
        spots=spots,
        count=problem.rows,
        fingerprint=_fingerprint(problem.check, spots[0].file),
    )


def _level(problem: Problem) -> str:
    """What is within its budget does not fail, and must not look as if it did."""
    if problem.blocks:
        return "error"
    return "note" if problem.severity == "info" else "warning"


def _unreadable(report: Report) -> list[Annotation]:
    """The quarantine as one annotation."""
    if not report.rows.quarantined:
        return []
    spots = tuple(map(_place, report.quarantine))
    count = report.rows.quarantined
    reasons = "; ".join(f"{reason} ({number:,})" for reason, number in report.quarantine_reasons[:5])
    told = f"{plural(count, 'record')}; allowed: {report.quarantine_budget}. {reasons}."
    return [
        Annotation(
            check=QUARANTINE,
            level="error" if report.quarantine_blocks else "warning",
            title=UNREADABLE,
            message=told,
            mend=MEND_RECORDS.format(count),
            why="A record that cannot be read is not trained on, and nobody notices that it is missing.",
            spots=spots,
            count=count,
            fingerprint=_fingerprint(QUARANTINE, spots[0].file),
        )
    ]


def _spot(place: Place) -> Spot:
    return Spot(visible_name(place.file), place.line, place.row, place.key)


def _place(record: Unreadable) -> Spot:
    return Spot(visible_name(record.file), record.line, record.row)


def _fingerprint(check: str, file: str) -> str:
    return hashlib.blake2b(f"{DISTRIBUTION}\0{check}\0{file}".encode(), digest_size=16).hexdigest()
