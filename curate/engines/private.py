"""What may leave the machine: one place decides what is masked and what is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.formats.layouts import FIELD_NAMES
from curate.text.private import mask

if TYPE_CHECKING:
    from curate.core.plan import Plan

HIDDEN = "…"
_SEGMENT = re.compile(r"(?<=/)[^/]+")


def shown_text(text: str, plan: Plan) -> str:
    """Text of a row, or made from one, as the plan lets it be shown."""
    return text if plan.show_pii else mask(text)


def shown_pointer(at: str, plan: Plan) -> str:
    """A pointer into a row; where no text may be shown, field names that no layout knows are left out."""
    if plan.show_text:
        return shown_text(at, plan)
    return _SEGMENT.sub(
        lambda match: match[0] if match[0].isdigit() or match[0] in FIELD_NAMES else HIDDEN, at
    )
