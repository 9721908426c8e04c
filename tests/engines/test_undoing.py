"""Undoing, replaying and verifying chains: byte for byte, in part, and never half."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.core.errors import UnreadableError, UsageError
from curate.core.ledger import read_ledger
from curate.core.plan import Plan
from curate.engines.deduping import dedup
from curate.engines.dropping import drop
from curate.engines.fates import story_of
from curate.engines.repairing import fix
from curate.engines.replaying import replay
from curate.engines.undoing import undo
from curate.engines.verifying import verify
from tests.engines.run_lab import CONTAINERS, PLAN, ROWS, files, jsonl, lines, ran, row, write

if TYPE_CHECKING:
    from collections.abc import Callable

OUT = Path("out")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def clean(name: str) -> Path:
    return OUT / f"clean{name.removeprefix('data')}"


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_run_is_undone_and_replayed(name: str) -> None:
    data = write(Path(name))
    ran(data, out=OUT)
    back, again = Path(f"back-{name}"), Path(f"again-{name}")
    undo(OUT / "ledger.jsonl", clean(name), back)
    replay(OUT / "ledger.jsonl", data, out=again)
    if name.endswith("parquet"):
        assert pl.read_parquet(back).equals(pl.DataFrame(ROWS))
        assert pl.read_parquet(again).equals(pl.read_parquet(clean(name)))
    else:
        plain = gzip.decompress if name.endswith("gz") else bytes
        assert plain(back.read_bytes()) == plain(data.read_bytes())
        assert again.read_bytes() == clean(name).read_bytes()
    done = verify(OUT)
    assert (done.faults, done.outputs, done.inputs) == ([], 1, 1)


def test_several_files_go_back_each_to_its_own() -> None:
    Path("set").mkdir()
    data = [write(Path("set") / name) for name in ("one.jsonl", "two.csv", "three.json", "four.parquet")]
    ran(Path("set"), out=OUT)
    Path("back").mkdir()
    for path in data[:3]:
        undo(OUT / "ledger.jsonl", OUT / "clean" / path.name, Path("back") / path.name)
        assert (Path("back") / path.name).read_bytes() == path.read_bytes()
    replay(OUT / "ledger.jsonl", *map(str, data), out="again/")
    made = files(Path("again"))
    assert {name: made[name] for name in made if "four" not in name} == {
        name: text for name, text in files(OUT / "clean").items() if "four" not in name
    }
    assert pl.read_parquet("again/four.parquet").equals(pl.read_parquet(OUT / "clean" / "four.parquet"))
    assert verify(OUT).outputs == 4


def chain_of_three(data: Path) -> tuple[list[str], Path]:
    """fix, dedup and drop one after the other: the ledgers, the last first, and the last output."""
    fix(data, out="1.jsonl", plan=PLAN)
    dedup("1.jsonl", out="2.jsonl", plan=PLAN)
    drop("2.jsonl", out="3.jsonl", plan=PLAN)
    return [f"{at}.jsonl.ledger.jsonl" for at in (3, 2, 1)], Path("3.jsonl")


def test_several_ledgers_are_undone_the_last_first() -> None:
    data = write(Path("data.jsonl"))
    ledgers, output = chain_of_three(data)
    undo(ledgers, output, "back.jsonl")
    assert Path("back.jsonl").read_bytes() == data.read_bytes()
    with pytest.raises(UnreadableError, match="was not written with this output"):
        undo(ledgers[::-1], output, "other.jsonl")
    assert not Path("other.jsonl").exists()


def test_a_hand_edit_at_the_end_is_named() -> None:
    ledgers, output = chain_of_three(write(Path("data.jsonl")))
    output.write_bytes(output.read_bytes().replace(b"one small dog", b"two small dogs"))
    number = next(at for at, line in enumerate(output.read_bytes().splitlines(), 1) if b"two small" in line)
    with pytest.raises(UnreadableError, match=rf"3\.jsonl:{number} is the first line"):
        undo(ledgers, output, "back.jsonl")
    assert not Path("back.jsonl").exists()


def test_a_hand_edit_in_between_is_named_and_nothing_is_half_undone() -> None:
    data = write(Path("data.jsonl"))
    fix(data, out="1.jsonl", plan=PLAN)
    edited = (
        Path("1.jsonl").read_bytes().replace(b"every floor", b"floor").replace(b"one small dog", b"no dog")
    )
    Path("1.jsonl").write_bytes(edited)
    number = next(at for at, line in enumerate(edited.splitlines(), 1) if b"no dog" in line)
    dedup("1.jsonl", out="2.jsonl", plan=PLAN)
    books = ["2.jsonl.ledger.jsonl", "1.jsonl.ledger.jsonl"]
    with pytest.raises(
        UnreadableError, match=rf"1\.jsonl:{number} is the first line that is not as fix wrote it"
    ):
        undo(books, "2.jsonl", "back.jsonl")
    data.unlink()
    with pytest.raises(UnreadableError, match=r"1\.jsonl is not what fix wrote"):
        undo(books, "2.jsonl", "back.jsonl")
    assert not Path("back.jsonl").exists()


# In part.


def texts(path: Path) -> list[str]:
    return [one["output"] for one in lines(path)]


def test_the_edits_of_a_rule_are_taken_back_and_nothing_else() -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    done = undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", rule="text.invisible")
    assert done.entries == 1
    before, after = texts(OUT / "clean.jsonl"), texts(Path("back.jsonl"))
    assert [(x, y) for x, y in zip(before, after, strict=True) if x != y] == [
        (
            "The keys are with the agent in the high street.",
            "The keys\u200b are with the agent in the high street.",
        )
    ]


def test_dropped_rows_go_back_to_their_places() -> None:
    data = write(Path("data.jsonl"))
    ran(data, out=OUT)
    done = undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", rule="duplicate")
    assert done.entries == 2
    order = [one["instruction"] for one in lines(Path("back.jsonl"))]
    assert order == [one["instruction"] for one in ROWS if one["output"] not in ("", "[insert answer here]")]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("4", ""),
        ("data.jsonl:8", "[insert answer here]"),
        ("data.jsonl:7", "The keys\u200b are with the agent in the high street."),
    ],
)
def test_what_was_done_to_a_row_is_taken_back(asked: str, text: str) -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    assert text not in texts(OUT / "clean.jsonl")
    undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", row=asked)
    assert text in texts(Path("back.jsonl"))
    key = next(one for entries in story_of(OUT / "ledger.jsonl", asked).fates for one in entries.entries).key
    assert key is not None
    undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "again.jsonl", row=key)
    assert Path("again.jsonl").read_bytes() == Path("back.jsonl").read_bytes()


TWICE = row("Where are the keys?", "The keys\u200b are LÃ¼beck's; ask \u201cZoë\u201d there.<|im_end|>")


@pytest.mark.parametrize("name", ["data.jsonl", "data.csv", "data.json"])
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("text.invisible", "The keys\u200b are Lübeck's; ask \u201cZoë\u201d there."),
        ("text.mojibake", "The keys are LÃ¼beck's; ask \u201cZoë\u201d there."),
        ("template.leaked-token", "The keys are Lübeck's; ask \u201cZoë\u201d there.<|im_end|>"),
        ("text", "The keys\u200b are LÃ¼beck's; ask \u201cZoë\u201d there."),
    ],
)
def test_one_of_several_edits_of_a_row_is_taken_back(name: str, rule: str, said: str) -> None:
    rows = [ROWS[0], TWICE, ROWS[6]]
    path = Path(name)
    if name.endswith("csv"):
        pl.DataFrame(rows).write_csv(path)
    else:
        path.write_text(
            json.dumps(rows) if name.endswith("json") else "".join(json.dumps(one) + "\n" for one in rows)
        )
    fix(path, out=f"fixed-{name}", plan=PLAN)
    undo(f"fixed-{name}.ledger.jsonl", f"fixed-{name}", f"back-{name}", rule=rule)
    back = Path(f"back-{name}").read_text("utf-8")
    read = {
        "jsonl": lambda: [json.loads(line) for line in back.splitlines()],
        "json": lambda: json.loads(back),
        "csv": lambda: pl.read_csv(f"back-{name}").to_dicts(),
    }
    assert [one["output"] for one in read[name.partition(".")[2]]()] == [
        rows[0]["output"],
        said,
        rows[2]["output"],
    ]


def test_edits_in_rows_that_went_later_are_told() -> None:
    copy = row("Where are the keys?", ROWS[4]["output"], "b")
    Path("data.jsonl").write_bytes(jsonl([*ROWS, copy], broken=False))
    ran(Path("data.jsonl"), out=OUT)
    done = undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", rule="text.invisible")
    assert (done.entries, done.gone) == (1, 1)


def test_a_document_without_its_commas_is_not_made() -> None:
    Path("data.json").write_text(json.dumps([row("Who?", ""), row("Why?", ""), row("When?", "")]))
    drop("data.json", out="none.json", plan=Plan(select=("schema.empty-answer",)))
    key = [entry.key for entry in read_ledger(Path("none.json.ledger.jsonl")).entries()][1] or ""
    with pytest.raises(UnreadableError, match="joins the elements"):
        undo("none.json.ledger.jsonl", "none.json", "back.json", row=key)
    assert not Path("back.json").exists()
    undo("none.json.ledger.jsonl", "none.json", "back.json", rule="schema")
    assert Path("back.json").read_bytes() == Path("data.json").read_bytes()


def test_what_is_in_no_ledger_is_not_taken_back() -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    for asked in ({"rule": "text.nothing"}, {"row": "1"}, {"row": "0123456789abcdef"}):
        with pytest.raises(UsageError, match="no such edit"):
            undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", **asked)
    with pytest.raises(UsageError, match="did not read"):
        undo(OUT / "ledger.jsonl", OUT / "clean.jsonl", "back.jsonl", row="other.jsonl:3")


WORDS = st.text(st.sampled_from('ab \u200b\u00e9\u2028\n"\\<|im_end|>Ã¼'), max_size=24)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), st.sampled_from(["jsonl", "csv", "json"]))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_chain_goes_back_and_forth(said: list[tuple[str, str]], suffix: str) -> None:
    """Whatever rows say, fix and dedup and fix again are undone and replayed byte for byte."""
    rows = [row(f"{ask} {number // 2}", answer) for number, (ask, answer) in enumerate(said)]
    path = Path(f"any.{suffix}")
    if suffix == "csv":
        pl.DataFrame(rows).write_csv(path)
    else:
        path.write_bytes(json.dumps(rows).encode() if suffix == "json" else jsonl(rows, broken=False))
    names = [f"{at}.{suffix}" for at in range(4)]
    shutil.copyfile(path, names[0])
    fix(names[0], out=names[1], plan=PLAN, force=True)
    dedup(names[1], out=names[2], plan=PLAN, force=True)
    fix(names[2], out=names[3], plan=PLAN, force=True)
    undo([f"{name}.ledger.jsonl" for name in names[:0:-1]], names[3], f"back.{suffix}", force=True)
    assert Path(f"back.{suffix}").read_bytes() == path.read_bytes()
    for before, after in itertools.pairwise(names):
        replay(f"{after}.ledger.jsonl", before, out=f"again.{suffix}", force=True)
        assert Path(f"again.{suffix}").read_bytes() == Path(after).read_bytes()


# Verifying.


def edit_lines(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    made = []
    for line in path.read_bytes().splitlines():
        fields = json.loads(line)
        change(fields)
        made.append(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    path.write_bytes(b"".join(made))


def reword(fields: dict[str, Any]) -> None:
    if fields.get("action") == "drop":
        fields["message"] = "an honest reason"


def fewer(fields: dict[str, Any]) -> None:
    if "rows" in fields and fields["rows"].get("dropped"):
        fields["rows"]["dropped"] -= 1
        fields["rows"]["kept"] += 1


FORGERIES: dict[str, Callable[[], object]] = {
    "an entry": lambda: edit_lines(OUT / "ledger.jsonl", reword),
    "totals": lambda: edit_lines(OUT / "ledger.jsonl", fewer),
    "an output": lambda: (OUT / "clean.jsonl").write_bytes(jsonl(ROWS[:2], broken=False)),
    "the report": lambda: (OUT / "report.html").write_text("<p>All is well.</p>"),
    "what was dropped": lambda: (OUT / "dropped.jsonl").write_bytes(b""),
    "the lock": lambda: (OUT / "curate.lock.json").write_text(
        (OUT / "curate.lock.json").read_text().replace('"kept": 5', '"kept": 6')
    ),
    "a row of the lock": lambda: (OUT / "curate.lock.json").write_text(
        (OUT / "curate.lock.json").read_text().replace(", null, null]", ', "test", null]', 1)
    ),
    "the input": lambda: Path("data.jsonl").write_bytes(jsonl(ROWS[:3])),
    "no output": (OUT / "clean.jsonl").unlink,
}


@pytest.mark.parametrize("forged", FORGERIES)
def test_what_was_forged_is_found(forged: str) -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    assert verify(OUT).faults == []
    FORGERIES[forged]()
    assert verify(OUT).faults != []


def test_a_consistent_forgery_fails_by_its_head() -> None:
    """Somebody runs other data and another plan, and gives the result for the run: all of it fits, but for the head."""
    head = ran(write(Path("data.jsonl")), out=OUT).head
    assert verify(OUT, head).faults == verify(OUT, head[:16]).faults == []
    shutil.rmtree(OUT)
    ran(Path("data.jsonl"), out=OUT, plan=replace(PLAN, ignore=("schema.empty-answer",)))
    assert verify(OUT).faults == []
    (fault,) = verify(OUT, head).faults
    assert "not the one whose head was kept" in fault
    assert verify(OUT, head[:8]).faults != []


def test_an_input_that_is_not_at_hand_is_told() -> None:
    ran(write(Path("data.jsonl")), out=OUT)
    Path("data.jsonl").unlink()
    done = verify(OUT)
    assert (done.faults, done.absent, done.inputs) == ([], ("data.jsonl",), 0)


def test_a_folder_without_a_run_is_refused() -> None:
    with pytest.raises(UnreadableError, match="holds no ledger"):
        verify(".")
    Path("ledger.jsonl").write_text("{}\n")
    assert verify(".").faults != []


def test_replay_takes_no_other_input() -> None:
    data = write(Path("data.jsonl"))
    ran(data, out=OUT)
    data.write_bytes(jsonl(ROWS[:3]))
    with pytest.raises(UnreadableError, match="was not made from this input"):
        replay(OUT / "ledger.jsonl", data, out="again.jsonl")
    assert not Path("again.jsonl").exists()
