"""From a scan to a Report: problems counted and ranked, examples fetched, masked and cut."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from curate import __version__
from curate.core.finding import Severity
from curate.core.harm import harm_of
from curate.core.plan import Budget
from curate.core.report import Harm, InputFile, Problem, Report, RowAccount, Unreadable, Verdict
from curate.engines.advice import advice_on, not_judged, not_searched
from curate.engines.by import break_down
from curate.engines.examples import show_examples
from curate.engines.facts import describe
from curate.engines.private import shown_text
from curate.engines.scan import NO_ANSWER
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.core.check import Check
    from curate.core.manual import Manual
    from curate.core.outside import Outside
    from curate.core.plan import Plan
    from curate.engines.scan import Scan

MOST_QUARANTINE = 100
MOST_EVIDENCE = 5


def assemble(scan: Scan, plan: Plan, decide: Decide) -> Report:
    """The report of a scan.

    Args:
        scan: what one pass found.
        plan: budgets, privacy.
        decide: the gate, from problems, rows and the number of evaluations to a verdict.
    """
    data = describe(scan.facts, plan)
    kept = len(scan.index)
    rows = RowAccount(scan.records, kept, len(scan.left_out), len(scan.quarantine), 0)
    checks = {check.name: check for check in scan.judges}
    advice = advice_on(scan, plan)
    problems = [
        _problem(
            checks[name],
            _elsewhere(name, advice(checks[name]), scan),
            frame,
            scan,
            plan,
            data.supervised_tokens,
        )
        for name, frame in scan.found.items()
    ]
    problems.sort(key=lambda p: (not p.blocks, -p.harm.score, p.check))
    shown = show_examples(problems, scan, plan)
    return Report(
        version=__version__,
        verdict=decide(shown, rows, kept * len(checks), plan),
        files=_files(scan),
        rows=rows,
        problems=tuple(shown),
        passed=tuple(sorted(set(checks) - set(scan.found))) if kept else (),
        quarantine=_quarantine(scan),
        quarantine_reasons=tuple(sorted(scan.reasons.items(), key=lambda item: (-item[1], item[0]))),
        quarantine_budget=str(plan.quarantine),
        quarantine_blocks=not plan.quarantine.allows(rows.quarantined, rows.in_),
        data=data,
        skipped_files=scan.inputs.skipped,
        masked=not plan.show_pii,
        by=break_down(scan, shown, plan),
        not_searched=not_searched(scan.checks),
        not_judged=not_judged(scan.checks),
    )


if TYPE_CHECKING:
    from typing import Protocol

    class Decide(Protocol):
        """The gate's signature."""

        def __call__(
            self, problems: Sequence[Problem], rows: RowAccount, evaluated: int, plan: Plan
        ) -> Verdict:
            """A verdict."""


def _problem(  # noqa: PLR0913 (what a problem is made of)
    check: Check | Outside, manual: Manual, found: pl.DataFrame, scan: Scan, plan: Plan, supervised: int
) -> Problem:
    rows = found.select(pl.col("row").unique())
    severity = Severity(check.severity)
    budget = _budget(check, severity, plan)
    is_row = check.about == "row"
    total = {"row": len(scan.index), "file": len(scan.opened)}.get(check.about, 1)
    count = len(rows) if is_row else rows.join(scan.index, on="row")["file"].n_unique()
    return Problem(
        check=check.name,
        title=manual.title,
        why=manual.why,
        mend=manual.mend,
        command=manual.command,
        severity=severity.value,
        blocks=budget is not None and not budget.allows(count, total),
        budget=budget.told(check.about) if budget is not None else "",
        findings=len(found),
        rows=count,
        share=count / max(total, 1),
        harm=_harm(check, rows if is_row else rows.clear(), scan.index, supervised, manual.harm),
        top=_top(found, plan),
        about=check.about,
    )


