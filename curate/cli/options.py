"""Options that several commands share, and the Plan that they make together with the file."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.core.plan import Plan

F = TypeVar("F", bound="Callable[..., Any]")

PLAN_OPTIONS = (
    click.argument("inputs", nargs=-1, required=True, metavar="DATA..."),
    click.option("--select", multiple=True, metavar="CHECK", help="Run only these checks or families."),
    click.option("--ignore", multiple=True, metavar="CHECK", help="Leave out these checks or families."),
    click.option(
        "--plan", "plan_file", metavar="FILE", help="The plan; ./curate.toml is read if it is there."
    ),
    click.option("--checks", "folders", multiple=True, metavar="FOLDER", help="A folder of your own checks."),
    click.option("--encoding", metavar="NAME", help="Encoding of text files, where the decision is wrong."),
    click.option(
        "--workers",
        type=click.IntRange(1),
        metavar="N",
        help="At most so many processes; results do not depend on it.",
    ),
    click.option("--show-pii", is_flag=True, help="Show secrets and personal data instead of masking them."),
    click.option("--no-text", is_flag=True, help="Show ids and counts only, no text of any row."),
    click.option("--quiet", "-q", is_flag=True, help="No progress on stderr."),
)


def plan_options(command: F) -> F:
    """Add the inputs and the options of the plan to a command."""
    for option in reversed(PLAN_OPTIONS):
        command = option(command)
    return command


def make_plan(flags: dict[str, Any]) -> Plan:
    """The plan of the file, with the flags laid over it."""
    from curate.config.load import find_plan  # noqa: PLC0415 (loads polars)

    plan = find_plan(flags["plan_file"])
    given: dict[str, Any] = {
        "select": _split(flags["select"]) or plan.select,
        "ignore": _split(flags["ignore"]) + plan.ignore,
        "checks": tuple(flags["folders"]) + plan.checks,
        "encoding": flags["encoding"] or plan.encoding,
        "workers": flags["workers"] or plan.workers or os.cpu_count(),
        "show_pii": flags["show_pii"],
        "show_text": not flags["no_text"],
    }
    return replace(plan, **given)


def _split(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())
