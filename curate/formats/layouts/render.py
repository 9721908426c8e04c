"""From the turns of a row to a row of another layout, or the reason why it cannot be done without loss.

Nothing is guessed and nothing is left away: a row whose turns say something that the target cannot hold is not
rendered. What is rendered is read again by the caller and must say the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.layouts.chats import ROLE_KEYS, TEXT_KEYS, chat_field, is_messages
from curate.formats.layouts.single import PROMPTS, field_of
from curate.formats.layouts.turns import CALLS, PARTS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TARGETS = ("messages", "alpaca", "sharegpt", "prompt-completion", "preference")
"""The layouts that can be written."""

FIELDS = {
    "messages": ("messages",),
    "sharegpt": ("conversations",),
    "alpaca": ("instruction", "input", "output"),
    "prompt-completion": ("prompt", "completion"),
    "preference": ("prompt", "chosen", "rejected"),
}
"""The fields that a target layout is made of."""

CHATS = ("messages", "sharegpt")
BLANK_LINE = "\n\n"
"""Between texts that are joined."""

_NAMES = {
    "messages": {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"},
    "sharegpt": {"system": "system", "user": "human", "assistant": "gpt", "tool": "tool"},
}
_KEPT_NAMES = {
    "messages": {"developer", "function", *CALLS},
    "sharegpt": {name for name, role in ROLES.items() if role == "tool"} | {"developer", *CALLS},
}
"""Names that are kept as they are written, for what they say is more than a role."""

_KEYS = {"messages": ("role", "content"), "sharegpt": ("from", "value")}
_UNREAD = {
    "unknown": "a layout that is not known",
    "tree": "a tree of replies",
    "text": "plain text, which has no prompt",
}
_NO_TEXT = {
    "call": "a tool call",
    "media": "a part that is no text",
    "object": "content that is no text",
    "missing": "a message or an answer without content",
    "null": "content that is null",
}
"""Kinds of content that no rendered row has, whatever its layout; rows that are in the layout are not rendered."""


class Turn(NamedTuple):
    """A line of the ``turns`` frame (see ``curate.core.batch.TURNS``)."""

    row: int
    turn: int
    role: str
    part: str
    kind: str
    text: str
    name: str | None
    call_id: str | None
    trained: bool | None
    label: bool | None
    at: str


@dataclass(frozen=True)
class Rendered:
    """A row in the target layout, or the reason why there is none.

    Attributes:
        row: the new row; None if it cannot be rendered.
        reason: why not; may name fields, and never quotes their values.
        says: role, part and text of each line that the new row must be read as.
        is_joined: whether a context and a prompt became one text.
        merged: how many texts were joined to one of the same role before them.
    """

    row: dict[str, Any] | None
    reason: str = ""
    says: tuple[tuple[str, str, str | None], ...] = ()
    is_joined: bool = False
    merged: int = 0


@dataclass(frozen=True)
class _Said:
    """One message: ``extra`` are its other fields."""

    role: str
    part: str
    text: str
    name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_context(self) -> bool:
        return self.role == "user" and self.part == "context"


class _LossError(Exception):
    """The target cannot hold what the row says."""


def is_in_form(value: Mapping[str, Any], layout: str, target: str) -> bool:
    """Whether a row is in the target layout already, also by the names of its fields."""
    if layout != target:
        return False
    if target in CHATS:
        return isinstance(value.get(FIELDS[target][0]), list)
    needed = {"alpaca": (), "preference": ("chosen", "rejected")}.get(target, FIELDS[target])
    return all(name in value for name in needed)


def standard_names(value: dict[str, Any], target: str) -> dict[str, Any] | None:
    """A row that is in the target layout, with the target's own names for roles; None if it has them already.

    Other names of a role (``bot``, ``human``), and other keys for it, are replaced in place and nothing else is.
    ``developer`` and ``function`` are names that OpenAI's layout knows besides; calls and results in sharegpt's have
    several, and keep theirs.

    Args:
        value: the row, of which :func:`is_in_form` holds.
        target: one of ``TARGETS``; rows of those that are no chats have no roles.
    """
    if target not in CHATS:
        return None
    name = FIELDS[target][0]
    messages = [_standard(one, target) if isinstance(one, dict) else one for one in value[name]]
    return {**value, name: messages} if messages != value[name] else None


def _standard(message: dict[str, Any], target: str) -> dict[str, Any]:
    """A message with the target's keys and its name for the role, if the role is known."""
    used = (_key(message, ROLE_KEYS), _key(message, TEXT_KEYS))
    written = message.get(used[0])
    role = ROLES.get(written.strip().lower()) if isinstance(written, str) else None
    if role is None:
        return message
    keys = {old: new for old, new in zip(used, _KEYS[target], strict=True) if old not in ("", new)}
    made = {keys.get(key, key): item for key, item in message.items() if key not in keys.values()}
    is_kept = written in _KEPT_NAMES[target]
    return made if is_kept else {**made, _KEYS[target][0]: _NAMES[target][role]}


