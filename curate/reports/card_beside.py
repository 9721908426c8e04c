"""What lies beside a lock file and a card takes in: a report on what is left, and a probe of the gate.

Each is held against the run by hashes: of the data that it is about, and of the policy that it was made with. What is
about anything else is refused, for a card that mixes two datasets is worse than none.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from curate.core.errors import UnreadableError
from curate.core.names import PROBE_SCHEMA, REPORT_SCHEMA
from curate.core.policy_hash import policy_hash
from curate.formats.sources import PACKED_SUFFIXES, Source
from curate.formats.stream import survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from curate.core.lock_file import Lock, Locked

REPORT, PROBE = "report.json", "probe.json"
NUMBER = (int, float)
WHOLE = (int, type(None))

Shape = dict[str, type | tuple[type, ...]]
PROBLEM: Shape = {
    **dict.fromkeys(("check", "severity", "budget"), str),
    "blocks": bool,
    "findings": int,
    "rows": int,
    "share": NUMBER,
}
WAIVER: Shape = {
    **dict.fromkeys(("check", "owner", "reason", "until"), str),
    "findings": int,
    "rows": int,
    "expired": bool,
}
FAULT: Shape = {
    **dict.fromkeys(("fault", "check", "gate"), str),
    **dict.fromkeys(("planted", "found", "of_rows"), int),
    "recall_low": NUMBER,
    "recall_high": NUMBER,
    "fails_from": WHOLE,
    "blind": bool,
}
"""The fields that a card shows, and what each must be."""

AGAIN = {
    REPORT: f"write it anew, with the plan of the run: curate check CLEAN --json > {REPORT}",
    PROBE: f"write it anew, with the plan of the run: curate probe CLEAN --json > {PROBE}",
}


def report_beside(lock: Lock) -> dict[str, Any] | None:
    """The report on the cleaned data, as far as a card shows it; None if there is none.

    Raises:
        UnreadableError: it is none, damaged, about other data, or judges them otherwise than the run.
    """
    told = _read(lock, REPORT, REPORT_SCHEMA)
    if told is None:
        return None
    try:
        files = [str(one["sha256"]) for one in told["files"]]
        status = told["verdict"]["status"]
        kept = {
            "problems": [_shaped(one, PROBLEM) for one in told["problems"]],
            "waivers": [_shaped(one, WAIVER) for one in told["waivers"]],
            **{name: list(map(str, told[name])) for name in ("not_judged", "not_searched")},
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(lock, REPORT) from error
    clean = [one for one in lock.outputs if one.kind == "clean"]
    _refuse_other(lock, REPORT, files, Counter(_unpacked(lock, one) for one in clean))
    if status != lock.status or _promised(kept["waivers"]) != _promised(
        lock.fields["plan"].get("waivers") or ()
    ):
        raise _wrong(lock, REPORT, "judges the data otherwise than the run did")
    return kept


def probe_beside(lock: Lock) -> dict[str, Any] | None:
    """The probe of the gate on the cleaned data, as far as a card shows it; None if there is none.

    Raises:
        UnreadableError: it is none, damaged, about other data, or of another policy than the run's.
    """
    told = _read(lock, PROBE, PROBE_SCHEMA)
    if told is None:
        return None
    try:
        files = [str(one["sha256"]) for one in told["files"]]
        kept = _shaped(told, {"rows": int, "policy_sha256": str})
        kept["faults"] = [_shaped(one, FAULT) for one in told["faults"]]
        kept["not_planted"] = list(map(str, told["not_planted"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(lock, PROBE) from error
    clean = Counter(one.sha256 for one in lock.outputs if one.kind == "clean")
    _refuse_other(lock, PROBE, files, clean)
    if kept["policy_sha256"] != policy_hash(lock.fields["plan"]):
        raise _wrong(lock, PROBE, "was made with another policy than the run's")
    return kept


def _read(lock: Lock, name: str, schema: str) -> dict[str, Any] | None:
    """A JSON object of a version, beside the lock file."""
    path = lock.folder / name
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(lock, name, "is no JSON, or a damaged one") from error
    if not isinstance(told, dict) or told.get("schema") != schema:
        raise _wrong(lock, name, f"is no {name.partition('.')[0]} of the version {schema}")
    return told


def _shaped(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The fields of a shape.

    Raises:
        KeyError: one is missing.
        TypeError: one is something else.
    """
    for name, kind in shape.items():
        if not isinstance(value[name], kind) or (isinstance(value[name], bool) and kind is not bool):
            raise TypeError(name)
    return {name: value[name] for name in shape}


def _refuse_other(lock: Lock, name: str, files: list[str], clean: Counter[str]) -> None:
    if Counter(files) != clean:
        raise _wrong(lock, name, "is not about the cleaned data of this run")


def _unpacked(lock: Lock, one: Locked) -> str:
    """The hash by which a report knows a file: of its bytes after decompression."""
    path = lock.folder / one.name
    return survey(Source(one.name, path)).sha256 if path.suffix in PACKED_SUFFIXES else one.sha256


def _promised(waivers: Any) -> set[tuple[str, ...]]:  # noqa: ANN401 (of a lock file, or of a report)
    return {tuple(str(one.get(name)) for name in ("check", "owner", "reason", "until")) for one in waivers}


def _damaged(lock: Lock, name: str) -> UnreadableError:
    return _wrong(lock, name, "is damaged: something that a card shows is missing, or is something else")


def _wrong(lock: Lock, name: str, what: str) -> UnreadableError:
    return UnreadableError(what, where=str(lock.folder / name), hint=AGAIN[name])
