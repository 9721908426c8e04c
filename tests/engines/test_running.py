"""``curate run``: nothing is lost, everything is told, and a run that was interrupted ends in the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from curate.core.chain import breaks, head_of, read_chain
from curate.core.errors import CurateError, UsageError
from curate.core.lock_file import read_lock, stale
from curate.core.run_plan import RunPlan, SplitPlan
from curate.core.table_map import Grouping, TableMap
from curate.engines import running_steps
from curate.engines.resuming import FOLDER, alone
from tests.engines.run_lab import BROKEN, CONTAINERS, PLAN, ROWS, files, jsonl, lines, ran, row, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from curate.core.plan import Plan


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


OUT = Path("out")


@pytest.mark.parametrize("name", CONTAINERS)
def test_rows_in_are_rows_out(name: str) -> None:
    done = ran(write(Path(name)), out=OUT)
    assert done.rows.in_ == len(ROWS) + ("jsonl" in name)
    assert done.rows.balanced
    assert (done.rows.dropped, done.rows.quarantined) == (4, int("jsonl" in name))
    assert done.report.verdict.exit_code == 0
    suffix = name.removeprefix("data")
    assert set(files(OUT)) == {
        *(
            f"clean{suffix}",
            "dropped.jsonl",
            "quarantine.jsonl",
            "ledger.jsonl",
            "report.html",
            "curate.lock.json",
        )
    }
    assert sum(file.rows for file in done.report.files) == done.rows.kept == 5


def test_what_is_set_aside_has_its_place_in_the_input_and_its_bytes() -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    dropped = {one["line"]: one for one in lines(OUT / "dropped.jsonl")}
    assert {line: one["check"] for line, one in dropped.items()} == {
        3: "duplicate.exact",
        4: "schema.empty-answer",
        8: "answer.placeholder",
        10: "duplicate.near",
    }
    data = Path("data.jsonl").read_bytes().splitlines(keepends=True)
    assert all(one["raw"].encode() == data[line - 1] for line, one in dropped.items())
    assert all(one["file"] == "data.jsonl" for one in dropped.values())
    assert dropped[10]["row"] == 9  # the fifth line is no row, the sixth is empty
    (broken,) = lines(OUT / "quarantine.jsonl")
    assert (broken["line"], broken["raw"]) == (5, BROKEN.decode())
    assert "ends too early" in broken["message"]


def test_rows_of_tables_are_told_as_values() -> None:
    ran(write(Path("data.parquet")), out=OUT)
    dropped = lines(OUT / "dropped.jsonl")
    assert [one["record"] for one in dropped] == [ROWS[one["row"] - 1] for one in dropped]


def test_what_stays_is_repaired_and_otherwise_untouched() -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    said = [one["output"] for one in lines(OUT / "clean.jsonl")]
    assert "The tenants of each floor clean the stairs in turn." in said
    assert "The keys are with the agent in the high street." in said
    before = set(Path("data.jsonl").read_bytes().splitlines())
    assert sum(line in before for line in (OUT / "clean.jsonl").read_bytes().splitlines() if line) == 3


@pytest.mark.parametrize(
    ("policy", "gone", "repaired"),
    [
        ({}, {"schema.empty-answer", "answer.placeholder"}, 2),
        ({"answer": "keep"}, {"schema.empty-answer"}, 2),
        ({"error": "keep"}, set(), 1),
        ({"text": "drop"}, {"schema.empty-answer", "answer.placeholder", "text.invisible"}, 1),
        (
            {"text": "keep", "template.leaked-token": "drop"},
            {"schema.empty-answer", "answer.placeholder", "template.leaked-token"},
            0,
        ),
        ({"error": "repair"}, set(), 2),
    ],
    ids=["default", "a family kept", "errors kept", "a family dropped", "two rules", "repair or keep"],
)
def test_the_policy_decides(policy: dict[str, str], gone: set[str], repaired: int) -> None:
    plan = replace(PLAN, run=RunPlan(("repair", "drop"), policy))
    done = ran(write(Path("data.jsonl")), out=OUT, plan=plan)
    assert {check for _, action, check, _ in done.reasons if action == "drop"} == gone
    assert done.rows.edited == repaired


def test_a_budget_is_kept_to_and_spares_its_rows() -> None:
    path = Path("curate.toml")
    path.write_text('[budget]\n"schema.empty-answer" = 1\n[run]\nsteps = ["drop"]\n')
    from curate.config.load import find_plan  # noqa: PLC0415 (kept beside its use)

    plan = replace(find_plan(None), select=("schema", "answer"))
    done = ran(write(Path("data.jsonl")), out=OUT, plan=plan)
    assert {check for _, _, check, _ in done.reasons} == {"answer.placeholder", ""}
    assert done.report.verdict.exit_code == 0


def test_the_chain_holds_together_and_its_head_is_in_the_lock() -> None:
    done = ran(write(Path("data.jsonl")), out=OUT)
    chain = read_chain(OUT / "ledger.jsonl")
    assert [one.header.step for one in chain] == [*done.steps, "check"]
    assert list(breaks(chain)) == []
    assert chain[0].header.inputs[0].name == "data.jsonl"
    assert chain[-1].header.outputs[0].name == "clean.jsonl"
    assert head_of(OUT / "curate.lock.json") == done.head
    assert head_of(OUT / "ledger.jsonl") == read_lock(OUT).head
    kept = chain[0].totals().in_
    for ledger in chain:
        assert ledger.totals().in_ == kept
        kept -= sum(entry.action in ("drop", "quarantine") for entry in ledger.entries())
    assert kept == done.rows.kept


def test_the_lock_names_every_file_and_every_row() -> None:
    plan = replace(PLAN, by=("source",), run=RunPlan(split=SplitPlan("50/50")))
    done = ran(write(Path("data.jsonl")), out=OUT, plan=plan)
    lock = read_lock(OUT)
    assert {one.name for one in lock.outputs} | {"curate.lock.json"} == set(files(OUT))
    assert stale(lock) == []
    assert lock.columns == ("key", "split", "group", "source")
    assert len(lock.rows) == done.rows.kept == sum(done.splits.values())
    clean = lines(OUT / "clean.jsonl")
    assert [one[3] for one in lock.rows] == [one["source"] for one in clean]
    for name, count in done.splits.items():
        assert len(lines(OUT / "splits" / f"{name}.jsonl")) == count
        assert sum(one[1] == name for one in lock.rows) == count
    assert {one.kind for one in lock.outputs} == {
        "clean",
        "split",
        "manifest",
        "dropped",
        "quarantine",
        "ledger",
        "report",
    }
    manifest = (OUT / "splits" / "split.jsonl").read_text()
    assert "clean.jsonl" in manifest
    assert FOLDER not in manifest + (OUT / "ledger.jsonl").read_text() + (OUT / "report.html").read_text()
    Path("data.jsonl").write_bytes(b"")
    (OUT / "dropped.jsonl").unlink()
    (OUT / "clean.jsonl").write_bytes((OUT / "clean.jsonl").read_bytes().replace(b"roof", b"wall"))
    assert stale(lock) == [
        "clean.jsonl was changed since the run",
        "dropped.jsonl is missing",
        "the input data.jsonl was changed since the run",
    ]


def test_near_rows_share_a_group() -> None:
    rows = [
        row(
            f"Say who has to repair the {what} of the old house in the high street before the winter comes and pay it.",
            f"The {what} is repaired.",
        )
        for what in ("roof", "wall", "door")
    ]
    Path("data.jsonl").write_bytes(jsonl([*rows, *ROWS], broken=False))
    ran(Path("data.jsonl"), out=OUT)
    groups = [one[2] for one in read_lock(OUT).rows]
    assert groups[0] is not None
    assert groups[:3] == [groups[0]] * 3
    assert groups[-1] is None


def test_several_inputs_make_a_folder() -> None:
    for name in ("a/one.jsonl", "a/b/two.csv"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write(Path(name))
    done = ran(Path("a"), out=OUT)
    assert {"clean/one.jsonl", "clean/b/two.csv"} <= set(files(OUT))
    assert done.rows.in_ == 2 * len(ROWS) + 1
    assert {one["file"] for one in lines(OUT / "dropped.jsonl")} == {"a/one.jsonl", "a/b/two.csv"}
    assert all(one.rows is not None for one in read_lock(OUT).outputs if one.kind == "clean")


def test_grouped_lines_are_dropped_with_their_conversation_and_what_is_left_out_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = [
        ("1", "ann", "Who pays?", ""),
        ("1", "desk", "The tenant pays the rent.", ""),
        ("2", "bob", "Who cleans?", ""),
        ("1", "desk", "internal", "x"),
    ]
    pl.DataFrame(said, schema=["ticket", "author", "comment", "secret"], orient="row").write_csv("t.csv")
    mapping = TableMap(
        {"text": ("comment",)},
        Grouping("ticket", "", "author", {"desk": "assistant", "*": "user"}),
        {"secret": ("x",)},
    )
    done = ran(Path("t.csv"), out=OUT, plan=replace(PLAN, mapping=mapping))
    assert (done.rows.in_, done.rows.kept, done.rows.dropped) == (4, 2, 2)
    assert done.steps == ("drop", "dedup")
    assert "left out repair" in caplog.text
    assert [(one["line"], one["check"]) for one in lines(OUT / "dropped.jsonl")] == [
        (4, "schema.ends-with-user"),
        (5, None),
    ]


def test_a_run_gives_the_same_bytes_whoever_asks() -> None:
    write(Path("data.jsonl"))
    ran(Path("data.jsonl"), out=OUT, plan=replace(PLAN, workers=2))
    ran(Path("data.jsonl"), out=Path("deep/er"))
    assert files(OUT) == files(Path("deep/er"))


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("step", ["repair", "drop", "dedup", "fix"])
def test_a_run_goes_on_where_it_was(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("data.jsonl"))
    plan = replace(PLAN, run=RunPlan(split=SplitPlan("50/50")))
    whole = ran(Path("data.jsonl"), out=Path("whole"), plan=plan)
    if step not in whole.steps:
        pytest.skip(f"the step {step} has nothing to do without its packages")
    real = running_steps.MAKERS[step]

    def dies(folder: Path, *arguments: Any) -> Any:
        real(folder, *arguments)
        raise Killed

    monkeypatch.setitem(running_steps.MAKERS, step, dies)
    with pytest.raises(Killed):
        ran(Path("data.jsonl"), out=OUT, plan=plan)
    assert not (OUT / "curate.lock.json").exists()
    monkeypatch.setitem(running_steps.MAKERS, step, real)
    again = ran(Path("data.jsonl"), out=OUT, plan=plan)
    assert list(again.reused) == list(whole.steps[: whole.steps.index(step)])
    assert files(OUT) == files(Path("whole"))


def test_what_was_made_from_something_else_is_not_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("data.jsonl"))
    real = running_steps.MAKERS["dedup"]

    def dies(*_: Any) -> Any:
        raise Killed

    monkeypatch.setitem(running_steps.MAKERS, "dedup", dies)
    with pytest.raises(Killed):
        ran(Path("data.jsonl"), out=OUT)
    monkeypatch.setitem(running_steps.MAKERS, "dedup", real)
    kept = next((OUT / FOLDER).glob("*-drop-*")) / "clean.jsonl"
    kept.write_bytes(kept.read_bytes().replace(b"roof", b"wall"))
    done = ran(Path("data.jsonl"), out=OUT)
    assert "drop" not in done.reused
    assert b"wall" not in (OUT / "clean.jsonl").read_bytes()


def test_another_plan_or_input_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path("data.jsonl"))
    real = running_steps.MAKERS["dedup"]

    def dies(*_: Any) -> Any:
        raise Killed

    changes: list[Callable[[], Plan]] = [
        lambda: replace(PLAN, ignore=("answer",)),
        lambda: (Path("data.jsonl").write_bytes(jsonl(ROWS[:5])), PLAN)[1],
    ]
    for change in changes:
        monkeypatch.setitem(running_steps.MAKERS, "dedup", dies)
        with pytest.raises(Killed):
            ran(Path("data.jsonl"), out=OUT)
        monkeypatch.setitem(running_steps.MAKERS, "dedup", real)
        assert ran(Path("data.jsonl"), out=OUT, plan=change()).reused == ()
        for path in sorted(OUT.iterdir()):
            path.unlink()


def test_results_are_not_overwritten_unasked() -> None:
    write(Path("data.jsonl"))
    ran(Path("data.jsonl"), out=OUT, plan=replace(PLAN, run=RunPlan(split=SplitPlan("50/50"))))
    before = files(OUT)
    with pytest.raises(UsageError, match="already"):
        ran(Path("data.jsonl"), out=OUT)
    assert files(OUT) == before
    from curate.api import run  # noqa: PLC0415 (kept beside its use)

    run("data.jsonl", out=OUT, plan=PLAN, force=True)
    assert "splits/train.jsonl" not in files(OUT)
    assert stale(read_lock(OUT)) == []


def test_what_would_destroy_something_is_refused() -> None:
    write(Path("data.jsonl"))
    with pytest.raises(UsageError, match="is a file"):
        ran(Path("data.jsonl"), out=Path("data.jsonl"))
    OUT.mkdir()
    write(OUT / "data.jsonl")
    with pytest.raises(UsageError, match="lies in the folder"):
        ran(OUT / "data.jsonl", out=OUT)
    with alone(Path("busy")), pytest.raises(UsageError, match="another run"):
        ran(Path("data.jsonl"), out=Path("busy"))
    with pytest.raises(CurateError, match="no such file"):
        ran(Path("none.jsonl"), out=Path("new"))
    assert not Path("new").exists()


def test_nothing_left_is_no_pass() -> None:
    Path("data.jsonl").write_text(json.dumps(row("Who pays?", "")) + "\n")
    done = ran(Path("data.jsonl"), out=OUT)
    assert (done.rows.kept, done.report.verdict.exit_code) == (0, 3)
    assert read_lock(OUT).exit_code == 3
