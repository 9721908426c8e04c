"""The policy of blocking: a default-on check of severity error is certain, measured, or blocking by decision.

Everything else warns. The lists stand here with their reasons, so that no check begins to block in silence, and the
page of each says the same to its readers.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from curate.cli.check import command
from curate.core.finding import Severity
from curate.core.manual import manual_of
from curate.core.plan import Plan
from curate.engines.registry import check_names, load_check, load_checks
from curate.engines.scan import scan
from curate.formats.fetch import fetch
from curate.formats.sources import discover
from curate.text.wilson import wilson

CERTAIN = {
    "schema.answer-type": "the type of a field is read",
    "schema.duplicate-key": "the reader meets the key twice",
    "schema.empty-answer": "nothing that is seen is left of the answer",
    "schema.ends-with-user": "the role of the last turn is read",
    "schema.mixed-layouts": "the fields of a row tell its layout",
    "schema.no-messages": "the list holds none",
    "schema.no-target": "the field is not there",
    "schema.nonfinite": "the reader meets the number",
    "schema.system-not-first": "the places of the turns are read",
    "schema.tool-arguments": "the parser rejects the call",
    "schema.tool-result-missing": "calls and results are matched by their ids",
    "schema.unknown-layout": "no layout's reader takes the row",
    "schema.unknown-role": "the name is not in the list",
    "text.surrogate": "the decoder meets half of a pair",
}
"""Structural faults: what is reported is there, whatever anybody thinks of it."""

WHOLE = {
    "answer.echo": "the prompt is the whole answer",
    "answer.placeholder": "a placeholder is the whole answer",
    "answer.refusal": "a refusal is (nearly) the whole answer",
    "answer.repetition": "a loop is most of the answer",
}
"""Faults of whole answers that block by decision, although public data has not 60 of them to read."""

MEASURED = {"template.leaked-token": "60 hits of T0 read"}
"""Checks whose page states at least ``FEWEST`` hits read by hand, of which ``LOWEST`` and more were right."""

FEWEST, LOWEST = 60, 0.95
ENOUGH = 12
"""Characters that a reason must have to say anything."""

READ = re.compile(r"Read by hand: (\d+) of (\d+) hits right \(Wilson 95 % bound (\.\d+)")
LABELS = Path(__file__).with_name("read_hits.jsonl")
"""The hits that were read, by their place and the hash of the text that was read; no text."""

BLOCKING = {name for name in check_names() if load_check(name).severity is Severity.ERROR}


def limits(name: str) -> str:
    return manual_of(load_check(name)).limits


def labels_read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


def test_no_check_blocks_without_a_reason() -> None:
    assert sorted([*CERTAIN, *WHOLE, *MEASURED]) == sorted(BLOCKING)
    assert all(len(reason) >= ENOUGH for reason in (CERTAIN | WHOLE | MEASURED).values())


@pytest.mark.parametrize("name", CERTAIN)
def test_the_page_says_why_a_fault_is_certain(name: str) -> None:
    assert name.startswith("schema.") or name == "text.surrogate"
    assert re.search(r"Certain by definition: \S|Precision 1 by construction: \S", limits(name))


@pytest.mark.parametrize("name", WHOLE)
def test_the_page_says_that_it_blocks_by_decision(name: str) -> None:
    assert re.search(r"[Uu]nmeasured", limits(name))
    assert re.search(r"[Bb]locks by decision\b[^.]*: \S", limits(name))


@pytest.mark.parametrize("name", MEASURED)
def test_the_page_states_the_hits_that_were_read(name: str) -> None:
    found = READ.search(limits(name))
    assert found is not None
    labels = [label for label in labels_read() if label["check"] == name]
    right = sum(label["verdict"] == "right" for label in labels)
    assert (int(found[1]), int(found[2])) == (right, len(labels))
    assert len(labels) >= FEWEST
    assert right / len(labels) >= LOWEST
    assert found[3] == f"{wilson(right, len(labels)).low:.2f}".lstrip("0")


def test_the_labels_are_of_hits_that_are_found_today(real_data: Path) -> None:
    """The sample is drawn again: the same rows, and the same text in them."""
    labels = labels_read()
    plan = Plan(select=("template.leaked-token",))
    seen = scan(discover([str(real_data / labels[0]["file"])]), load_checks(plan), plan)
    hits = seen.found["template.leaked-token"].unique("row", keep="first")
    dice = random.Random(FEWEST)  # noqa: S311 (a sample)
    rows = sorted(dice.sample(sorted(hits["row"].to_list()), FEWEST))
    assert rows == [label["row"] - 1 for label in labels]
    texts = fetch(seen.opened[0], seen.index.filter(pl.col("row").is_in(rows)))
    at = dict(hits.select("row", "at").rows())
    for label in labels:
        text = texts[label["row"] - 1].text_at(at[label["row"] - 1]) or ""
        assert hashlib.blake2b(text.encode(), digest_size=8).hexdigest() == label["digest"]


def test_one_good_row_passes(tmp_path: Path) -> None:
    """A small file is no fault: there is no least number of rows."""
    path = tmp_path / "one.jsonl"
    row = {"prompt": "Who repairs the roof?", "completion": "The landlord repairs it within a month."}
    path.write_text(json.dumps(row) + "\n")
    result = CliRunner().invoke(command, ["-q", str(path)], standalone_mode=False, catch_exceptions=False)
    assert result.return_value == 0, result.output
    assert re.search(r"\b1 rows? in = 1 kept", result.output)
