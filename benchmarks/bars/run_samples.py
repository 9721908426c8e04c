"""``curate run`` on every sample corpus: planted faults are gone, what is left passes, nothing else was changed.

The plan of the runs says of warnings what the default says of errors: repair the row, or drop it. What was written is
held against the corpus itself, text by text: nothing here believes the ledger of the run.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bar import ROOT, Outcome
from curate.api import run as run_curate
from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.core.run_plan import MEND, RunPlan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.export import all_findings
from curate.engines.undoing import undo
from curate.engines.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.engines.running import Ran

MAPPINGS = {
    "contracts.jsonl": TableMap(),
    "support_chats.jsonl": TableMap(),
    "preferences.jsonl": TableMap(),
    "tickets.csv": TableMap(read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID")),
    "ticket_comments.csv": TableMap(
        {"text": ("comment",)}, Grouping("ticket", "created", "author"), {"internal": ("true",)}
    ),
}
"""The sample corpora and how their columns are read."""

PLAN = Plan(run=RunPlan(policy={"warning": MEND}))

OF_FILES = ("schema.encoding",)
"""Faults of a file as a whole: no row of it is at fault, and its bytes are kept in its own encoding."""


@dataclass(frozen=True)
class Sample:
    """What became of a sample corpus.

    Attributes:
        planted: faults of rows in the truth file.
        left: findings in what was written, of planted faults or not.
        missed: planted faults whose row is set aside by nothing, and whose text is not what it was before the fault.
        touched: rows that are set aside though nothing is planted in them, and texts that differ from the corpus
            without a planted fault.
        code: exit code of the last check.
        verified: whether the run verifies, and undoes to the corpus byte for byte.
    """

    planted: int
    left: tuple[str, ...]
    missed: tuple[str, ...]
    touched: tuple[str, ...]
    code: int
    verified: bool


def measure(name: str, folder: Path) -> Sample:
    """Run one corpus into a folder, and hold the result against its truth file."""
    data = ROOT / "data" / name
    plan = replace(PLAN, mapping=MAPPINGS[name])
    done = run_curate(str(data), out=folder, plan=plan)
    truth = [
        json.loads(line) for line in (data.parent / f"{data.stem}.truth.jsonl").read_bytes().splitlines()
    ]
    planted = [one for one in truth if one["check"] != "none" and one["check"] not in OF_FILES]
    clean = folder / f"clean{data.suffix}"
    seen = scan_inputs((str(clean),), plan)
    left = [f"{check}:{line}" for check, line in all_findings(seen, plan).select("check", "line").iter_rows()]
    gone = _set_aside(folder)
    missed, changed = _differences(data, clean, set(gone), planted)
    return Sample(
        len(planted),
        tuple(one for one in left if one.partition(":")[0] not in OF_FILES),
        missed,
        (*_dropped(planted, gone, data), *changed),
        done.report.verdict.exit_code,
        _is_verified(folder, clean, data, done),
    )


def _set_aside(folder: Path) -> dict[int, str]:
    """By line of the corpus, the check for which its row is not in what was written."""
    found: dict[int, str] = {}
    for name in ("dropped.jsonl", "quarantine.jsonl"):
        for line in (folder / name).read_bytes().splitlines():
            one: dict[str, Any] = json.loads(line)
            found[one["line"]] = f"{name} {one['check'] or ''}"
    return found


def _dropped(planted: list[dict[str, Any]], gone: dict[int, str], data: Path) -> Iterator[str]:
    """What was set aside where nothing is planted; a conversation of several lines goes with all of them."""
    places = {one["line"] for one in planted}
    threads = _threads(data)
    at_fault = {threads.get(one["line"]) for one in planted if one["check"] not in ("left out", "quarantine")}
    for line, why in gone.items():
        if line not in places and threads.get(line, "") not in at_fault:
            yield f"{why}:{line}"


def _differences(
    data: Path, clean: Path, gone: set[int], planted: list[dict[str, Any]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Planted faults that are still there, and texts that are not as in the corpus though nothing is planted."""
    before, after = _rows(data), list(_rows(clean).values())
    if MAPPINGS[data.name].group is not None:
        rest = iter(before.values())
        aside = gone | {line for line in before if before[line] not in after}
        missed = [f"{one['check']}:{one['line']}" for one in planted if one["line"] not in aside]
        return tuple(missed), () if all(row in rest for row in after) else ("other rows",)
    kept = [line for line in before if line not in gone]
    if len(kept) != len(after):
        return (), (f"{len(after)} rows written, {len(kept)} kept",)
    faults = {(one["line"], one["at"]): one for one in planted}
    missed = [
        f"{one['check']}:{one['line']}" for one in planted if one["line"] in set(kept) and not one["at"]
    ]
    changed = []
    for line, row in zip(kept, after, strict=True):
        for at in before[line].keys() | row.keys():
            old, new = before[line].get(at), row.get(at)
            fault = faults.get((line, at))
            if fault is not None and new != mended(fault, str(old)):
                missed.append(f"{fault['check']}:{line}")
            elif fault is None and new != old:
                changed.append(f"text:{line} {at}")
    return tuple(missed), tuple(changed)


