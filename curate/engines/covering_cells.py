"""How many rows are in each cell of a contract, and which are in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.coverage_plan import NO_VALUE
from curate.core.coverage_report import Cell, CrossTable, Work, WorkList
from curate.engines.covering_work import Missing, deficits, relative, what_is_missing
from curate.engines.facets import TOPIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.coverage_plan import CoveragePlan, TablePlan
    from curate.core.plan import Plan
    from curate.engines.covering_samples import Samples
    from curate.engines.facets_topics import Topics

CELL = "_cell"


@dataclass(frozen=True)
class Placed:
    """Where rows are.

    Attributes:
        counts: rows by cell, in the order of the plan.
        members: ``row, _cell``, the first rows of each cell by the hash of their content.
        unplaced: ``row`` of all that are in no cell, by the hash of their content.
    """

    counts: tuple[int, ...]
    members: pl.DataFrame
    unplaced: pl.Series


def place_rows(
    rows: pl.DataFrame, plan: CoveragePlan, examples: int, alias: Mapping[tuple[str, str], tuple[str, ...]]
) -> Placed:
    """Count the rows of each cell.

    Args:
        rows: ``row``, ``hash`` and the facets of the plan.
        plan: the contract.
        examples: members that are told of each cell.
        alias: by facet and value of the plan, the values of the rows that are meant; itself where there is none.
    """
    counts: list[int] = []
    members = [pl.DataFrame(schema={"row": pl.Int64, CELL: pl.Int64})]
    placed = [pl.Series("row", [], pl.Int64)]
    ordered = rows.sort("hash", "row")
    for table in plan.tables:
        cells = _cells_of(table, len(counts), alias)
        inside = _lines_of(ordered, table.facets, plan).join(
            cells, on=table.facets, how="inner", maintain_order="left"
        )
        inside = inside.select("row", CELL).unique(maintain_order=True)
        size = dict(inside[CELL].value_counts().rows())
        counts += [size.get(len(counts) + at, 0) for at, _ in enumerate(table.cells())]
        members.append(inside.filter(pl.col("row").cum_count().over(CELL) <= examples))
        placed.append(inside["row"].unique())
    in_any = pl.concat(placed).unique()
    unplaced = ordered.filter(~pl.col("row").is_in(in_any.implode()))["row"]
    return Placed(tuple(counts), pl.concat(members), unplaced)


def _cells_of(table: TablePlan, first: int, alias: Mapping[tuple[str, str], tuple[str, ...]]) -> pl.DataFrame:
    """A line for each combination of values of the rows that is meant, with the number of its cell."""
    lines = pl.DataFrame(
        {name: pl.Series(dtype=pl.List(pl.String)) for name in table.facets}
        | {CELL: pl.Series(dtype=pl.Int64)}
    )
    told = [
        {name: list(alias.get((name, value), (value,))) for name, value in cell.where} | {CELL: first + at}
        for at, cell in enumerate(table.cells())
    ]
    lines = pl.DataFrame(told, schema=lines.schema)
    for name in table.facets:
        lines = lines.explode(name)
    return lines.drop_nulls()


def _lines_of(rows: pl.DataFrame, facets: tuple[str, ...], plan: CoveragePlan) -> pl.DataFrame:
    """A line for each combination of the values of a row."""
    lines = rows.select("row", *facets)
    for name in facets:
        if plan.is_multiple(name):
            lines = lines.explode(name)
    return lines.with_columns(pl.col(facets).fill_null(NO_VALUE))


# --- as they are told -------------------------------------------------------------------------------------


def alias_of(plan: CoveragePlan, topics: Topics | None) -> dict[tuple[str, str], tuple[str, ...]]:
    """Topics that a contract means: the one of that name, or all that have the value among their terms."""
    if topics is None:
        return {}
    named = {value for cell in plan.cells for facet, value in cell.where if facet == TOPIC}
    known = list(zip(topics.model.labels, topics.model.terms, strict=True))
    meant = {
        value: tuple(label for label, terms in known if value == label)
        or tuple(label for label, terms in known if value.lower() in terms)
        for value in named - {NO_VALUE}
    }
    return {(TOPIC, value): found for value, found in meant.items()}


def cells_of(placed: Placed, total: int, samples: Samples, plan: Plan) -> tuple[tuple[Cell, ...], Missing]:
    """The contract's cells as they are told, and what there is to write."""
    planned = plan.coverage.cells
    missing = what_is_missing(planned, placed.counts, total, plan.coverage.sharing)
    members: dict[int, list[int]] = {}
    for row, cell in placed.members.iter_rows():
        members.setdefault(cell, []).append(row)
    lacking = deficits(planned, placed.counts, total)
    cells = []
    for at, (cell, count) in enumerate(zip(planned, placed.counts, strict=True)):
        most = cell.maximum.most(total) if cell.maximum is not None else None
        cells.append(
            Cell(
                where=cell.where,
                rows=count,
                share=count / max(total, 1),
                minimum=cell.minimum.least(total) if cell.minimum is not None else None,
                maximum=most,
                asked=(str(cell.minimum or ""), str(cell.maximum or "")),
                deficit=lacking[at],
                surplus=max(0, count - most) if most is not None else 0,
                to_write=missing.by_cell[at],
                examples=samples.of(members.get(at, ())),
                place=plan.places.get(f"coverage.cells.{cell.table}", ""),
                table=cell.table,
            )
        )
    return tuple(cells), missing


