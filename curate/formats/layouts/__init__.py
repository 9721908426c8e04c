"""Layouts: how a source row holds a conversation. Each row is looked at on its own; the reason is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts import chats, preference, single
from curate.formats.layouts.recall import Recall
from curate.formats.layouts.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIELD_NAMES", "LAYOUTS", "UNKNOWN", "Layout", "Turns", "read_in_full", "read_layout"]

UNKNOWN = "unknown"

FIELD_NAMES = frozenset(
    (
        *(*single.PROMPTS, *single.ANSWERS, *single.CONTEXTS, *single.SPOKEN, *single.SPEAKERS),
        *(
            *chats.CHAT_FIELDS,
            *chats.ROLE_KEYS,
            *chats.TEXT_KEYS,
            *(name for side in preference.SIDES for name in side),
        ),
        *(
            "system",
            "history",
            "instances",
            "tools",
            "tool_calls",
            "function",
            "function_call",
            "arguments",
            "#json",
        ),
        *("replies", "label", "input", "output"),
    )
)
"""Names that are this project's own words, and tell nothing of anybody's data."""


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


def read_in_full(row: dict[str, Any], turns: Turns) -> tuple[str, str]:
    """Write the row's turns and return its layout's name and what decided it."""
    layout, hit = _choose(row)
    if layout is not None:
        layout.read(row, turns)
    return hit


def _choose(row: dict[str, Any]) -> tuple[Layout | None, tuple[str, str]]:
    """The layout of a row.

    A table of several layouts has the columns of all of them, and null where a row has nothing. So fields
    that hold null count only where the others do not tell of a prompt and its answer.
    """
    layout, hit = _first(row)
    if layout is None or None not in row.values():
        return layout, hit
    given = {name: value for name, value in row.items() if value is not None}
    other, better = _first(given)
    return (other, better) if other is not None and not better[1].endswith(" alone") else (layout, hit)


def _first(row: dict[str, Any]) -> tuple[Layout | None, tuple[str, str]]:
    for layout in LAYOUTS:
        hit = layout.detect(row)
        if hit is not None:
            return layout, hit
    return None, (UNKNOWN, ", ".join(sorted(map(str, row))[:8]))


read_layout = Recall(read_in_full)
"""The same for many rows: those that are alike are read as the first of them was."""
