"""Rows of any layout as examples, and the gate's word on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from curate_train.examples import Turn, read_dataset

from curate.core.errors import UnreadableError, UsageError
from curate.core.plan import Plan
from curate.core.run_plan import RunPlan

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    {
        "instruction": f"Sum up clause {n} of the lease.",
        "input": f"Clause {n}: rent is {n} pounds.",
        "output": f"Pay {n}.",
    }
    for n in range(10, 40)
]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder whose data passed its gate."""
    from curate.api import run as run_steps  # noqa: PLC0415 (loads much)

    run_steps(
        write(tmp_path / "raw.jsonl", ROWS), out=tmp_path / "out", plan=Plan(run=RunPlan(steps=("drop",)))
    )
    return tmp_path / "out"


def test_a_run_that_passed_is_read_with_its_keys(run: Path) -> None:
    data = read_dataset(run)
    lock = json.loads((run / "curate.lock.json").read_text("utf-8"))
    assert (data.verdict, data.forced, data.lock) == ("fit", False, run / "curate.lock.json")
    assert [one.key for one in data.examples] == [row[0] for row in lock["rows"]]
    assert data.files[0].sha256 == next(one["sha256"] for one in lock["outputs"] if one["kind"] == "clean")
    assert read_dataset(run / "clean.jsonl").sha256 == data.sha256


def test_instruction_and_input_are_one_turn_apart_by_a_blank_line(run: Path) -> None:
    first = read_dataset(run).examples[0]
    assert first.turns == (
        Turn("user", "Sum up clause 10 of the lease.\n\nClause 10: rent is 10 pounds.", trained=False),
        Turn("assistant", "Pay 10.", trained=True),
    )
    assert first.where == f"{run / 'clean.jsonl'}:1"
    assert first.answer == "Pay 10."


def test_data_that_no_gate_saw_is_refused_unless_forced(tmp_path: Path) -> None:
    path = write(tmp_path / "raw.jsonl", ROWS)
    with pytest.raises(UsageError, match="no gate has seen this data") as caught:
        read_dataset(path)
    assert "curate run" in caught.value.hint
    forced = read_dataset(path, force=True)
    assert (forced.verdict, forced.forced, len(forced.examples)) == ("missing", True, len(ROWS))


def test_a_file_beside_the_lock_that_it_does_not_name_is_refused(run: Path) -> None:
    with pytest.raises(UsageError, match="no gate has seen"):
        read_dataset(write(run / "more.jsonl", ROWS))


def test_data_that_was_changed_since_is_stale(run: Path) -> None:
    with (run / "clean.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(ROWS[0]) + "\n")
    with pytest.raises(UsageError, match=r"clean\.jsonl was changed since the run"):
        read_dataset(run)
    assert read_dataset(run, force=True).verdict == "stale"


def test_data_that_failed_is_refused(run: Path) -> None:
    path = run / "curate.lock.json"
    path.write_text(path.read_text("utf-8").replace('"status": "fit"', '"status": "unfit"'), "utf-8")
    with pytest.raises(UsageError, match="did not pass its gate"):
        read_dataset(run)
    assert read_dataset(run, force=True).verdict == "unfit"


def test_a_split_is_what_the_lock_says(tmp_path: Path) -> None:
    from curate.api import run as run_steps  # noqa: PLC0415 (loads much)
    from curate.core.run_plan import SplitPlan  # noqa: PLC0415 (the same)

    raw = write(tmp_path / "raw.jsonl", ROWS)
    plan = Plan(run=RunPlan(steps=("drop",), split=SplitPlan("8/1/1")))
    run_steps(raw, out=tmp_path / "out", plan=plan)
    whole = read_dataset(tmp_path / "out")
    parts = {name: read_dataset(tmp_path / "out", split=name) for name in whole.splits}
    assert sum(len(one.examples) for one in parts.values()) == len(whole.examples)
    keys = [{example.key for example in one.examples} for one in parts.values()]
    assert not set.intersection(*keys)
    with pytest.raises(UsageError, match="there is no split 'trian'"):
        read_dataset(tmp_path / "out", split="trian")


def test_a_split_without_a_lock_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing says which rows"):
        read_dataset(write(tmp_path / "raw.jsonl", ROWS), split="train", force=True)


def test_what_makes_no_example_is_counted_with_its_reason(tmp_path: Path) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    rows: list[dict[str, object]] = [
        {"messages": [{"role": "user", "content": "Hi."}]},
        {"messages": [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": " "}]},
        {
            "messages": [
                {"role": "user", "content": "Hi."},
                {"role": "assistant", "content": None, "tool_calls": [call]},
            ]
        },
        {"messages": [{"role": "narrator", "content": "Hi."}, {"role": "assistant", "content": "Yes."}]},
        {"prompt": "Hi.", "chosen": "Yes.", "rejected": "No."},
    ]
    path = write(tmp_path / "raw.jsonl", rows)
    with path.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    data = read_dataset(path, force=True)
    assert [one.answer for one in data.examples] == ["Yes."]
    reasons = [(one.where.rpartition(":")[2], one.reason.partition(":")[0]) for one in data.unusable]
    assert sorted(reasons) == [
        ("1", "has no answer to learn"),
        ("2", "has an empty answer"),
        ("3", "holds a call of a tool, which no plain text stands for"),
        ("4", "has a turn whose role is unknown"),
        ("6", "cannot be read"),
    ]


def test_answers_with_weight_zero_and_pieces_of_content(tmp_path: Path) -> None:
    pieces = [{"type": "text", "text": "One "}, {"type": "text", "text": "text."}]
    said = [
        {"role": "user", "content": pieces},
        {"role": "assistant", "content": "a", "weight": 0},
        {"role": "user", "content": "And?"},
        {"role": "assistant", "content": "b"},
    ]
    (one,) = read_dataset(write(tmp_path / "raw.jsonl", [{"messages": said}]), force=True).examples
    assert one.turns[0].content == "One text."
    assert [turn.trained for turn in one.turns] == [False, False, False, True]


def test_copies_have_keys_of_their_own(tmp_path: Path) -> None:
    first, second = read_dataset(write(tmp_path / "raw.jsonl", [ROWS[0]] * 2), force=True).examples
    assert second.key == f"{first.key}.2"


def test_a_path_that_is_not_there_is_told() -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        read_dataset("nowhere.jsonl")
