"""The steps of a run: each is the command of its name, with the part of the plan that is its own."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from curate.core.check import RowCheck
from curate.core.finding import Severity
from curate.core.run_plan import DROP, KEEP, MEND
from curate.core.telling import tell
from curate.engines.deduping import dedup
from curate.engines.dropping import Writing, outputs_of
from curate.engines.registry import load_checks
from curate.engines.repairing import fix
from curate.engines.scan import scan
from curate.formats.sources import Discovered, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from curate.core.check import Check
    from curate.core.plan import Plan
    from curate.engines.local import Engine
    from curate.engines.scan import Progress, Scan

LEDGER = "ledger.jsonl"
"""The ledger of a step, in its folder."""

HARPER = "harper"
"""The package of the grammar engine that is used where the plan names none."""


class Work(NamedTuple):
    """What all steps share.

    Attributes:
        plan: of the run.
        names: where each input goes, below the folder that a run writes.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.
    """

    plan: Plan
    names: tuple[Path, ...]
    engine: Engine | None
    progress: Progress | None

    def place(self, folder: Path) -> str:
        """The argument ``out`` that gives a step's files their names: a file, or a folder for several."""
        return str(folder / self.names[0]) if len(self.names) == 1 else f"{folder / self.names[0].parts[0]}/"


Step = tuple["Sequence[Path]", dict[str, Any]]
"""The files that go on to the next step, and what the step says of itself."""


def steps_of(plan: Plan) -> tuple[str, ...]:
    """The steps that have something to do, in their order.

    Lines that are grouped are not repaired in place, and so these steps are left out, which is told.
    """
    chosen = [step for step in plan.run.steps if step not in ("repair", "fix") or _kinds(step, plan)]
    if plan.mapping.group is None:
        return tuple(chosen)
    left_out = [step for step in chosen if step in ("repair", "fix")]
    if left_out:
        tell(f"lines that are grouped are not repaired in place: left out {' and '.join(left_out)}")
    return tuple(step for step in chosen if step not in left_out)


def _kinds(step: str, plan: Plan) -> tuple[str, ...]:
    """The kinds of edit that belong to ``repair`` (of characters) or to ``fix`` (of words).

    Terminology needs a glossary. Grammar that nobody asked for needs its engine to be installed; where it is not,
    that is told, and the run goes on.
    """
    families = {name.partition(".")[0] for name in plan.select}
    kinds = [
        kind
        for kind in plan.fix.kinds
        if (kind == "text") == (step == "repair") and (kind == "text" or not families or kind in families)
    ]
    if step == "repair" and not any(isinstance(check, RowCheck) for check in load_checks(_repairing(plan))):
        return ()
    if "terms" in kinds and not plan.fix.glossary:
        kinds.remove("terms")
    is_asked = "grammar" in plan.fix.only or plan.fix.grammar not in ("", "off")
    if "grammar" in kinds and plan.fix.grammar == "off":
        kinds.remove("grammar")
    elif "grammar" in kinds and not is_asked and find_spec(HARPER) is None:
        tell('grammar was not looked at: pip install "curate-data[grammar]"')
        kinds.remove("grammar")
    return tuple(kinds)


def _repairing(plan: Plan) -> Plan:
    """The plan without the checks whose faults are not to be repaired."""
    spared = [
        check.name
        for check in load_checks(plan)
        if plan.run.action(check.name, check.severity) == DROP
        or (
            plan.run.action(check.name, check.severity) == KEEP
            and plan.run.is_told(check.name, check.severity)
        )
    ]
    return replace(plan, ignore=(*plan.ignore, *spared))


def repair_step(folder: Path, inputs: Sequence[object], work: Work) -> Step:
    """Characters: what checks and the editor of texts repair."""
    return _fix("repair", _repairing(work.plan), folder, inputs, work)


def fix_step(folder: Path, inputs: Sequence[object], work: Work) -> Step:
    """Words: terminology, grammar, and what else the plan asks for."""
    return _fix("fix", work.plan, folder, inputs, work)


def _fix(step: str, plan: Plan, folder: Path, inputs: Sequence[object], work: Work) -> Step:
    plan = replace(plan, fix=replace(plan.fix, only=_kinds(step, plan)))
    done = fix(
        *inputs,
        out=_made(work.place(folder)),
        plan=plan,
        ledger=folder / LEDGER,
        engine=work.engine,
        progress=work.progress,
    )
    return done.outputs, {}


def _made(place: str) -> str:
    """The place, with its folder, which the steps of the command line expect to be there."""
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    return place


def dedup_step(folder: Path, inputs: Sequence[object], work: Work) -> Step:
    """Near duplicates, by the rules of ``curate dedup``."""
    done = dedup(
        *inputs,
        out=_made(work.place(folder)),
        plan=work.plan,
        ledger=folder / LEDGER,
        engine=work.engine,
        progress=work.progress,
    )
    return done.dropped.outputs, {}


def drop_step(folder: Path, inputs: Sequence[object], work: Work) -> Step:
    """Rows by the policy of the run, and what cannot be read."""
    sources = tuple(
        Source(str(one), Path(one)) if isinstance(one, str | Path) else Source(f"<data {at}>", data=one)
        for at, one in enumerate(inputs, 1)
    )
    targets, book = outputs_of(sources, _made(work.place(folder)), folder / LEDGER, force=True)
    found = Discovered(sources, ())
    seen = scan(found, load_checks(work.plan), work.plan, work.engine, work.progress)
    done = Writing(_decided(seen, work.plan), work.plan, targets, book).run()
    return done.outputs, {}


def _decided(seen: Scan, plan: Plan) -> Scan:
    """The scan with those findings alone that cost a row."""
    deciding = tuple(check for check in seen.checks if check.name in seen.found and _costs(check, seen, plan))
    return replace(seen, checks=deciding, found={check.name: seen.found[check.name] for check in deciding})


def _costs(check: Check, seen: Scan, plan: Plan) -> bool:
    """Whether rows with a finding of a check are dropped: where the plan says so, or the check blocks."""
    severity = Severity(check.severity)
    action = plan.run.action(check.name, severity)
    if check.about == "file" or action not in (MEND, DROP):
        return False
    if plan.run.is_told(check.name, severity):
        return True
    budget = plan.budget_of(check.name, severity)
    rows = seen.found[check.name].select(pl.col("row").n_unique()).item()
    return budget is not None and not budget.allows(rows, len(seen.index))


MAKERS: dict[str, Callable[[Path, Sequence[object], Work], Step]] = {
    "repair": repair_step,
    "drop": drop_step,
    "dedup": dedup_step,
    "fix": fix_step,
}
"""How each step is made."""
