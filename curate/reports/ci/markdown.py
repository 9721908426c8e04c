"""A summary in Markdown, for a job's page or a comment of a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.reports.ci.annotations import annotate
from curate.reports.plain import account_text, command_for_all, waiver_text

if TYPE_CHECKING:
    from curate.core.report import Report
    from curate.reports.ci.annotations import Annotation

MARKS = {"error": "❌ blocks", "warning": "⚠️ warning", "note": "ℹ️ note"}

MOST = 50
"""Problems in the table; a summary of GitHub holds 1 MiB, a comment 65,536 characters."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!&~])")


def render(report: Report) -> str:
    """Verdict, account, a table of the problems, and what to run."""
    found = annotate(report)
    lines = [
        f"## curate: {markdown_text(report.verdict.headline)}",
        "",
        f"{markdown_text(account_text(report))}.",
        "",
    ]
    if found:
        lines += ["| | check | rows | where it begins | what it is |", "|---|---|--:|---|---|"]
        lines += map(_row, found[:MOST])
        lines += [f"\nand {len(found) - MOST} more problems"] * (len(found) > MOST)
        lines += ["", *_mends(found)]
    if command := command_for_all(report):
        lines += ["To set the rows that block aside:", "", "```sh", command.replace("```", ""), "```"]
    lines += [f"- {markdown_text(waiver_text(waiver))}" for waiver in report.waivers]
    lines += [f"Not judged: {markdown_text(note)}" for note in report.not_judged]
    return "\n".join(lines).rstrip() + "\n"


def _row(one: Annotation) -> str:
    place = f"{one.first.file}, {one.first.told}"
    cells = (
        MARKS[one.level],
        f"`{one.check}`",
        f"{one.count:,}",
        markdown_text(place),
        markdown_text(one.title),
    )
    return f"| {' | '.join(cells)} |"


def _mends(found: tuple[Annotation, ...]) -> list[str]:
    blocking = [one for one in found if one.level == "error"]
    return [f"- `{one.check}`: {markdown_text(one.message)} {one.mend}" for one in blocking[:MOST]] + [
        ""
    ] * bool(blocking)


def markdown_text(text: str) -> str:
    """Text that stays text in Markdown, on one line."""
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
