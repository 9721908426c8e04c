"""``curate probe``: does the gate see what it is there for?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.cli.counting import count_of, notices
from curate.cli.ending import tidy_end
from curate.cli.options import make_plan, plan_options
from curate.core.names import PROBE_SCHEMA
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from curate.engines.probing import Probed, Seen


WIDTH = 120
"""Columns of the table in a log, where nobody can widen the window."""


@click.command(short_help="Plant faults in a copy of the data, and say which the gate sees.")
@plan_options
@click.option("--count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Of each fault.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which rows are spoiled.")
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Exit 1 if less than this share of a fault is found.",
)
@click.option("--keep", metavar="FOLDER", help="Keep the copy (row text!) and the list of what was planted.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    count: int,
    seed: int,
    least: float,
    keep: str | None,
    *,
    as_json: bool,
    **flags: Any,  # noqa: ANN401 (the shared options)
) -> int:
    """Plant known faults among the rows of DATA, in a temporary copy, and run the plan over it.

    Says for each kind of fault how many of the planted rows were found, with the bounds of that share, whether the
    gate would fail because of them, and from how many rows on it does. Exits 1 if a fault passes without a word, or
    too little of it is found. DATA is not touched.
    """
    from curate.engines.probing import probe  # noqa: PLC0415 (loads polars)

    plan = make_plan(flags | {"no_text": True})
    with tidy_end(), notices(show_text=False):
        done = probe(*flags["inputs"], plan=plan, count=count, seed=seed, keep=Path(keep) if keep else None)
    if as_json:
        click.echo(json.dumps(to_dict(done), ensure_ascii=False, indent=2))
    else:
        _print(done, least)
    return int(any(one.is_missed(least) for one in done.seen))


def to_dict(done: Probed) -> dict[str, Any]:
    """The result as JSON."""
    return {
        "schema": PROBE_SCHEMA,
        "files": [one._asdict() for one in done.files],
        "policy_sha256": done.policy,
        "rows": done.rows,
        "faults": list(map(_fault, done.seen)),
        "not_planted": list(done.not_planted),
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
        "of_rows": one.of,
        "fails_from": one.fails_from,
        "blind": one.is_blind,
    }


def _print(done: Probed, least: float) -> None:
    from rich.console import Console  # noqa: PLC0415 (loaded when called)

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    planted = sum(one.planted for one in done.seen)
    each = max(one.planted for one in done.seen)
    rows = count_of(done.rows, "row")
    console.print(
        f"Planted in a copy of {rows}: {count_of(planted, 'faulty row')}, {each:,} of each kind.\n"
        f"Each kind is judged alone: {each:,} of {done.rows + each:,} rows."
    )
    _print_table(console, done.seen, least)
    blind = [one for one in done.seen if one.is_blind]
    missed = [one for one in done.seen if one.is_missed(least) and not one.is_blind]
    if blind:
        told = "; ".join(f"{one.fault} ({_why_blind(one)})" for one in blind)
        console.print(f"[red]{_kinds(blind)} without a word:[/red] {told}")
    if missed:
        told = "; ".join(f"{one.fault} ({one.found} of {one.planted})" for one in missed)
        console.print(f"[red]Less than {least:.0%} is found of:[/red] {told}")
    if done.not_planted:
        told = "; ".join(done.not_planted)
        console.print(f"Not planted, since the rows to spoil have it already, by its own check: {told}")
    if not blind and not missed:
        console.print("[green]Every kind that was planted is seen.[/green]")
    if done.by_hand:
        console.print(
            "Findings in the data itself, to read by hand (only a reader can say whether they are right):"
        )
        for check, file, number in done.by_hand:
            console.print(f"  {visible_name(file)}:{number}  {check}", soft_wrap=True, markup=False)


def _print_table(console: Console, seen: Sequence[Seen], least: float) -> None:
    from rich import box  # noqa: PLC0415 (loaded when called)
    from rich.table import Table  # noqa: PLC0415 (the same)

    table = Table("fault", "check", "found", "recall, 95 %", "does the gate fail?", box=box.SIMPLE_HEAD)
    for one in seen:
        low, high = one.recall
        style = "red" if one.is_missed(least) else "" if one.gate == "blocks" else "yellow"
        found = f"{one.found} of {one.planted}"
        table.add_row(one.fault, one.check, found, f"{low:.2f}–{high:.2f}", verdict_text(one), style=style)
    console.print(table)


def verdict_text(one: Seen) -> str:
    """Whether the gate fails at what was planted, and from how many rows on it does."""
    if one.is_blind:
        return f"no: blind, {_why_blind(one)}"
    if one.gate == "warns":
        return "no: it only warns"
    if one.fails_from == 0:
        return "yes, as it does today"
    if one.fails_from is None:
        return "no: any number may pass"
    return f"{'yes' if one.gate == 'blocks' else 'no'}: from {count_of(one.fails_from, 'row')} on"


def _why_blind(one: Seen) -> str:
    return "its check is off" if one.gate == "off" else "none is found"


def _kinds(blind: Sequence[Seen]) -> str:
    return "1 kind of fault passes" if len(blind) == 1 else f"{len(blind)} kinds of fault pass"
