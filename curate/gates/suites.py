"""Suites held against what is known, before anything runs: every column and every expectation must be one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from curate.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from curate.core.suites import Suite


def refuse_unknown_columns(suites: Sequence[Suite], known: Collection[str], fields: str) -> None:
    """Every column that is named must be there, also in a ``row_condition``.

    Args:
        suites: as read.
        known: the columns of the frame.
        fields: what the names of columns of metadata begin with; whether they are there, the rows say.

    Raises:
        ConfigError: one is not; with the one that may be meant.
    """
    for suite in suites:
        for one in suite.declared:
            for name in sorted(one.reads):
                if name not in known and not name.startswith(fields):
                    raise ConfigError(
                        f"{one.type} names the column '{name}', which the frame has not",
                        where=one.where,
                        hint=f"write `{fields}FIELD` in backticks"
                        if name == fields.rstrip(".")
                        else _meant(name, known),
                    )


def refuse_unknown_types(suites: Sequence[Suite], known: Collection[str]) -> None:
    """Every expectation must be one.

    Raises:
        ConfigError: one is not; with the one that may be meant.
    """
    for suite in suites:
        for one in suite.declared:
            if one.type not in known:
                raise ConfigError(
                    f"there is no expectation '{one.type}'", where=one.where, hint=_meant(one.type, known)
                )


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(sorted(known)[:40])}"
