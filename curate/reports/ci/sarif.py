"""SARIF 2.1.0 (OASIS, 2020), as code scanning reads it: a rule a check, a result a problem."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from curate.reports.ci.annotations import annotate

if TYPE_CHECKING:
    from curate.core.report import Report
    from curate.reports.ci.annotations import Annotation, Spot

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

RELATED = 10
"""Further places that a result names; GitHub shows ten."""


def render(report: Report) -> str:
    """One run with all problems."""
    found = annotate(report)
    rules = {one.check: index for index, one in enumerate(found)}
    run = {
        "tool": {
            "driver": {
                "name": "curate",
                "version": report.version,
                "rules": [_rule(one) for one in found],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": report.verdict.status != "nothing",
                "exitCode": report.verdict.exit_code,
                "exitCodeDescription": report.verdict.headline,
            }
        ],
        "results": [_result(one, rules[one.check]) for one in found],
        "properties": {
            "rowsIn": report.rows.in_,
            "rowsKept": report.rows.kept,
            "passed": list(report.passed),
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _rule(one: Annotation) -> dict[str, Any]:
    return {
        "id": one.check,
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.why or one.title},
        "help": {"text": one.mend or one.title},
        "defaultConfiguration": {"level": one.level},
    }


def _result(one: Annotation, rule: int) -> dict[str, Any]:
    result = {
        "ruleId": one.check,
        "ruleIndex": rule,
        "level": one.level,
        "message": {"text": f"{one.title}: {one.message} {one.mend}".strip()},
        "locations": [_location(one.first)],
        "partialFingerprints": {"curateProblem/v1": one.fingerprint},
        "occurrenceCount": one.count,
    }
    if len(one.spots) > 1:
        result["relatedLocations"] = [
            {"id": at, **_location(spot), "message": {"text": spot.told}}
            for at, spot in enumerate(one.spots[1 : RELATED + 1], 1)
        ]
    return result


def _location(spot: Spot) -> dict[str, Any]:
    """A physical place where there are lines; the row as a logical one where there are none."""
    artifact: dict[str, Any] = {"artifactLocation": {"uri": quote(spot.file.replace("\\", "/"))}}
    if spot.line is not None:
        return {"physicalLocation": {**artifact, "region": {"startLine": spot.line}}}
    logical = {
        "name": f"row {spot.row}",
        "fullyQualifiedName": f"{spot.file}#row={spot.row}",
        "kind": "element",
    }
    return {"physicalLocation": artifact, "logicalLocations": [logical]}
