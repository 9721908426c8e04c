"""A test of data beside the tests of code: run it with pytest, as it is or as a pattern for your own."""

from __future__ import annotations

from pathlib import Path

import pytest

import curate

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def checked() -> curate.Checked:
    """One check for all tests of a file."""
    return curate.check(DATA / "contracts.jsonl")


def test_it_is_fit(checked: curate.Checked) -> None:
    assert checked, str(checked)  # prints a line a problem


def test_no_refusal_is_trained_on(checked: curate.Checked) -> None:
    refused = checked.findings().filter(check="answer.refusal")
    assert refused.is_empty(), refused["line"].to_list()


def test_next_to_nothing_is_unreadable(checked: curate.Checked) -> None:
    rows = checked.report.rows
    assert rows.quarantined <= 0.02 * rows.in_
