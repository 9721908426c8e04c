"""Clean rows of the chats corpus: a scenario, sometimes a follow-up, one wording for each turn."""

from __future__ import annotations

import json
import re
from typing import Any

from making.alike import Apart
from making.dice import Dice
from making.slots import Slots, texts

Row = dict[str, Any]

LIMIT = 0.55
"""Two clean chats share less than this part of their word sequences, system prompts left out."""

LONGEST = 8
"""A follow-up is added only to chats that stay within this many messages."""

GREETINGS = {
    "en": ("", "", "", "Hello. ", "Good morning. ", "Hi there. "),
    "de": ("",),
    "es": ("",),
    "zh": ("",),
}

_PREFIX = {"Fernhost": "FH", "Tallybird": "TB"}


def clean_chats(count: int) -> list[Row]:
    """So many different chats; the order mixes vendors, languages and topics."""
    plan = _plan()
    apart = Apart(LIMIT)
    rows: list[Row] = []
    turn = 0
    while len(rows) < count:
        desk, chat = plan[turn % len(plan)]
        row = _row(desk, chat, Dice(f"chats/{turn}"))
        turn += 1
        if apart.take(_said(row, "user"), _said(row, "assistant")):
            rows.append(row)
    return Dice("chats/order").shuffled(rows)


def finish(row: Row, number: int) -> Row:
    """The row with its ticket number in front."""
    ticket = f"{_PREFIX[row['vendor']]}-{40210 + 7 * number}"
    return {"ticket": ticket, "vendor": row["vendor"], "lang": row["lang"], "messages": row["messages"]}


def _plan() -> list[tuple[Row, Row]]:
    desks = [texts("chats_1"), texts("chats_2"), *texts("chats_3")["desk"]]
    by_desk = [[(desk, chat) for chat in desk["chat"]] for desk in desks]
    longest = max(len(chats) for chats in by_desk)
    return [chats[at] for at in range(longest) for chats in by_desk if at < len(chats)]


def _row(desk: Row, chat: Row, dice: Dice) -> Row:
    slots = Slots(dice.child("slots"))
    messages = _system(desk, dice.child("system"))
    messages += _exchange(chat["turns"], slots, desk["lang"], dice.child("turns"))
    following = dice.child("following").pick(desk["followup"])["turns"]
    if dice.below(2) and len(messages) + len(following) <= LONGEST:
        later = Slots(dice.child("later"), server=slots["server"], site=slots["site"])
        messages += _exchange(following, later, desk["lang"], dice.child("more"))
    _greet(messages, desk["lang"], dice.child("greeting"))
    return {"vendor": desk["vendor"], "lang": desk["lang"], "messages": messages}


def _exchange(turns: list[Any], slots: Slots, lang: str, dice: Dice) -> list[Row]:
    messages: list[Row] = []
    role = "user"
    for at, turn in enumerate(turns):
        draw = dice.child(at)
        if isinstance(turn, dict):
            messages += _call(turn, slots, draw)
            continue
        messages.append({"role": role, "content": _localised(slots.fill(draw.pick(turn)), lang)})
        role = "assistant" if role == "user" else "user"
    return messages


def _system(desk: Row, dice: Dice) -> list[Row]:
    if not dice.below(4):
        return []
    return [{"role": "system", "content": dice.pick(desk["systems"])}]


def _call(turn: Row, slots: Slots, dice: Dice) -> list[Row]:
    number = f"call_{dice.below(16**8):08x}"
    function = {"name": turn["call"], "arguments": slots.fill(turn["arguments"])}
    json.loads(function["arguments"])
    return [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": number, "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": number, "content": slots.fill(turn["result"])},
    ]


def _greet(messages: list[Row], lang: str, dice: Dice) -> None:
    first = next(message for message in messages if message["role"] == "user")
    if not first["content"].startswith(("Hi", "Hello", "Good")):
        first["content"] = dice.pick(GREETINGS[lang]) + first["content"]


def _localised(text: str, lang: str) -> str:
    if lang not in {"de", "es"}:
        return text
    return re.sub(r"\.00 (?=eur)", ",00 ", text, flags=re.IGNORECASE)


def _said(row: Row, role: str) -> str:
    return "\n".join(message["content"] or "" for message in row["messages"] if message["role"] == role)
