"""Presets: plans that come with curate, and that a team's own plan is laid over."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FAMILIES = ("severity", "budget")
"""Sections in which what is said about a family stands for all its checks."""

NAMES = ("sft-lenient", "sft-strict", "preference", "chat")


def preset_text(name: str) -> str:
    """The file of a preset, with the reasons in its comments."""
    return Path(__file__).with_name("presets").joinpath(f"{name}.toml").read_text("utf-8")


def laid_over(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """What a preset says, and over it what a plan says: key by key in tables; anything else is replaced.

    >>> laid_over("sft-strict", {"quarantine": 5})["quarantine"]
    5
    """
    return _merged(preset_under(name, table), table)


def preset_under(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """What a preset says, without what a plan speaks against in another section.

    A budget is what makes a warning block, so a severity of the plan's own takes the preset's budget with it; and a
    check that the plan selects by its name is not ignored.
    """
    base = tomllib.loads(preset_text(name))
    severities, selected = table.get("severity"), table.get("select")
    if isinstance(severities, dict):
        budgets = base.get("budget", {}).items()
        base["budget"] = {check: said for check, said in budgets if not _speaks_of(check, severities)}
    if isinstance(selected, list) and "ignore" in base:
        base["ignore"] = [check for check in base["ignore"] if check not in selected]
    return base


def _speaks_of(check: str, said: dict[str, Any]) -> bool:
    return check in said or check.partition(".")[0] in said


def _merged(base: dict[str, Any], over: dict[str, Any], section: str = "") -> dict[str, Any]:
    kept = {key: value for key, value in base.items() if not _is_covered(key, over, section)}
    merged = {**kept, **over}
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merged[key] = _merged(base[key], value, key)
    return merged


def _is_covered(check: str, over: dict[str, Any], section: str) -> bool:
    """Whether the plan speaks of the check's family: then what the preset says about the check is gone."""
    family = check.partition(".")[0]
    return section in FAMILIES and family != check and family in over and check not in over
