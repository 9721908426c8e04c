"""The shipped suites on every public file: through curate, and unchanged in a plain script of Great Expectations.

Both must break the same expectations in the same rows, and what breaks must be what is stored in
``tests/gates/expected_suites.json``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from benchmarks.bar import ROOT, Outcome, measure, needs_data, real_data
from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.core.suites import read_suites
from curate.engines.canonical import canonical_frame
from curate.gate import with_suites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from curate.engines.scan import Scan

SUITES = tuple(str(ROOT / "expectations" / f"{name}.json") for name in ("sft", "chat", "preference"))
EXPECTED = ROOT / "tests" / "gates" / "expected_suites.json"
PLAIN = ROOT / "examples" / "plain_great_expectations.py"
PLAN = Plan(select=("schema.no-target",), workers=1, show_text=False)
LARGE = "t0_55k.jsonl.zst"

T = TypeVar("T")
Broken = dict[str, list[int]]
"""Rows that break an expectation, by its name; none for one about the table as a whole."""

FILES_LINE = "suites that break what is stored, through curate, on every file and suite"
PLAIN_LINE = "the same rows in a plain script of Great Expectations, on every file and suite"


def data_files(folder: Path) -> Iterator[Path]:
    """The public data sets."""
    for path in sorted(folder.glob("*/*.json*")):
        if path.name != "dataset_info.json":
            yield path


def through_curate(path: Path) -> tuple[Scan, Broken]:
    """A scan with what the three suites say, and the rows that break their expectations."""
    plan = replace(PLAN, expectations=SUITES)
    seen = with_suites(scan_inputs((path,), plan), plan)
    rows = {one.name: one.about == "row" for one in seen.outside}
    found = {name: frame["row"].to_list() for name, frame in seen.found.items() if name in rows}
    return seen, {name: lines if rows[name] else [] for name, lines in found.items()}


def counted(broken: Broken) -> dict[str, int]:
    """How many rows break each expectation, as it is stored."""
    return {name: len(rows) for name, rows in sorted(broken.items())}


def run() -> list[Outcome]:
    """Every file through curate, and then all of their frames in one plain script."""
    folder = real_data()
    if folder is None:
        return [needs_data(FILES_LINE, "all"), needs_data(PLAIN_LINE, "all")]
    expected = json.loads(EXPECTED.read_text("utf-8"))
    ours: dict[str, Broken] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for path in data_files(folder):
            seen, ours[path.name] = through_curate(path)
            canonical_frame(seen).write_parquet(Path(scratch) / f"{path.name}.parquet")
        theirs = plainly(sorted(Path(scratch).glob("*.parquet")))
    pairs = len(ours) * len(SUITES)
    held = sum(
        counted(_of(suite, ours[name])) == _of(suite, expected.get(name, {})) for name, suite in _each(ours)
    )
    same = sum(_of(suite, ours[name]) == theirs[name, suite] for name, suite in _each(ours))
    return [
        Outcome(
            FILES_LINE,
            f"{held} of {pairs}",
            f"{pairs} of {pairs}",
            held == pairs and set(expected) == set(ours),
        ),
        Outcome(PLAIN_LINE, f"{same} of {pairs}", f"{pairs} of {pairs}", same == pairs),
    ]


def _names() -> dict[str, str]:
    """How the suite of a file is called in names of expectations."""
    return {Path(one.where).stem: one.name for one in read_suites(SUITES)}


def _each(files: dict[str, Broken]) -> Iterator[tuple[str, str]]:
    return ((name, suite) for name in files for suite in _names().values())


def _of(suite: str, broken: Mapping[str, T]) -> dict[str, T]:
    return {name: rows for name, rows in broken.items() if name.startswith(f"{suite}.")}


def plainly(frames: list[Path]) -> dict[tuple[str, str], Broken]:
    """What a plain script says, by file and suite.

    There, an expectation that has no value to look at holds; with us it does not.
    """
    arguments = [word for suite in SUITES for word in ("--suite", suite)]
    done = measure([sys.executable, str(PLAIN), *map(str, frames), *arguments])
    if done.code:
        raise RuntimeError(done.stderr)
    declared = {
        (suite.name, one.type, one.columns): one.name
        for suite in read_suites(SUITES)
        for one in suite.declared
    }
    told: dict[tuple[str, str], Broken] = {}
    for line in map(json.loads, done.stdout.splitlines()):
        suite = _names()[line["suite"]]
        broken = told.setdefault((line["frame"], suite), {})
        if not line["success"] or not line["looked"]:
            columns = [line["columns"]] if isinstance(line["columns"], str) else line["columns"] or []
            broken[declared[suite, line["expectation"], tuple(columns)]] = line["rows"]
    return told


def store() -> None:
    """Write what is found to the file of what is expected: read its difference before you commit it."""
    folder = real_data()
    if folder is None:
        raise SystemExit("CURATE_TEST_DATA names no folder")
    found = {path.name: counted(through_curate(path)[1]) for path in data_files(folder)}
    EXPECTED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    store()
