"""The section ``[pii]`` of a plan: one's own kinds of personal data, and what is put in the place of a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.config.sections import close
from curate.core.pii_plan import SCOPES, STYLES, PiiPlan
from curate.text.linear_search import fault_of

if TYPE_CHECKING:
    from curate.config.sections import At, Reader

_WORDS = {"scope": SCOPES, "style": STYLES}
KIND = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
"""How a kind of personal data is named."""

PII_KEYS = ("patterns", *_WORDS)


def read_pii(value: object, at: At, reader: Reader) -> PiiPlan:
    """``[pii]`` as a plan; every mistake goes to the reader."""
    if not isinstance(value, dict):
        reader.wrong(at, "pii must be a table, [pii]")
        return PiiPlan()
    words: dict[str, str] = {}
    for key, item in value.items():
        if key not in PII_KEYS:
            reader.wrong((*at, key), f"unknown key '{key}' in [pii]", close(key, PII_KEYS))
        elif key in _WORDS and item not in _WORDS[key]:
            reader.wrong((*at, key), f"there is no {key} '{item}'", "one of: " + ", ".join(_WORDS[key]))
        elif key in _WORDS:
            words[key] = item
    return PiiPlan(_patterns(value.get("patterns", {}), (*at, "patterns"), reader), **words)


def _patterns(value: object, at: At, reader: Reader) -> dict[str, str]:
    """Names and expressions; an expression that is none is told with the engine's own words."""
    if not isinstance(value, dict):
        reader.wrong(at, "patterns must be a table, [pii.patterns]")
        return {}
    found = {}
    for name, pattern in value.items():
        if not re.fullmatch(KIND, name):
            reader.wrong((*at, name), f"'{name}' is no name of a kind", "small letters, digits and hyphens")
        elif not isinstance(pattern, str):
            reader.wrong((*at, name), f"{name} must be an expression in quotation marks")
        elif fault := fault_of(pattern):
            hint = "expressions run in linear time and know no look-around and no back-references"
            reader.wrong((*at, name), f"'{name}' is no expression: {fault}", hint)
        else:
            found[name] = pattern
    return found
