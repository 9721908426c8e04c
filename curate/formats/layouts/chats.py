"""Conversations: OpenAI ``messages``, sharegpt ``conversations``, and OpenAssistant trees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts.turns import CALLS, MISSING, PARTS, ROLES, pointer

if TYPE_CHECKING:
    from curate.formats.layouts.turns import Turns

CHAT_FIELDS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns")
SURE_FIELDS = ("messages", "conversations")
"""Fields that mean a conversation whatever they hold; the others also name texts and counts."""

ROLE_KEYS = ("role", "from", "speaker", "author")
TEXT_KEYS = ("content", "value", "text", "message")


def chat_field(row: dict[str, Any]) -> str | None:
    """The field that holds the turns, if there is one; a field that holds null stands back."""
    names = [name for name in CHAT_FIELDS if name in row and _may_hold_turns(name, row[name])]
    return next((name for name in names if row[name] is not None), names[0] if names else None)


def _may_hold_turns(name: str, value: object) -> bool:
    if name in SURE_FIELDS:
        return True
    turns, _ = unfold(value, "")
    return isinstance(turns, list) and bool(turns) and all(isinstance(turn, dict) for turn in turns)


def detect(row: dict[str, Any]) -> tuple[str, str] | None:
    """``messages`` or ``sharegpt``, with the field that decided it."""
    name = chat_field(row)
    if name is None:
        return None
    turns, _ = unfold(row[name], "")
    first = turns[0] if isinstance(turns, list) and turns else None
    sharegpt = _key(first, ROLE_KEYS) == "from" if isinstance(first, dict) else name != "messages"
    return ("sharegpt" if sharegpt else "messages"), f"has '{name}'"


def read(row: dict[str, Any], turns: Turns) -> None:
    """All turns of the conversation, the row's own ``system`` first."""
    name = chat_field(row) or ""
    turns.say_system(row)
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


def unfold_messages(value: object, at: str) -> tuple[object, str]:
    """The same for a field that may hold a text as well: only what is surely messages is unfolded.

    A text may be JSON in its own right, such as an answer that extracts a list of records.
    """
    inner, inside = unfold(value, at)
    if not isinstance(value, str):
        return inner, inside
    messages = inner if isinstance(inner, list) else [inner]
    return (inner, inside) if messages and all(map(_has_known_role, messages)) else (value, at)


def is_messages(value: object) -> bool:
    """Whether a value is a message, or a list that begins with one."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and any(key in first for key in ROLE_KEYS)


def read_messages(value: object, at: str, turns: Turns, *, label: bool | None = None) -> None:
    """A message, or a list of them (see :func:`is_messages`)."""
    read = read_list if isinstance(value, list) else read_message
    read(value, at, turns, label=label)


def _has_known_role(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    name = value.get(_key(value, ROLE_KEYS))
    return isinstance(name, str) and name.strip().lower() in ROLES


def _key(message: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The key in use; where a table has made several, those that hold null stand back."""
    given = [key for key in keys if key in message]
    return next((key for key in given if message[key] is not None), given[0] if given else keys[0])


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
    """One message: its text, then its tool calls, all of them one turn."""
    if not isinstance(message, dict):
        turns.say("unknown", "context", message, at)
        return
    written = message.get(_key(message, ROLE_KEYS))
    name = written if isinstance(written, str) else None
    role = ROLES.get(name.strip().lower(), "unknown") if name else "unknown"
    trained = _trained(message)
    where = _part(role, part, label=label, trained=trained)
    text_key = _key(message, TEXT_KEYS)
    content = message.get(text_key, MISSING)
    if name in CALLS and content is not MISSING:
        _say_call_text(content, f"{at}/{text_key}", turns, where)
        return
    calls = _calls(message, at)
    turn = turns.turn
    if content not in (None, MISSING, "") or not calls:
        answered = message.get("tool_call_id")
        call_id = answered if isinstance(answered, str) else None
        turns.say(role, where, content, f"{at}/{text_key}", name, call_id, trained, label)
        turns.turn = turn
    for call in calls:
        _say_call(call, turns, where)
    turns.turn = turn + 1


def _part(role: str, part: str | None, *, label: bool | None, trained: bool | None) -> str:
    """What a message is for: an answer that is not trained on is context, an unwanted one is rejected."""
    where = PARTS[role] if part is None or role != "assistant" else part
    if where == "target" and trained is False:
        return "context"
    return "rejected" if where == "target" and label is False else where


def _trained(message: dict[str, Any]) -> bool | None:
    """Whether the message says itself that it is (not) trained on."""
    for key in ("loss_weight", "weight", "train", "training"):
        value = message.get(key)
        if isinstance(value, bool | int | float):
            return bool(value)
    return None


class _Call(NamedTuple):
    """A call in one of OpenAI's shapes; ``at`` points to the object that holds name and arguments."""

    function: dict[str, Any]
    id: object
    at: str


def _calls(message: dict[str, Any], at: str) -> list[_Call]:
    """``tool_calls``, also as a JSON string, or the older ``function_call``."""
    calls, inside = unfold(message.get("tool_calls"), f"{at}/tool_calls")
    if isinstance(calls, list):
        return [_call(call, f"{inside}/{i}") for i, call in enumerate(calls) if isinstance(call, dict)]
    call = message.get("function_call")
    return [_Call(call, None, f"{at}/function_call")] if isinstance(call, dict) else []


def _call(call: dict[str, Any], at: str) -> _Call:
    inner = call.get("function")
    return (
        _Call(inner, call.get("id"), f"{at}/function")
        if isinstance(inner, dict)
        else _Call(call, call.get("id"), at)
    )


def _say_call(call: _Call, turns: Turns, part: str) -> None:
    """One call: its arguments are the text; where it has none, the pointer names the function."""
    given = "arguments" in call.function
    arguments = call.function.get("arguments", "")
    name = call.function.get("name")
    turns.put(
        "assistant",
        part,
        "call",
        arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False, default=str),
        f"{call.at}/arguments" if given else call.at,
        name if isinstance(name, str) else None,
        call.id if isinstance(call.id, str) else None,
    )


def _say_call_text(content: object, at: str, turns: Turns, part: str) -> None:
    """A tool call in sharegpt's shape: the whole text is a JSON object."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    turns.put("assistant", part, "call", text, at, "function_call")
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
