"""The coverage contract: what data is looked at by, and how many rows of which kind there must be.

A **facet** gives every row a value, or several, or none. A **cell** is a set of rows that is named by values of some
facets, with bounds. Cells that are asked for together are a cross table: one cell a combination.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

TOPIC = "topic"
"""The facet of topics: a cell names one by its label, or several by a term that they have."""

META = "meta."
"""Begins the facet of a metadata field: ``meta.source``."""

FACETS = {
    "task": "Kind of task, by what the instruction asks for",
    "topic": "Topic, as found in the data",
    "language": "Language of the answer, or of the prompt where the answer is too short",
    "script": "Script of most letters of the answer",
    "prompt_length": "Length of the prompt in estimated tokens",
    "target_length": "Length of the answer in estimated tokens",
    "answer_format": "Form of the answer",
    "file": "Input that the row comes from",
    "layout": "Layout of the row",
    "turns": "Turns of the conversation",
}
"""The facets that there are without a plan, beside ``meta.FIELD``."""

BANDED = ("prompt_length", "target_length", "turns")
"""Facets whose values are bands of a quantity."""

NO_VALUE = "(none)"
"""Stands in a cell for rows to which the facet gives no value."""

EDGES = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
"""Where bands of length begin, in tokens, if the plan does not say otherwise."""

MOST_TURNS = 8
"""Turns from which conversations are told apart no further."""

TURNS = (*map(str, range(MOST_TURNS)), f"{MOST_TURNS}+")
"""The values of the facet ``turns``."""

PARTS = ("prompt", "target", "both")
"""Texts in which a facet of one's own looks."""


@dataclass(frozen=True)
class Bound:
    """A number of rows, or a share of all rows (0 to 1); never both."""

    rows: int | None = None
    share: float | None = None

    def least(self, total: int) -> int:
        """Rows that meet it as a minimum, of so many."""
        return self.rows if self.rows is not None else _up((self.share or 0.0) * total)

    def most(self, total: int) -> int:
        """Rows that it allows as a maximum, of so many."""
        return self.rows if self.rows is not None else int((self.share or 0.0) * total + TINY)

    def __str__(self) -> str:
        return f"{self.rows:,}" if self.rows is not None else f"{100 * (self.share or 0.0):.10g}%"


TINY = 1e-9
"""What a product of a share and a number of rows may be off by: 5 % of 100 rows are 5."""


def _up(number: float) -> int:
    return -int(-(number - TINY) // 1)


@dataclass(frozen=True)
class OwnFacet:
    """A facet of the plan. It has exactly one of ``pattern``, ``patterns`` and ``glossary``.

    Attributes:
        name: as cells name it.
        pattern: an expression; the values are what it matches, or its first group, in lower case.
        patterns: expressions by the value that each stands for.
        glossary: the file of a terminology; the values are the names of the terms that occur, in whatever form.
        part: where it looks: prompt, target or both.
    """

    name: str
    pattern: re.Pattern[str] | None = None
    patterns: tuple[tuple[str, re.Pattern[str]], ...] = ()
    glossary: str = ""
    part: str = "both"


@dataclass(frozen=True)
class CellPlan:
    """One cell of the contract.

    Attributes:
        where: facet and value, in the order of the plan.
        minimum: at least so many rows; None for any number.
        maximum: at most so many rows; None for any number.
        table: number of the entry it comes from, from 1.
    """

    where: tuple[tuple[str, str], ...]
    minimum: Bound | None = None
    maximum: Bound | None = None
    table: int = 1

    @property
    def name(self) -> str:
        """``clause=termination, language=de``."""
        return ", ".join(f"{facet}={value}" for facet, value in self.where)

    @cached_property
    def values(self) -> Mapping[str, str]:
        """The value by facet."""
        return dict(self.where)


@dataclass(frozen=True)
class TablePlan:
    """One entry ``[[coverage.cells]]``: a cell for each combination of its values.

    Attributes:
        axes: facets, each with its values, in the order of the plan.
        minimum: of each cell.
        maximum: of each cell.
        number: of the entry, from 1.
    """

    axes: tuple[tuple[str, tuple[str, ...]], ...]
    minimum: Bound | None = None
    maximum: Bound | None = None
    number: int = 1

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets of its cells."""
        return tuple(facet for facet, _ in self.axes)

    def cells(self) -> Iterator[CellPlan]:
        """The cells, the last facet changing fastest."""
        for values in product(*(values for _, values in self.axes)):
            where = tuple(zip(self.facets, values, strict=True))
            yield CellPlan(where, self.minimum, self.maximum, self.number)


@dataclass(frozen=True)
class CoveragePlan:
    """The section ``[coverage]``.

    Attributes:
        facets: those of one's own.
        tables: the entries ``[[coverage.cells]]``.
        edges: where bands of length begin, in tokens, ascending.
    """

    facets: tuple[OwnFacet, ...] = ()
    tables: tuple[TablePlan, ...] = ()
    edges: tuple[int, ...] = field(default=EDGES)

    @property
    def cells(self) -> tuple[CellPlan, ...]:
        """All cells, in the order of the plan."""
        return tuple(cell for table in self.tables for cell in table.cells())

    @property
    def names(self) -> tuple[str, ...]:
        """The facets that the cells name, in order, each once."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table.facets))

    @property
    def own(self) -> Mapping[str, OwnFacet]:
        """The facets of one's own by name."""
        return {facet.name: facet for facet in self.facets}

    @property
    def sharing(self) -> frozenset[str]:
        """Facets of which a row may be in cells of two values: one's own, and topics, for two may share a term."""
        return frozenset((*self.own, TOPIC))

    def is_multiple(self, name: str) -> bool:
        """Whether a facet may give a row several values."""
        return name in self.own


def bands(edges: tuple[int, ...]) -> tuple[str, ...]:
    """The names of bands of length: ``0-15``, ``16-31``, …, ``4096+``."""
    lows = (0, *edges)
    return (
        *(
            f"{low}-{high - 1}" if high - 1 > low else f"{low}"
            for low, high in zip(lows, edges, strict=False)
        ),
        f"{lows[-1]}+",
    )
