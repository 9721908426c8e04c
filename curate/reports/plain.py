"""The report as JSON, and as the lines of ``curate check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import (
        BaselineFacts,
        Breakdown,
        Group,
        Outlier,
        Problem,
        Rate,
        Report,
        WaiverFacts,
    )

UNCHANGED = "nothing was changed"
"""Said beside the account of the rows: those that are kept have been read, and none was taken out."""

NO_VALUE = "(none)"
"""Stands for rows without the field."""


def render_json(report: Report) -> str:
    """One JSON object, indented; its schema is in ``docs/reference/report-schema.md``."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)


def render_lines(report: Report) -> str:
    """One line a problem, in the ``file:line: severity: check: message`` form that editors understand."""
    lines = (*_problem_lines(report), *_quarantine_lines(report), *_group_lines(report), *_last_lines(report))
    return "\n".join(lines)


def place_text(file: str, line: int | None, row: int) -> str:
    """``file:line``, or the row's number where there are no lines."""
    return f"{visible_name(file)}:{line}" if line is not None else f"{visible_name(file)} row {row}"


def plural(count: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def percent(share: float) -> str:
    """A share with two decimals that never rounds a part to nothing or to all."""
    if 0 < share < 0.0001:  # noqa: PLR2004 (what two decimals can show)
        return "<0.01%"
    return ">99.99%" if 0.9999 < share < 1 else f"{share:.2%}"  # noqa: PLR2004 (the same)


def command_for_all(report: Report) -> str:
    """The command that sets aside the rows of all problems that block; empty where a problem's own does.

    The names stand in it, so that it drops neither what is within its budget nor what was not asked about. It is made
    of the command of one problem, in which the inputs and the options stand already. Where the rows of one should be
    read in another way, nothing is to be set aside before.
    """
    blocking = [problem for problem in report.problems if problem.blocks and problem.about == "row"]
    if any(problem.command.startswith("curate report ") for problem in blocking):
        return ""
    names = ",".join(problem.check for problem in blocking)
    for verb in ("curate drop ", "curate fix ") if len(blocking) > 1 else ():
        for problem in blocking:
            head, one, out = problem.command.rpartition(f" --select {problem.check} -o ")
            if one and problem.command.startswith(verb):
                return f"curate drop {head.removeprefix(verb)} --select {names} -o {out}"
    return ""


def account_text(report: Report) -> str:
    """Where the rows went."""
    rows = report.rows
    parts = f"{rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined"
    return f"{plural(rows.in_, 'row')} in = {parts}"


def baseline_text(baseline: BaselineFacts) -> str:
    """What was known, what is new, and what was mended, on one line."""
    count = sum(number for _, number in baseline.mended)
    which = ", ".join(f"{check} {number:,}" for check, number in baseline.mended)
    mended = f"{count:,} mended" + (f" ({which})" if which else "")
    return f"baseline {visible_name(baseline.file)}: {baseline.known:,} known, {baseline.new:,} new, {mended}"


def waiver_text(waiver: WaiverFacts) -> str:
    """Who answers for how much, why, and until when, on one line."""
    told = f"by {visible_name(waiver.owner)} until {waiver.until}: {visible_name(waiver.reason)}"
    if waiver.expired:
        return f"expired: {waiver.check}: {told}"
    unused = "" if waiver.rows else " (it covers nothing any more: take it out)"
    return f"waived: {waiver.check}: {plural(waiver.rows, 'row')} {told}{unused}"


def value_name(group: Group) -> str:
    """The value of a group on one line."""
    return NO_VALUE if group.value is None else visible_name(group.value)


def others_name(breakdown: Breakdown) -> str:
    """The values that are taken together."""
    return plural(breakdown.folded, "other")


def bounds(rate: Rate) -> str:
    """The interval of a rate, as ``10.3–14.0%``."""
    return f"{100 * rate.low:.1f}–{100 * rate.high:.1f}%"


def outlier_text(outlier: Outlier) -> str:
    """A check that stands out, with both rates."""
    return f"{visible_name(outlier.check)} {percent(outlier.here.share)} (elsewhere {percent(outlier.elsewhere.share)})"


def unread_text(breakdown: Breakdown) -> str:
    """The records that are in no group; empty if there are none."""
    if not breakdown.unreadable:
        return ""
    are = "is" if breakdown.unreadable == 1 else "are"
    return f"{plural(breakdown.unreadable, 'record')} that cannot be read {are} in no group"


def _group_lines(report: Report) -> Iterator[str]:
    """A line a value; intervals are Wilson's, at 95 %."""
    for breakdown in report.by:
        field = visible_name(breakdown.field)
        for group in breakdown.groups:
            yield f"by {field}: {value_name(group)}: {_rates(group)}"
        if breakdown.others is not None:
            yield f"by {field}: {others_name(breakdown)}: {_rates(breakdown.others)}"
        if breakdown.unreadable:
            yield f"by {field}: {unread_text(breakdown)}"


def _rates(group: Group) -> str:
    told = (("blocked", group.blocked), ("with a finding", group.flagged))
    rates = [f"{rate.rows:,} {name} ({percent(rate.share)}, 95%: {bounds(rate)})" for name, rate in told]
    found = f"; stands out: {', '.join(map(outlier_text, group.stands_out))}" if group.stands_out else ""
    return f"{plural(group.rows, 'row')}, {', '.join(rates)}{found}"


def _problem_lines(report: Report) -> Iterator[str]:
    for problem in report.problems:
        place = problem.examples[0].place
        where = place_text(place.file, place.line, place.row)
        told = f"{_count(problem)}; {visible_name(problem.title)}"
        yield f"{where}: {_level(problem)}: {visible_name(problem.check)}: {told}"


def _level(problem: Problem) -> str:
    """What blocks is an error; an error within its budget is a warning."""
    if problem.blocks:
        return "error"
    return "warning" if problem.severity == "error" else problem.severity


def _count(problem: Problem) -> str:
    allowed = f", allowed {problem.budget}" if problem.budget else ""
    first = " from here on" if problem.findings > 1 and problem.rows > 1 else ""
    return f"{problem.counted}{first} ({problem.share:.2%}){allowed}"


def _quarantine_lines(report: Report) -> Iterator[str]:
    level = "error" if report.quarantine_blocks else "warning"
    for item in report.quarantine:
        yield f"{place_text(item.file, item.line, item.row)}: {level}: quarantine: {item.reason}"
    hidden = report.rows.quarantined - len(report.quarantine)
    if hidden > 0:
        yield f"and {plural(hidden, 'more record')} that cannot be read"


def _last_lines(report: Report) -> Iterator[str]:
    if any(problem.about == "row" and problem.rows > 1 for problem in report.problems):
        yield "--findings FILE lists every row of every problem"
    yield from (f"not judged: {note}" for note in report.not_judged)
    if report.baseline is not None:
        yield baseline_text(report.baseline)
    yield from map(waiver_text, report.waivers)
    yield f"{report.verdict.headline} ({account_text(report)})"
