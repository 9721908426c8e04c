"""``convert --merge-turns``: what becomes one turn, what stays two and why, and that nothing is lost on the way."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.api import report
from curate.cli.main import cli
from curate.core.errors import UsageError
from curate.engines.converting import convert
from curate.formats.layouts import Turns, read_layout
from curate.formats.layouts.merge import (
    ELSEWHERE,
    EMPTY,
    LATE,
    NO_TEXT,
    OTHER_NAMES,
    Merged,
    gist,
    merge_turns,
)
from curate.formats.layouts.render import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK = "schema.same-role-twice"
ROLES = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}


def said(*turns: str) -> list[dict[str, Any]]:
    return [{"role": ROLES[turn[0]], "content": turn[2:]} for turn in turns]


def turns_of(row: dict[str, Any]) -> tuple[str, list[Turn]]:
    turns = Turns()
    layout, _ = read_layout(row, turns)
    return layout, [Turn(*cells) for cells in turns.frame().iter_rows()]


def merged(row: dict[str, Any]) -> Merged:
    return merge_turns(row, *turns_of(row))


def run(command: str) -> str:
    return (
        CliRunner()
        .invoke(cli, shlex.split(command)[1:], standalone_mode=False, catch_exceptions=False)
        .output
    )


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


CALL = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}],
}
PARTS = {"role": "user", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "c"}]}


def test_runs_of_each_side_become_one_turn_and_all_else_stays() -> None:
    row = {"id": 7, "messages": said("s:A", "s:B", "u:C", "u:D", "u:E", "a:F", "a:G", "u:H", "a:I"), "n": [1]}
    assert merged(row) == (
        {"id": 7, "messages": said("s:A\n\nB", "u:C\n\nD\n\nE", "a:F\n\nG", "u:H", "a:I"), "n": [1]},
        4,
        (),
    )


def test_fields_that_both_have_stay_and_those_that_differ_keep_them_apart() -> None:
    ada = [{**one, "name": "Ada"} for one in said("u:A", "u:B")]
    made = merged({"messages": [*ada, *said("a:C")]})
    assert made.row["messages"][0] == {"role": "user", "content": "A\n\nB", "name": "Ada"}
    ada[1]["name"] = "Bob"
    row = {"messages": [*ada, {**said("a:C")[0], "weight": 0}, {**said("a:D")[0], "weight": 1, "id": "x"}]}
    assert merged(row) == (
        row,
        0,
        ("their other fields differ (name)", "their other fields differ (weight, id)"),
    )


@pytest.mark.parametrize(
    ("messages", "reasons"),
    [
        ([*said("u:A"), CALL, CALL, *said("t:1", "t:2", "a:B")], ()),
        ([*said("u:A", "a:Let me look."), CALL, *said("t:1", "a:B")], ()),
        ([*said("u:A"), PARTS, *said("a:B")], (NO_TEXT,)),
        ([PARTS, *said("a:B")], ()),
        (said("u:A", "u: ", "a:B"), (EMPTY,)),
        (said("u:A", "s:B", "s:C", "a:D"), (LATE,)),
        ([*said("s:A"), {"role": "developer", "content": "B"}, *said("u:C")], (OTHER_NAMES,)),
        ([*said("u:A"), {"role": "user", "content": None}, *said("a:B")], (NO_TEXT,)),
    ],
)
def test_what_stays_apart(messages: list[dict[str, Any]], reasons: tuple[str, ...]) -> None:
    row = {"messages": messages}
    assert merged(row) == (row, 0, reasons)


def test_a_system_text_in_a_field_of_its_own_stays_apart() -> None:
    row = {"system": "A", "messages": said("s:B", "u:C", "a:D")}
    assert merged(row) == (row, 0, (ELSEWHERE,))


def test_a_list_that_is_written_as_a_text_stays_one() -> None:
    made = merged({"messages": json.dumps(said("u:Ä", "u:B", "a:C"))})
    assert json.loads(made.row["messages"]) == said("u:Ä\n\nB", "a:C")


def test_both_sides_of_a_pair_keep_the_same_prompt() -> None:
    row = {"chosen": said("u:A", "u:B", "a:C"), "rejected": said("u:A", "u:B", "a:D")}
    assert merged(row).row == {"chosen": said("u:A\n\nB", "a:C"), "rejected": said("u:A\n\nB", "a:D")}
    row = {"chosen": said("u:A", "a:C", "a:D"), "rejected": said("u:A", "a:E")}
    assert merged(row).row == {"chosen": said("u:A", "a:C\n\nD"), "rejected": said("u:A", "a:E")}
    row = {"prompt": said("u:A", "u:B"), "chosen": said("u:A", "a:C", "a:D"), "rejected": said("a:E")}
    assert merged(row).row == {**row, "prompt": said("u:A\n\nB")}


MESSAGE = st.builds(
    lambda role, content, extra: {"role": role, "content": content, **extra},
    st.sampled_from(["system", "user", "assistant", "tool", "developer", "Human"]),
    st.sampled_from(["A", "B\n", "", None, 4, [{"type": "text", "text": "p"}]]),
    st.sampled_from([{}, {}, {"name": "x"}, {"weight": 0}]),
)


@settings(max_examples=300, deadline=None)
@given(messages=st.lists(MESSAGE, min_size=1, max_size=7))
def test_a_conversation_says_the_same_and_a_second_time_changes_nothing(
    messages: list[dict[str, Any]],
) -> None:
    row = {"messages": messages}
    made = merged(row)
    assert gist(turns_of(made.row)[1]) == gist(turns_of(row)[1])
    assert len(made.row["messages"]) == len(messages) - made.joined
    again = merged(made.row)
    assert (again.row, again.joined) == (made.row, 0)
    assert sorted(again.left) == sorted(made.left)


# The command.

TWICE = said("u:Who repairs the roof?", "u:And the walls?", "a:The landlord.")
HUMAN = {"user": "human", "assistant": "gpt"}
SHAREGPT = [{"from": HUMAN[one["role"]], "value": one["content"]} for one in TWICE]
PAIR = {"prompt": TWICE[:2], "chosen": "The landlord repairs both.", "rejected": "It depends on the lease."}
COMMENTS = (
    "ticket,author,comment\n"
    "A,customer,The roof leaks.\nA,customer,It is the north side.\nA,agent,A roofer comes today.\n"
)
GROUP = "--map text=comment --group-by ticket --role-from author"


@pytest.mark.parametrize(
    ("name", "make", "options"),
    [
        ("my chats.jsonl", lambda path: write(path, [{"messages": TWICE, "id": 1.5}]), ""),
        ("s.jsonl", lambda path: write(path, [{"conversations": SHAREGPT}]), ""),
        ("p.jsonl", lambda path: write(path, [PAIR]), ""),
        ("t.parquet", lambda path: pl.DataFrame({"messages": [TWICE]}).write_parquet(path), ""),
        ("c.csv", lambda path: path.write_text(COMMENTS), GROUP),
    ],
)
def test_the_printed_command_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[Path], object], options: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path(name))
    asked = f"curate report {shlex.quote(name)} {options} -q --json"
    (problem,) = (one for one in json.loads(run(asked))["problems"] if one["check"] == CHECK)
    assert problem["severity"] == "warning"
    assert not problem["blocks"]
    command = problem["command"]
    assert command in problem["mend"]
    told = run(command + " -q")
    assert "1  merged: 1 turn joined to the one before" in told
    assert "1 row in = 1 written + 0 set aside + 0 quarantined" in told
    out = shlex.split(command)[-1]
    found = report(out)
    assert found.rows.kept == 1
    assert CHECK not in {one.check for one in found.problems}
    assert set(found.files[0].layouts) == {json_layout(name)}


def json_layout(name: str) -> str:
    return {"s.jsonl": "sharegpt", "p.jsonl": "preference"}.get(name, "messages")


def test_the_account_tells_what_was_merged_and_what_was_not(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    named = [{**one, "name": name} for one, name in zip(TWICE[:2], ("Ada", "Bob"), strict=True)]
    rows = [
        {"messages": TWICE},
        {"messages": said("u:A", "a:B")},
        {"messages": [*named, TWICE[2]]},
        {"messages": said("u:A", "u:B", "u:C", "a:D", "a:E")},
    ]
    write(path, rows)
    done = convert(str(path), out=out, merge_turns=True)
    assert (done.rows, done.written, done.copied, done.aside) == (4, 4, 2, 0)
    assert (done.merged, done.merged_turns) == (2, 4)
    assert done.unmerged == (("their other fields differ (name)", 1),)
    assert read(out)[1:3] == rows[1:3]
    told = re.sub(" +", " ", run(f"curate convert {path} --merge-turns -o {out} --force -q"))
    assert "2 copied: as they stand" in told
    assert "2 merged: 4 turns joined to the one before" in told
    assert "1 left apart, turns of one side: their other fields differ (name)" in told
    with pytest.raises(UsageError, match="nothing to do"):
        convert(str(path), out=out)


def test_a_row_that_cannot_be_written_anew_is_set_aside_only_if_it_must_be(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    twice = json.dumps({"messages": TWICE})[:-1] + ', "n": 1, "n": 2}\n'
    once = json.dumps({"messages": TWICE[1:]})[:-1] + ', "n": 1, "n": 2}\n'
    path.write_text(twice + once)
    done = convert(str(path), to="messages", out=out, merge_turns=True)
    assert (done.written, done.reasons) == (1, (("a key that occurs twice", 1),))
    assert out.read_text() == once


def test_tool_calls_survive_the_merge(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rest = [CALL, {"role": "tool", "tool_call_id": "1", "content": "9:00"}, *said("a:Nine.")]
    write(path, [{"messages": [*TWICE[:2], *rest]}])
    assert convert(str(path), to="messages", out=out, merge_turns=True).merged_turns == 1
    assert read(out)[0]["messages"][1:] == rest


def test_merging_while_the_layout_changes(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write(path, [{"conversations": SHAREGPT}])
    for to, expected in (
        ("messages", {"messages": said("u:Who repairs the roof?\n\nAnd the walls?", "a:The landlord.")}),
        (
            "prompt-completion",
            {"prompt": "Who repairs the roof?\n\nAnd the walls?", "completion": "The landlord."},
        ),
    ):
        done = convert(str(path), to=to, out=out, merge_turns=True, force=True)
        assert (done.merged, done.merged_turns) == (1, 1)
        assert read(out) == [expected]
