"""The Plan: what is asked for, from the file and the flags, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from curate.core.coverage_plan import CoveragePlan
from curate.core.finding import Severity
from curate.core.fix_plan import FixPlan
from curate.core.pii_plan import PiiPlan
from curate.core.policy import Require, Waiver
from curate.core.run_plan import RunPlan
from curate.core.table_map import TableMap

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

T = TypeVar("T")


@dataclass(frozen=True)
class Budget:
    """How many rows a check may flag before it fails: a count, or a share of all rows."""

    count: int | None = None
    share: float | None = None

    def allows(self, rows: int, total: int) -> bool:
        """Whether ``rows`` flagged of ``total`` are within the budget."""
        if self.count is not None and rows > self.count:
            return False
        return self.share is None or rows <= self.share * max(total, 1)

    def __str__(self) -> str:
        return self.told("row")

    def told(self, noun: str) -> str:
        """The budget in words, for rows or for whole files."""
        parts = []
        if self.count is not None:
            parts.append(f"{self.count:,} {noun}{'s' * (self.count != 1)}")
        if self.share is not None:
            parts.append(f"{self.share:.4g}".replace("e", "e") if self.share < 1e-4 else f"{self.share:.2%}")  # noqa: PLR2004
        return " and ".join(parts) or "no limit"


@dataclass(frozen=True)
class Scope:
    """Rows that a check passes over: those whose metadata field has one of the values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One plan from the file and the flags.

    Attributes:
        select: names or families of checks to run; empty for all that are on by default.
        ignore: names or families of checks not to run.
        severity: severities that differ from a check's own.
        budget: budgets; an error without one may flag no row, a warning without one never fails.
        options: values of a check's own fields.
        allow: expressions; a finding whose span matches one entirely is not reported.
        skip: metadata scopes that a check passes over.
        encoding: of all text files; decided for each file from its bytes if None.
        checks: folders of the team's own checks.
        quarantine: how many records may be unreadable.
        workers: at most so many processes, used where the input is large; results never depend on it.
        show_pii: whether secrets and personal data are shown.
        show_text: whether row text is shown at all.
        mapping: how the columns of own tables make conversations, and which of their lines are left out.
        fields: metadata fields that a step reads for itself.
        by: fields of the rows by whose values fault rates are told, and ``file``.
        fix: what ``curate fix`` may change.
        pii: how personal data is taken out.
        run: what ``curate run`` does.
        require: metadata and a number of rows that must be there.
        coverage: the contract of what the data must cover.
        waivers: findings that somebody answers for; they are left out of the verdict, and told.
        expectations: schema suites of Great Expectations that the gate runs beside the checks: files, or folders.
        today: the day on which waivers are judged; today, UTC, if None.
        places: where the plan's file says something, as ``file:line``, by section and name: ``severity.answer.echo``.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    budget: Mapping[str, Budget] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    allow: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    skip: Mapping[str, tuple[Scope, ...]] = field(default_factory=dict)
    encoding: str | None = None
    checks: tuple[str, ...] = ()
    quarantine: Budget = field(default_factory=lambda: Budget(count=0))
    workers: int | None = None
    show_pii: bool = False
    show_text: bool = True
    mapping: TableMap = field(default_factory=TableMap)
    fields: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    fix: FixPlan = field(default_factory=FixPlan)
    pii: PiiPlan = field(default_factory=PiiPlan)
    run: RunPlan = field(default_factory=RunPlan)
    require: Require = field(default_factory=Require)
    coverage: CoveragePlan = field(default_factory=CoveragePlan)
    waivers: tuple[Waiver, ...] = ()
    expectations: tuple[str, ...] = ()
    today: date | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def metadata(self) -> tuple[str, ...]:
        """The metadata fields that the plan names."""
        skipped = {scope.name for scopes in self.skip.values() for scope in scopes}
        return tuple(sorted({*skipped, *self.fields, *self.require.fields}))

    @property
    def day(self) -> date:
        """The day on which waivers are judged."""
        return self.today or datetime.now(UTC).date()

    def wants(self, check: str) -> bool:
        """Whether a check is to run; a family's name stands for all its checks."""
        if self.select and not any(_covers(name, check) for name in self.select):
            return False
        return not self.ignores(check)

    def ignores(self, check: str) -> bool:
        """Whether a check is left out by its name or that of what it belongs to."""
        return any(_covers(name, check) for name in self.ignore)

    def budget_of(self, check: str, severity: Severity) -> Budget | None:
        """The budget of a check; None if it never fails. A family's budget is that of each of its checks."""
        said = most_specific(self.budget, check)
        return said if said is not None else Budget(count=0) if severity is Severity.ERROR else None

    def severity_of(self, check: str, own: Severity) -> Severity:
        """The severity of a check, which by itself has its own; what is said of a family holds for its checks."""
        return most_specific(self.severity, check) or own


def most_specific(said: Mapping[str, T], check: str) -> T | None:
    """What is said of a check by its name, or else of what it belongs to: of a family, a suite, an expectation.

    >>> most_specific({"sft": 1, "sft.column-to-exist": 2}, "sft.column-to-exist.target")
    2
    """
    while check and check not in said:
        check = check.rpartition(".")[0]
    return said.get(check)


def _covers(name: str, check: str) -> bool:
    return name == check or check.startswith(name + ".")
