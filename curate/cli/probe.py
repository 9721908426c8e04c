"""``curate probe``: does the gate see what it is there for?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.options import make_plan, plan_options
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from curate.engines.probing import Probed, Seen


WIDTH = 120
"""Columns of the table in a log, where nobody can widen the window."""


@click.command(short_help="Plant faults in a copy of the data, and say which the gate sees.")
@plan_options
@click.option("--count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Of each fault.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which rows are spoiled.")
@click.option("--keep", metavar="FOLDER", help="Keep the copy (row text!) and the list of what was planted.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    count: int,
    seed: int,
    keep: str | None,
    *,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Plant known faults among the rows of DATA, in a temporary copy, and run the plan over it.

    Says for each kind of fault how many were seen, with the bounds of that share, and what the gate does about it.
    Exits 1 if a fault passes without a word. DATA is not touched.
    """
    from curate.engines.probing import probe  # noqa: PLC0415 (loads polars)

    plan = make_plan(flags | {"no_text": True})
    with notices(show_text=False):
        done = probe(*flags["inputs"], plan=plan, count=count, seed=seed, keep=Path(keep) if keep else None)
    if as_json:
        click.echo(json.dumps(to_dict(done), ensure_ascii=False, indent=2))
    else:
        _print(done)
    return int(any(one.is_blind for one in done.seen))


def to_dict(done: Probed) -> dict[str, Any]:
    """The result as JSON."""
    return {
        "schema": "curate.probe/1",
        "rows": done.rows,
        "faults": list(map(_fault, done.seen)),
        "by_hand": [{"check": check, "file": file, "line": number} for check, file, number in done.by_hand],
    }


def _fault(one: Seen) -> dict[str, Any]:
    low, high = one.recall
    return {
        "fault": one.fault,
        "check": one.check,
        "planted": one.planted,
        "found": one.found,
        "recall_low": round(low, 4),
        "recall_high": round(high, 4),
        "gate": one.gate,
        "blind": one.is_blind,
    }


def _print(done: Probed) -> None:
    from rich import box  # noqa: PLC0415 (loaded when called)
    from rich.console import Console  # noqa: PLC0415 (the same)
    from rich.table import Table  # noqa: PLC0415 (the same)

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    table = Table("fault", "check", "seen", "recall, 95 %", "the gate", box=box.SIMPLE_HEAD)
    for one in done.seen:
        style = "red" if one.is_blind else "yellow" if one.gate == "warns" else ""
        low, high = one.recall
        table.add_row(
            one.fault,
            one.check,
            f"{one.found} of {one.planted}",
            f"{low:.2f}–{high:.2f}",
            "blind: " + one.gate if one.is_blind else one.gate,
            style=style,
        )
    console.print(f"Planted among {count_of(done.rows, 'row')}:")
    console.print(table)
    blind = [one.fault for one in done.seen if one.is_blind]
    if blind:
        console.print(f"[red]{len(blind)} kinds of fault pass without a word:[/red] {'; '.join(blind)}")
    if done.by_hand:
        console.print(
            "Findings in the data itself, to read by hand (only a reader can say whether they are right):"
        )
        for check, file, number in done.by_hand:
            console.print(f"  {visible_name(file)}:{number}  {check}", soft_wrap=True, markup=False)
