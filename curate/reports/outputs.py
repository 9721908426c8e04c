"""The formats that a report can be written in beside what is printed, by name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.core.report import Report

FORMATS = {
    "sarif": "curate.reports.ci.sarif",
    "junit": "curate.reports.ci.junit",
    "github": "curate.reports.ci.github",
    "gitlab": "curate.reports.ci.gitlab",
    "markdown": "curate.reports.ci.markdown",
    "badge": "curate.reports.ci.badge",
    "json": "curate.reports.ci.plain_json",
}
"""Each is the function ``render`` of its module."""


def renderer(name: str) -> Callable[[Report], str]:
    """The function that renders a report in a format.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FORMATS:
        import difflib  # noqa: PLC0415 (only for errors)

        close = difflib.get_close_matches(name, FORMATS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(FORMATS)}"
        raise UsageError(f"there is no output format '{name}'", hint=hint)
    render: Callable[[Report], str] = importlib.import_module(FORMATS[name]).render
    return render
