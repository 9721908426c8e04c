"""A summary in Markdown, for a job's page or a comment of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.reports.ci.annotations import annotate
from curate.reports.ci.markdown_text import block, code, markdown_text, prose, table
from curate.reports.plain import (
    account_text,
    baseline_text,
    bounds,
    command_for_all,
    others_name,
    outlier_text,
    percent,
    unread_text,
    value_name,
    waiver_text,
)
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import Breakdown, Group, Rate, Report
    from curate.reports.ci.annotations import Annotation

MARKS = {"error": "❌ blocks", "warning": "⚠️ warning", "note": "ℹ️ note"}

MOST = 50
"""Problems in the table, and values of a field in theirs."""

LARGEST = 60_000
"""Characters; a comment on GitHub holds 65,536, a summary 1 MiB."""

CUT = "\n\nThe rest is left out: a comment holds no more. `curate check --json` says all of it.\n"


def render(report: Report) -> str:
    """Verdict, account, a table of the problems, what to run, and where the faults come from."""
    found = annotate(report)
    parts = (_head(report), _problems(found), _commands(found, report), _by(report), _notes(report))
    text = "\n".join(line for part in parts for line in part).rstrip() + "\n"
    if len(text) <= LARGEST:
        return text
    return text[:LARGEST].rpartition("\n")[0] + CUT


def _head(report: Report) -> Iterator[str]:
    yield f"## curate: {markdown_text(report.verdict.headline)}"
    yield ""
    if report.verdict.status == "nothing":
        yield from (f"- {markdown_text(reason)}" for reason in report.verdict.reasons)
        yield ""
    yield f"{markdown_text(account_text(report))}."
    if report.baseline is not None:
        yield ""
        yield f"{markdown_text(baseline_text(report.baseline))}."
    yield ""


def _problems(found: tuple[Annotation, ...]) -> Iterator[str]:
    if not found:
        return
    yield from table(
        ("", "check", "how many", "where it begins", "what it is"), list(map(_row, found[:MOST]))
    )
    yield ""
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more problems"
        yield ""


def _row(one: Annotation) -> tuple[str, ...]:
    place = f"{one.first.file}, {one.first.told}"
    return MARKS[one.level], code(one.check), f"{one.count:,}", markdown_text(place), markdown_text(one.title)


def _commands(found: tuple[Annotation, ...], report: Report) -> Iterator[str]:
    blocking = [one for one in found if one.level == "error"]
    for one in blocking[:MOST]:
        yield f"- {code(one.check)}: {prose(f'{one.message} {one.mend}'.strip())}"
    if blocking:
        yield ""
    if command := command_for_all(report):
        yield "To set the rows that block aside:"
        yield ""
        yield from block(command)
        yield ""


def _by(report: Report) -> Iterator[str]:
    for breakdown in report.by:
        yield f"### By {markdown_text(visible_name(breakdown.field))}"
        yield ""
        groups = breakdown.groups[:MOST]
        lines = [_group(value_name(group), group) for group in groups]
        if breakdown.others is not None:
            lines.append(_group(others_name(breakdown), breakdown.others))
        yield from table(("", "rows", "blocked", "with a finding", "stands out"), lines)
        yield ""
        yield from _left_out(breakdown)


def _left_out(breakdown: Breakdown) -> Iterator[str]:
    if len(breakdown.groups) > MOST:
        yield f"and {len(breakdown.groups) - MOST:,} more values"
        yield ""
    if breakdown.unreadable:
        yield f"{markdown_text(unread_text(breakdown))}."
        yield ""


def _group(name: str, group: Group) -> tuple[str, ...]:
    outliers = ", ".join(map(outlier_text, group.stands_out))
    return (
        markdown_text(name),
        f"{group.rows:,}",
        _rate(group.blocked),
        _rate(group.flagged),
        markdown_text(outliers),
    )


def _rate(rate: Rate) -> str:
    return markdown_text(f"{rate.rows:,} = {percent(rate.share)} (95 %: {bounds(rate)})")


def _notes(report: Report) -> Iterator[str]:
    yield from (f"- {markdown_text(waiver_text(waiver))}" for waiver in report.waivers)
    if report.waivers:
        yield ""
    yield from (f"- Not judged: {markdown_text(note)}" for note in report.not_judged)