def _budget(check: Check | Outside, severity: Severity, plan: Plan) -> Budget | None:
    """The budget of a check; that of a suite counts rows, so what is about the table as a whole is not within it."""
    budget = plan.budget_of(check.name, severity)
    if check.about != "table" or check.name in plan.budget or budget in (None, Budget()):
        return budget
    return Budget(count=0) if severity is Severity.ERROR else None


def _elsewhere(name: str, manual: Manual, scan: Scan) -> Manual:
    """The page of a check; where no row has an answer and columns look like some, it says how to read them."""
    if name != NO_ANSWER or not scan.answers:
        return manual
    files = " ".join(map(shell_word, scan.inputs.arguments))
    command = f"curate report {files} {scan.answers}"
    mend = f"No row has an answer where layouts have it, and other columns may hold it: `{command}`. {manual.mend}"
    return replace(manual, mend=mend, command=command)


def _top(found: pl.DataFrame, plan: Plan) -> tuple[tuple[str, int], ...]:
    """The most frequent evidence."""
    if not plan.show_text:
        return ()
    counts = found.filter(pl.col("evidence").str.strip_chars() != "")["evidence"].value_counts()
    most = counts.sort("count", "evidence", descending=[True, False]).head(MOST_EVIDENCE).rows()
    return tuple((shown_text(text, plan), count) for text, count in most)


def _harm(
    check: Check | Outside, rows: pl.DataFrame, index: pl.DataFrame, supervised: int, evidence: str
) -> Harm:
    """Supervised tokens of the flagged rows, their weight among all rows, and how bad one of them is."""
    mean = -(-supervised // max(len(index), 1)) or 1
    tokens = rows.join(index.select("row", "target_tokens"), on="row")["target_tokens"]
    share = int(tokens.clip(lower_bound=mean).sum()) / max(
        int(index["target_tokens"].clip(lower_bound=mean).sum()), 1
    )
    graded = harm_of(check.name, Severity(check.severity))
    return Harm(
        tokens=int(tokens.sum()),
        share=share,
        evidence=evidence or "no evidence yet",
        grade=graded.grade.value,
        weight=graded.weight,
        why=graded.why,
        score=share * graded.weight,
    )


def _files(scan: Scan) -> tuple[InputFile, ...]:
    quarantined = dict(scan.quarantine["file"].value_counts().rows())
    return tuple(_file(scan, at, quarantined.get(at, 0)) for at in range(len(scan.opened)))


def _file(scan: Scan, at: int, quarantined: int) -> InputFile:
    opened, tally = scan.opened[at], scan.tallies[at]
    survey = opened.survey
    notes = sorted(tally.notes)
    if survey and survey.bom:
        notes.append("begins with a byte order mark")
    if not tally.records:
        notes.append("holds no record" if survey is None or survey.size else "is empty")
    return InputFile(
        name=opened.source.name,
        container=opened.container,
        compression=survey.packing if survey else "",
        encoding=survey.encoding if survey else "",
        evidence=survey.evidence if survey else "",
        size=survey.size if survey else 0,
        sha256=survey.sha256 if survey else _table_hash(opened.source.path),
        records=tally.records,
        rows=tally.records - quarantined,
        quarantined=quarantined,
        row_bytes=tally.sizes[0],
        quarantined_bytes=tally.sizes[1],
        separator_bytes=tally.sizes[2],
        layouts=dict(sorted(tally.layouts.items(), key=lambda item: (-item[1], item[0]))),
        notes=tuple(notes),
    )


def _table_hash(path: Path | None) -> str:
    """The hash of a table's file; a folder, or a frame in memory, has none."""
    if path is None or not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _quarantine(scan: Scan) -> tuple[Unreadable, ...]:
    first = scan.first_rows
    return tuple(
        Unreadable(scan.opened[file].source.name, line, row - first[file] + 1, (start, end), reason)
        for row, file, line, start, end, reason in scan.quarantine.head(MOST_QUARANTINE).rows()
    )
