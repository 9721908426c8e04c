"""Layouts: how a source row holds a conversation. Each row is looked at on its own, and the reason is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts import chats, preference, single
from curate.formats.layouts.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LAYOUTS", "UNKNOWN", "Layout", "Turns", "read_layout"]

UNKNOWN = "unknown"


class Layout(NamedTuple):
    """A way to recognise a row and a way to read it."""

    detect: Callable[[dict[str, Any]], tuple[str, str] | None]
    read: Callable[[dict[str, Any], Turns], None]


LAYOUTS = (
    Layout(preference.detect, preference.read),
    Layout(chats.detect, chats.read),
    Layout(chats.detect_tree, chats.read_tree),
    Layout(single.detect_instances, single.read_instances),
    Layout(single.detect_alpaca, single.read_alpaca),
    Layout(single.detect_pair, single.read_pair),
    Layout(single.detect_text, single.read_text),
)
"""In order of precedence: the first that recognises a row reads it."""


def read_layout(row: dict[str, Any], turns: Turns) -> tuple[str, str]:
    """Write the row's turns and return its layout's name and what decided it."""
    for layout in LAYOUTS:
        hit = layout.detect(row)
        if hit is not None:
            layout.read(row, turns)
            return hit
    fields = ", ".join(sorted(map(str, row))[:8])
    return UNKNOWN, f"no known combination of fields (has: {fields})" if fields else "no fields"
