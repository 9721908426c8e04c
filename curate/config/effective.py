"""The plan in full: what holds for every check, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.config.load import EXTENDS, read_table
from curate.config.presets import laid_over, preset_under
from curate.config.toml_form import write_key, write_toml, write_value
from curate.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.core.check import Check
    from curate.core.plan import Budget, Plan

SPELLED_OUT = ("severity", "budget", "ignore")
"""Keys that are written for every check; the others stand as they are given."""


def show_plan(text: str, name: str, plan: Plan, checks: Sequence[Check]) -> str:
    """A plan that says the same without a preset and without defaults, as commented TOML.

    Args:
        text: of the file; empty if there is none.
        name: its name.
        plan: what was read of it.
        checks: all that there are, as they are by themselves.
    """
    own, lines = read_table(text, name)
    preset = str(own.pop(EXTENDS, ""))
    table = laid_over(preset, own) if preset else own
    rest = {key: value for key, value in table.items() if key not in SPELLED_OUT}
    off = [check.name for check in checks if not plan.wants(check.name)]
    origin = _Origin(own, f"{name}:", {".".join(path): line for path, line in lines.items()}, preset)
    parts = [f"# {_head(name if text else '', preset)}"]
    parts += [write_toml({"ignore": off, **rest} if off else rest)] if off or rest else []
    return "\n".join([*parts, *_spelled_out(plan, checks, origin)]).rstrip() + "\n"


def _head(name: str, preset: str) -> str:
    said = [part for part in (name, f"the preset {preset}" if preset else "", "the defaults") if part]
    return (
        f"What holds by {', '.join(said[:-1])} and {said[-1]}:" if said[1:] else "What holds by the defaults:"
    )


def _spelled_out(plan: Plan, checks: Sequence[Check], origin: _Origin) -> Iterator[str]:
    wanted = [(check.name, _severity(check, plan)) for check in checks if plan.wants(check.name)]
    yield "\n[severity]"
    for name, severity in wanted:
        yield f"{write_key(name)} = {write_value(severity.value)}  # {origin.of('severity', name)}"
    yield "\n[budget]"
    for name, severity in wanted:
        yield f"{write_key(name)} = {_budget(plan.budget_of(name, severity))}  # {origin.of('budget', name)}"


def _severity(check: Check, plan: Plan) -> Severity:
    return plan.severity_of(check.name, Severity(check.severity))


def _budget(budget: Budget | None) -> str:
    """As it is written in a plan."""
    if budget is None or (budget.count is None and budget.share is None):
        return '"none"'
    return str(budget.count) if budget.share is None else f'"{100 * budget.share:.10g}%"'


class _Origin:
    """Who says something about a check: the file, with the line; the preset; or nobody but the check itself."""

    def __init__(self, own: dict[str, Any], place: str, lines: dict[str, int], preset: str) -> None:
        self._own = own
        self._place = place
        self._lines = lines
        self._preset = preset
        self._base: dict[str, Any] = preset_under(preset, own) if preset else {}

    def of(self, section: str, check: str) -> str:
        """In a word."""
        family = check.partition(".")[0]
        for name in (check, family):
            if name in self._own.get(section, {}):
                line = self._lines.get(f"{section}.{name}", "")
                return f"{self._place}{line}".rstrip(":")
            if name in self._base.get(section, {}) and family not in self._own.get(section, {}):
                return self._preset
        return "default"
