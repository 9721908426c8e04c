"""Writes the generated pages of ``docs/``; a test asserts that they do not differ from what is committed."""

from __future__ import annotations

import inspect
import json
import re
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.plan_page import plan_pages
from curate.api import scan_inputs
from curate.core import report as model
from curate.core.names import REPORT_SCHEMA
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_drop, read_map
from curate.engines.export import all_findings
from curate.engines.registry import check_names, load_check
from curate.reports.pages import markdown_page
from curate.text.private import mask
from tests.evidence.grammar.page import grammar_page
from tests.evidence.tables import clean_table, labelled_table, no_hit

if TYPE_CHECKING:
    import polars as pl

ROOT = Path(__file__).parents[1]
SCHEMA_HEAD = (
    f"`curate report --json` prints one object. Its `schema` field is `{REPORT_SCHEMA}`; within one version, "
    "fields are only added. Generated from `curate/core/report.py`."
)
PRECISION_HEAD = (
    "Planted faults of the samples in `data/` against what is found; measured by `make docs`. Small corpora written "
    "for this project show that a check works, not how often it is wrong on your data: for that see *Limits* on its "
    "page."
)
CORPORA = {
    "contracts.jsonl": Plan(),
    "support_chats.jsonl": Plan(),
    "preferences.jsonl": Plan(),
    "tickets.csv": Plan(
        mapping=TableMap(read_map("user=Subject+Description,assistant=Resolution,id=Ticket ID"))
    ),
    "ticket_comments.csv": Plan(
        mapping=TableMap(
            read_map("text=comment"),
            Grouping("ticket", "created", "author"),
            read_drop(("internal=true",)),
        )
    ),
}
"""The samples, and how each is read, as ``data/README.md`` says."""


def pages() -> dict[Path, str]:
    """Every generated page, by its path."""
    reference = ROOT / "docs" / "reference"
    return {
        reference / "checks.md": checks_page(),
        reference / "report-schema.md": schema_page(),
        reference / "precision.md": precision_page(),
        reference / "grammar.md": grammar_page(),
        **{reference / name: text for name, text in plan_pages().items()},
    }


def checks_page() -> str:
    """All manual pages."""
    head = "# Checks\n\nGenerated from the checks themselves; `curate explain CHECK` shows a page in the terminal.\n\n"
    return head + mask("\n".join(markdown_page(load_check(name)) + no_hit(name) for name in check_names()))


def schema_page() -> str:
    """The JSON report, from the dataclasses that make it."""
    parts = [
        "# The JSON report",
        SCHEMA_HEAD,
    ]
    for _, item in inspect.getmembers(model, inspect.isclass):
        if is_dataclass(item) and item.__module__ == model.__name__:
            parts.append(_class_section(item))
    return "\n\n".join(parts) + "\n"


def _class_section(item: Any) -> str:  # noqa: ANN401 (a dataclass)
    doc = inspect.getdoc(item) or ""
    told = dict(re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", doc, re.MULTILINE))
    lines = [
        f"## {item.__name__}",
        doc.split("\n\nAttributes:")[0],
        "",
        "| field | type | meaning |",
        "|---|---|---|",
    ]
    for field in fields(item):
        meaning = re.sub(r"\s+", " ", told.get(field.name, ""))
        name = "in" if field.name == "in_" else field.name
        lines.append(f"| `{name}` | `{str(field.type).replace('|', 'or')}` | {meaning} |")
    return "\n".join(lines)


def precision_page() -> str:
    """Each check against the truth files of the sample corpora, labelled rows and clean corpora."""
    lines = [
        "# Precision and recall on the sample corpora",
        PRECISION_HEAD,
        "",
        "| check | planted | found | right | precision | recall |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, planted, found, right in measured():
        precision = f"{right / found:.2f}" if found else "–"
        recall = f"{right / planted:.2f}" if planted else "–"
        lines.append(f"| `{name}` | {planted} | {found} | {right} | {precision} | {recall} |")
    return "\n".join([*lines, "", labelled_table(), clean_table()])


def measured() -> list[tuple[str, int, int, int]]:
    """Check, rows planted, rows found, rows found where they were planted."""
    planted, found = _planted(), _found()
    names = sorted({name for name, *_ in planted | found})
    counts = []
    for name in names:
        want = {place for place in planted if place[0] == name}
        got = {place for place in found if place[0] == name}
        counts.append((name, len(want), len(got), len(want & got)))
    return counts


def _planted() -> set[tuple[str, str, int]]:
    places = set()
    for corpus in CORPORA:
        truth = ROOT / "data" / f"{corpus.partition('.')[0]}.truth.jsonl"
        for line in truth.read_text("utf-8").splitlines():
            fault = json.loads(line)
            if fault["check"] != "none":
                places.add((fault["check"], corpus, fault["line"]))
    return places


def _found() -> set[tuple[str, str, int]]:
    places = set()
    for corpus, plan in CORPORA.items():
        scan = scan_inputs((str(ROOT / "data" / corpus),), plan)
        findings: pl.DataFrame = all_findings(scan, plan)
        places |= {(check, corpus, line) for check, line in findings.select("check", "line").iter_rows()}
        places |= {("quarantine", corpus, line) for line in scan.quarantine["line"].to_list()}
        places |= {("left out", corpus, line) for line in scan.left_out["line"].to_list()}
    return places


def main() -> None:
    """Write all pages."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as out:
            out.write(text)
        Path(out.name).replace(path)


if __name__ == "__main__":
    main()
