"""What data covers: facts only, complete before anything is rendered. Excerpts are masked and cut here already.

Every renderer is a pure function of :class:`CoverageReport`; its JSON form has the version ``COVERAGE_SCHEMA``.
Shares are of all rows that could be read, from 0 to 1. A facet may give a row several values, so that its shares
can add up to more than 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.report import Excerpt, Place

COVERAGE_SCHEMA = "curate.coverage/1"
"""The version of the JSON; a field is only ever added within one version."""


@dataclass(frozen=True)
class Sample:
    """A row as it is shown.

    Attributes:
        place: where it is.
        prompt: the beginning of what was asked; null if no text may be shown.
        target: the beginning of the answer; null if no text may be shown.
    """

    place: Place
    prompt: Excerpt | None = None
    target: Excerpt | None = None


UNDRAWN = ", whole sample"
"""How the names of numbers end that are taken of all rows that were read: without draws, and so without an interval."""


@dataclass(frozen=True)
class Number:
    """A measure of diversity at a fixed size, so that files compare.

    Attributes:
        name: as in ``docs/reference/diversity.md``.
        value: the estimate.
        low: lower end of the 95 % interval.
        high: upper end of the 95 % interval.
        n: rows that it was taken from.
        of: rows that there were.
        source: who defined it.
        sensitive_to: what moves it beside diversity: length, language, …
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    of: int
    source: str
    sensitive_to: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether it is taken of draws, and so has an interval."""
        return not self.name.endswith(UNDRAWN)


@dataclass(frozen=True)
class Value:
    """One value of a facet.

    Attributes:
        name: as it is shown: masked and cut; a number is added where two would look the same.
        rows: how many have it.
        share: of all rows.
        examples: a few of them.
    """

    name: str
    rows: int
    share: float
    examples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class Facet:
    """What the rows are in one respect.

    Attributes:
        name: as in the plan: ``task``, ``meta.source``, ``clause``.
        title: what it says, in words.
        values: most frequent first; bands in their order.
        distinct: how many values there are.
        others: rows that only have values beyond those listed.
        without: rows with no value.
        is_ordered: whether the values are bands of a quantity.
        is_multiple: whether a row may have several.
    """

    name: str
    title: str
    values: tuple[Value, ...]
    distinct: int
    others: int = 0
    without: int = 0
    is_ordered: bool = False
    is_multiple: bool = False


@dataclass(frozen=True)
class Cell:
    """One combination of values with its bounds.

    Attributes:
        where: facet and value, in the plan's order.
        rows: how many are in it.
        share: of all rows.
        minimum: rows that must be there at today's number of rows; null for none.
        maximum: rows that may be there at today's number of rows; null for none.
        asked: the bounds as the plan writes them: ``200``, ``5%``; empty for none.
        deficit: rows below the minimum, at today's number of rows.
        surplus: rows above the maximum.
        to_write: rows to write for it so that all minima hold: more than the deficit where it is a share, since
            shares are then of more rows.
        examples: a few of its rows.
        place: where the plan asks for it, as ``file:line``.
        table: number of the entry ``[[coverage.cells]]`` that it comes from, from 1.
    """

    where: tuple[tuple[str, str], ...]
    rows: int
    share: float
    minimum: int | None
    maximum: int | None
    asked: tuple[str, str]
    deficit: int
    surplus: int
    to_write: int = 0
    examples: tuple[Sample, ...] = ()
    place: str = ""
    table: int = 1

    @property
    def name(self) -> str:
        """``clause=termination, language=de``."""
        return ", ".join(f"{facet}={value}" for facet, value in self.where)

    @property
    def is_out(self) -> bool:
        """Whether it is out of its bounds."""
        return self.deficit > 0 or self.surplus > 0

    @property
    def told(self) -> str:
        """In a sentence: how many rows there are, how many are asked for, and what is between."""
        if self.surplus:
            return (
                f"{self.name}: {self.rows:,} rows, at most {self.maximum:,} asked ({self.surplus:,} too many)"
            )
        if self.deficit:
            return (
                f"{self.name}: {self.rows:,} rows, at least {self.minimum:,} asked ({self.deficit:,} missing)"
            )
        return f"{self.name}: {self.rows:,} rows"


@dataclass(frozen=True)
class Work:
    """Rows of one kind to write.

    Attributes:
        where: facet and value of the rows; those of several cells together where a row serves them all.
        rows: how many to write.
        serves: the cells, as numbers into ``CoverageReport.cells``.
        relative: the largest part of its minimum that one of these cells lacks, 0 to 1.
        examples: rows that are there and show the kind.
    """

    where: tuple[tuple[str, str], ...]
    rows: int
    serves: tuple[int, ...]
    relative: float
    examples: tuple[Sample, ...] = ()

    @property
    def name(self) -> str:
        """``clause=termination, language=de``."""
        return ", ".join(f"{facet}={value}" for facet, value in self.where)


@dataclass(frozen=True)
class WorkList:
    """What to write next, in order: the cell that lacks the largest part of its minimum comes first.

    Attributes:
        items: kinds of rows.
        rows: sum of the items: so many new rows close all gaps.
        missing: sum over the cells of what there is to write for each.
        at_least: no set of rows that closes all gaps is smaller; equal to ``rows`` where the list is the shortest.
        is_disjoint: whether no row can serve two of the cells, so that ``rows`` equals ``missing``.
        closes: whether these rows close all gaps; if not, minima leave no room for the rows that are in no cell, and
            the list is of what is missing at today's number of rows.
    """

    items: tuple[Work, ...] = ()
    rows: int = 0
    missing: int = 0
    at_least: int = 0
    is_disjoint: bool = True
    closes: bool = True


@dataclass(frozen=True)
class CrossTable:
    """Counts of two facets against each other.

    Attributes:
        title: what it is of.
        down: the facet of the lines; ``a × b`` where several facets make a line.
        across: the facet of the columns.
        lines: values down.
        columns: values across.
        counts: rows by line and column.
        cells: number of the contract's cell by line and column; null where there is none.
    """

    title: str
    down: str
    across: str
    lines: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[int | None, ...], ...] = ()


@dataclass(frozen=True)
class Shift:
    """A value before and now.

    Attributes:
        value: which; ``(others)`` for the rare values taken together.
        before: share of the older rows that have a value.
        now: share of the newer rows that have a value.
        rows_before: how many.
        rows_now: how many.
        part: its part of the population stability index.
        examples: newer rows that have it and that the older data does not hold.
    """

    value: str
    before: float
    now: float
    rows_before: int
    rows_now: int
    part: float
    examples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class Drift:
    """How far a facet has moved since an earlier release.

    Attributes:
        facet: its name.
        psi: population stability index.
        chance: what the index stays below in 95 of 100 cases where nothing has moved, at these numbers of rows.
        distance: Jensen–Shannon distance with logarithms to base 2, from 0 to 1.
        reading: what the usual rule of thumb calls it: stable, shifted, or moved far.
        shifts: values, those with the largest part first.
    """

    facet: str
    psi: float
    chance: float
    distance: float
    reading: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class Earlier:
    """The release that data is compared with.

    Attributes:
        files: as named by the user.
        rows: rows that could be read.
        same: rows of today that stand there as well.
        drift: by facet, those that moved most first.
    """

    files: tuple[str, ...]
    rows: int
    same: int
    drift: tuple[Drift, ...]


@dataclass(frozen=True)
class Topic:
    """What a part of the rows is about.

    Attributes:
        label: its best terms, joined: the value of the facet ``topic``.
        terms: the terms that tell it apart, best first.
        rows: how many belong to it.
        share: of all rows.
        x: place on the map.
        y: place on the map.
        examples: rows in its middle.
    """

    label: str
    terms: tuple[str, ...]
    rows: int
    share: float
    x: float
    y: float
    examples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class VerbObject:
    """What instructions ask for.

    Attributes:
        verb: the leading verb.
        object: what it acts on; empty if there is none.
        rows: how many ask for it.
    """

    verb: str
    object: str
    rows: int


@dataclass(frozen=True)
class Lengths:
    """A histogram of lengths in estimated tokens.

    Attributes:
        of: prompt, target or whole row.
        edges: bounds of the bars; bar i is [edges[i], edges[i + 1]), the last one includes its upper bound.
        counts: rows by bar.
        median: the middle length.
        p95: 95 in 100 rows are no longer.
        longest: the longest.
        budget: the context that the user named, in tokens; null if none.
        over: rows that are longer than the budget.
    """

    of: str
    edges: tuple[int, ...]
    counts: tuple[int, ...]
    median: int
    p95: int
    longest: int
    budget: int | None = None
    over: int = 0


@dataclass(frozen=True)
class Openings:
    """How evenly rows are spread over the openings (first three words) of their prompts.

    Attributes:
        counts: rows by opening, the rarest first, cut into at most 200 equal steps: a Lorenz curve's points are the
            running sums.
        distinct: how many openings there are.
        rows: rows that have one.
        gini: Gini coefficient: 0 if every opening is as frequent, near 1 if few openings have nearly all rows.
        top: the most frequent openings with their rows, as they are shown.
    """

    counts: tuple[int, ...]
    distinct: int
    rows: int
    gini: float
    top: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class CoverageReport:
    """What data covers, and what is missing.

    Attributes:
        files: as named by the user.
        rows: rows that could be read.
        unreadable: records in quarantine.
        facets: what the rows are, facet by facet.
        cells: the contract's cells, in the plan's order; empty without a contract.
        work: what to write next.
        unplaced: rows that are in no cell of the contract.
        unplaced_examples: a few of them.
        tables: cross tables, those of the contract first.
        earlier: comparison with an earlier release, if asked for.
        numbers: measures of diversity.
        topics: largest first.
        verbs: verb and object of the instructions, most frequent first.
        lengths: of prompts, of targets, of whole rows.
        openings: of the prompts, if there are any.
        plan: the plan's file, if a contract was read from one.
        status: ``pass``, ``fail`` (a cell is out of bounds) or ``none`` (no contract).
        reasons: why it fails, a sentence each.
        notes: what a reader must know of how the figures were made.
        examples_shown: whether text of rows is in the report.
    """

    files: tuple[str, ...]
    rows: int
    unreadable: int = 0
    facets: tuple[Facet, ...] = ()
    cells: tuple[Cell, ...] = ()
    work: WorkList = field(default_factory=WorkList)
    unplaced: int = 0
    unplaced_examples: tuple[Sample, ...] = ()
    tables: tuple[CrossTable, ...] = ()
    earlier: Earlier | None = None
    numbers: tuple[Number, ...] = ()
    topics: tuple[Topic, ...] = ()
    verbs: tuple[VerbObject, ...] = ()
    lengths: tuple[Lengths, ...] = ()
    openings: Openings | None = None
    plan: str = ""
    status: str = "none"
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    examples_shown: bool = True

    @property
    def exit_code(self) -> int:
        """1 if a cell is out of its bounds."""
        return int(self.status == "fail")
