"""Which rows are taken: the contract's minima first, then whatever adds most, never over a maximum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from curate.core.errors import UsageError
from curate.diversity.selection import Choice, Graph, grow, neighbourhood
from curate.diversity.selection_measures import Ground
from curate.diversity.selection_quotas import Bounds, quotas
from curate.diversity.spaces import one_thread
from curate.similarity.plain_tokens import mixed
from curate.similarity.words import COUNT_STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from numpy.typing import NDArray

    from curate.diversity.selection import Growing
    from curate.diversity.selection_quotas import Quotas
    from curate.engines.sampling_space import Placed

    Bools = NDArray[np.bool_]
    I64 = NDArray[np.int64]
    U64 = NDArray[np.uint64]

MOST_TOLD = 5
"""Cells that an error names."""

Aim = Literal["coverage", "random"]

DRAWS = 5
"""Random draws that a sample is compared with."""


@dataclass(frozen=True)
class Rule:
    """What is taken.

    Attributes:
        size: rows of the sample.
        maximise: coverage, or random for a plain draw.
        seed: of the draw, and of the draws that a sample is compared with.
    """

    size: int
    maximise: Aim = "coverage"
    seed: int = 0


@dataclass(frozen=True)
class Contract:
    """The cells of a coverage contract over some rows.

    Attributes:
        names: of the cells.
        member: by row and cell, whether the row is in the cell.
        bounds: of each cell, at the size of the sample.
        places: where the plan asks for each cell, as ``file:line``.
    """

    names: tuple[str, ...]
    member: Bools
    bounds: tuple[Bounds, ...]
    places: tuple[str, ...] = ()

    @classmethod
    def none(cls, rows: int) -> Self:
        """No cells."""
        return cls((), np.zeros((rows, 0), bool), ())


class Figures(NamedTuple):
    """What is measured of a sample.

    Attributes:
        coverage: share of rows in whose neighbourhood it has a row: :mod:`curate.diversity.selection_measures`.
        cosine: between a row and the row of the sample nearest to it, on average.
        openings: different openings (first three words) of prompts.
    """

    coverage: float
    cosine: float
    openings: int


class Compared(NamedTuple):
    """A sample against random draws of its size.

    Attributes:
        k: rows of a neighbourhood.
        asked: rows that were asked whether the samples stand for them.
        sample: what is measured of it.
        draws: what is measured of each draw.
    """

    k: int
    asked: int
    sample: Figures
    draws: tuple[Figures, ...]


@dataclass(frozen=True)
class Chosen:
    """What was chosen.

    Attributes:
        taken: by row, whether it is taken.
        held: name, rows taken, minimum and maximum of each cell of the contract.
        compared: against random draws, where coverage was maximised.
    """

    taken: Bools
    held: tuple[tuple[str, int, int, int | None], ...]
    compared: Compared | None = None


class Draw:
    """A random choice: what a row adds is its number in the draw, turned round."""

    def __init__(self, ranks: I64) -> None:
        self._ranks = ranks
        self.chosen: list[int] = []

    def gain(self, row: int) -> float:
        """The lowest rank comes first."""
        return -float(self._ranks[row])

    def take(self, row: int) -> None:
        """Choose a row."""
        self.chosen.append(row)


def drawn(hashes: U64, rule: Rule, contract: Contract) -> Chosen:
    """A plain draw under the contract; which rows it is depends on what they say, not on where they stand.

    Args:
        hashes: of the rows' content, ascending.
        rule: how many; another seed draws others.
        contract: bounds to keep.

    Raises:
        UsageError: the contract cannot be kept.
    """
    ranks = _ranks(hashes, rule.seed)
    return _told(_filled(lambda: Draw(ranks), len(hashes), rule.size, contract), contract)


def chosen_for_coverage(placed: Placed, hashes: U64, rule: Rule, contract: Contract) -> Chosen:
    """The rows that cover most, greedily (:mod:`curate.diversity.selection`), compared with plain draws.

    Args:
        placed: where the rows lie, in the order of ``hashes``.
        hashes: of the rows' content, ascending.
        rule: how many, and the seed of the first draw.
        contract: bounds to keep.

    Raises:
        UsageError: the contract cannot be kept.
    """
    with one_thread():  # what is near must not depend on how many threads add up
        graph = Graph.of(placed.space, placed.openings, rule.size)
        chosen = _filled(lambda: Choice(graph), len(hashes), rule.size, contract)
        k = neighbourhood(len(hashes), rule.size)
        ground = Ground(placed.space, k)
        draws = [np.argsort(_ranks(hashes, rule.seed + at))[: rule.size] for at in range(DRAWS)]
        told = [
            Figures(*ground.standing(rows), _distinct(placed.openings, rows)) for rows in (chosen, *draws)
        ]
    return replace(_told(chosen, contract), compared=Compared(k, len(ground), told[0], tuple(told[1:])))


def _filled(make: Callable[[], Growing], rows: int, size: int, contract: Contract) -> I64:
    """The rows that are taken under the contract.

    What adds most is taken freely as long as no bound is in the way. That may lead into a corner where cells overlap
    (NP-hard in general); then the numbers of rows by kind that an integer program has found are kept to.

    Raises:
        UsageError: no sample of this size keeps the contract.
    """
    if not contract.names:
        choice = make()
        grow(choice, range(rows), size)
        return np.array(choice.chosen)
    kept = quotas(contract.member, contract.bounds, size)
    if kept.lacks:
        raise _unreachable(kept, contract, size)
    freely = make()
    _fill_freely(freely, contract, size)
    if len(freely.chosen) == size and _is_kept(freely.chosen, contract):
        return np.array(freely.chosen)
    choice = make()
    for numbers in (kept.needed, kept.further):
        _fill_kinds(choice, kept.kinds, numbers)
    return np.array(choice.chosen)


def _fill_freely(choice: Growing, contract: Contract, size: int) -> None:
    """First rows of cells that lack some, then any; none of a full cell."""
    lacking = np.array([one.minimum for one in contract.bounds])
    room = np.array([size if one.maximum is None else one.maximum for one in contract.bounds])

    def admit(row: int, *, must_serve: bool) -> bool:
        cells = contract.member[row]
        if (room[cells] < 1).any() or (must_serve and not (lacking[cells] > 0).any()):
            return False
        room[cells] -= 1
        lacking[cells] -= 1
        return True

    serving = np.flatnonzero(contract.member[:, lacking > 0].any(axis=1))
    grow(choice, serving.tolist(), size, partial(admit, must_serve=True))
    others = np.delete(np.arange(len(contract.member)), choice.chosen)
    grow(choice, others.tolist(), size - len(choice.chosen), partial(admit, must_serve=False))


def _is_kept(chosen: Sequence[int], contract: Contract) -> bool:
    return all(
        one.minimum <= rows and (one.maximum is None or rows <= one.maximum)
        for one, rows in zip(contract.bounds, contract.member[chosen].sum(axis=0).tolist(), strict=True)
    )


def _fill_kinds(choice: Growing, kinds: I64, numbers: I64) -> None:
    """So many further rows of each kind."""
    left = numbers.copy()

    def admit(row: int) -> bool:
        left[kinds[row]] -= 1
        return bool(left[kinds[row]] >= 0)

    open_ = np.flatnonzero(numbers[kinds] > 0)
    grow(choice, np.setdiff1d(open_, choice.chosen).tolist(), int(numbers.sum()), admit)


def _unreachable(kept: Quotas, contract: Contract, size: int) -> UsageError:
    """What is missing, cell by cell."""
    lines = []
    for lack in kept.lacks:
        if lack.cell is None:
            lines.append(f"maxima leave room for only {size - lack.rows:,} rows")
            continue
        there = int(contract.member[:, lack.cell].sum())
        wanted = contract.bounds[lack.cell].minimum
        lines.append(
            f"{contract.names[lack.cell]}: {lack.rows:,} of {wanted:,} are missing ({there:,} in the data)"
        )
    shown = "; ".join(lines[:MOST_TOLD]) + ("; …" if len(lines) > MOST_TOLD else "")
    return UsageError(
        f"no sample of {size:,} rows keeps the contract: {shown}",
        where=next((contract.places[one.cell] for one in kept.lacks if one.cell is not None), "")
        or "[coverage]",
        hint="ask for more rows with --n, change the bounds, or name another plan with --plan",
    )


def _told(chosen: I64, contract: Contract) -> Chosen:
    taken = np.zeros(len(contract.member), bool)
    taken[chosen] = True
    rows = contract.member[chosen].sum(axis=0).tolist()
    cells = zip(contract.names, rows, contract.bounds, strict=True)
    return Chosen(taken, tuple((name, count, *bounds) for name, count, bounds in cells))


def _ranks(hashes: U64, seed: int) -> I64:
    """The place of each row in a draw that depends on its content; rows of one content get different places."""
    occurrence = (np.arange(len(hashes)) - np.searchsorted(hashes, hashes)).astype(np.uint64)
    start = mixed(np.full(1, seed + 1, np.uint64))
    mixture = mixed(mixed(hashes + occurrence * np.uint64(COUNT_STEP)) ^ start)
    ranks = np.empty(len(hashes), np.int64)
    ranks[np.argsort(mixture, kind="stable")] = np.arange(len(hashes))
    return ranks


def _distinct(openings: I64, rows: I64) -> int:
    return len(np.unique(openings[rows]))