_READ_WRONG = {letter.encode().decode("cp1252"): letter for letter in "’§£éüöäßóñáúçè„“–—…•€"}
"""UTF-8 read as Windows-1252, of the letters and marks that the corpora hold."""


def mended(fault: dict[str, Any], text: str) -> str:
    """A text without a planted fault, made here without the code that is measured."""
    check, span = fault["check"], fault["span"] or ""
    if check == "text.mojibake":
        for wrong, right in _READ_WRONG.items():
            text = text.replace(wrong, right)
    elif check == "text.control":
        text = re.sub(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    elif check == "text.invisible":
        text = re.sub("[\u200b\u00ad\ufeff]", "", text).replace("\u00a0", " ")
    elif check == "template.leaked-token":
        text = re.sub(rf" ?{re.escape(span.replace('[', '[/'))}|{re.escape(span)}", "", text)
    return text


def _rows(path: Path) -> dict[int, dict[str, object]]:
    """By first line, the texts of each row and their pointers; a line that is no JSON is one text."""
    raw = path.read_bytes()
    if path.suffix == ".jsonl":
        return {number: _parsed(line) for number, line in _records(raw.decode("utf-8", "surrogateescape"))}
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    rows: dict[int, dict[str, object]] = {}
    delimiter = max(",;", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    began = 2
    for row in reader:
        rows[began] = {f"/{name}": value for name, value in row.items()}
        began = reader.line_num + 1
    return rows


def _records(text: str) -> list[tuple[int, str]]:
    """First line and text of each row; a row that is broken over lines goes on until an object begins."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if line.startswith("{") or not found or "" not in _parsed(found[-1][1]):
            found.append((number, line))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
    return found


def _parsed(line: str) -> dict[str, object]:
    try:
        return dict(_leaves(json.loads(line), ""))
    except ValueError:
        return {"": line}


def _leaves(value: object, at: str) -> Iterator[tuple[str, object]]:
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if not inner:
        yield at, value
        return
    for name, one in inner:
        yield from _leaves(one, f"{at}/{name}")


def _threads(data: Path) -> dict[int, str]:
    """Of a table with a line for each comment, the conversation of each line."""
    if MAPPINGS[data.name].group is None:
        return {}
    with data.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return dict((reader.line_num, row["ticket"]) for row in reader)  # noqa: C402 (the line moves on)


def _is_verified(folder: Path, clean: Path, data: Path, done: Ran) -> bool:
    back = folder / f"back{data.suffix}"
    undo(folder / "ledger.jsonl", clean, back)
    return not verify(folder, done.head).faults and back.read_bytes() == data.read_bytes()


def run() -> list[Outcome]:
    """All corpora, a line for each."""
    return [_outcome(name) for name in MAPPINGS]


def _outcome(name: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        made = measure(name, Path(folder) / "out")
    wrong = (*made.left, *made.missed, *made.touched)
    kinds = Counter(one.partition(":")[0] for one in wrong)
    figure = (
        f"{made.planted} planted, {len(made.missed)} missed, {len(made.left)} left, {len(made.touched)} other changes; "
        f"check exits {made.code}; verified and undone: {made.verified}"
    )
    return Outcome(
        f"curate run on data/{name}",
        figure + (f" ({dict(kinds)})" if wrong else ""),
        "0 missed, 0 left, 0 other changes, exit 0, verified and undone",
        not wrong and made.code == 0 and made.verified,
    )