def work_of(cells: Sequence[Cell], missing: Missing, plan: Plan) -> WorkList:
    """What to write next."""
    planned = plan.coverage.cells
    items = tuple(
        Work(
            where=tuple(dict.fromkeys(pair for at in kind.cells for pair in cells[at].where)),
            rows=kind.rows,
            serves=kind.cells,
            relative=max(relative(planned[at], missing.by_cell[at], missing.total) for at in kind.cells),
            examples=next((cells[at].examples for at in kind.cells if cells[at].examples), ()),
        )
        for kind in missing.kinds
    )
    rows = sum(item.rows for item in items)
    lacking = sum(missing.by_cell)
    return WorkList(items, rows, lacking, missing.at_least, missing.is_disjoint, missing.closes)


def tables_of(plan: CoveragePlan, cells: Sequence[Cell]) -> tuple[CrossTable, ...]:
    """The contract as tables: one for each entry, but for entries of one facet, which stand together."""
    groups: dict[tuple[str, int], list[TablePlan]] = {}
    for table in plan.tables:
        alone = len(table.axes) == 1
        groups.setdefault((table.facets[0], 0) if alone else ("", table.number), []).append(table)
    return tuple(_table_of(tables, cells) for tables in groups.values())


def _table_of(tables: Sequence[TablePlan], cells: Sequence[Cell]) -> CrossTable:
    """Entries of the same facets: the last facet with several values across, the others down."""
    numbers = {table.number for table in tables}
    own = [(at, cell) for at, cell in enumerate(cells) if cell.table in numbers]
    axes = tables[0].axes
    several = [name for name, values in axes if len(values) > 1]
    across = several[-1] if len(several) > 1 else ""
    down = [name for name, _ in axes if name != across and (name in several or len(several) < 2)]  # noqa: PLR2004 (lines and columns)
    lines = list(dict.fromkeys(_told(cell, down) for _, cell in own))
    columns = list(dict.fromkeys(_told(cell, [across]) for _, cell in own)) if across else ["rows"]
    places = {(_told(cell, down), _told(cell, [across]) if across else "rows"): at for at, cell in own}
    fixed = ", ".join(f"{name}={values[0]}" for name, values in axes if name not in (*down, across))
    return CrossTable(
        title=" × ".join([*down, *([across] if across else [])]) + (f" where {fixed}" if fixed else ""),
        down=" × ".join(down),
        across=across,
        lines=tuple(lines),
        columns=tuple(columns),
        counts=tuple(
            tuple(cells[places[line, column]].rows if (line, column) in places else 0 for column in columns)
            for line in lines
        ),
        cells=tuple(tuple(places.get((line, column)) for column in columns) for line in lines),
    )


def _told(cell: Cell, names: Sequence[str]) -> str:
    values = dict(cell.where)
    return " × ".join(values[name] for name in names)
