"""Options that several commands share, and the Plan that they make together with the file."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from curate.core.plan import Plan
    from curate.core.table_map import Grouping, TableMap

F = TypeVar("F", bound="Callable[..., Any]")

INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="DATA...")
PLAN_FILE = click.option(
    "--plan", "plan_file", metavar="FILE", help="The plan; ./curate.toml is read if it is there."
)
CHECK_OPTIONS = (
    click.option("--select", multiple=True, metavar="CHECK", help="Run only these checks or families."),
    click.option("--ignore", multiple=True, metavar="CHECK", help="Leave out these checks or families."),
    PLAN_FILE,
    click.option("--checks", "folders", multiple=True, metavar="FOLDER", help="A folder of your own checks."),
)
READ_OPTIONS = (
    click.option("--encoding", metavar="NAME", help="Encoding of text files, where the decision is wrong."),
    click.option(
        "--workers",
        type=click.IntRange(1),
        metavar="N",
        help="At most so many processes; results do not depend on it.",
    ),
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
DATA_OPTIONS = (
    *READ_OPTIONS,
    click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them."),
    click.option("--no-text", is_flag=True, help="Show ids and counts only, no text of any row."),
    QUIET,
)
PLAN_OPTIONS = (INPUTS, *CHECK_OPTIONS, *DATA_OPTIONS)


by_option = click.option(
    "--by",
    multiple=True,
    metavar="FIELD",
    help="Fault rates by the values of a metadata field (vendor, meta.source, /meta/source), or by 'file'.",
)
"""For commands that make a report."""

suites_option = click.option(
    "--expectations", multiple=True, metavar="SUITE", help="Also run suites of Great Expectations."
)
"""For commands that are about what the gate finds; with those that the plan names."""

TABLE_OPTIONS = (
    click.option(
        "--map",
        "columns",
        metavar="PARTS",
        help="Own tables: 'user=Subject+Description,assistant=Resolution,id=Ticket ID'.",
    ),
    click.option("--group-by", metavar="COLUMN", help="Lines with the same value are one conversation."),
    click.option(
        "--order-by",
        metavar="COLUMN",
        help="Orders the lines of a conversation; ambiguous dates: created:dmy or created:mdy.",
    ),
    click.option("--role-from", metavar="COLUMN", help="Says who speaks in a line."),
    click.option(
        "--roles", metavar="ROLES", help="What its names mean: 'agent=assistant,*=user'; * is all others."
    ),
    click.option(
        "--drop",
        "left_out",
        multiple=True,
        metavar="COLUMN=VALUE",
        help="Leave out rows on purpose: 'internal=true'.",
    ),
)


def table_options(command: F) -> F:
    """Add the options that say how own tables are read."""
    for option in reversed(TABLE_OPTIONS):
        command = option(command)
    return command


def make_mapping(flags: dict[str, Any], base: TableMap | None = None) -> TableMap:
    """How own tables are read, with the flags laid over what the plan's file says.

    Raises:
        UsageError: an option is not written as it must be, or needs another one.
    """
    from curate.core.errors import UsageError  # noqa: PLC0415 (loaded when called)
    from curate.core.table_map import TableMap, read_drop, read_map  # noqa: PLC0415 (the same)

    base = base or TableMap()
    mapping = TableMap(
        read_map(flags["columns"]) if flags["columns"] else base.columns,
        _grouping(flags, base.group),
        {**base.drop, **read_drop(flags["left_out"])},
    )
    alone = next((name for name in ("order_by", "role_from", "roles") if flags[name]), None)
    if mapping.group is None and alone:
        option = "--" + alone.replace("_", "-")
        raise UsageError(
            f"{option} is for grouped tables", hint="name the column of the thread: --group-by ticket"
        )
    if mapping:
        mapping.refuse_nonsense()
    return mapping


def _grouping(flags: dict[str, Any], base: Grouping | None) -> Grouping | None:
    from curate.core.table_map import Grouping, read_roles  # noqa: PLC0415 (loaded when called)

    given = flags["group_by"] or (base.by if base else None)
    if given is None:
        return None
    base = base or Grouping(given)
    return Grouping(
        given,
        flags["order_by"] or base.order,
        flags["role_from"] or base.role,
        {**base.roles, **(read_roles(flags["roles"]) if flags["roles"] else {})},
    )


def plan_options(command: F) -> F:
    """Add the inputs and the options of the plan to a command."""
    for option in reversed((*PLAN_OPTIONS, *TABLE_OPTIONS)):
        command = option(command)
    return command


def data_options(command: F) -> F:
    """Add the inputs and the options that say how they are read, for commands that run no checks."""
    for option in reversed((INPUTS, PLAN_FILE, *DATA_OPTIONS, *TABLE_OPTIONS)):
        command = option(command)
    return command


def make_plan(flags: dict[str, Any]) -> Plan:
    """The plan of the file, with the flags laid over it."""
    from curate.config.load import find_plan  # noqa: PLC0415 (loads polars)

    flags = {"select": (), "ignore": (), "folders": (), **flags}
    plan = find_plan(flags["plan_file"])
    given: dict[str, Any] = {
        "select": _split(flags["select"]) or plan.select,
        "ignore": _split(flags["ignore"]) + plan.ignore,
        "checks": tuple(flags["folders"]) + plan.checks,
        "encoding": flags["encoding"] or plan.encoding,
        "workers": flags["workers"] or plan.workers or os.cpu_count(),
        "show_pii": flags["show_pii"],
        "show_text": not flags["no_text"],
        "mapping": make_mapping(flags, plan.mapping),
    }
    if flags.get("by"):
        given["by"] = tuple(dict.fromkeys(flags["by"]))
        given["places"] = {name: place for name, place in plan.places.items() if name != "by"}
    return replace(plan, **given)


def make_gate_plan(flags: dict[str, Any], suites: tuple[str, ...], today: datetime | None = None) -> Plan:
    """The plan of the gate: no text of any row, and the suites of the file and of the flags."""
    plan = make_plan(flags | {"no_text": True})
    named = tuple(dict.fromkeys((*plan.expectations, *suites)))
    return replace(plan, expectations=named, today=today.date() if today else None)


def _split(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())