def _key(message: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The key in use; empty if there is none."""
    return next((key for key in keys if message.get(key) is not None), "")


def says_of(turns: Sequence[Turn]) -> tuple[tuple[str, str, str | None], ...]:
    """Role, part and text of each line, to be compared with what a rendered row must say."""
    return tuple((one.role, one.part, None if one.kind == "null" else one.text) for one in turns)


def render(
    value: dict[str, Any], layout: str, turns: Sequence[Turn], target: str, *, merge: bool = False
) -> Rendered:
    """A row in another layout.

    Args:
        value: the source row.
        layout: its layout.
        turns: its turns.
        target: one of ``TARGETS``.
        merge: join consecutive text turns of one role by a blank line.
    """
    try:
        if target == "preference":
            return _preference(value, layout, turns)
        return _render(value, layout, turns, target, merge=merge)
    except _LossError as loss:
        return Rendered(None, str(loss))


def _render(
    value: dict[str, Any], layout: str, turns: Sequence[Turn], target: str, *, merge: bool
) -> Rendered:
    _refuse_layout(value, layout, turns)
    said = list(
        _spoken(value, turns, keeps_label=target == "prompt-completion" or {layout, target} <= {*CHATS})
    )
    joined = target != "alpaca" and any(one.is_context for one in said)
    if joined:
        said = list(_joined(said))
    spoken = len(said)
    if merge:
        said = list(_merged(said))
    fields = _chat(said, target) if target in CHATS else _single(said, target)
    row = _with_rest(value, fields, _consumed(value, layout, turns))
    return Rendered(row, says=_expected(said, target), is_joined=joined, merged=spoken - len(said))


def _refuse_layout(value: Mapping[str, Any], layout: str, turns: Sequence[Turn]) -> None:
    if layout in _UNREAD:
        raise _LossError(_UNREAD[layout])
    if layout == "instances" and len(value["instances"]) > 1:
        raise _LossError("several instances of one task")
    if layout == "instances" and set(value["instances"][0]) - {"input", "output"}:
        raise _LossError("an instance with fields of its own")
    if layout in (*CHATS, "instances"):
        return
    for name in sorted({_top(one.at) for one in turns} & set(value)):
        lines = sum(_top(one.at) == name for one in turns)
        if not is_messages(value[name]) and _leaves(value[name]) > lines:
            raise _LossError(f"a field of which only a part is read ('{name}')")


def _leaves(value: object) -> int:
    """How many texts, numbers and flags a value holds; JSON that a text holds is a single one."""
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) else int(value is not None)


# What a row says.


def _spoken(value: dict[str, Any], turns: Sequence[Turn], *, keeps_label: bool) -> Iterator[_Said]:
    """The messages of a row.

    Raises:
        _LossError: one of them is no text.
    """
    for at, one in enumerate(turns):
        if one.kind in _NO_TEXT:
            raise _LossError(_NO_TEXT[one.kind])
        if one.role == "unknown":
            raise _LossError("a role that is not known")
        if one.label is not None and not keeps_label:
            raise _LossError("a label that says whether the answer is wanted")
        if one.part == "rejected" and not (keeps_label and one.label is False):
            raise _LossError("a rejected answer")
        message, rest = _message(value, one.at)
        if one.kind == "parts":
            shared = [other for other in turns[max(0, at - 1) : at + 2] if other.turn == one.turn]
            if len(shared) > 1 or not _is_plain_part(message, rest):
                raise _LossError("content in several parts")
        extra = _extra(message, rest[0] if rest else "")
        yield _Said(one.role, one.part, one.text, one.name or "", extra)


def _message(value: object, at: str) -> tuple[dict[str, Any], list[str]]:
    """The innermost message on a pointer's way, and the rest of the way; nothing for a field of the row."""
    found: dict[str, Any] = {}
    rest: list[str] = []
    way = [part.replace("~1", "/").replace("~0", "~") for part in at.split("/")[1:]]
    for step, part in enumerate(way):
        if part == "#json":
            value = json.loads(value) if isinstance(value, str) else value
        elif isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list):
            value = value[int(part)]
        if isinstance(value, dict) and is_messages(value):
            found, rest = value, way[step + 1 :]
    return found, rest


