"""Conversations, trees and preference pairs, in the shapes that real data sets have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from curate.formats.layouts import Turns, read_layout
from tests.layouts_lab import HELLO, HI, SHORT, layout, says, shares, turns

# Conversations.


def test_messages() -> None:
    row = {"messages": [says("system", "Be brief."), HI, HELLO]}
    assert layout(row) == "messages"
    assert turns(row, "turn", "name", *SHORT) == [
        (0, "system", "system", "prompt", "Be brief.", "/messages/0/content"),
        (1, "user", "user", "prompt", "Hi", "/messages/1/content"),
        (2, "assistant", "assistant", "target", "Hello", "/messages/2/content"),
    ]


def test_parts_are_lines_of_one_turn() -> None:
    look = [{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {"url": "a.jpg"}}]
    row = {"messages": [says("user", look), says("assistant", [{"type": "text", "value": "A cat."}])]}
    assert turns(row, "turn", "kind", "text", "at") == [
        (0, "parts", "Look:", "/messages/0/content/0/text"),
        (0, "media", "", "/messages/0/content/1"),
        (1, "parts", "A cat.", "/messages/1/content/0/value"),
    ]


@pytest.mark.parametrize("kind", ["image_url", "video_url", "audio_url", "input_audio", "file"])
def test_the_name_of_a_medium_is_no_text(kind: str) -> None:
    row = {"messages": [says("user", [{"type": kind, "value": "a.bin"}]), HELLO]}
    assert turns(row, "kind", "text")[0] == ("media", "")


def test_calls_and_results() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "now", "arguments": '{"zone": "CET"}'}}
    row = {
        "messages": [
            HI,
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "9:00"},
        ]
    }
    assert turns(row, "turn", "role", "part", "kind", "text", "name", "call_id", "at")[1:] == [
        (
            1,
            "assistant",
            "target",
            "call",
            '{"zone": "CET"}',
            "now",
            "c1",
            "/messages/1/tool_calls/0/function/arguments",
        ),
        (2, "tool", "context", "text", "9:00", "tool", "c1", "/messages/2/content"),
    ]


def test_a_text_and_its_calls_are_one_turn() -> None:
    call = {"function": {"name": "now", "arguments": {"zone": "CET"}}}
    row = {
        "messages": [
            HI,
            {**says("assistant", "Let me look."), "tool_calls": [call, call]},
            says("tool", "9:00"),
        ]
    }
    assert turns(row, "turn", "kind", "text") == [
        (0, "text", "Hi"),
        (1, "text", "Let me look."),
        (1, "call", '{"zone": "CET"}'),
        (1, "call", '{"zone": "CET"}'),
        (2, "text", "9:00"),
    ]


def test_calls_in_older_and_looser_shapes() -> None:
    old = {"role": "assistant", "content": None, "function_call": {"name": "now", "arguments": "{}"}}
    assert turns({"messages": [old]}, "text", "at") == [("{}", "/messages/0/function_call/arguments")]
    bare = {"role": "assistant", "tool_calls": [{"name": "now", "arguments": {}}]}
    assert turns({"messages": [bare]}, "name", "at") == [("now", "/messages/0/tool_calls/0/arguments")]
    none = {"role": "assistant", "tool_calls": [{"function": {"name": "now"}}]}
    assert turns({"messages": [none]}, "text", "at") == [("", "/messages/0/tool_calls/0/function")]
    told = {"role": "assistant", "tool_calls": json.dumps([{"function": {"name": "now", "arguments": "{}"}}])}
    assert turns({"messages": [told]}, "text", "at") == [
        ("{}", "/messages/0/tool_calls/#json/0/function/arguments")
    ]


def test_null_content_without_calls() -> None:
    row = {"messages": [HI, {**says("assistant", None), "tool_calls": []}]}
    assert turns(row, "part", "kind", "at")[-1] == ("target", "null", "/messages/1/content")
    assert turns({"messages": [HI, {"role": "assistant"}]}, "kind")[-1] == ("missing",)


def test_messages_as_a_json_string() -> None:
    row = {"messages": json.dumps([HI, HELLO])}
    assert layout(row) == "messages"
    assert turns(row)[-1] == ("assistant", "target", "Hello", "/messages/#json/1/content")


def test_weights_say_what_is_trained_on() -> None:
    row = {"messages": [HI, {**HELLO, "weight": 0}, HI, {**HELLO, "weight": 1}, HI, HELLO]}
    assert turns(row, "part", "trained")[1::2] == [("context", False), ("target", True), ("target", None)]
    assert turns({"messages": [{**HI, "loss_weight": 0.0}]}, "part", "trained") == [("prompt", False)]


def test_kto_of_messages() -> None:
    assert turns({"messages": [HI, HELLO], "label": False}, "part", "label")[-1] == ("rejected", False)
    assert turns({"messages": [HI, HELLO], "label": True}, "part", "label")[-1] == ("target", True)


def test_sharegpt_with_system_and_tools() -> None:
    call = '{"name": "now", "arguments": {}}'
    row = {
        "system": "Be brief.",
        "conversations": [
            shares("human", "What time is it?"),
            shares("function_call", call),
            shares("observation", "9:00"),
            shares("gpt", "Nine."),
        ],
        "tools": "[]",
    }
    assert layout(row) == "sharegpt"
    assert turns(row, "role", "part", "kind", "text", "at") == [
        ("system", "prompt", "text", "Be brief.", "/system"),
        ("user", "prompt", "text", "What time is it?", "/conversations/0/value"),
        ("assistant", "target", "call", call, "/conversations/1/value"),
        ("tool", "context", "text", "9:00", "/conversations/2/value"),
        ("assistant", "target", "text", "Nine.", "/conversations/3/value"),
    ]


def test_a_call_without_its_text() -> None:
    assert turns({"conversations": [{"from": "function_call"}]}, "part", "kind") == [("target", "missing")]
    assert turns({"conversations": [shares("function_call", None)]}, "kind", "text") == [("call", "null")]


def test_calls_among_parts() -> None:
    parts = [
        {"type": "reasoning", "value": "Let me look."},
        {"type": "tool_call", "value": '{"name": "now", "arguments": {}}'},
    ]
    assert turns({"messages": [says("assistant", parts)]}, "turn", "kind", "at") == [
        (0, "parts", "/messages/0/content/0/value"),
        (0, "call", "/messages/0/content/1/value"),
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("system", "system"),
        ("developer", "system"),
        ("human", "user"),
        ("User", "user"),
        ("prompter", "user"),
        ("gpt", "assistant"),
        ("chatgpt", "assistant"),
        ("bot", "assistant"),
        ("model", "assistant"),
        (" Assistant ", "assistant"),
        ("observation", "tool"),
        ("function", "tool"),
        ("tool_response", "tool"),
        ("ipython", "tool"),
        ("moderator", "unknown"),
        ("", "unknown"),
    ],
)
def test_roles(name: str, role: str) -> None:
    assert turns({"conversations": [shares(name, "Hi")]}, "role", "name") == [(role, name)]


@pytest.mark.parametrize(("key", "text"), [("speaker", "text"), ("author", "content"), ("role", "message")])
def test_roles_and_texts_under_other_keys(key: str, text: str) -> None:
    row = {"dialogue": [{key: "user", text: "Hi"}]}
    assert layout(row) == "messages"
    assert turns(row) == [("user", "prompt", "Hi", f"/dialogue/0/{text}")]


def test_keys_that_a_table_filled_with_null() -> None:
    empty = {"role": None, "content": None, "tool_calls": None}
    row = {
        "messages": None,
        "conversations": [{**empty, **shares("human", "Hi")}, {**empty, **shares("gpt", "Hello")}],
    }
    assert layout(row) == "sharegpt"
    assert turns(row)[-1] == ("assistant", "target", "Hello", "/conversations/1/value")


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "null"), ("Hi", "missing"), ({"role": "user"}, "object"), (3, "object"), ([], None)],
)
def test_a_field_without_messages(value: object, kind: str | None) -> None:
    assert layout({"messages": value}) == "messages"
    assert turns({"messages": value}, "role", "part", "kind") == (
        [("unknown", "context", kind)] if kind else []
    )


def test_messages_that_are_no_objects() -> None:
    assert turns({"messages": ["Hi", HELLO]}, "role", "name", "at")[0] == ("unknown", None, "/messages/0")


@pytest.mark.parametrize("row", [{"dialogue": "A: Hi. B: Hello."}, {"turns": 3}, {"turns": ["Hi", "Bye"]}])
def test_fields_that_only_sound_like_conversations(row: dict[str, Any]) -> None:
    assert layout(row) == "unknown"
    assert layout({**row, "instruction": "Hi", "output": "Hello"}) == "alpaca"


# Trees.


def test_tree_follows_the_first_reply() -> None:
    leaf = {"text": "Hello", "role": "assistant", "replies": []}
    other = {"text": "What?", "role": "assistant", "replies": []}
    root = {"text": "Hi", "role": "prompter", "replies": [leaf, other]}
    assert layout(root) == layout({"prompt": root}) == "tree"
    assert turns({"prompt": root}) == [
        ("user", "prompt", "Hi", "/prompt/text"),
        ("assistant", "target", "Hello", "/prompt/replies/0/text"),
    ]
    assert turns(root)[-1] == ("assistant", "target", "Hello", "/replies/0/text")


def test_one_message_of_a_thread_is_no_row() -> None:
    name, why = read_layout({"message_id": "b", "parent_id": "a", "role": "prompter", "text": "Hi"}, Turns())
    assert (name, why) == ("unknown", "message_id, parent_id, role, text")


# Preference pairs.


def test_preference_of_texts() -> None:
    row = {
        "system": "Be kind.",
        "instruction": "Greet.",
        "input": "Ann",
        "chosen": "Hello",
        "rejected": "Go.",
    }
    assert layout(row) == "preference"
    assert turns(row) == [
        ("system", "prompt", "Be kind.", "/system"),
        ("user", "prompt", "Greet.", "/instruction"),
        ("user", "context", "Ann", "/input"),
        ("assistant", "target", "Hello", "/chosen"),
        ("assistant", "rejected", "Go.", "/rejected"),
    ]


def test_preference_of_message_lists() -> None:
    row = {"chosen": [HI, HELLO], "rejected": [HI, says("assistant", "Go.")]}
    assert turns(row) == [
        ("user", "prompt", "Hi", "/chosen/0/content"),
        ("assistant", "target", "Hello", "/chosen/1/content"),
        ("assistant", "rejected", "Go.", "/rejected/1/content"),
    ]
    named = {"chosen_messages": row["chosen"], "rejected_messages": row["rejected"]}
    assert [turn[:3] for turn in turns(named)] == [turn[:3] for turn in turns(row)]
    told = {name: json.dumps(side) for name, side in row.items()}
    assert turns(told)[-1] == ("assistant", "rejected", "Go.", "/rejected/#json/1/content")


def test_preference_of_message_lists_with_a_prompt_and_its_copy() -> None:
    sides = {"chosen": [HI, HELLO], "rejected": [HI, says("assistant", "Go.")]}
    row = {"prompt": "Hi", "messages": [HI, HELLO], **sides}
    assert turns(row) == [
        ("user", "prompt", "Hi", "/prompt"),
        ("assistant", "target", "Hello", "/chosen/1/content"),
        ("assistant", "rejected", "Go.", "/rejected/1/content"),
    ]


def test_preference_of_a_conversation_with_two_endings() -> None:
    row = {
        "conversations": [shares("human", "Hi")],
        "chosen": shares("gpt", "Hello"),
        "rejected": shares("gpt", "Go."),
    }
    assert layout(row) == "preference"
    assert turns(row) == [
        ("user", "prompt", "Hi", "/conversations/0/value"),
        ("assistant", "target", "Hello", "/chosen/value"),
        ("assistant", "rejected", "Go.", "/rejected/value"),
    ]
    messages = {"prompt": [HI], "chosen": [HELLO], "rejected": [says("assistant", "Go.")]}
    assert [turn[1] for turn in turns(messages)] == ["prompt", "target", "rejected"]


def test_preference_without_a_side() -> None:
    assert turns({"prompt": "Hi", "chosen": "Hello"}, "part", "kind")[-1] == ("rejected", "missing")
    assert turns({"prompt": "Hi", "rejected": "Go."}, "part", "kind")[1] == ("target", "missing")
    assert turns({"prompt": "Hi", "chosen": [], "rejected": "Go."}, "part", "kind")[1] == (
        "target",
        "missing",
    )
    assert turns({"prompt": "Hi", "chosen": {"content": "Hello", "score": 1}, "rejected": "Go."})[1][:3] == (
        "assistant",
        "target",
        "Hello",
    )


def test_a_flag_named_chosen_is_no_answer() -> None:
    assert layout({"prompt": "Hi", "completion": "Hello", "chosen": True}) == "prompt-completion"
