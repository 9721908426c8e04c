"""The Report: facts only, complete before anything is rendered. Every renderer is a pure function of it.

``to_dict`` gives the JSON report, whose schema is versioned (``curate.core.names.REPORT_SCHEMA``) and documented
in ``docs/report-schema.md``, which is generated from this module.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from curate.core.names import REPORT_SCHEMA


@dataclass(frozen=True)
class Place:
    """Where something is.

    Attributes:
        file: as named by the user.
        line: 1-based; null where the container has no lines.
        row: 1-based number of the record in its file.
        key: content hash and occurrence; stays the same when lines move.
        at: RFC 6901 pointer into the row.
        span: code points [start, end) in the text at ``at``.
        bytes: [start, end) of the span in the decoded file, or of the row where there is no span.
    """

    file: str
    line: int | None
    row: int
    key: str
    at: str = ""
    span: tuple[int, int] | None = None
    bytes: tuple[int, int] | None = None


@dataclass(frozen=True)
class Excerpt:
    """A piece of text around a span; ``mark`` is the span within ``text``. Masked, and cut at both ends."""

    text: str
    mark: tuple[int, int] | None = None
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True)
class Example:
    """One finding as it is shown.

    Attributes:
        place: where.
        message: what.
        evidence: the word of the check's vocabulary that decided it, if any.
        prompt: what was asked, shortened.
        text: the text at fault with the span marked; null for a fault of the row as a whole.
        target: the answer, where the fault is not in it.
        related: the other row, where there is one, with its answer.
    """

    place: Place
    message: str
    evidence: str = ""
    prompt: Excerpt | None = None
    text: Excerpt | None = None
    target: Excerpt | None = None
    related: Place | None = None
    related_text: Excerpt | None = None


@dataclass(frozen=True)
class Harm:
    """What a problem costs: the supervised tokens of the rows it touches, and how bad it is for one of them.

    Attributes:
        tokens: supervised tokens (estimated) in the flagged rows.
        share: of all rows, each weighted by its supervised tokens, but at least as an average row: a row
            without an answer has no token and still teaches to give none.
        evidence: what is known about the effect on a trained model, or "no evidence yet".
        grade: how bad one affected token is: deadly, serious or minor (``curate.core.harm``).
        weight: the grade as a factor: 1, 0.1 or 0.01; by judgement, not measured.
        why: the reason for the grade.
        score: weight times share. Problems are ranked by it.
    """

    tokens: int
    share: float
    evidence: str = "no evidence yet"
    grade: str = ""
    weight: float = 1.0
    why: str = ""
    score: float = 0.0


@dataclass(frozen=True)
class Problem:
    """All findings of one check.

    Attributes:
        check: its name.
        title: the first line of its page.
        why: why it matters.
        mend: what to do.
        command: a command that mends or sets aside, ready to paste; empty if there is none.
        severity: error, warning or info.
        blocks: whether it is over its budget.
        budget: in words; empty if it never fails.
        findings: how many.
        rows: how many rows have one; files, where the fault is the file's.
        share: of all rows, or of all files.
        harm: what it costs.
        top: the most frequent evidence, with counts.
        examples: a few, spread over the findings.
        about: what ``rows`` counts: ``row`` or ``file``, or what the plan asks for (``waiver``, ``readable row``). Only
            a fault of rows has harm, and only for it rows are dropped.
    """

    check: str
    title: str
    why: str
    mend: str
    command: str
    severity: str
    blocks: bool
    budget: str
    findings: int
    rows: int
    share: float
    harm: Harm
    top: tuple[tuple[str, int], ...] = ()
    examples: tuple[Example, ...] = ()
    about: str = "row"

    @property
    def counted(self) -> str:
        """How many rows or files, with the noun."""
        return f"{self.rows:,} {self.about}{'s' * (self.rows != 1)}"


@dataclass(frozen=True)
class Unreadable:
    """A record in quarantine: where, which bytes, and why; never its text."""

    file: str
    line: int | None
    row: int
    bytes: tuple[int, int]
    reason: str


@dataclass(frozen=True)
class InputFile:
    """One input.

    Attributes:
        name: as named by the user.
        container: jsonl, json, csv or table.
        compression: gz, zst, bz2, xz or empty.
        encoding: of the text, empty for binary containers.
        evidence: what decided the encoding, where it is not plain UTF-8.
        size: bytes after decompression.
        sha256: of these bytes; of a table that is a file, of the file as it is.
        records: rows and quarantine entries.
        rows: rows that could be read.
        quarantined: records that could not.
        row_bytes: bytes in rows.
        quarantined_bytes: bytes in quarantine entries.
        separator_bytes: bytes between records.
        layouts: rows by layout.
        notes: what else there is to say: a byte order mark, CRLF line ends, an empty file.
    """

    name: str
    container: str
    compression: str = ""
    encoding: str = ""
    evidence: str = ""
    size: int = 0
    sha256: str = ""
    records: int = 0
    rows: int = 0
    quarantined: int = 0
    row_bytes: int = 0
    quarantined_bytes: int = 0
    separator_bytes: int = 0
    layouts: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowAccount:
    """Rows in = kept + dropped + quarantined; edited rows are among the kept."""

    in_: int
    kept: int
    dropped: int
    quarantined: int
    edited: int

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost."""
        return self.in_ == self.kept + self.dropped + self.quarantined and self.edited <= self.kept


