"""The pages say what was measured, and the labels are as their descriptions say."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks.bars import clean_corpora, clean_rows, evidence
from curate.core.manual import manual_of
from curate.engines.registry import load_check
from curate.text.wilson import wilson
from tests.evidence.clean_hits import READ, Counted, Found, Hit, count, to_read
from tests.evidence.measure import read, rightly_said, stored
from tests.evidence.tables import clean_sentence, share
from tests.evidence.ticket_rows import ticket_rows

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bar import Outcome

FIGURES = stored()


def failed(outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.held is False]


@pytest.mark.parametrize("check", sorted({one["check"] for one in FIGURES["clean"]}))
def test_pages_count_the_hits_in_clean_corpora(check: str) -> None:
    assert clean_sentence(check) in manual_of(load_check(check)).limits


def test_the_page_of_refusals_prints_what_was_measured() -> None:
    limits = manual_of(load_check("answer.refusal")).limits
    figures = [one for one in FIGURES["public"] + FIGURES["written"] if one["check"] == "answer.refusal"]
    assert len(figures) == 4
    for one in figures:
        assert f"{one['right']} of {one['found']} findings were right" in limits
        assert f"{one['right']} of {one['meant']} refusals were found" in limits
        assert f"{one['size']} " in limits
    disjoint = [one for one in figures if "those of them" not in one["rows"]]
    right, found = (sum(one[name] for one in disjoint) for name in ("right", "found"))
    low = f"{wilson(right, found).low:.2f}".lstrip("0")
    assert f"Together {right} of {found} findings were right ({low} to 1)" in limits


def test_who_says_so_in_a_part_or_in_code_is_spared() -> None:
    rows, flagged = rightly_said()
    assert flagged <= 0.05 * rows
    limits = manual_of(load_check("answer.self-reference")).limits
    assert f'Of {rows} role-play and code rows that say "I am an AI"' in limits
    assert f"written for this project, {flagged} is flagged" in limits


def test_written_rows_are_enough_and_of_both_kinds() -> None:
    rows = read("refusal_written.jsonl")
    counts = Counter((row["kind"], row["label"]) for row in rows)
    assert len(rows) >= 100
    assert set(counts) == {(kind, label) for kind in ("role-play", "code") for label in ("refusal", "other")}
    assert min(counts.values()) >= 20
    assert len({(row["prompt"], row["completion"]) for row in rows}) == len(rows)


def test_written_and_generated_rows_measure_as_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURATE_TEST_DATA", raising=False)
    assert failed(evidence.run()) == []


def test_public_rows_measure_as_stored(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATE_TEST_DATA", str(real_data))
    assert failed(clean_corpora.run()) == []


def test_read_hits_hold_no_text() -> None:
    labels = [json.loads(line) for line in READ.read_text("utf-8").splitlines()]
    assert all(set(label) == {"file", "row", "check", "digest", "verdict"} for label in labels)
    assert {label["verdict"] for label in labels} <= {"right", "wrong", "unclear"}
    assert len({label["digest"] for label in labels}) == len(labels)


def test_an_unread_hit_of_a_blocking_check_fails() -> None:
    hits = tuple(Hit("GSM8K", "a", row, "answer.echo", f"{row:02}") for row in range(70))
    found = Found(hits, {}, ("answer.echo",), frozenset({"answer.echo"}))
    (none_read,) = count(found, {})
    assert (none_read.hits, none_read.wanted, none_read.read) == (70, 60, 0)
    assert [hit.digest for hit in to_read(hits)] == [f"{row:02}" for row in range(60)]
    held = [
        clean_corpora.holds(one)
        for one in (
            none_read,
            Counted("GSM8K", "answer.echo", blocks=True, hits=70, wanted=60, right=57, wrong=3, unclear=0),
            Counted("GSM8K", "answer.echo", blocks=True, hits=70, wanted=60, right=56, wrong=4, unclear=0),
            Counted(
                "GSM8K", "answer.cut-off", blocks=False, hits=70, wanted=60, right=56, wrong=4, unclear=0
            ),
        )
    ]
    assert held == [False, True, False, True]


def test_shares() -> None:
    assert share(57, 60) == "0.95 (0.86–0.98)"
    assert share(0, 0) == "–"


def test_clean_rows_pass(tmp_path: Path) -> None:
    groups = clean_rows.groups()
    assert sum(map(len, groups.values())) >= 100
    assert {domain for domain, _ in groups} == {"clinical", "legal", "support"}
    told = {name: clean_rows.findings(lines, tmp_path / "rows.jsonl") for name, lines in groups.items()}
    assert {name: code for name, (code, _) in told.items() if code} == {}


def test_tickets_are_numbered_in_sequence() -> None:
    rows = list(ticket_rows(300))
    assert [row["id"] for row in rows] == list(range(4_000_000_000, 4_000_000_300))
    assert all(len(str(row["order"])) == 16 for row in rows)
    assert len({row["input"] for row in rows}) == 300
