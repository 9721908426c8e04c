"""Hand-written clean legal, clinical and support rows pass, and numbers in sequence are nobody's data."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.bar import ROOT, Outcome, curate, measure
from curate.api import report, scan_inputs
from curate.core.finding import Severity
from curate.core.plan import Plan
from tests.evidence.ticket_rows import ticket_rows

CLEAN = ROOT / "tests" / "evidence" / "clean"
LAYOUT_FIELDS = ("messages", "conversations", "chosen", "completion", "output")
"""Each names a layout. A file that mixes layouts is a fault of its own, so each layout is a file here."""

TICKETS = 40_000
DISPUTED = 2
"""Findings that a reader may grant: a fragment below a heading has no stop; a page is spoken of and not given."""


def run() -> list[Outcome]:
    """Rows and tickets, with all checks that are on by default."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_rows(Path(folder) / "rows.jsonl"), *_tickets(Path(folder) / "tickets.jsonl")]


def groups() -> dict[tuple[str, str], list[str]]:
    """The lines of the clean rows, by domain and layout."""
    sorted_out: dict[tuple[str, str], list[str]] = {}
    for path in sorted(CLEAN.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            layout = next(field for field in LAYOUT_FIELDS if field in json.loads(line))
            sorted_out.setdefault((path.stem, layout), []).append(line)
    return sorted_out


def findings(lines: list[str], path: Path) -> tuple[int, Counter[str]]:
    """The exit code of a file with these lines, and its problems counted in findings."""
    path.write_text("\n".join(lines) + "\n", "utf-8")
    told = report(str(path))
    return told.verdict.exit_code, Counter({f"{p.check} ({p.severity})": p.findings for p in told.problems})


def _rows(path: Path) -> list[Outcome]:
    told = {}
    for name, lines in groups().items():
        code, problems = findings(lines, path)
        told[name] = code or measure(curate("check", str(path))).code, problems
    count = sum(len(lines) for lines in groups().values())
    failed = [" ".join(name) for name, (code, _) in told.items() if code]
    found = sum((problems for _, problems in told.values()), Counter[str]())
    return [
        Outcome(
            f"{count} clean legal, clinical and support rows in {len(told)} files: `curate check` exits 0",
            f"{len(told) - len(failed)} of {len(told)}" + "".join(f"; {name}" for name in failed),
            ">= 100 rows, all files",
            count >= 100 and not failed,
        ),
        Outcome(
            "findings of any severity in these rows",
            _listed(found),
            f"<= {DISPUTED}, none blocks",
            found.total() <= DISPUTED and not any("(error)" in name for name in found),
        ),
    ]


def _tickets(path: Path) -> list[Outcome]:
    path.write_text("".join(json.dumps(row) + "\n" for row in ticket_rows(TICKETS)), "utf-8")
    scan = scan_inputs((str(path),), Plan())
    severity = {check.name: check.severity for check in scan.checks}
    found = Counter({name: len(hits) for name, hits in scan.found.items() if name.startswith("pii.")})
    blocks = sum(number for name, number in found.items() if severity[name] is Severity.ERROR)
    line = f"{TICKETS:,} ticket rows numbered in sequence: PII findings"
    return [
        Outcome(f"{line} that block", str(blocks), "0", blocks == 0 and len(scan.index) == TICKETS),
        Outcome(f"{line} that warn", _listed(found), "stated", held=True),
    ]


def _listed(found: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(found.items())) or "0"
