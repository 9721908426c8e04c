"""What may leave the machine: one place decides what is masked and what is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.formats.layouts import FIELD_NAMES
from curate.text.private import mask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from curate.core.plan import Plan

HIDDEN = "…"
_SEGMENT = re.compile(r"(?<=/)[^/]+")


def shown_text(text: str, plan: Plan, values: Collection[str] = ()) -> str:
    """Text of a row, or made from one, as the plan lets it be shown; ``values`` are private whatever their shape."""
    return text if plan.show_pii else mask(text, values)


def taken_out(edits: Iterable[tuple[Iterable[str], str]]) -> tuple[str, ...]:
    """What edits of personal data take out of a row: no shape gives away a name, but the edit does.

    Args:
        edits: of each, its classes and what stood there before.
    """
    values = (before for names, before in edits if any(name.startswith("pii.") for name in names))
    return tuple(dict.fromkeys(values))


def shown_pointer(at: str, plan: Plan) -> str:
    """A pointer into a row; where no text may be shown, field names that no layout knows are left out."""
    if plan.show_text:
        return shown_text(at, plan)
    return _SEGMENT.sub(
        lambda match: match[0] if match[0].isdigit() or match[0] in FIELD_NAMES else HIDDEN, at
    )
