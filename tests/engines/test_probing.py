"""What a probe says is what an independent count finds; a blind gate is called one."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from curate.api import report
from curate.cli.options import make_mapping
from curate.cli.probe import command
from curate.core.errors import UnreadableError
from curate.core.plan import Budget, Plan
from curate.core.policy import Waiver
from curate.core.table_map import TableMap, read_map
from curate.engines.planting_faults import FAULTS
from curate.engines.probing import BLOCKS, OFF, PASSES, WARNS, probe

if TYPE_CHECKING:
    from curate.engines.probing import Probed, Seen

DATA = Path(__file__).parents[2] / "data"
PLAN = Plan(workers=1, show_text=False)
CURATE = [sys.executable, "-c", "from curate.cli.main import main; main()"]
TICKETS = TableMap(read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID"))
COMMENTS = {
    **dict.fromkeys(("roles", "left_out"), ()),
    "columns": "text=comment",
    "group_by": "ticket",
    "order_by": "created",
    "role_from": "author",
}


def seen(done: Probed) -> dict[str, Seen]:
    """By fault."""
    return {one.fault: one for one in done.seen}


def of(done: Probed, check: str) -> Seen:
    """The first fault that a check must see."""
    return next(one for one in done.seen if one.check == check)


def recount(folder: Path, name: str, *options: str) -> Counter[str]:
    """Planted rows whose lines ``curate check --findings`` names under the right check, counted without the probe."""
    found = folder / "found.jsonl"
    done = subprocess.run(
        [*CURATE, "check", str(folder / name), "--findings", str(found), "--json", "--quiet", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    places = {(line["check"], line["line"]) for line in map(json.loads, found.read_text().splitlines())}
    places |= {("quarantine", one["line"]) for one in json.loads(done.stdout)["quarantine"]}
    planted = list(csv.DictReader((folder / "planted.csv").read_text().splitlines()))
    return Counter(
        one["fault"]
        for one in planted
        if any((one["check"], at) in places for at in range(int(one["line"]), int(one["last_line"]) + 1))
    )


@pytest.mark.parametrize("name", ["contracts.jsonl", "support_chats.jsonl", "preferences.jsonl"])
def test_the_count_is_right(tmp_path: Path, name: str) -> None:
    done = probe(str(DATA / name), plan=PLAN, count=5, seed=3, keep=tmp_path)
    counted = recount(tmp_path, name)
    assert {one.planted for one in done.seen} == {5}
    assert {one.fault: one.found for one in done.seen} == {one.fault: counted[one.fault] for one in done.seen}


def test_mapped_tables_are_probed(tmp_path: Path) -> None:
    done = probe(str(DATA / "tickets.csv"), plan=replace(PLAN, mapping=TICKETS), count=4, keep=tmp_path)
    counted = recount(
        tmp_path, "tickets.csv.jsonl", "--map", "user=Subject+Description,assistant=Resolution,id=Ticket ID"
    )
    assert {one.fault: one.found for one in done.seen} == {one.fault: counted[one.fault] for one in done.seen}
    assert of(done, "schema.empty-answer").found == 4
    assert not of(done, "answer.echo").is_blind


def test_grouped_tables_are_probed(tmp_path: Path) -> None:
    plan = replace(PLAN, mapping=make_mapping(COMMENTS))
    done = probe(str(DATA / "ticket_comments.csv"), plan=plan, count=4, keep=tmp_path)
    options = [
        "--group-by",
        "ticket",
        "--order-by",
        "created",
        "--role-from",
        "author",
        "--map",
        "text=comment",
    ]
    counted = recount(tmp_path, "ticket_comments.csv.jsonl", *options)
    assert {one.fault: one.found for one in done.seen} == {one.fault: counted[one.fault] for one in done.seen}
    for check in ("schema.no-target", "schema.empty-answer", "duplicate.exact", "quarantine"):
        assert of(done, check).found == 4, check


def test_tables_without_lines_are_probed(tmp_path: Path) -> None:
    rows = [
        {
            "prompt": f"What does clause {at} say of rent?",
            "completion": f"It says that {at * 3} is due by noon.",
        }
        for at in range(40)
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet")
    done = probe(str(tmp_path / "rows.parquet"), plan=PLAN, count=3)
    assert of(done, "template.leaked-token").found == 3
    assert done.files[0].sha256 == hashlib.sha256((tmp_path / "rows.parquet").read_bytes()).hexdigest()


def test_several_files_keep_their_ways(tmp_path: Path) -> None:
    inputs = (str(DATA / "contracts.jsonl"), str(DATA / "tickets.csv"), str(DATA / "preferences.jsonl"))
    done = probe(*inputs, plan=replace(PLAN, mapping=TICKETS), count=6, keep=tmp_path)
    assert len(list(tmp_path.glob("*.jsonl"))) == 3
    assert of(done, "schema.empty-answer").found == 6
    assert [one.name for one in done.files] == list(inputs)


def test_pairs_get_faults_of_pairs() -> None:
    done = seen(probe(str(DATA / "preferences.jsonl"), plan=PLAN, count=5))
    for fault in (
        "both sides of a pair the same",
        "the same pair with its sides swapped",
        "an empty rejected side",
        "no rejected side",
    ):
        assert done[fault].found == 5, fault
    assert "no rejected side" not in seen(probe(str(DATA / "contracts.jsonl"), plan=PLAN, count=1))


def test_sides_with_prompts_of_their_own_are_set_apart(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(pair(at)) + "\n" for at in range(20)))
    done = seen(probe(str(path), plan=PLAN, count=5))
    assert done["sides that answer different prompts"].found == 5


def pair(at: int) -> dict[str, object]:
    asked = {"role": "user", "content": f"What does clause {at} say about the rent?"}
    sides = (
        f"It says that {at} is due on the first day of a month.",
        f"The rent of {at} is paid when one likes.",
    )
    return {
        name: [asked, {"role": "assistant", "content": text}]
        for name, text in zip(("chosen", "rejected"), sides, strict=True)
    }


def test_a_waiver_by_the_name_of_the_file_holds() -> None:
    waiver = Waiver("answer.refusal", "Ada", "read", date(2999, 1, 1), file="contracts.jsonl")
    done = probe(str(DATA / "contracts.jsonl"), plan=replace(PLAN, waivers=(waiver,)), count=3)
    assert of(done, "answer.refusal").found == 0
    assert of(done, "answer.refusal").is_blind
    other = replace(waiver, file="other.jsonl")
    done = probe(str(DATA / "contracts.jsonl"), plan=replace(PLAN, waivers=(other,)), count=3)
    assert of(done, "answer.refusal").found == 3


def test_a_finding_elsewhere_is_no_hit(tmp_path: Path) -> None:
    """The check finds ten rows of the data and is told to let pass what is planted."""
    path = tmp_path / "rows.jsonl"
    told = "The naÃ¯ve reading of clause {} is that the rent is paid every month."
    path.write_text("".join(json.dumps(row(at, told if at < 10 else None)) + "\n" for at in range(30)))
    plan = replace(PLAN, allow={"text.mojibake": (re.compile(".*Ã©.*"),)})
    assert of(probe(str(path), plan=PLAN, count=4), "text.mojibake").found == 4
    assert of(probe(str(path), plan=plan, count=4), "text.mojibake").found == 0
    problems = {one.check: one.rows for one in report(str(path), plan=plan).problems}
    assert problems["text.mojibake"] == 10


def row(at: int, told: str | None = None) -> dict[str, str]:
    answer = told or "Clause {} says that the rent of a unit is paid every month."
    return {
        "instruction": f"What does clause {at} say about rent and about repairs?",
        "output": answer.format(at),
    }


def test_a_fault_that_all_rows_have_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    answers = ("Clause {} says that the rent of a unit is paid every month.<|im_end|>",) * 20
    path.write_text("".join(json.dumps(row(at, told)) + "\n" for at, told in enumerate(answers)))
    done = probe(str(path), plan=PLAN, count=2)
    assert done.not_planted == ("a chat token at the end of the answer",)
    assert "template.leaked-token" not in {one.check for one in done.seen}
    told = CliRunner().invoke(command, [str(path), "--count", "2", "-q"], standalone_mode=False).output
    assert "Not planted" in told
    assert not probe(str(DATA / "contracts.jsonl"), plan=PLAN, count=1).not_planted


def test_a_check_that_is_off_is_blind() -> None:
    done = probe(str(DATA / "contracts.jsonl"), plan=replace(PLAN, ignore=("answer.refusal",)), count=3)
    assert of(done, "answer.refusal").gate == OFF
    assert of(done, "answer.refusal").is_blind
    assert not of(done, "answer.echo").is_blind


@pytest.mark.parametrize(
    ("budget", "gate", "fails_from"),
    [
        (Budget(count=1000), PASSES, 1001),
        (Budget(count=2), BLOCKS, 3),
        (Budget(share=0.5), PASSES, 41),
        (Budget(share=0.05), BLOCKS, 3),
        (Budget(count=9, share=0.05), BLOCKS, 3),
        (Budget(), PASSES, None),
        (Budget(share=1.0), PASSES, None),
    ],
)
def test_the_gate_fails_from_the_number_that_is_told(
    tmp_path: Path, budget: Budget, gate: str, fails_from: int | None
) -> None:
    """The number is held against the gate itself, with one faulty row less."""
    path = tmp_path / "rows.jsonl"
    sound = [row(at) for at in range(40)]
    path.write_text("".join(json.dumps(one) + "\n" for one in sound))
    plan = replace(PLAN, budget={"answer.placeholder": budget}, select=("answer.placeholder",))
    done = of(probe(str(path), plan=plan, count=3), "answer.placeholder")
    assert (done.gate, done.fails_from, done.found, done.of) == (gate, fails_from, 3, 43)
    assert not done.is_blind
    for more in () if fails_from is None else (fails_from - 1, fails_from):
        faulty = [row(100 + at, "[insert answer here]") for at in range(more)]
        path.write_text("".join(json.dumps(one) + "\n" for one in sound + faulty))
        assert report(str(path), plan=plan).verdict.exit_code == int(more == fails_from)


def test_what_only_warns_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row(at)) + "\n" for at in range(20)))
    done = of(probe(str(path), plan=PLAN, count=2), "text.invisible")
    assert (done.gate, done.fails_from, done.is_blind) == (WARNS, None, False)


def test_the_same_seed_gives_the_same() -> None:
    one, two = (probe(str(DATA / "preferences.jsonl"), plan=PLAN, count=2, seed=5) for _ in range(2))
    assert one == two


def test_every_fault_names_a_check_that_there_is() -> None:
    from curate.engines.registry import load_checks  # noqa: PLC0415 (slow to import)

    names = {check.name for check in load_checks(Plan())} | {"quarantine"}
    assert {fault.check for fault in FAULTS} <= names
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_the_command_says_which_are_blind(tmp_path: Path) -> None:
    flags = [str(DATA / "contracts.jsonl"), "--count", "2", "--ignore", "answer.refusal", "--quiet"]
    done = CliRunner().invoke(command, flags, standalone_mode=False)
    assert done.return_value == 1
    assert "blind, its check is off" in done.output
    told = json.loads(CliRunner().invoke(command, [*flags, "--json"], standalone_mode=False).output)
    assert {"a refusal"} <= {one["fault"] for one in told["faults"] if one["blind"]}
    assert told["files"] == [
        {"name": flags[0], "sha256": hashlib.sha256(Path(flags[0]).read_bytes()).hexdigest()}
    ]
    assert not list(tmp_path.iterdir())


def test_too_little_that_is_found_fails(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row(at)) + "\n" for at in range(40)))
    flags = [str(path), "--count", "20", "--ignore", "answer.cut-off", "--quiet"]
    part = CliRunner().invoke(command, [*flags, "--least", "1", "--json"], standalone_mode=False)
    less = [one for one in json.loads(part.output)["faults"] if one["found"] < one["planted"]]
    assert part.return_value == 1
    assert less


def test_nothing_to_spoil_is_told(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "Once upon a time there was a house by the river."}\n')
    with pytest.raises(UnreadableError, match="no row has a prompt"):
        probe(str(path), plan=PLAN)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_no_copy(tmp_path: Path, number: signal.Signals) -> None:
    words = [*CURATE, "probe", str(DATA / "contracts.jsonl"), "--count", "10000", "--quiet"]
    with subprocess.Popen(
        words, env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL
    ) as run:
        for _ in range(600):
            if list(tmp_path.glob("curate-probe-*/*")):
                break
            time.sleep(0.05)
        assert list(tmp_path.glob("curate-probe-*/*")), "the copy was never there"
        run.send_signal(number)
        code = run.wait(60)
    assert code == 128 + number
    assert not list(tmp_path.iterdir())