def _is_plain_part(message: Mapping[str, Any], rest: Sequence[str]) -> bool:
    """Whether a message's content is a list of one text."""
    parts = message.get(rest[0]) if rest else None
    return isinstance(parts, list) and len(parts) == 1 and parts[0]["type"] == "text" and len(parts[0]) == 2  # noqa: PLR2004 (type and text)


def _extra(message: Mapping[str, Any], text_key: str) -> dict[str, Any]:
    """The fields of a message that are neither its role nor its text; spare names of these that hold null go."""
    role_key = next((key for key in ROLE_KEYS if message.get(key) is not None), "")
    spare = {key for key in (*ROLE_KEYS, *TEXT_KEYS) if message.get(key) is None}
    return {
        key: item for key, item in message.items() if key not in (role_key, text_key) and key not in spare
    }


def _joined(said: Sequence[_Said]) -> Iterator[_Said]:
    """Contexts and the prompt beside them as one text, in their order."""
    held: _Said | None = None
    for one in said:
        if held is None or not (held.role == one.role == "user") or not (held.is_context or one.is_context):
            if held is not None:
                yield held
            held = one
        else:
            held = replace(
                held,
                text=_together(held, one),
                part="context" if held.is_context and one.is_context else "prompt",
            )
    if held is not None:
        yield replace(held, part="prompt") if held.is_context else held


def _together(first: _Said, second: _Said) -> str:
    if first.extra or second.extra:
        raise _LossError("a context that cannot be joined to its prompt")
    return first.text + BLANK_LINE + second.text


def _merged(said: Sequence[_Said]) -> Iterator[_Said]:
    """Consecutive texts of one role as one; tool results stay apart."""
    held: _Said | None = None
    for one in said:
        if held is not None and _can_merge(held, one):
            held = replace(held, text=f"{held.text}{BLANK_LINE}{one.text}")
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


def _can_merge(first: _Said, second: _Said) -> bool:
    is_same = (first.role, first.part, first.name.lower()) == (second.role, second.part, second.name.lower())
    is_said = bool(first.text.strip() and second.text.strip())
    return is_same and is_said and first.role != "tool" and not first.extra and not second.extra


# Target layouts.


