"""How personal data is taken out: the section ``[pii]`` of a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = ("row", "file")
STYLES = ("placeholder", "surrogate")


@dataclass(frozen=True)
class PiiPlan:
    """What counts as personal data beside what the checks find, and what is put in its place.

    Attributes:
        patterns: expressions of one's own kinds, by name.
        scope: where a value keeps its placeholder: in a ``row``, or in the whole ``file``.
        style: ``placeholder`` or ``surrogate``.
    """

    patterns: Mapping[str, str] = field(default_factory=dict)
    scope: str = "row"
    style: str = "placeholder"
