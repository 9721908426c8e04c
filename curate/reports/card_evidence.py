"""The evidence about a dataset, as JSON: what a run read and wrote, what was found, and what nobody has looked at.

A pure function of the lock file and, where they are at hand, of the JSON report on what is left and of a probe. It
holds no text of any row and no time, so that the same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate.core.names import REPORT_SCHEMA
from curate.core.plan import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.core.lock_file import Lock

SCHEMA = "curate.evidence/1"
PROBE_SCHEMA = "curate.probe/1"

UNHASHED = (".gz", ".zst", ".zstd", ".bz2", ".xz", ".parquet")
"""Outputs of which a report holds another hash than that of the file, or none: that of what is packed, of no table."""

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
        report: ``curate check --json`` on the cleaned data.
        probe: ``curate probe --json``.

    Raises:
        UnreadableError: the report is about other data, judges otherwise than the run, or one of them is none.
    """
    if report is not None:
        refuse_other(lock, report)
    if probe is not None and probe.get("schema") != PROBE_SCHEMA:
        raise UnreadableError(f"is no probe of the version {PROBE_SCHEMA}", where="probe.json")
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
        "remaining": None if report is None else list(map(_problem, report["problems"])),
        "probe": None if probe is None else {"rows": probe["rows"], "faults": probe["faults"]},
    }
    return told | {
        "residual": list(_residual(told, lock)),
        "not_checked": list(_not_checked(told, lock, report)),
    }


def refuse_other(lock: Lock, report: Mapping[str, Any]) -> None:
    """Refuse a report on anything but the cleaned data of this run.

    Raises:
        UnreadableError: it is none, about other data, or of another verdict.
    """
    if report.get("schema") != REPORT_SCHEMA:
        raise UnreadableError(f"is no report of the version {REPORT_SCHEMA}", where="report.json")
    clean = [one for one in lock.outputs if one.kind == "clean"]
    plain = {one.sha256 for one in clean if not one.name.endswith(UNHASHED)}
    about = {one["sha256"] for one in report["files"]}
    if len(clean) != len(report["files"]) or not plain <= about or report["rows"]["kept"] != len(lock.rows):
        hint = "write it anew: curate check CLEAN --json > report.json"
        raise UnreadableError("is not about the cleaned data of this run", where="report.json", hint=hint)
    if report["verdict"]["status"] != lock.status:
        hint = "use the plan of the run: --plan FILE"
        raise UnreadableError("judges the data otherwise than the run did", where="report.json", hint=hint)


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
    given = report.get("waivers") if report is not None else None
    if given:
        return [{name: one[name] for name in (*_WAIVER, "findings", "rows", "expired")} for one in given]
    planned = lock.fields["plan"].get("waivers") or []
    return [{name: one.get(name) for name in _WAIVER} | dict.fromkeys(_COUNTS) for one in planned]


_WAIVER = ("check", "owner", "reason", "until")
_COUNTS = ("findings", "rows", "expired")


def _problem(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: one[name] for name in ("check", "severity", "blocks", "budget", "findings", "rows", "share")
    }


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
        yield f"`{name}`: the policy allows {_budget(budget)}."
    yield from _by_probe(told["probe"])


def _budget(given: Mapping[str, Any] | None) -> str:
    """A budget of the plan in words."""
    return str(Budget(**given)) if given else "any number of rows"


def _by_probe(probe: Mapping[str, Any] | None) -> Iterator[str]:
    """What passes the gate: blind spots, and the upper bound of what is missed elsewhere."""
    for one in probe["faults"] if probe is not None else ():
        if one["blind"]:
            yield f"{one['fault']} (`{one['check']}`): passes the gate without a word ({gate_of(one)})."
        elif one["found"] < one["planted"]:
            missed = one["planted"] - one["found"]
            share = f"at most {1 - one['recall_low']:.0%} of all, with 95 % confidence"
            yield f"{one['fault']} (`{one['check']}`): {missed} of {one['planted']} planted ones were missed; {share}."


def gate_of(one: Mapping[str, Any]) -> str:
    """What the gate does about a fault, in words; a fault that it never sees is neither told nor stopped."""
    return "not seen" if one["found"] == 0 and one["gate"] in ("warns", "blocks") else str(one["gate"])


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
    if told["totals"]["quarantined"]:
        yield f"{told['totals']['quarantined']:,} records could not be read, and no check saw them; they are left out."
    yield from NEVER
