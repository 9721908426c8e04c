"""The whole ``curate fix`` on public data: a second run changes nothing, and code and worked answers stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.core.fix_plan import FixPlan
from curate.core.ledger import read_ledger, restore
from curate.core.plan import Plan
from curate.engines.repairing import Fixed, fix
from curate.formats.sources import Source
from curate.formats.stream import blocks

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "medquad/medquad_health.jsonl": 250,
    "openassistant/en_100_message.jsonl": 150,
    "selfinstruct/seed_tasks.jsonl": 175,
    "llamafactory/v1_dpo_demo.jsonl": 50,
    "llamafactory/reason_tool_use_demo_50.jsonl": 20,
    "llamafactory/c4_demo.jsonl": 60,
}
"""A file of each kind, and how many of its rows are taken."""


def head_of(path: Path, rows: int, out: Path) -> Path:
    with path.open("rb") as handle:
        out.write_bytes(b"".join(line for line, _ in zip(handle, range(rows), strict=False)))
    return out


def fixed(path: Path, out: Path, plan: Plan) -> Fixed:
    done = fix(path, out=out, plan=plan, force=True)
    assert done.ledger is not None
    assert restore(read_ledger(done.ledger), out.read_bytes()) == path.read_bytes()
    return done


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("unsafe", [False, True])
def test_a_second_fix_changes_nothing(real_data: Path, tmp_path: Path, name: str, unsafe: bool) -> None:
    path = head_of(real_data / name, FILES[name], tmp_path / "in.jsonl")
    plan = Plan(fix=FixPlan(unsafe=("all",) if unsafe else ()))
    done = fixed(path, tmp_path / "out.jsonl", plan)
    again = fixed(tmp_path / "out.jsonl", tmp_path / "again.jsonl", plan)
    assert again.edits == ()
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()
    assert again.suggestions == done.suggestions


def test_code_stays_byte_for_byte(real_data: Path, tmp_path: Path) -> None:
    source = real_data / "humaneval" / "HumanEval.jsonl.gz"
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"".join(blocks(Source(str(source), source))))
    done = fixed(path, tmp_path / "out.jsonl", Plan())
    assert done.edits == ()
    assert (tmp_path / "out.jsonl").read_bytes() == path.read_bytes()


def test_worked_answers_stay(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "gsm8k" / "test.jsonl"
    done = fixed(path, tmp_path / "out.jsonl", Plan(fix=FixPlan(only=("grammar",), unsafe=("all",))))
    assert done.edits == ()
    assert {lock for _, lock, _, _ in done.suggestions} <= {"protected: maths", "copy"}
    done = fixed(path, tmp_path / "out.jsonl", Plan())
    assert {name.partition(".")[0] for name, *_ in done.edits} <= {"text"}
    before, after = (
        [json.loads(line) for line in one.read_text("utf-8").split("\n") if line]
        for one in (path, tmp_path / "out.jsonl")
    )
    digits = [["".join(filter(str.isdigit, row["answer"])) for row in rows] for rows in (before, after)]
    assert digits[0] == digits[1]
