"""What ``curate report`` says that ``curate fix`` would change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from curate.api import report
from curate.cli.report import command
from curate.core.fix_plan import FixPlan
from curate.core.plan import Plan
from curate.core.table_map import Grouping, TableMap, read_map
from curate.engines.repairing import fix

if TYPE_CHECKING:
    from pathlib import Path

END, MAIL = "</s>", " An e-mail to jo@example.org."
GLOSSARY = "terms:\n  - preferred: email\n    variants: [e-mail]\n"


def write(path: Path, count: int) -> Path:
    rows = [
        {
            "prompt": f"Question {n}?",
            "completion": f"Answer {n} is here.{END * (n % 2)}{MAIL * (n % 4 == 0)}",
        }
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def classes(fixes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in fixes["classes"]}


def test_few_rows_are_all_looked_at(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", 40)
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    plan = Plan(fix=FixPlan(glossary=str(tmp_path / "terms.yaml"), grammar="off"))
    fixes = report(path, plan=plan).fixes
    assert fixes is not None
    found = {one.name: (one.edits, one.rows, one.low, one.high) for one in fixes.classes}
    assert found["template.leaked-token"] == (20, 20, 0.5, 0.5)
    assert found["terms.variant"] == (10, 10, 0.25, 0.25)
    assert (fixes.looked, fixes.rows, fixes.kinds) == (40, 40, ("text", "terms"))
    made = {name: edits for name, edits, _ in fix(path, out=None, plan=plan).edits}
    assert made == {name: edits for name, (edits, *_) in found.items()}


def test_of_many_rows_a_sample_is_looked_at(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", 4000)
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    result = CliRunner().invoke(
        command,
        [str(path), "-q", "--json", "--glossary", str(tmp_path / "terms.yaml")],
        standalone_mode=False,
    )
    fixes = json.loads(result.output)["fixes"]
    found = classes(fixes)
    assert fixes["looked"] == 1000
    assert found["template.leaked-token"]["rows"] == 2000
    terms = found["terms.variant"]
    assert terms["low"] < 1000 / 4000 < terms["high"] or terms["rows"] in (0, 1000)
    assert len(terms["examples"]) == 3
    assert "jo@" not in json.dumps(terms["examples"])


def test_terminal_and_page_tell_it(tmp_path: Path) -> None:
    path, page = write(tmp_path / "in.jsonl", 12), tmp_path / "page.html"
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    words = [str(path), "-q", "--full", "--html", str(page), "--glossary", str(tmp_path / "terms.yaml")]
    said = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False).output
    assert "curate fix would edit" in said
    assert "[-e-mail-]{+email+}" in said.replace("\n", "")
    shown = page.read_text("utf-8")
    assert 'id="fixes"' in shown
    assert "<mark>e-mail</mark>" in shown
    words.append("--no-text")
    said = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False).output
    assert "e-mail" not in said
    assert "e-mail" not in page.read_text("utf-8")


def test_tables_are_sampled_too(tmp_path: Path) -> None:
    import polars as pl  # noqa: PLC0415 (used here only)

    frame = pl.read_ndjson(write(tmp_path / "in.jsonl", 3000))
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    frame.write_parquet(tmp_path / "in.parquet")
    plan = Plan(fix=FixPlan(glossary=str(tmp_path / "terms.yaml"), grammar="off"))
    both = [report(tmp_path / name, plan=plan).fixes for name in ("in.jsonl", "in.parquet")]
    assert both[0] is not None
    assert both[1] is not None
    told = [[(c.name, c.edits, c.rows, c.looked) for c in one.classes] for one in both if one]
    assert told[0] == told[1]
    places = [
        [(e.place.row, e.place.at, e.after) for c in one.classes for e in c.examples] for one in both if one
    ]
    assert places[0] == places[1]


def test_nothing_is_said_where_nothing_can_be_fixed(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    assert report(tmp_path / "empty.jsonl").fixes is None
    (tmp_path / "grouped.csv").write_text("t,a,x\n1,u,Hello there\n1,b,Hi to you\n", "utf-8")
    mapping = TableMap(read_map("text=x"), Grouping("t", "", "a"))
    assert report(tmp_path / "grouped.csv", plan=Plan(mapping=mapping)).fixes is None
