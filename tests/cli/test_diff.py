"""``curate diff``: what came, what went, what was edited, whatever order and container."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest

from curate.core.plan import Plan
from curate.engines.differing import diff
from tests.cli.test_run import call
from tests.engines.run_lab import jsonl, row

LONG = "The landlord repairs the roof at his own cost within a month, as the lease of the house says."
BEFORE = [
    row("Who repairs the roof?", LONG),
    row("Who pays the rent?", "The tenant pays it on the first of each month."),
    row("Where are the keys?", "Ask the agent; write to jo.doe@corp.example before you come to the office."),
    row("Who pays the rent?", "The tenant pays it on the first of each month."),
]
AFTER = [
    row("May a dog be kept?", "Yes, if the neighbours agree."),
    row("Where are the keys?", "Ask the agent; write to jo.doe@corp.example before you come to the shop."),
    row("Who pays the rent?", "The tenant pays it on the first of each month."),
    row("Who repairs the roof?", LONG.replace("month", "week")),
]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, rows: list[dict[str, str]]) -> str:
    path = Path(name)
    if path.suffix == ".csv":
        pl.DataFrame(rows).write_csv(path)
    elif path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        path.write_bytes(jsonl(rows, broken=False))
    return name


@pytest.mark.parametrize(("one", "two"), [("a.jsonl", "b.jsonl"), ("a.csv", "b.parquet")])
def test_rows_are_told_apart(one: str, two: str) -> None:
    found = diff(write(one, BEFORE), write(two, AFTER), Plan())
    assert (found.same, len(found.removed), len(found.added), len(found.edited)) == (1, 1, 1, 2)
    assert found.removed[0].key.endswith(".2")  # the second of two copies
    assert found.added[0].texts["/instruction"] == "May a dog be kept?"
    assert [edited.before.place.row for edited in found.edited] == [1, 3]
    (text,) = found.edited[0].texts
    assert [piece.text for piece in text.before if piece.is_changed] == ["month"]
    assert [piece.text for piece in text.after if piece.is_changed] == ["week"]


def test_order_alone_is_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    mixed = random.Random(1).sample(BEFORE, len(BEFORE))  # noqa: S311 (repeatable)
    code, told, _ = call(capsys, "diff", write("a.jsonl", BEFORE), write("b.jsonl", mixed))
    assert code == 0
    assert told.strip() == "4 rows in both; 0 removed, 0 added, 0 edited"


def test_differences_are_shown_word_by_word_and_masked(capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = call(capsys, "diff", write("a.jsonl", BEFORE), write("b.jsonl", AFTER))
    assert code == 1
    assert "[-month-]" in told
    assert "{+week+}" in told
    assert "jo.doe@corp.example" not in told
    assert "jo.doe@corp.example" in call(capsys, "diff", "a.jsonl", "b.jsonl", "--show-pii")[1]
    bare = call(capsys, "diff", "a.jsonl", "b.jsonl", "--no-text")[1]
    assert not any(word in bare for word in ("week", "dog", "tenant"))
    assert "a.jsonl:1 → b.jsonl:4" in bare


def test_a_field_that_is_no_text_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    other = [{**BEFORE[0], "source": "b"}, *BEFORE[1:]]
    told = call(capsys, "diff", write("a.jsonl", BEFORE), write("b.jsonl", other))[1]
    assert "1 edited" in told
    assert "fields without text" in told


def test_long_lists_are_cut_and_all_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    many = [row(f"What is item number {at}?", json.dumps([at] * 5)) for at in range(30)]
    told = call(capsys, "diff", write("a.jsonl", BEFORE), write("b.jsonl", [*BEFORE, *many]))[1]
    assert "and 10 more (--all)" in told
    assert call(capsys, "diff", "a.jsonl", "b.jsonl", "--all")[1].count("\n+ ") == 30
    assert call(capsys, "diff", "a.jsonl", "none.jsonl")[0] == 2


def test_nothing_can_be_compared_with_something() -> None:
    Path("a.jsonl").write_bytes(b"\n")
    found = diff("a.jsonl", write("b.jsonl", AFTER), Plan())
    assert (found.same, len(found.added)) == (0, 4)
    assert diff("a.jsonl", "a.jsonl", Plan()).same == 0


def test_short_rows_in_the_same_place_are_edited(capsys: pytest.CaptureFixture[str]) -> None:
    said = (
        "Mail jo.doe@corp.example.",
        "Ask Jo Doe at (030) 1234567.",
        "Write to jo.doe@corp.example today.",
    )
    came = ("Mail per1@example.com.", "Ask Person at 555-0100.", "Write to per1@example.com today.")
    short = [[row("Who pays?", one) for one in texts] for texts in (said, came)]
    one, other = write("a.jsonl", [BEFORE[0], *short[0]]), write("b.jsonl", [BEFORE[0], *short[1]])
    assert "1 row in both; 0 removed, 0 added, 3 edited" in call(capsys, "diff", one, other)[1]
    elsewhere = write(
        "c.jsonl", [BEFORE[0], row("Is it far?", "No."), row("May I?", "Never."), row("Is it?", "Ja.")]
    )
    assert "3 removed, 3 added, 0 edited" in call(capsys, "diff", one, elsewhere)[1]


def test_what_cannot_be_seen_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    hidden = [row("Who repairs the roof?", LONG.replace("roof", "ro\u00adof").replace(" own", "\u00a0own"))]
    told = call(capsys, "diff", write("a.jsonl", hidden), write("b.jsonl", BEFORE[:1]))[1]
    assert "<U+00AD>" in told
    assert "<U+00A0>" in told
    assert "\u00ad" not in told
