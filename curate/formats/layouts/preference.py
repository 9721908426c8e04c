"""Preference pairs in three shapes: two texts, two message lists, or a conversation with two endings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.formats.layouts.chats import (
    chat_field,
    is_messages,
    read_list,
    read_message,
    read_messages,
    unfold_messages,
)
from curate.formats.layouts.single import PROMPTS, field_of, say_context, say_history
from curate.formats.layouts.turns import MISSING, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns

SIDES = (("chosen", "rejected"), ("chosen_messages", "rejected_messages"))


def detect(row: dict[str, Any]) -> tuple[str, str] | None:
    """``chosen`` and ``rejected``; either may be missing, but flags and numbers of that name do not count."""
    for pair in SIDES:
        given = [name for name in pair if name in row and not isinstance(row[name], bool | int | float)]
        if given:
            return "preference", f"has '{given[0]}'"
    return None


def read(row: dict[str, Any], turns: Turns) -> None:
    """The shared prompt once, then the chosen and the rejected answer.

    A prompt of its own comes before ``messages``, which in some sets repeat the chosen answer.
    """
    names = max(SIDES, key=lambda pair: sum(row.get(name) is not None for name in pair))
    _say_prompt(row, turns)
    for name, part in zip(names, ("target", "rejected"), strict=True):
        _say_side(row.get(name, MISSING), pointer(name), part, turns)


def _say_prompt(row: dict[str, Any], turns: Turns) -> None:
    turns.say_system(row)
    name = field_of(row, PROMPTS)
    if name is None or not row[name]:
        chat = chat_field(row)
        if chat is not None and row[chat] is not None:
            read_list(row[chat], pointer(chat), turns)
            return
    if name is None or row[name] is None:
        return
    say_history(row, turns)
    value, at = unfold_messages(row[name], pointer(name))
    if is_messages(value):
        read_messages(value, at, turns)
        return
    turns.say("user", "prompt", row[name], at)
    say_context(row, name, turns)


def _say_side(value: object, at: str, part: str, turns: Turns) -> None:
    """One answer: a text, a message, or a list of messages whose earlier turns repeat the prompt.

    An object that names no role is no message: trainers fail at it.
    """
    inner, inside = unfold_messages(value, at)
    if isinstance(inner, dict) and is_messages(inner):
        read_message(inner, inside, turns, part=part)
    elif isinstance(inner, list) and is_messages(inner):
        if part == "target" and not turns.turn:
            read_list(inner, inside, turns, part=part)
        else:
            read_message(inner[-1], f"{inside}/{len(inner) - 1}", turns, part=part)
    else:
        turns.say("assistant", part, MISSING if inner == [] else value, at)
