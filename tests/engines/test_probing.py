"""What a probe says is what an independent count finds; a blind gate is called one."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from curate.cli.probe import command
from curate.core.errors import UnreadableError
from curate.core.plan import Budget, Plan
from curate.engines.planting import FAULTS
from curate.engines.probing import BUDGET, OFF, probe

if TYPE_CHECKING:
    from curate.engines.probing import Probed, Seen

DATA = Path(__file__).parents[2] / "data"
PLAN = Plan(workers=1, show_text=False)


def seen(done: Probed) -> dict[str, Seen]:
    return {one.check: one for one in done.seen}


def recount(folder: Path) -> Counter[str]:
    """Planted lines that ``curate check --findings`` names under the right check, counted without the probe."""
    found = folder / "found.jsonl"
    curate = [sys.executable, "-c", "from curate.cli.main import main; main()"]
    subprocess.run(
        [*curate, "check", str(folder / "probe.jsonl"), "--findings", str(found), "--json", "--quiet"],
        capture_output=True,
        check=False,
    )
    lines = [json.loads(line) for line in found.read_text().splitlines()]
    places = {(line["check"], line["line"]) for line in lines}
    keys = {(line["check"], line["related"]) for line in lines if line["related"]}
    rows = {line["key"]: line["line"] for line in lines}
    places |= {(check, rows[key]) for check, key in keys if key in rows}
    planted = list(csv.DictReader((folder / "planted.csv").read_text().splitlines()))
    return Counter(one["check"] for one in planted if (one["check"], int(one["line"])) in places)


@pytest.mark.parametrize("name", ["contracts.jsonl", "support_chats.jsonl", "preferences.jsonl"])
def test_the_count_is_right(tmp_path: Path, name: str) -> None:
    done = probe(str(DATA / name), plan=PLAN, count=5, seed=3, keep=tmp_path)
    counted = recount(tmp_path)
    for one in done.seen:
        assert one.planted == 5
        if one.check not in ("quarantine", "duplicate.exact", "duplicate.conflict"):
            assert one.found == counted[one.check], one


def test_certain_faults_are_all_seen() -> None:
    done = seen(probe(str(DATA / "contracts.jsonl"), plan=PLAN, count=5))
    for check in (
        "template.leaked-token",
        "schema.empty-answer",
        "answer.refusal",
        "duplicate.exact",
        "quarantine",
    ):
        assert done[check].found == 5, check


def test_a_check_that_is_off_is_blind() -> None:
    done = seen(probe(str(DATA / "contracts.jsonl"), plan=replace(PLAN, ignore=("answer.refusal",)), count=3))
    assert done["answer.refusal"].gate == OFF
    assert done["answer.refusal"].is_blind
    assert not done["answer.echo"].is_blind


def test_a_budget_that_swallows_is_blind() -> None:
    plan = replace(PLAN, budget={"answer.echo": Budget(count=1000)})
    done = seen(probe(str(DATA / "contracts.jsonl"), plan=plan, count=3))
    assert done["answer.echo"].gate == BUDGET
    assert done["answer.echo"].is_blind


def test_the_same_seed_gives_the_same() -> None:
    one, two = (probe(str(DATA / "preferences.jsonl"), plan=PLAN, count=2, seed=5) for _ in range(2))
    assert one == two


def test_every_fault_names_a_check_that_there_is() -> None:
    from curate.engines.registry import load_checks  # noqa: PLC0415 (slow to import)

    names = {check.name for check in load_checks(Plan())} | {"quarantine"}
    assert {fault.check for fault in FAULTS} <= names


def test_the_command_says_which_are_blind(tmp_path: Path) -> None:
    flags = [str(DATA / "contracts.jsonl"), "--count", "2", "--ignore", "answer.refusal", "--quiet"]
    done = CliRunner().invoke(command, flags, standalone_mode=False)
    assert done.return_value == 1
    assert "blind: off" in done.output
    told = json.loads(CliRunner().invoke(command, [*flags, "--json"], standalone_mode=False).output)
    assert {"a refusal"} <= {one["fault"] for one in told["faults"] if one["blind"]}
    assert not list(tmp_path.iterdir())


def test_nothing_to_spoil_is_told(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "Once upon a time there was a house by the river."}\n')
    with pytest.raises(UnreadableError, match="no row has a prompt"):
        probe(str(path), plan=PLAN)
