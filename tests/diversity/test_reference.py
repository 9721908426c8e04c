"""The reference page names everything that is measured, and says nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from curate.diversity.answer_formats import FORMATS
from curate.diversity.measures import OF_PROMPTS, OF_TEXTS
from curate.diversity.task_types import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "diversity.md").read_text("utf-8")


def _table(head: str) -> dict[str, str]:
    """The first two columns of the table under a head, without marks of code."""
    section = PAGE.split(f"| {head} |", 1)[1].split("\n\n", 1)[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines()[2:]]
    return {line[0].strip("`"): line[1] for line in cells}


def test_kinds_and_formats_are_those_of_the_code() -> None:
    assert _table("kind") == KINDS
    assert _table("format") == FORMATS


def test_every_number_has_a_line() -> None:
    names = {re.sub(r"^distinct-[123]$", "distinct-1, -2, -3", name) for name in (*OF_TEXTS, *OF_PROMPTS)}
    assert set(_table("name")) == names


def test_what_less_of_is_more_diverse_is_marked() -> None:
    for name, measure in (OF_TEXTS | OF_PROMPTS).items():
        shown = re.sub(r"^distinct-[123]$", "distinct-1, -2, -3", name)
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| {shown} |"))
        assert ("**less** diverse" in line) != measure.more, name
