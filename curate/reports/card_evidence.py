"""The evidence about a dataset, as JSON: what a run read and wrote, what was found, and what nobody has looked at.

A pure function of the lock file and, where they are at hand, of the JSON report on what is left and of a probe. It
holds no text of any row and no time, so that the same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from curate.core.plan import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.core.lock_file import Lock

SCHEMA = "curate.evidence/1"

STEPS = {
    "repair": "Characters were not repaired.",
    "drop": "No row was dropped for a finding.",
    "dedup": "Near duplicates were not removed.",
    "fix": "Terminology and grammar were not corrected.",
}
"""What is said of a step that the run left out."""

NEVER = (
    "Whether the answers are true: no check knows the facts of the subject.",
    "Licence, consent and origin of the inputs: a person must answer for them.",
    "Items of benchmarks: a run compares with none (`curate decontaminate`).",
)
"""What no run looks at."""


def evidence(lock: Lock, report: Mapping[str, Any] | None, probe: Mapping[str, Any] | None) -> dict[str, Any]:
    """All that is known.

    Args:
        lock: of the run.
        report: ``curate check --json`` on the cleaned data, as ``card_beside`` lets it through.
        probe: ``curate probe --json``, likewise.
    """
    fields = lock.fields
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "curate": lock.curate,
        "lock_sha256": hashlib.sha256(lock.path.read_bytes()).hexdigest(),
        **{
            name: fields[name]
            for name in ("plan_sha256", "rows_sha256", "ledger", "verdict", "inputs", "outputs")
        },
        "totals": fields["totals"],
        "reasons": [
            dict(zip(("step", "action", "check", "entries"), one, strict=True)) for one in fields["reasons"]
        ],
        "splits": _splits(lock),
        "near": _near(lock),
        "waivers": _waivers(lock, report),
        "remaining": None if report is None else report["problems"],
        "probe": probe,
    }
    return told | {
        "residual": list(_residual(told, lock)),
        "not_checked": list(_not_checked(told, lock, report)),
    }


def _splits(lock: Lock) -> dict[str, int]:
    """Rows by split; empty if rows were not dealt."""
    counts = Counter(row[lock.columns.index("split")] for row in lock.rows)
    return {name: counts[name] for name in sorted(counts, key=str) if name is not None}


def _near(lock: Lock) -> dict[str, int]:
    """Rows that are near to another one, their groups, and the groups that stand in more than one split."""
    split, group = lock.columns.index("split"), lock.columns.index("group")
    groups: dict[str, set[object]] = {}
    grouped = [row for row in lock.rows if row[group] is not None]
    for row in grouped:
        groups.setdefault(row[group], set()).add(row[split])
    return {
        "rows": len(grouped),
        "groups": len(groups),
        "across_splits": sum(len(splits) > 1 for splits in groups.values()),
    }


def _waivers(lock: Lock, report: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Who answers for what: with counts if a report is at hand, else as the plan says it."""
    if report is not None:
        return list(report["waivers"])
    planned = lock.fields["plan"].get("waivers") or []
    return [{name: one.get(name) for name in _WAIVER} | dict.fromkeys(_COUNTS) for one in planned]


_WAIVER = ("check", "owner", "reason", "until")
_COUNTS = ("findings", "rows", "expired")


def _residual(told: Mapping[str, Any], lock: Lock) -> Iterator[str]:
    """What may still be wrong, as far as it was measured."""
    if told["verdict"]["status"] != "fit":
        yield f"The data did not pass its last check: {told['verdict']['headline']}."
    suggested = Counter[str]()
    for one in told["reasons"]:
        suggested[one["check"]] += one["entries"] * (one["action"] == "suggest")
    yield from (
        f"`{check}`: {count:,} edits were suggested and not made." for check, count in (+suggested).items()
    )
    for one in told["waivers"]:
        count = "findings" if one["findings"] is None else f"{one['findings']:,} findings"
        yield f"`{one['check']}`: {count} are waived."
    near = told["near"]
    if near["groups"]:
        across = f"; {near['across_splits']:,} groups stand in more than one split" if told["splits"] else ""
        yield f"{near['rows']:,} rows stand in {near['groups']:,} groups of rows that are near to each other{across}."
    for name, budget in lock.fields["plan"].get("budget", {}).items():
        if not budget or budget.get("count") != 0:
            yield f"`{name}`: the policy allows {_budget(budget)}."
    yield from _by_probe(told["probe"])


