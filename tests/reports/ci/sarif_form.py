"""The part of SARIF 2.1.0 that is written, as a JSON schema of our own after the OASIS standard.

Strict: what the standard does not name is refused. Names and what is required are held against ``sarif-om``, classes
that are generated from the OASIS schema.
"""

from __future__ import annotations

from typing import Any


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}
MESSAGE = _object(("text",), text=TEXT)
REGION = _object((), startLine=COUNT)
ARTIFACT = _object((), uri={"type": "string", "format": "uri-reference"})
LOGICAL = _object((), name=TEXT, fullyQualifiedName=TEXT, kind=TEXT)
LOCATION = _object(
    (),
    id={"type": "integer", "minimum": 0},
    message=MESSAGE,
    physicalLocation=_object((), artifactLocation=ARTIFACT, region=REGION),
    logicalLocations={"type": "array", "items": LOGICAL, "uniqueItems": True},
)
RULE = _object(
    ("id",),
    id=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=_object((), level=LEVEL),
)
RESULT = _object(
    ("message",),
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION, "minItems": 1},
    relatedLocations={"type": "array", "items": LOCATION, "uniqueItems": True},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    occurrenceCount=COUNT,
)
DRIVER = _object(
    ("name",), name=TEXT, version=TEXT, rules={"type": "array", "items": RULE, "uniqueItems": True}
)
INVOCATION = _object(
    ("executionSuccessful",),
    executionSuccessful={"type": "boolean"},
    exitCode={"type": "integer"},
    exitCodeDescription={"type": "string"},
)
RUN = _object(
    ("tool",),
    tool=_object(("driver",), driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations={"type": "array", "items": INVOCATION},
    results={"type": "array", "items": RESULT, "maxItems": 25_000},
    properties={"type": "object"},
)
SARIF = _object(
    ("version", "runs"),
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": RUN},
)

CLASSES = {
    "SarifLog": SARIF,
    "Run": RUN,
    "Tool": RUN["properties"]["tool"],
    "ToolComponent": DRIVER,
    "ReportingDescriptor": RULE,
    "ReportingConfiguration": RULE["properties"]["defaultConfiguration"],
    "Invocation": INVOCATION,
    "Result": RESULT,
    "Location": LOCATION,
    "PhysicalLocation": LOCATION["properties"]["physicalLocation"],
    "LogicalLocation": LOGICAL,
    "ArtifactLocation": ARTIFACT,
    "Region": REGION,
    "Message": MESSAGE,
}
"""Our form of each class of the standard."""