@dataclass(frozen=True)
class Bin:
    """One bar: what it holds and how much."""

    label: str
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Distribution:
    """Counts over bins, with the figures that a reader wants beside the picture."""

    title: str
    unit: str
    bins: tuple[Bin, ...]
    median: float | None = None
    p95: float | None = None
    maximum: float | None = None
    note: str = ""


@dataclass(frozen=True)
class DataFacts:
    """What is in the data.

    Attributes:
        supervised_tokens: estimated tokens that are trained on.
        prompt_tokens: estimated tokens that the model is given.
        token_note: how the estimate is made, and its error.
        charts: distributions to draw.
    """

    supervised_tokens: int = 0
    prompt_tokens: int = 0
    token_note: str = ""
    charts: tuple[Distribution, ...] = ()


@dataclass(frozen=True)
class Rate:
    """How many rows of a group, and between which bounds the share lies (Wilson score interval, 95 %).

    Attributes:
        rows: how many.
        share: of the group's rows.
        low: lower bound.
        high: upper bound.
    """

    rows: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Outlier:
    """A check that finds clearly more in a group than in all other rows.

    Attributes:
        check: its name.
        here: the rate in the group.
        elsewhere: the rate in all other rows.
    """

    check: str
    here: Rate
    elsewhere: Rate


@dataclass(frozen=True)
class Group:
    """The rows that have one value in a field.

    Attributes:
        value: masked and cut; a number is added where two would look the same. Null for rows without the field.
        rows: how many.
        blocked: those with a finding of a check that is over its budget.
        flagged: those with any finding.
        stands_out: checks that find clearly more here than elsewhere, in two rows at least: intervals that hold
            for all comparisons together (Bonferroni, 95 %) do not overlap.
    """

    value: str | None
    rows: int
    blocked: Rate
    flagged: Rate
    stands_out: tuple[Outlier, ...] = ()


@dataclass(frozen=True)
class Breakdown:
    """Where the faults come from: rates by the values of one field. Rows of all groups = rows kept.

    Attributes:
        field: a metadata field of the rows, or ``file``.
        values: how many different ones there are.
        groups: worst first, by the lower bounds of the rates of blocked and then of flagged rows.
        others: the remaining values taken together; null if all are in ``groups``.
        folded: how many values that are.
        unreadable: records in quarantine; nobody knows their values, so they are in no group.
    """

    field: str
    values: int
    groups: tuple[Group, ...]
    others: Group | None = None
    folded: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class BaselineFacts:
    """Findings that were agreed to be lived with; they are in no problem of the report.

    Attributes:
        file: the baseline.
        known: findings that it holds.
        new: findings that it does not; the verdict is about these.
        mended: by check, what it holds and nobody finds any more.
    """

    file: str
    known: int
    new: int
    mended: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class WaiverFacts:
    """Findings that somebody answers for; they are in no problem of the report.

    Attributes:
        check: a check, or a family.
        owner: who answers for it.
        reason: why they may stay.
        until: the last day on which it holds, as ``2026-12-31``.
        place: where the plan says so, as ``file:line``.
        findings: how many it covers; 0 once it has expired.
        rows: in how many rows.
        expired: whether its last day is over: its findings are problems again, and it blocks by itself.
    """

    check: str
    owner: str
    reason: str
    until: str
    place: str = ""
    findings: int = 0
    rows: int = 0
    expired: bool = False


