"""Preference pairs in their three shapes: two texts, two message lists, or a conversation with two endings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.formats.layouts.chats import ROLE_KEYS, chat_field, read_list, read_message, unfold
from curate.formats.layouts.single import CONTEXTS, PROMPTS
from curate.formats.layouts.turns import MISSING, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns

SIDES = (("chosen", "rejected"), ("chosen_messages", "rejected_messages"))


def detect(row: dict[str, Any]) -> tuple[str, str] | None:
    """``chosen`` and ``rejected`` (either may be missing), or an output that is a list of two texts."""
    for good, bad in SIDES:
        if good in row or bad in row:
            return "preference", f"has '{good if good in row else bad}'"
    return None


def read(row: dict[str, Any], turns: Turns) -> None:
    """The shared prompt once, then the chosen and the rejected answer."""
    names = next(((g, b) for g, b in SIDES if g in row or b in row), SIDES[0])
    _say_prompt(row, turns)
    for name, part in zip(names, ("target", "rejected"), strict=True):
        _say_side(row.get(name, MISSING), pointer(name), part, turns)


def _say_prompt(row: dict[str, Any], turns: Turns) -> None:
    if isinstance(row.get("system"), str) and row["system"]:
        turns.say("system", "prompt", row["system"], "/system", name="system")
    chat = chat_field(row)
    if chat is not None:
        read_list(row[chat], pointer(chat), turns)
        return
    name = next((name for name in PROMPTS if name in row), None)
    if name is None:
        return
    value, at = unfold(row[name], pointer(name))
    if isinstance(value, list):
        read_list(row[name], pointer(name), turns)
        return
    turns.say("user", "prompt", row[name], at)
    context = next((c for c in (*CONTEXTS, "input") if c in row and c != name), None)
    if context and row[context]:
        turns.say("user", "context", row[context], pointer(context))


def _say_side(value: object, at: str, part: str, turns: Turns) -> None:
    """One answer: a text, a message, or a list of messages whose earlier turns repeat the prompt."""
    inner, inside = unfold(value, at)
    if isinstance(inner, dict) and any(key in inner for key in ROLE_KEYS):
        read_message(inner, inside, turns, part=part)
    elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
        if part == "target" and not turns.turn:
            read_list(value, at, turns, part=part)
        else:
            read_message(inner[-1], f"{inside}/{len(inner) - 1}", turns, part=part)
    else:
        turns.say("assistant", part, value, at)
