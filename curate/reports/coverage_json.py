"""What data covers, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from curate import __version__
from curate.core.coverage_report import COVERAGE_SCHEMA

if TYPE_CHECKING:
    from curate.core.coverage_report import CoverageReport


def render_coverage_json(report: CoverageReport) -> str:
    """One JSON object: the fields of :class:`curate.core.coverage_report.CoverageReport`, complete.

    ASCII throughout, so that no terminal is steered and no direction is turned (RFC 8259, section 7).
    """
    return json.dumps({"schema": COVERAGE_SCHEMA, "curate": __version__, **_plain(asdict(report))}, indent=1)


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a dataclass holds)
    """Without the fields of a place that only findings have, and figures to six digits."""
    if isinstance(value, dict):
        if "key" in value and "row" in value:
            return {name: value[name] for name in ("file", "line", "row", "key")}
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return round(value, 6) if isinstance(value, float) else value
