"""Conversations: OpenAI ``messages``, sharegpt ``conversations``, and OpenAssistant trees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curate.formats.layouts.turns import MISSING, PARTS, ROLES, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns

CHAT_FIELDS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns")
ROLE_KEYS = ("role", "from", "speaker", "author")
TEXT_KEYS = ("content", "value", "text", "message")


def chat_field(row: dict[str, Any]) -> str | None:
    """The field that holds the turns, if there is one."""
    return next((name for name in CHAT_FIELDS if name in row), None)


def detect(row: dict[str, Any]) -> tuple[str, str] | None:
    """``messages`` or ``sharegpt``, with the field that decided it."""
    name = chat_field(row)
    if name is None:
        return None
    turns, _ = unfold(row[name], "")
    first = turns[0] if isinstance(turns, list) and turns else None
    sharegpt = "from" in first if isinstance(first, dict) else name != "messages"
    return ("sharegpt" if sharegpt else "messages"), f"has '{name}'"


def read(row: dict[str, Any], turns: Turns) -> None:
    """All turns of the conversation, the row's own ``system`` first."""
    name = chat_field(row) or ""
    if isinstance(row.get("system"), str) and row["system"]:
        turns.say("system", "prompt", row["system"], "/system", name="system")
    label = row.get("label") if isinstance(row.get("label"), bool) else None
    read_list(row[name], pointer(name), turns, label=label)


def unfold(value: object, at: str) -> tuple[object, str]:
    """The list behind a JSON string, and the pointer into it."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value), at + "/#json"
        except (ValueError, RecursionError):
            return value, at
    return value, at


def read_list(
    value: object, at: str, turns: Turns, *, label: bool | None = None, part: str | None = None
) -> None:
    """A list of messages; anything else makes one turn that says what was found instead."""
    messages, at = unfold(value, at)
    if not isinstance(messages, list):
        kind = MISSING if isinstance(messages, str) else messages
        turns.say("unknown", "context", kind, at)
        return
    for index, message in enumerate(messages):
        read_message(message, f"{at}/{index}", turns, label=label, part=part)


def read_message(
    message: object, at: str, turns: Turns, *, label: bool | None = None, part: str | None = None
) -> None:
    """One message: its text, then its tool calls."""
    if not isinstance(message, dict):
        turns.say("unknown", "context", message, at)
        return
    key = next((name for name in ROLE_KEYS if name in message), "role")
    written = message.get(key)
    name = written if isinstance(written, str) else None
    role = ROLES.get(name.strip().lower(), "unknown") if name else "unknown"
    where = PARTS[role] if part is None or role != "assistant" else part
    if label is False and where == "target":
        where = "rejected"
    trained = _trained(message)
    text_key = next((k for k in TEXT_KEYS if k in message), "content")
    content = message.get(text_key, MISSING)
    calls = _calls(message)
    if name in ("function_call", "tool_call"):
        _say_call_text(content, f"{at}/{text_key}", turns, where)
        return
    if content not in (None, MISSING, "") or not calls:
        answered = message.get("tool_call_id")
        call_id = answered if isinstance(answered, str) else None
        turns.say(role, where, content, f"{at}/{text_key}", name, call_id, trained, label)
    for call, pointer_tail in calls:
        _say_call(call, f"{at}/{pointer_tail}", turns, where)


def _trained(message: dict[str, Any]) -> bool | None:
    """Whether the message says itself that it is (not) trained on."""
    for key in ("loss_weight", "weight", "train", "training"):
        value = message.get(key)
        if isinstance(value, bool | int | float):
            return bool(value)
    return None


def _calls(message: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        return [(call, f"tool_calls/{i}") for i, call in enumerate(calls) if isinstance(call, dict)]
    call = message.get("function_call")
    return [({"function": call}, "function_call")] if isinstance(call, dict) else []


def _say_call(call: dict[str, Any], at: str, turns: Turns, part: str) -> None:
    """A tool call in OpenAI's shape: the arguments are the text."""
    inner = call.get("function")
    function = inner if isinstance(inner, dict) else call
    arguments = function.get("arguments", MISSING)
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False, default=str)
    nested = "" if at.endswith("function_call") or function is call else "/function"
    name = function.get("name")
    call_id = call.get("id")
    turns.put(
        "assistant",
        part,
        "call",
        "" if arguments is MISSING else text,
        f"{at}{nested}/arguments",
        name if isinstance(name, str) else None,
        call_id if isinstance(call_id, str) else None,
    )
    turns.turn += 1


def _say_call_text(content: object, at: str, turns: Turns, part: str) -> None:
    """A tool call in sharegpt's shape: the whole text is a JSON object."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    turns.put("assistant", part, "call", "" if content is MISSING else text, at, "function_call")
    turns.turn += 1


def detect_tree(row: dict[str, Any]) -> tuple[str, str] | None:
    """An OpenAssistant message with its replies, or a tree with a ``prompt`` message."""
    root = row.get("prompt") if isinstance(row.get("prompt"), dict) else row
    if isinstance(root, dict) and "replies" in root and "text" in root:
        return "tree", "a message with 'replies'; the first reply of each message is followed"
    return None


def read_tree(row: dict[str, Any], turns: Turns) -> None:
    """The thread of first replies, which are the best ranked ones."""
    inside = isinstance(row.get("prompt"), dict)
    node: object = row["prompt"] if inside else row
    at = "/prompt" if inside else ""
    while isinstance(node, dict):
        read_message({"role": node.get("role"), "text": node.get("text", MISSING)}, at, turns)
        replies = node.get("replies")
        node = replies[0] if isinstance(replies, list) and replies else None
        at += "/replies/0"
