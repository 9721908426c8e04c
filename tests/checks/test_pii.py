"""The pii checks on generated rows with look-alikes, on ticket numbers in sequence, and on real data that was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.checks.pii.secret import checksum
from curate.core.finding import Severity
from curate.core.manual import manual_of
from curate.core.plan import Plan
from curate.engines.local import InlineEngine
from curate.engines.registry import load_check
from curate.engines.scan import scan
from curate.formats.fetch import fetch
from curate.formats.sources import discover
from curate.text.identifiers import NOT_SEARCHED, luhn, made_up, mod11, mod97
from curate.text.wilson import wilson
from tests.evidence.pii_numbers import KINDS
from tests.evidence.pii_rows import labelled, tickets, write

if TYPE_CHECKING:
    from curate.engines.scan import Scan
    from tests.evidence.pii_rows import Labelled

COUNT = 300
READ = Path(__file__).parents[1] / "evidence" / "pii_read.jsonl"
CHECKS = tuple(load_check(f"pii.{kind}") for kind in KINDS)
BY_KIND = pytest.mark.parametrize("kind", KINDS)
LEAST_RECALL = {"card": 0.9}


def examined(path: Path) -> Scan:
    return scan(discover([str(path)]), CHECKS, Plan(), InlineEngine())


@pytest.fixture(scope="module")
def rows() -> list[Labelled]:
    return labelled(COUNT)


@pytest.fixture(scope="module")
def spans(rows: list[Labelled], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """By check: the row, from 0, and the text of each finding."""
    done = examined(write(tmp_path_factory.mktemp("pii") / "rows.jsonl", [one.row for one in rows]))
    read = fetch(done.opened[0], done.index)
    return {
        name: [
            (row, (read[row].text_at(at) or "")[start:end])
            for row, at, start, end in found.select("row", "at", "start", "end").iter_rows()
        ]
        for name, found in done.found.items()
    }


def figure(value: float) -> str:
    """As the pages print it: three digits and no zero before the point."""
    return f"{value:.3f}".lstrip("0") if value < 1 else "1"


@BY_KIND
def test_generated_rows_are_found_and_look_alikes_are_not(
    kind: str, rows: list[Labelled], spans: dict[str, list[tuple[int, str]]]
) -> None:
    found = spans[f"pii.{kind}"]
    assert [rows[row] for row, _ in found if rows[row].kind != kind] == []
    assert [(rows[row].text, text) for row, text in found if rows[row].text != text] == []
    hit = len({row for row, _ in found})
    assert hit >= LEAST_RECALL.get(kind, 1.0) * COUNT
    limits = manual_of(load_check(f"pii.{kind}")).limits
    low = figure(wilson(hit, hit).low)
    assert f"precision {hit} of {hit} (Wilson {low} to 1), recall {hit} of {COUNT}" in limits


def test_none_blocks() -> None:
    assert {check.severity for check in CHECKS} <= {Severity.WARNING, Severity.INFO}


SEQUENCES = [
    (4_000_000_000, "Ticket {}: the NHS app refuses the login, please phone back."),
    (4_539_578_763_600_000, "Ticket {}: the Visa card was declined."),
    (2_126_920_000, "{}"),
    (536_240_000, "Social security form is missing, #{}"),
]


@pytest.mark.parametrize(("first", "sentence"), SEQUENCES)
def test_tickets_numbered_in_sequence_are_no_findings(first: int, sentence: str, tmp_path: Path) -> None:
    count = 40_000 if first == SEQUENCES[0][0] else 5_000
    done = examined(write(tmp_path / "tickets.jsonl", tickets(count, first, sentence)))
    assert len(done.index) == count
    assert done.found == {}


def test_a_check_digit_alone_proves_nothing() -> None:
    assert sum(mod11(str(4_000_000_000 + at)) for at in range(40_000)) > 3_500
    assert sum(luhn(str(4_539_578_763_600_000 + at)) for at in range(10_000)) == 1_000


def test_check_digits_of_published_examples() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert mod97("GB82WEST12345698765432")
    assert not mod97("GB83WEST12345698765432")
    assert mod11("9434765919")
    assert not mod11("9434765918")
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"  # published when the format was introduced


@pytest.mark.parametrize(
    ("digits", "invented"), [("4155550000", False), ("1234567890", True), ("7000000", True)]
)
def test_typed_numbers(digits: str, invented: bool) -> None:
    assert made_up(digits) is invented


def test_pages_and_report_can_say_what_was_not_searched() -> None:
    assert {"names of people", "postal addresses", "dates of birth"} <= set(NOT_SEARCHED)
    assert all("not looked for" in manual_of(check).limits for check in CHECKS)


def public_files(folder: Path) -> list[Path]:
    """What was read: every data file of the folder; one of them describes the others."""
    names = (".jsonl", ".json", ".jsonl.gz", ".jsonl.zst")
    return [p for p in sorted(folder.rglob("*")) if p.name.endswith(names) and p.name != "dataset_info.json"]


def test_real_data_is_flagged_where_it_was_read_and_nowhere_else(real_data: Path) -> None:
    """A line for each finding, with the verdict of the one who read it; the pages print the counts."""
    labels = [json.loads(line) for line in READ.read_text("utf-8").splitlines()]
    found, rows = set(), 0
    files = public_files(real_data)
    for path in files:
        done = examined(path)
        rows += len(done.index)
        for name, hits in done.found.items():
            places = hits.select(pl.col("row") + 1, "at", "start", "end").iter_rows()
            found |= {(name, str(path.relative_to(real_data)), *place) for place in places}
    assert found == {(one["check"], one["file"], one["row"], one["at"], *one["span"]) for one in labels}
    for check in CHECKS:
        limits = manual_of(check).limits
        right = [one["right"] for one in labels if one["check"] == check.name]
        expected = (
            f"{sum(right)} of {len(right)} " if right else f"{rows:,} rows of {len(files)} public files"
        )
        assert expected in limits, check.name
        if len(right) >= 60:
            bounds = wilson(sum(right), len(right))
            assert f"(Wilson {figure(bounds.low)} to {figure(bounds.high)})" in limits
