"""GitLab's code quality report: a list of issues, one for each problem."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from curate.reports.ci.annotations import annotate

if TYPE_CHECKING:
    from curate.core.report import Report

SEVERITIES = {"error": "blocker", "warning": "minor", "note": "info"}


def render(report: Report) -> str:
    """GitLab compares fingerprints between branches; a problem without a line stands at line 1."""
    issues = [
        {
            "check_name": one.check,
            "description": f"{one.title}: {one.message}",
            "content": {"body": one.mend},
            "fingerprint": one.fingerprint,
            "severity": SEVERITIES[one.level],
            "location": {"path": one.first.file, "lines": {"begin": one.first.line or 1}},
        }
        for one in annotate(report)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1)
