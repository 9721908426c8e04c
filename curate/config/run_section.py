"""The section ``[run]`` of a plan: the steps of ``curate run``, and what becomes of the rows that a check flags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from curate.config.sections import close, read_keys, read_several
from curate.core.errors import UsageError
from curate.core.run_plan import ACTIONS, STEPS, RunPlan, SplitPlan, read_ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.config.sections import At, Reader


def read_run(value: object, at: At, reader: Reader) -> RunPlan:
    """``[run]`` as a plan; every mistake goes to the reader, and what is wrong is left out."""
    return RunPlan(**read_keys(value, at, reader, RUN_KEYS))


def _steps(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value:
        reader.wrong(at, 'steps must be a list of strings, as ["repair", "drop"]')
        return None
    for name in value:
        if name not in STEPS:
            reader.wrong(at, f"there is no step '{name}'", close(str(name), STEPS))
    return tuple(step for step in STEPS if step in value)


def _policy(value: object, at: At, reader: Reader) -> dict[str, str]:
    """From checks, families and severities to what becomes of their rows."""
    found: dict[str, str] = {}
    if not isinstance(value, dict):
        reader.wrong(at, 'policy must be a table, as {"duplicate.conflict" = "drop"}')
        return found
    for name, action in value.items():
        if isinstance(action, dict):
            reader.wrong((*at, name), f'quote the name of the check: "{name}.{next(iter(action), "")}"')
        elif action not in ACTIONS:
            reader.wrong((*at, name), f"there is no policy '{action}'", close(str(action), ACTIONS))
        else:
            found[name] = action
    return found


def _split(value: object, at: At, reader: Reader) -> SplitPlan | None:
    """``"90/5/5"``, or a table that also says what keeps rows together."""
    table = {"ratio": value} if isinstance(value, str) else value
    given = read_keys(table, at, reader, SPLIT_KEYS)
    if "ratio" not in given:
        reader.wrong(at, 'split needs its shares: "90/5/5"')
        return None
    return SplitPlan(**given)


def _ratio(value: object, at: At, reader: Reader) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"[1-9]\d*(/[1-9]\d*){1,2}", value):
        reader.wrong(at, 'the shares of a split are written "90/5/5" or "90/10"')
        return None
    try:
        return read_ratio(value)
    except UsageError as error:
        reader.wrong(at, error.what)
        return None


def _by(value: object, at: At, reader: Reader) -> tuple[str, ...] | None:
    names = read_several(value)
    if names is None:
        reader.wrong(at, "by must be near, document or a field, or a list of them")
    return names


def _text(value: object, at: At, reader: Reader) -> str | None:
    if isinstance(value, str) and value:
        return value
    reader.wrong(at, f"{at[-1]} must name a field")
    return None


def _seed(value: object, at: At, reader: Reader) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    reader.wrong(at, "seed must be a whole number")
    return None


RUN_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {"steps": _steps, "policy": _policy, "split": _split}
SPLIT_KEYS: dict[str, Callable[[Any, At, Reader], Any]] = {
    "ratio": _ratio,
    "by": _by,
    "stratify": _text,
    "seed": _seed,
}
