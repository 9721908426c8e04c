"""From scanned data to a coverage report: facets read, cells counted, work listed, a few rows read again and masked."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from curate.core.coverage_plan import FACETS, META
from curate.core.coverage_report import CoverageReport, Topic
from curate.core.errors import UsageError
from curate.diversity.spaces import has_scikit
from curate.engines.covering_cells import Placed, alias_of, cells_of, place_rows, tables_of, work_of
from curate.engines.covering_samples import read_samples
from curate.engines.covering_values import (
    chosen_of,
    counts_of,
    cross_of,
    facet_of,
    labels,
    lengths_of,
    listed,
    openings_of,
    verbs_of,
)
from curate.engines.diversity import draw_pool, numbers_of
from curate.engines.drifting_rows import Before, Drifted, drift_of, told_drift
from curate.engines.facets import TOPIC, Facets, read_facets
from curate.engines.facets_topics import size_of, topics_of
from curate.engines.local import choose_engine
from curate.text.tokens import NOTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.coverage_report import Cell, Number
    from curate.core.plan import Plan
    from curate.engines.covering_samples import Samples
    from curate.engines.scan import Scan

USUAL = ("task", "topic", "language", "answer_format", "prompt_length", "target_length")
"""Facets that are looked at if nobody names any."""

EXAMPLES = 2
"""Rows that are shown of a value or a cell."""


@dataclass(frozen=True)
class Wanted:
    """What a coverage report is to hold.

    Attributes:
        facets: further ones than those of the contract; the usual ones if there is no contract either.
        whole: whether the usual facets, diversity and what instructions ask for are told beside a contract.
        crossed: whether the named facets are told against each other.
        examples: rows that are shown of a value or a cell.
        context: the context that rows must fit into, in tokens; None if nobody asked.
    """

    facets: tuple[str, ...] = ()
    whole: bool = False
    crossed: bool = False
    examples: int = EXAMPLES
    context: int | None = None


def cover(
    scan: Scan, plan: Plan, wanted: Wanted | None = None, earlier: Scan | None = None
) -> CoverageReport:
    """What data covers, and what is missing.

    Args:
        scan: what was read.
        plan: the contract, facets of one's own, privacy, workers.
        wanted: what to tell.
        earlier: an earlier release to compare with.

    Raises:
        UsageError: a facet is not known, or a metadata field is in none of the rows.
        ConfigError: the same, if the contract names it.
        MissingExtraError: topics are asked for and their packages are not installed.
    """
    wanted = wanted or Wanted()
    has_contract = bool(plan.coverage.tables)
    pairs = _pairs(wanted)
    seen = _look(scan, plan, wanted, earlier)
    read, names = seen.read, seen.names
    drifted = drift_of(read.rows, seen.before, names, wanted.examples) if seen.before else None
    placed = place_rows(read.rows, plan.coverage, wanted.examples, alias_of(plan.coverage, read.topics))
    chosen = _chosen(read, names, wanted, plan)
    samples = read_samples(scan, _shown(placed, chosen, read, drifted, wanted), plan)
    report = CoverageReport(
        files=tuple(one.source.name for one in scan.opened),
        rows=read.rows.height,
        unreadable=len(scan.quarantine),
        facets=tuple(facet_of(name, read.rows, chosen[name], samples, plan) for name in names),
        tables=tuple(cross_of(read.rows, one, other, plan) for one, other in pairs),
        earlier=told_drift(drifted, seen.before, samples, plan) if drifted and seen.before else None,
        numbers=seen.numbers,
        topics=_topics(read, samples, wanted, plan),
        verbs=verbs_of(read.said, plan) if read.said else (),
        lengths=lengths_of(read.rows, wanted.context) if read.said else (),
        openings=openings_of(read.said, plan) if read.said else None,
        notes=_notes(names, is_usual=not wanted.facets and (wanted.whole or not has_contract)),
        examples_shown=plan.show_text,
    )
    return _with_contract(report, placed, samples, wanted, plan) if has_contract else report


@dataclass(frozen=True)
class _Seen:
    """What was read of the rows, and of an earlier release."""

    names: tuple[str, ...]
    read: Facets
    before: Before | None
    numbers: tuple[Number, ...]


def _look(scan: Scan, plan: Plan, wanted: Wanted, earlier: Scan | None) -> _Seen:
    is_whole = wanted.whole or not plan.coverage.tables
    names = _names(plan, wanted, is_whole=is_whole, files=len(scan.opened))
    scans = (scan,) if earlier is None else (scan, earlier)
    with choose_engine(sum(map(size_of, scans)), plan.workers) as engine:
        pools = [draw_pool(one, engine) for one in scans] if TOPIC in names or is_whole else []
        topics = topics_of(pools) if TOPIC in names else None
        read = read_facets(scan, names, plan, topics=topics, with_said=is_whole, engine=engine)
        before = None
        if earlier is not None:
            before = Before(earlier, read_facets(earlier, names, plan, topics=topics, engine=engine))
    numbers = numbers_of(pools[0], topics.model if topics is not None else None) if is_whole else ()
    return _Seen(names, read, before, tuple(numbers))


def _with_contract(
    report: CoverageReport, placed: Placed, samples: Samples, wanted: Wanted, plan: Plan
) -> CoverageReport:
    cells, missing = cells_of(placed, report.rows, samples, plan)
    reasons = tuple(cell.told for cell in cells if cell.is_out)
    return replace(
        report,
        cells=cells,
        work=work_of(cells, missing, plan),
        unplaced=len(placed.unplaced),
        unplaced_examples=samples.of(placed.unplaced.head(wanted.examples).to_list()),
        tables=(*tables_of(plan.coverage, cells), *report.tables),
        plan=plan.places.get("coverage", "").rpartition(":")[0],
        status="fail" if reasons else "pass",
        reasons=reasons,
    )


def _names(plan: Plan, wanted: Wanted, *, is_whole: bool, files: int) -> tuple[str, ...]:
    """The facets to read: those of the contract, those that were asked for, one's own, and the usual ones."""
    for name in wanted.facets:
        refuse_unknown(name, plan)
    usual = (*(("file",) if files > 1 else ()), *USUAL) if is_whole and not wanted.facets else ()
    usual = tuple(name for name in usual if name != TOPIC or has_scikit())
    own = tuple(plan.coverage.own) if is_whole and not wanted.facets else ()
    return tuple(dict.fromkeys((*plan.coverage.names, *wanted.facets, *own, *usual)))