@dataclass(frozen=True)
class Verdict:
    """One function of the report's facts and the plan.

    Attributes:
        status: fit, unfit or nothing (nothing was evaluated).
        exit_code: of ``curate check``: 0, 1 or 3.
        headline: in a few words.
        reasons: what decided it, worst first.
    """

    status: str
    exit_code: int
    headline: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeseenEdit:
    """An edit that ``curate fix`` would make.

    Attributes:
        place: where; its span is that of what would go.
        text: the text around it, with the span marked; null where no text may be shown.
        after: what would stand there.
    """

    place: Place
    text: Excerpt | None
    after: str


@dataclass(frozen=True)
class Foreseen:
    """The edits of one class that ``curate fix`` would make.

    Attributes:
        name: of the class: the name of a check, or an editor's.
        edits: how many were found.
        rows: in how many rows.
        share: of the rows that were looked at.
        low: lower bound of the share of all rows (Wilson score interval, 95 %); the share itself if all were looked at.
        high: upper bound, likewise.
        looked: rows that were looked at.
        suggested: how many more would only be suggested.
        examples: the first of them; of repairs that checks offer, the problems have examples.
    """

    name: str
    edits: int
    rows: int
    share: float
    low: float
    high: float
    looked: int
    suggested: int = 0
    examples: tuple[ForeseenEdit, ...] = ()


@dataclass(frozen=True)
class Foresight:
    """What ``curate fix`` would change.

    Attributes:
        rows: all rows.
        looked: rows that the editors looked at, spread evenly over the data; repairs of checks are counted in all.
        kinds: kinds of edit that were looked for.
        classes: most rows first.
        unchecked: texts that an editor could not look at.
        command: that would make the edits.
    """

    rows: int
    looked: int
    kinds: tuple[str, ...]
    classes: tuple[Foreseen, ...]
    unchecked: int = 0
    command: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that is known about the inputs.

    Attributes:
        version: of curate.
        verdict: fit or not, and why.
        files: the inputs.
        rows: where the rows went.
        problems: worst first.
        passed: checks that found nothing in the rows that could be read.
        quarantine: the first records that cannot be read.
        quarantine_reasons: how many there are of each reason.
        quarantine_budget: how many there may be, in words.
        quarantine_blocks: whether there are more.
        data: what is in the data.
        skipped_files: files of folders that were not read, and why.
        masked: whether secrets and personal data are masked.
        by: where the faults come from, for each field that was asked for.
        not_searched: kinds of personal data that no check looks for.
        not_judged: what a check could not judge here, and why.
        baseline: what was known before, where a baseline was given.
        waivers: findings that are left out because somebody answers for them.
        fixes: what ``curate fix`` would change; null where it cannot: lines are grouped, or there is no row.
    """

    version: str
    verdict: Verdict
    files: tuple[InputFile, ...]
    rows: RowAccount
    problems: tuple[Problem, ...]
    passed: tuple[str, ...]
    quarantine: tuple[Unreadable, ...]
    quarantine_reasons: tuple[tuple[str, int], ...]
    data: DataFacts
    skipped_files: tuple[tuple[str, str], ...] = ()
    masked: bool = True
    quarantine_budget: str = "0 rows"
    quarantine_blocks: bool = False
    by: tuple[Breakdown, ...] = ()
    not_searched: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    baseline: BaselineFacts | None = None
    waivers: tuple[WaiverFacts, ...] = ()
    fixes: Foresight | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON report."""
        plain = asdict(self)
        plain["rows"]["in"] = plain["rows"].pop("in_")
        return {"schema": REPORT_SCHEMA, **plain}
