"""The report in a terminal: harmless, complete with ``full``, and readable without colours."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from curate.api import report
from curate.core.plan import Budget, Plan
from curate.reports.plain import render_lines
from curate.reports.terminal import print_report
from tests.faults import FAULTS, clean_rows, file_with

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.report import Report


def shown(result: Report, *, full: bool = False, width: int = 100) -> str:
    out = io.StringIO()
    print_report(result, Console(file=out, width=width, highlight=False), full=full)
    return out.getvalue()


def result_of(tmp_path: Path, *rows: dict[str, object], plan: Plan | None = None) -> Report:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return report(str(path), plan=plan)


def answer(text: str) -> dict[str, object]:
    return {"instruction": "Name a colour.", "input": "", "output": text}


def test_hostile_text_does_not_steer_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b[31mred\x1b[0m [bold]x[/bold] \u202eback \x07 <|im_end|>"
    text = shown(result_of(tmp_path, answer(evil)), full=True)
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[bold]x[/bold]" in text


def test_spans_are_marked_without_colours(tmp_path: Path) -> None:
    result = result_of(tmp_path, answer("It is a\u00a0deep blue.\u00ad<|im_end|>"))
    text = shown(result, full=True)
    assert "«<|im_end|>»" in text
    assert "«<U+00AD>»" in text


def test_commands_stay_on_one_line(tmp_path: Path) -> None:
    text = shown(result_of(tmp_path, *clean_rows("alpaca"), answer("")), width=40)
    (command,) = [line for line in text.splitlines() if "→ curate" in line]
    assert command.rstrip().endswith(".jsonl")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_full_shows_every_problem_and_short_shows_three(tmp_path: Path, width: int) -> None:
    path = tmp_path / "faulty.jsonl"
    path.write_bytes(b"".join(file_with(fault) for fault in FAULTS))
    result = report(str(path))
    full, short = shown(result, full=True, width=width), shown(result, width=width)
    assert all(f" {problem.check}  {problem.title}"[:40] in full for problem in result.problems)
    assert short.count("→ ") == 4
    assert "all that blocks at once:\n    → curate drop " in short
    assert short.count("\n") < 97 + len(result.problems)
    assert short.rstrip().endswith(result.verdict.headline)


def test_the_tail_of_a_histogram_is_shown(tmp_path: Path) -> None:
    rows = [answer(f"Blue {'deep ' * 2**size}{size}.") for size in range(13)]
    text = shown(result_of(tmp_path, *rows), full=True)
    assert "≥ " in text
    assert "max 4,1" in text


def test_what_is_within_its_budget_is_no_error(tmp_path: Path) -> None:
    plan = Plan(budget={"schema.empty-answer": Budget(count=1)}, quarantine=Budget())
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*clean_rows("alpaca"), answer("")]) + "{\n")
    result = report(str(path), plan=plan)
    lines = render_lines(result)
    assert "error" not in lines
    assert "warning: schema.empty-answer: 1 row (14.29%), allowed 1 row" in lines
    assert "warning: quarantine" in lines
    assert result.verdict.headline == "Fit to train on, with 1 warning and 1 unreadable record"
    assert "✗" not in shown(result)


@pytest.mark.parametrize("width", [80, 120])
def test_notes_and_reasons_have_room(tmp_path: Path, width: int) -> None:
    path = tmp_path / "a rather long name of a file of tickets.csv"
    path.write_bytes(b"\xef\xbb\xbfprompt,completion\r\nWhy is it so?,It must be.\r\n" + b"one cell\r\n" * 9)
    lines = shown(report(str(path)), width=width).splitlines()
    header = next(line for line in lines if line.startswith("file "))
    assert header.split()[-1] == "layouts"
    assert "  CRLF line ends" in [line.rstrip() for line in lines]
    assert "  begins with a byte order mark" in [line.rstrip() for line in lines]
    at = next(i for i, line in enumerate(lines) if "quarantine  9 records" in line)
    told = [line for line in lines[at + 1 :] if line.strip()][:4]
    assert all(line.startswith("    ") for line in told)


def test_a_report_says_that_it_took_nothing_out(tmp_path: Path) -> None:
    text = shown(result_of(tmp_path, *clean_rows("alpaca"), answer("")))
    assert "7 rows in = 7 kept + 0 dropped + 0 quarantined · nothing was changed" in text


def test_nothing_evaluated_claims_nothing(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text("{\n")
    result = report(str(tmp_path / "data.jsonl"))
    text = shown(result, full=True)
    assert "Nothing was evaluated" in text
    assert "found nothing" not in text
    assert result.passed == ()
    assert result.data.charts == ()
