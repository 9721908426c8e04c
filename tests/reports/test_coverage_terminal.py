"""The coverage report in a terminal: what would be told twice, and what has no interval."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from curate.core.coverage_report import Number, Work, WorkList
from curate.diversity.measures import WHOLE
from curate.reports.coverage_terminal import print_coverage
from tests.reports.coverage_facts import coverage_facts, shown


def said(**changes: object) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_coverage(coverage_facts(**changes), console, full=True)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_a_row_is_an_example_of_one_kind_of_work_only() -> None:
    one = Work((("clause", "termination"),), 3, (0,), 0.5, (shown(7, "The first"), shown(8, "The second")))
    two = replace(one, where=(("clause", "indemnity"),), serves=(1,))
    told = said(work=WorkList((one, two), 6, 6, 6))
    assert told.count("The first") == told.count("The second") == 1


def test_a_number_without_draws_has_no_interval() -> None:
    drawn = Number("Vendi score", 50.0, 40.0, 60.0, 1000, 4000, "x")
    told = said(numbers=(drawn, Number(WHOLE, 0.25, 0.25, 0.25, 3000, 4000, "x")))
    assert "40.000 – 60.000" in told
    assert "0.250 no draw" in told
    assert "draws of 1,000 of 4,000 rows;" in told