def _budget(given: Mapping[str, Any] | None) -> str:
    """A budget of the plan in words."""
    return str(Budget(**given)) if given else "any number of rows"


def _by_probe(probe: Mapping[str, Any] | None) -> Iterator[str]:
    """What passes the gate: blind spots, what stops nothing, and the upper bound of what is missed elsewhere."""
    faults = probe["faults"] if probe is not None else ()
    told = [one["fault"] for one in faults if one["gate"] == "warns" and not one["blind"]]
    if told:
        yield f"Told, and no number of rows fails: {', '.join(told)}."
    for one in faults:
        if one["blind"]:
            yield f"{one['fault']} (`{one['check']}`): passes the gate without a word ({gate_of(one)})."
            continue
        if one["gate"] == "passes":
            yield f"{one['fault']} (`{one['check']}`): {one['planted']} of {one['of_rows']:,} rows pass{_needs(one)}."
        if one["found"] < one["planted"]:
            missed = one["planted"] - one["found"]
            share = f"at most {1 - one['recall_low']:.0%} of all, with 95 % confidence"
            yield f"{one['fault']} (`{one['check']}`): {missed} of {one['planted']} planted ones were missed; {share}."


def _needs(one: Mapping[str, Any]) -> str:
    """From how many rows on the gate fails."""
    return (
        f"; the gate fails from {one['fails_from']:,} on"
        if one["fails_from"] is not None
        else ", as would any number"
    )


def gate_of(one: Mapping[str, Any]) -> str:
    """What the gate does about a fault, in words; a fault that it never sees is neither told nor stopped."""
    if one["gate"] == "off" or one["found"] == 0:
        return "its check is off" if one["gate"] == "off" else "not seen"
    if one["gate"] == "warns" or one["fails_from"] == 0:
        return "warns" if one["gate"] == "warns" else "fails, as it does for the data alone"
    if one["fails_from"] is None:
        return "passes, as any number of rows does"
    verb = "fails" if one["gate"] == "blocks" else "passes"
    return f"{verb} at {one['planted']} of {one['of_rows']:,} rows; fails from {one['fails_from']:,} on"


def _not_checked(told: Mapping[str, Any], lock: Lock, report: Mapping[str, Any] | None) -> Iterator[str]:
    """What nobody has looked at."""
    plan = lock.fields["plan"]
    if plan.get("select"):
        yield f"Only these checks ran: {', '.join(plan['select'])}."
    if plan.get("ignore"):
        yield f"These checks did not run: {', '.join(plan['ignore'])}."
    yield from (
        f"`{check}` passed over the rows that the plan names." for check in sorted(plan.get("skip", {}))
    )
    yield from (f"`{check}` allows what the plan lists." for check in sorted(plan.get("allow", {})))
    steps = plan["run"]["steps"]
    yield from (text for step, text in STEPS.items() if step not in steps)
    if not told["splits"]:
        yield "No split was made: test data must be kept apart in another way."
    if report is None:
        yield "Which warnings are left: `report.html` says it, and no `report.json` was at hand for this card."
    else:
        yield from (f"Not judged: {note}." for note in report["not_judged"])
        yield from (f"Not searched for: {kind}." for kind in report["not_searched"])
    if told["probe"] is None:
        yield "How many of planted faults the gate sees: no `probe.json` was at hand (`curate probe --json`)."
    elif told["probe"]["not_planted"]:
        yield f"Not planted, since the rows have it already: {', '.join(told['probe']['not_planted'])}."
    if told["totals"]["quarantined"]:
        yield f"{told['totals']['quarantined']:,} records could not be read, and no check saw them; they are left out."
    yield from NEVER