def refuse_unknown(name: str, plan: Plan) -> None:
    """Make sure that a facet that was named on the command line is one.

    Raises:
        UsageError: it is none.
    """
    if name in FACETS or name in plan.coverage.own or (name.startswith(META) and name != META):
        return
    known = [*FACETS, *plan.coverage.own]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    meant = f"did you mean '{near[0]}'?" if near else f"the facets: {', '.join(known)}"
    raise UsageError(f"there is no facet '{name}'", hint=f"{meant}; a field of the rows is '{META}{name}'")


def _pairs(wanted: Wanted) -> list[tuple[str, str]]:
    """Each named facet against each later one."""
    if not wanted.crossed:
        return []
    names = tuple(dict.fromkeys(wanted.facets))
    if len(names) < 2:  # noqa: PLR2004 (a pair)
        raise UsageError("--by-cross needs two facets", hint="as --facet task --facet language --by-cross")
    return [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]


def _chosen(
    read: Facets, names: Sequence[str], wanted: Wanted, plan: Plan
) -> dict[str, dict[str, list[int]]]:
    """By facet and value, the rows that are shown."""
    edges = plan.coverage.edges
    shown = {name: listed(name, counts_of(read.rows, name), edges) for name in names}
    return {name: chosen_of(read.rows, name, values, wanted.examples) for name, values in shown.items()}


def _shown(
    placed: Placed,
    chosen: dict[str, dict[str, list[int]]],
    read: Facets,
    drifted: Drifted | None,
    wanted: Wanted,
) -> list[int]:
    """The numbers of all rows that are shown."""
    of_topics = [rows[: wanted.examples] for rows in read.topics.rows] if read.topics else []
    return [
        *placed.members["row"].to_list(),
        *placed.unplaced.head(wanted.examples).to_list(),
        *chain.from_iterable(chain.from_iterable(values.values()) for values in chosen.values()),
        *chain.from_iterable(of_topics),
        *(drifted.shown if drifted else ()),
    ]


def _topics(read: Facets, samples: Samples, wanted: Wanted, plan: Plan) -> tuple[Topic, ...]:
    """The topics, largest first; those that no row has are left out."""
    if read.topics is None or TOPIC not in read.rows.columns:
        return ()
    model, counts = read.topics.model, counts_of(read.rows, TOPIC)
    told = dict(zip(counts, labels(TOPIC, list(counts), plan), strict=True))
    found = []
    for at, (label, terms) in enumerate(zip(model.labels, model.terms, strict=True)):
        if label in counts:
            rows = samples.of(read.topics.rows[at][: wanted.examples])
            x, y = map(float, model.places[at])
            shown = tuple(labels(TOPIC, list(terms), plan))
            share = counts[label] / max(read.rows.height, 1)
            found.append(Topic(told[label], shown, counts[label], share, x, y, rows))
    return tuple(sorted(found, key=lambda topic: (-topic.rows, topic.label)))


def _notes(names: Sequence[str], *, is_usual: bool) -> tuple[str, ...]:
    """What a reader must know of how the figures were made."""
    from curate.text.language import is_able  # noqa: PLC0415 (loads a model)

    notes = [NOTE] if {"prompt_length", "target_length"} & set(names) else []
    if "language" in names and not is_able():
        notes.append("Languages are not told apart: install curate-data[languages].")
    if TOPIC not in names and is_usual and not has_scikit():
        notes.append('Topics are left out: pip install "curate-data[topics]" finds them.')
    if TOPIC in names:
        notes.append(
            "Topics are found in the data, by words; they are named by their terms and belong to this data alone. "
            "For a contract, facets with patterns or a glossary last longer."
        )
    return tuple(notes)


def contract_cells(scan: Scan, plan: Plan) -> tuple[Cell, ...]:
    """The contract's cells over scanned data, and nothing else: what a gate needs.

    Args:
        scan: what was read.
        plan: with a contract.

    Raises:
        ConfigError: a metadata field that the contract names is in none of the rows.
        MissingExtraError: the contract names topics, and their packages are not installed.
    """
    read = read_facets(scan, plan.coverage.names, plan)
    placed = place_rows(read.rows, plan.coverage, 0, alias_of(plan.coverage, read.topics))
    return cells_of(placed, read.rows.height, read_samples(scan, (), plan), plan)[0]
