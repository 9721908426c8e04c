"""``curate convert``: what is carried over, what is set aside and why, and that the way back gives equal rows."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.cli.convert import LAYOUTS, command
from curate.core.errors import UsageError
from curate.engines.converting import convert
from curate.formats.layouts import Turns, read_layout
from curate.formats.layouts.render import FIELDS, TARGETS, Turn, render, says_of

if TYPE_CHECKING:
    from pathlib import Path

ALPACA = {"instruction": "Who repairs the roof?", "input": "", "output": "The landlord."}


def chat(*turns: str, **fields: Any) -> dict[str, Any]:
    roles = {"s": "system", "u": "user", "a": "assistant"}
    return {"messages": [{"role": roles[turn[0]], "content": turn[2:]} for turn in turns], **fields}


def run(*words: object) -> Result:
    return CliRunner().invoke(
        command, [str(word) for word in words], standalone_mode=False, catch_exceptions=False
    )


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_bytes(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def one(value: dict[str, Any], to: str, *, merge: bool = False) -> tuple[dict[str, Any] | None, str]:
    turns = Turns()
    layout, _ = read_layout(value, turns)
    made = render(value, layout, [Turn(*cells) for cells in turns.frame().iter_rows()], to, merge=merge)
    return made.row, made.reason


# What is carried over.


@pytest.mark.parametrize(
    ("row", "to", "expected"),
    [
        (ALPACA, "messages", chat("u:Who repairs the roof?", "a:The landlord.")),
        ({**ALPACA, "input": "§ 3"}, "messages", chat("u:Who repairs the roof?\n\n§ 3", "a:The landlord.")),
        (
            {**ALPACA, "system": "Be brief."},
            "messages",
            chat("s:Be brief.", "u:Who repairs the roof?", "a:The landlord."),
        ),
        (
            {**ALPACA, "history": [["Hi", "Hello"]]},
            "messages",
            chat("u:Hi", "a:Hello", "u:Who repairs the roof?", "a:The landlord."),
        ),
        (
            {**ALPACA, "input": "§ 3"},
            "prompt-completion",
            {"prompt": "Who repairs the roof?\n\n§ 3", "completion": "The landlord."},
        ),
        (
            {"question": "Q", "context": "C", "answer": "A"},
            "alpaca",
            {"instruction": "Q", "input": "C", "output": "A"},
        ),
        (
            {"question": "Q", "context": "C", "answer": "A"},
            "prompt-completion",
            {"prompt": "C\n\nQ", "completion": "A"},
        ),
        (
            {"question": "Q", "answer": "A", "label": False},
            "prompt-completion",
            {"prompt": "Q", "completion": "A", "label": False},
        ),
        (
            chat("u:Q", "a:A"),
            "sharegpt",
            {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        ),
        ({"conversations": [{"from": "bard", "value": "A"}]}, "messages", chat("a:A")),
        (
            {"messages": [{"role": "developer", "content": "S"}]},
            "sharegpt",
            {"conversations": [{"from": "developer", "value": "S"}]},
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": "Q"}]},
                    {"role": "assistant", "content": "A"},
                ]
            },
            "alpaca",
            {"instruction": "Q", "input": "", "output": "A"},
        ),
        (
            {
                "prompt": [{"role": "user", "content": "Q"}],
                "completion": [{"role": "assistant", "content": "A"}],
            },
            "messages",
            chat("u:Q", "a:A"),
        ),
        (
            {"messages": json.dumps(chat("u:Q", "a:A")["messages"])},
            "alpaca",
            {"instruction": "Q", "input": "", "output": "A"},
        ),
        (
            {"question": "Q", "chosen": "A", "rejected": "B"},
            "preference",
            {"prompt": "Q", "chosen": "A", "rejected": "B"},
        ),
        (
            {"prompt": "Q", "chosen_messages": [], "rejected_messages": []},
            "preference",
            {"prompt": "Q", "chosen": [], "rejected": []},
        ),
    ],
)
def test_the_conversation_is_carried_over(row: dict[str, Any], to: str, expected: dict[str, Any]) -> None:
    assert one(row, to) == (expected, "")


def test_other_fields_are_carried_over_in_their_place() -> None:
    row, _ = one({"id": 7, **ALPACA, "meta": {"a": [1, None]}, "url": "x"}, "messages")
    assert row is not None
    assert list(row) == ["id", "messages", "meta", "url"]
    assert (row["id"], row["meta"], row["url"]) == (7, {"a": [1, None]}, "x")


def test_fields_of_messages_are_carried_over_between_chats() -> None:
    row = chat("u:Q", "a:A")
    row["messages"][1] |= {"weight": 0, "name": "Ada"}
    there, _ = one(row, "sharegpt")
    assert there is not None
    assert there["conversations"][1] == {"from": "gpt", "value": "A", "weight": 0, "name": "Ada"}
    assert one(there, "messages") == (row, "")


def test_turns_of_one_role_are_merged_when_asked() -> None:
    row = chat("u:A", "u:B", "a:C", "a:D", "u:E", "a:F")
    assert one(row, "messages", merge=True)[0] == chat("u:A\n\nB", "a:C\n\nD", "u:E", "a:F")
    assert one(chat("u:A", "u:B", "a:C"), "alpaca", merge=True)[0] == {
        "instruction": "A\n\nB",
        "input": "",
        "output": "C",
    }
    assert one(chat("u:A", "u:B", "a:C"), "alpaca") == (None, "several prompts")


# What cannot be carried over.


CALL = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}],
}
IMAGE = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}
PARTS = {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}


@pytest.mark.parametrize(
    ("row", "to", "reason"),
    [
        ({"messages": [CALL]}, "alpaca", "a tool call"),
        ({"messages": [CALL]}, "sharegpt", "a tool call"),
        ({"messages": [IMAGE]}, "sharegpt", "a part that is no text"),
        ({"messages": [PARTS]}, "sharegpt", "content in several parts"),
        ({"messages": [{"role": "user", "content": 4}]}, "sharegpt", "content that is no text"),
        ({"messages": [{"role": "user"}]}, "sharegpt", "a message or an answer without content"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "sharegpt", "a role that is not known"),
        (
            {"messages": [{"role": "user", "content": "x", "value": "y"}]},
            "sharegpt",
            "a message with two roles or two texts",
        ),
        ({"messages": [{"role": "tool", "content": "x"}]}, "alpaca", "a tool's result"),
        (chat("s:S", "u:Q", "a:A"), "alpaca", "a system text"),
        (chat("s:S", "u:Q", "a:A"), "prompt-completion", "a system text"),
        (chat("u:Q", "a:A", "u:R", "a:B"), "prompt-completion", "several prompts"),
        (chat("u:Q", "a:A", "a:B"), "prompt-completion", "several answers"),
        (chat("a:A", "u:Q"), "alpaca", "an answer before its prompt"),
        (chat("u:Q"), "alpaca", "no answer"),
        (chat("a:A"), "alpaca", "no prompt"),
        (
            {
                "messages": [
                    {"role": "user", "content": "Q", "name": "Ada"},
                    {"role": "assistant", "content": "A"},
                ]
            },
            "alpaca",
            "fields of a message (name)",
        ),
        (
            {"messages": [{"role": "user", "content": None}, {"role": "assistant", "content": "A"}]},
            "alpaca",
            "content that is null",
        ),
        ({"prompt": "Q", "chosen": "A", "rejected": "B"}, "messages", "a rejected answer"),
        ({**ALPACA, "label": True}, "messages", "a label that says whether the answer is wanted"),
        ({"instruction": "Q"}, "messages", "a message or an answer without content"),
        (ALPACA, "preference", "no rejected answer"),
        ({"text": "T"}, "messages", "plain text, which has no prompt"),
        ({"text": "T"}, "preference", "plain text, which has no prompt"),
        ({"role": "user", "text": "T", "replies": []}, "messages", "a tree of replies"),
        ({"a": 1}, "messages", "a layout that is not known"),
        (
            {"instruction": "Q", "instances": [{"output": "A"}, {"output": "B"}]},
            "messages",
            "several instances of one task",
        ),
        (
            {"instruction": "Q", "instances": [{"output": "A", "n": 1}]},
            "alpaca",
            "an instance with fields of its own",
        ),
        (
            {"question": "Q", "answers": {"text": ["A", "B"]}},
            "messages",
            "a field of which only a part is read ('answers')",
        ),
        (
            {**ALPACA, "messages": None},
            "messages",
            "a field of its own under a name that the target needs ('messages')",
        ),
        ({"prompt": "Q", "chosen": "A"}, "preference", "only one of the two answers"),
        (
            {"prompt": "Q", "chosen_messages": [], "rejected_messages": [], "rejected": False},
            "preference",
            "a field of its own under a name that the target needs",
        ),
    ],
)
def test_what_cannot_be_carried_over_says_why(row: dict[str, Any], to: str, reason: str) -> None:
    assert one(row, to) == (None, reason)


@pytest.mark.parametrize("to", LAYOUTS)
@pytest.mark.parametrize(
    ("row", "layout"),
    [
        ({"instruction": "Q", "input": "", "output": None}, "alpaca"),
        ({"question": "Q", "answer": None}, ""),
        ({"question": None, "answer": "A"}, ""),
        ({"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": None}]}, "sharegpt"),
        (
            {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": None}]},
            "messages",
        ),
        ({"prompt": "Q", "chosen_messages": None, "rejected_messages": "B"}, ""),
    ],
)
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_null_content_is_set_aside_whatever_the_layout(
    tmp_path: Path, row: dict[str, Any], layout: str, suffix: str, to: str
) -> None:
    path, out = tmp_path / f"in.{suffix}", tmp_path / "out.jsonl"
    if suffix == "jsonl":
        write(path, row)
    else:
        pl.DataFrame([row]).write_parquet(path)
    done = convert(path, to=to, out=out)
    assert (done.copied, done.written, done.aside) == ((1, 1, 0) if to == layout else (0, 0, 1))
    assert to == layout or read(tmp_path / "out.jsonl.rest.jsonl") == [row]


def test_a_run_that_writes_nothing_exits_1_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", {"text": "T"})
    result = run(path, "--to", "messages", "-o", tmp_path / "out.jsonl")
    assert result.return_value == 1
    assert "1 row in = 0 written + 1 set aside + 0 quarantined" in result.output
    assert "No row was written: none can be carried over to messages." in result.output
    write(path, ALPACA)
    result = run(path, "--to", "messages", "-o", tmp_path / "out.jsonl", "--force")
    assert result.return_value == 0
    assert "No row was written" not in result.output


# There and back.


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ROLES = st.sampled_from(["system", "user", "assistant", "tool"])
MESSAGES = st.lists(st.fixed_dictionaries({"role": ROLES, "content": TEXTS}), min_size=1, max_size=5)
OTHERS = st.dictionaries(st.sampled_from(["id", "source", "note", "meta"]), st.none() | st.integers() | TEXTS)
PROMPTED = st.tuples(TEXTS.filter(bool), TEXTS.filter(bool))


def there_and_back(row: dict[str, Any], to: str, back: str) -> None:
    there, reason = one(row, to)
    assert there is not None, reason
    turns = Turns()
    assert read_layout(there, turns)[0] == to
    assert one(there, back) == (row, "")


@settings(max_examples=200, deadline=None)
@given(messages=MESSAGES, others=OTHERS)
def test_messages_to_sharegpt_and_back(messages: list[dict[str, Any]], others: dict[str, Any]) -> None:
    there_and_back({**others, "messages": messages}, "sharegpt", "messages")


@settings(max_examples=200, deadline=None)
@given(messages=MESSAGES, others=OTHERS)
def test_sharegpt_to_messages_and_back(messages: list[dict[str, Any]], others: dict[str, Any]) -> None:
    names = {"user": "human", "assistant": "gpt"}
    turns = [{"from": names.get(m["role"], m["role"]), "value": m["content"]} for m in messages]
    there_and_back({**others, "conversations": turns}, "messages", "sharegpt")


@settings(max_examples=100, deadline=None)
@given(pair=PROMPTED, others=OTHERS, to=st.sampled_from(["messages", "sharegpt", "prompt-completion"]))
def test_alpaca_there_and_back(pair: tuple[str, str], others: dict[str, Any], to: str) -> None:
    there_and_back({**others, "instruction": pair[0], "input": "", "output": pair[1]}, to, "alpaca")


@settings(max_examples=100, deadline=None)
@given(messages=MESSAGES, to=st.sampled_from(TARGETS), merge=st.booleans())
def test_a_rendered_row_is_read_as_what_it_says(messages: list[dict[str, Any]], to: str, merge: bool) -> None:
    turns = Turns()
    row = {"messages": messages}
    read_layout(row, turns)
    made = render(row, "messages", [Turn(*cells) for cells in turns.frame().iter_rows()], to, merge=merge)
    assert bool(made.reason) == (made.row is None)
    if made.row is not None:
        again = Turns()
        assert read_layout(made.row, again)[0] == to
        assert says_of([Turn(*cells) for cells in again.frame().iter_rows()]) == made.says


# The command.


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ALPACA, chat("u:Q", "a:A"), {"text": "T"}, {**ALPACA, "input": "§"})
    with path.open("ab") as handle:
        handle.write(b'{"instruction": "a", "instruction": "b", "output": "c"}\n{"cut')
    out = tmp_path / "out.jsonl"
    said = run(path, "--to", "messages", "-o", out).output
    assert "6 rows in = 3 written + 2 set aside + 1 quarantined" in said
    assert "1  copied: in the layout messages already" in said
    assert "1  context and prompt joined by a blank line" in said
    assert "1  set aside: plain text, which has no prompt" in said
    assert "1  set aside: a key that occurs twice" in said
    assert [len(row["messages"]) for row in read(out)] == [2, 2, 2]
    rest = tmp_path / "out.jsonl.rest.jsonl"
    assert rest.read_bytes().splitlines() == [path.read_bytes().splitlines()[at] for at in (2, 4)]
    assert str(rest) in said
    assert "The landlord" not in said


def test_rows_that_are_in_the_layout_are_copied_byte_for_byte(tmp_path: Path) -> None:
    data = b' {"messages" : [{"role":"user","content":"\\u00e9"}], "n": 1.50}\n{"messages":[]}\n'
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(data)
    run(path, "--to", "messages", "-o", out)
    assert out.read_bytes() == data
    assert sorted(file.name for file in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_roles_get_the_names_of_the_layout(tmp_path: Path) -> None:
    odd = {
        "id": 7,
        "messages": [{"role": "human", "content": "Hi", "x": 1}, {"role": "bot", "content": "Yes."}],
    }
    keyed = {"messages": [{"speaker": "User", "text": "Hi"}, {"speaker": "model", "text": "Yes."}]}
    call = {"role": "bot", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}
    kept = chat("u:Hi  there", "a:Yes.")
    source = write(tmp_path / "in.jsonl", odd, keyed, kept)
    raw = source.read_bytes() + b'{ "messages": [{"role": "user","content":"Hi"}]}\n'
    source.write_bytes(raw + json.dumps({"messages": [{"role": "user", "content": "Hi"}, call]}).encode())
    done = convert(source, to="messages", out=tmp_path / "out.jsonl")
    assert (done.written, done.copied, done.aside) == (5, 2, 0)
    made = read(tmp_path / "out.jsonl")
    assert made[0] == {
        "id": 7,
        "messages": [{"role": "user", "content": "Hi", "x": 1}, {"role": "assistant", "content": "Yes."}],
    }
    assert made[1] == chat("u:Hi", "a:Yes.")
    assert made[4]["messages"][1] == {**call, "role": "assistant"}
    assert (tmp_path / "out.jsonl").read_bytes().splitlines()[2:4] == raw.splitlines()[2:4]


def test_roles_of_sharegpt_too_but_not_the_names_of_tools(tmp_path: Path) -> None:
    turns = [("user", "Hi"), ("observation", "9"), ("assistant", "Yes."), ("Dr. Watson", "No.")]
    row = {"conversations": [{"from": role, "value": text} for role, text in turns]}
    convert(write(tmp_path / "in.jsonl", row), to="sharegpt", out=tmp_path / "out.jsonl")
    roles = [one["from"] for one in read(tmp_path / "out.jsonl")[0]["conversations"]]
    assert roles == ["human", "observation", "gpt", "Dr. Watson"]


def test_merging_applies_to_rows_that_are_in_the_layout(tmp_path: Path) -> None:
    path, out = (
        write(tmp_path / "in.jsonl", chat("u:A", "u:B", "a:C"), chat("u:D", "a:E")),
        tmp_path / "out.jsonl",
    )
    run(path, "--to", "messages", "--merge-turns", "-o", out)
    assert read(out) == [chat("u:A\n\nB", "a:C"), chat("u:D", "a:E")]


def test_indented_rows_become_lines_and_keys_become_ids(tmp_path: Path) -> None:
    path, out = tmp_path / "in.json", tmp_path / "out.jsonl"
    rows = {"k1": {"messages": []}, "k2": {**ALPACA, "id": "other"}, "k3": ALPACA}
    path.write_text(json.dumps(rows, indent=2), "utf-8")
    said = run(path, "--to", "messages", "-o", out).output
    assert [row["id"] for row in read(out)] == ["k1", "k3"]
    assert "1  set aside: a key in the file besides an id of its own" in said
    path.write_text(json.dumps([chat("u:Q"), {"text": "a\nb", "n": [1, 2]}], indent=2), "utf-8")
    run(path, "--to", "messages", "-o", out, "--force")
    assert read(out) == [chat("u:Q")]
    assert read(tmp_path / "out.jsonl.rest.jsonl") == [{"text": "a\nb", "n": [1, 2]}]


def test_tables_and_csv_are_read_too(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    path.write_bytes('id;question;answer\n1;"a;café";b\n'.encode("cp1252"))
    table = tmp_path / "in.parquet"
    pl.DataFrame([{**chat("u:Q", "a:A"), "n": 1}]).write_parquet(table)
    run(path, table, "--to", "alpaca", "-o", out, "--rest", tmp_path / "rest.jsonl")
    assert read(out) == [
        {"id": "1", "instruction": "a;café", "input": "", "output": "b"},
        {"instruction": "Q", "input": "", "output": "A", "n": 1},
    ]


def test_fields_that_would_change_how_a_row_is_read_set_it_aside(tmp_path: Path) -> None:
    path, out = write(tmp_path / "in.jsonl", chat("u:Q", "a:A", system_prompt="S")), tmp_path / "out.jsonl"
    path.write_bytes(json.dumps({**ALPACA, "context": "C"}).encode() + b"\n")
    said = run(path, "--to", "prompt-completion", "-o", out).output
    assert "set aside: other fields that would change how the row is read" in said
    assert not out.read_bytes()


def test_inputs_and_other_files_are_not_overwritten(tmp_path: Path) -> None:
    path, other = write(tmp_path / "in.jsonl", ALPACA), write(tmp_path / "other.jsonl", ALPACA)
    for words in (("-o", path, "--force"), ("-o", other), ("-o", tmp_path / "x", "--rest", path, "--force")):
        with pytest.raises(UsageError):
            run(path, "--to", "messages", *words)
    assert read(path) == read(other) == [ALPACA]


def test_the_command_offers_all_layouts_that_can_be_written() -> None:
    assert LAYOUTS == TARGETS
    assert set(TARGETS) == set(FIELDS)


@pytest.mark.skipif(
    not os.environ.get("CURATE_TEST_DATA"), reason="needs the public data: set CURATE_TEST_DATA"
)
def test_real_conversations_come_back(real_data: Path, tmp_path: Path) -> None:
    path, there, back = (
        real_data / "fastchat" / "dummy_conversation.json",
        tmp_path / "1.jsonl",
        tmp_path / "2.jsonl",
    )
    done = convert(path, to="messages", out=there)
    assert (done.written, done.aside, done.quarantined) == (done.rows, 0, 0)
    convert(there, to="sharegpt", out=back)
    assert read(back) == json.loads(path.read_bytes())