def _chat(said: Sequence[_Said], target: str) -> dict[str, Any]:
    role_key, text_key = _KEYS[target]
    messages = []
    for one in said:
        if {*ROLE_KEYS, *TEXT_KEYS} & set(one.extra):
            raise _LossError("a message with two roles or two texts")
        is_developer = one.name.lower() == "developer"
        role = "developer" if is_developer else _NAMES[target][one.role]
        messages.append({role_key: role, text_key: one.text, **one.extra})
    return {FIELDS[target][0]: messages}


def _single(said: Sequence[_Said], target: str) -> dict[str, Any]:
    """One prompt and one answer."""
    extra = sorted({key for one in said for key, item in one.extra.items() if item is not None})
    if extra:
        raise _LossError(f"fields of a message ({', '.join(extra[:4])})")
    for role, reason in (("system", "a system text"), ("tool", "a tool's result")):
        if any(one.role == role for one in said):
            raise _LossError(reason)
    prompts = [one for one in said if one.role == "user" and not one.is_context]
    answers = [one for one in said if one.role == "assistant"]
    for found, what in ((prompts, "prompt"), (answers, "answer")):
        if len(found) != 1:
            raise _LossError(f"several {what}s" if found else f"no {what}")
    if said[-1] is not answers[0]:
        raise _LossError("an answer before its prompt")
    context = BLANK_LINE.join(one.text for one in said if one.is_context)
    cells = (
        (prompts[0].text, context, answers[0].text)
        if target == "alpaca"
        else (prompts[0].text, answers[0].text)
    )
    return dict(zip(FIELDS[target], cells, strict=True))


def _expected(said: Sequence[_Said], target: str) -> tuple[tuple[str, str, str | None], ...]:
    if target in CHATS:
        return tuple(
            (one.role, one.part if one.role == "assistant" else PARTS[one.role], one.text) for one in said
        )
    contexts = [one.text for one in said if one.is_context]
    lines: list[tuple[str, str, str | None]] = [
        (one.role, one.part, one.text) for one in said if not one.is_context
    ]
    if contexts and any(contexts):
        lines.insert(1, ("user", "context", BLANK_LINE.join(contexts)))
    return tuple(lines)


def _preference(value: dict[str, Any], layout: str, turns: Sequence[Turn]) -> Rendered:
    """The usual names for a pair that has other ones; its values stay as they are."""
    if layout != "preference":
        raise _LossError(_UNREAD.get(layout, "no rejected answer"))
    if any(one.kind == "null" for one in turns):
        raise _LossError(_NO_TEXT["null"])
    names = {"chosen_messages": "chosen", "rejected_messages": "rejected"}
    prompt = field_of(value, PROMPTS)
    if prompt is not None and chat_field(value) is None:
        names[prompt] = "prompt"
    row = {names.get(name, name): item for name, item in value.items()}
    if len(row) != len(value):
        raise _LossError("a field of its own under a name that the target needs")
    if not {"chosen", "rejected"} <= set(row):
        raise _LossError("only one of the two answers")
    return Rendered(row, says=says_of(turns))


# Everything else in the row.


def _top(at: str) -> str:
    return at.split("/")[1].replace("~1", "/").replace("~0", "~") if at else ""


def _consumed(value: dict[str, Any], layout: str, turns: Sequence[Turn]) -> set[str]:
    """The fields of the row that its turns were read from."""
    names = {_top(one.at) for one in turns} & set(value)
    if layout == "alpaca" and value.get("input") in (None, ""):
        names.add("input")
    return names | ({chat_field(value) or ""} if layout in CHATS else set())


def _with_rest(value: dict[str, Any], fields: dict[str, Any], consumed: set[str]) -> dict[str, Any]:
    """The new fields in the place of the old ones, and all others unchanged."""
    taken = [name for name in value if name in fields and name not in consumed]
    if taken:
        raise _LossError(f"a field of its own under a name that the target needs ('{taken[0]}')")
    row: dict[str, Any] = {}
    for name, item in value.items():
        if name in consumed:
            row |= fields
        else:
            row[name] = item
    return row | fields
