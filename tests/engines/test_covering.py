"""Coverage reports: the planted gaps of the sample corpus, cells counted against a plain count, drift, privacy."""

from __future__ import annotations

import importlib.util
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curate.api import coverage, report_of, scan_inputs
from curate.config.load import find_plan, load_plan
from curate.core.errors import MissingExtraError, UsageError
from curate.core.plan import Plan
from curate.engines.covering import Wanted

if TYPE_CHECKING:
    from curate.core.coverage_report import CoverageReport

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "coverage.jsonl"


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> CoverageReport:
    monkeypatch.chdir(ROOT)
    return coverage("data/coverage.jsonl", plan=find_plan("data/coverage.toml"))


def truth() -> list[dict[str, Any]]:
    path = SAMPLE.with_name("coverage.truth.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_planted_gaps_are_found_exactly(sample: CoverageReport) -> None:
    told = [(dict(cell.where), cell.rows, cell.deficit, cell.surplus) for cell in sample.cells]
    planted = [(line["cell"], line["rows"], line["missing"], line["surplus"]) for line in truth()]
    assert told == planted
    assert sum(line["missing"] > 0 for line in truth()) >= 5
    assert (sample.status, sample.exit_code) == ("fail", 1)


def test_the_work_list_sums_to_what_is_missing(sample: CoverageReport) -> None:
    for at, cell in enumerate(sample.cells):
        served = sum(item.rows for item in sample.work.items if at in item.serves)
        assert served >= cell.to_write >= cell.deficit
    apart = [at for at, cell in enumerate(sample.cells) if cell.table == 1]
    assert sum(item.rows for item in sample.work.items if set(item.serves) & set(apart)) == sum(
        sample.cells[at].deficit for at in apart
    )
    assert sample.work.rows == sample.work.at_least == sum(item.rows for item in sample.work.items)


def test_rows_written_as_the_list_says_close_every_gap(
    sample: CoverageReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    written = [
        {
            "source": dict(item.where).get("meta.source", "another office"),
            "clause": dict(item.where).get("meta.clause", "another clause"),
            "instruction": f"What does it say of {dict(item.where).get('term', 'this')}, number {at}.{number}?",
            "output": "Nothing at all.",
        }
        for at, item in enumerate(sample.work.items)
        for number in range(item.rows)
    ]
    path = tmp_path / "more.jsonl"
    path.write_text(SAMPLE.read_text("utf-8") + "".join(json.dumps(row) + "\n" for row in written), "utf-8")
    after = coverage(str(path), plan=find_plan("data/coverage.toml"))
    assert [cell.name for cell in after.cells if cell.deficit] == []


def test_cells_are_those_of_a_plain_count(tmp_path: Path) -> None:
    rng = random.Random(5)  # noqa: S311 (repeatable)
    rows = [
        {
            "instruction": " ".join(rng.choices(("damages", "rent", "lease", "injunction", "notice"), k=3)),
            "output": "It is so.",
            "source": rng.choice(("a", "b", "c")),
        }
        for _ in range(300)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    plan = load_plan(
        "[coverage.facets]\nword = { pattern = 'damages|injunction|notice' }\n"
        '[[coverage.cells]]\nword = ["damages", "injunction", "(none)"]\nmeta.source = ["a", "b"]\nminimum = 1\n',
        "p.toml",
    )
    told = {cell.name: cell.rows for cell in coverage(str(path), plan=plan).cells}
    words = ("damages", "injunction", "notice")
    for source in "ab":
        own = [row["instruction"] for row in rows if row["source"] == source]
        for word in words[:2]:
            assert told[f"word={word}, meta.source={source}"] == sum(word in text for text in own)
        none = sum(not any(word in text for word in words) for text in own)
        assert told[f"word=(none), meta.source={source}"] == none
    placed = sum(
        row["source"] != "c"
        and (
            "damages" in row["instruction"]
            or "injunction" in row["instruction"]
            or not any(word in row["instruction"] for word in words)
        )
        for row in rows
    )
    assert coverage(str(path), plan=plan).unplaced == len(rows) - placed


def test_the_gate_fails_as_well_and_names_the_line_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    plan = replace(find_plan("data/coverage.toml"), select=("schema",))
    done = report_of(scan_inputs(("data/coverage.jsonl",), plan), plan)
    (problem,) = [one for one in done.problems if one.check == "coverage.cells"]
    assert done.verdict.exit_code == 1
    assert problem.blocks
    assert problem.counted == "7 cells"
    lines = (ROOT / "data/coverage.toml").read_text().splitlines()
    assert {one.place.file for one in problem.examples} == {"data/coverage.toml"}
    assert all(
        lines[one.place.line - 1] == "[[coverage.cells]]" for one in problem.examples if one.place.line
    )
    assert "rows, at least 5 asked" in problem.examples[0].message


def test_a_contract_that_is_kept_passes() -> None:
    plan = replace(
        load_plan('[[coverage.cells]]\nlanguage = "en"\nminimum = "90%"', "p.toml"), select=("schema",)
    )
    done = report_of(scan_inputs((str(SAMPLE),), plan), plan)
    assert done.verdict.exit_code == 0
    assert coverage(str(SAMPLE), plan=plan).status == "pass"


def test_without_a_contract_everything_is_told() -> None:
    pytest.importorskip("sklearn")
    told = coverage(str(SAMPLE))
    assert told.status == "none"
    assert [facet.name for facet in told.facets] == [
        *("task", "topic", "language", "answer_format", "prompt_length", "target_length")
    ]
    for facet in told.facets:
        assert sum(value.rows for value in facet.values) + facet.others + facet.without == told.rows
    assert sum(topic.rows for topic in told.topics) == told.rows
    assert all(sum(one.counts) == told.rows and len(one.edges) == len(one.counts) + 1 for one in told.lengths)
    assert told.openings is not None
    assert sum(told.openings.counts) == told.openings.rows == told.rows
    assert 0 < told.openings.gini < 1
    assert told.numbers
    assert all(one.low <= one.high for one in told.numbers)


def test_rows_that_are_in_another_order_make_the_same_report(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    lines = SAMPLE.read_text("utf-8").splitlines()
    one, other = tmp_path / "one" / "rows.jsonl", tmp_path / "other" / "rows.jsonl"
    for path, order in ((one, lines), (other, lines[::-1])):
        path.parent.mkdir()
        path.write_text("\n".join(order) + "\n", "utf-8")
    first, second = (coverage(str(path), wanted=Wanted(examples=0)) for path in (one, other))
    assert replace(first, files=(), topics=()) == replace(second, files=(), topics=())
    assert [(topic.label, topic.rows) for topic in first.topics] == [
        (topic.label, topic.rows) for topic in second.topics
    ]


def test_drift_is_told_with_the_rows_that_cause_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    lines = SAMPLE.read_text("utf-8").splitlines()
    german = json.dumps(
        {
            "source": "Neue Kanzlei",
            "clause": "rent",
            "instruction": "Was regelt diese Klausel über die Miete der Wohnung im zweiten Stock?",
            "output": "Der Mieter zahlt die Miete am dritten Werktag eines jeden Monats auf das Konto des Vermieters.",
        }
    )
    old.write_text("\n".join(lines) + "\n", "utf-8")
    more = [german.replace("zweiten", f"{number}.") for number in range(30)]
    new.write_text("\n".join([*lines, *more]) + "\n", "utf-8")
    told = coverage(str(new), wanted=Wanted(facets=("language", "meta.source")), against=(str(old),))
    assert told.earlier is not None
    assert (told.earlier.rows, told.earlier.same) == (66, 66)
    language = next(one for one in told.earlier.drift if one.facet == "language")
    assert language.reading == "moved far"
    assert language.psi > language.chance
    grown = next(shift for shift in language.shifts if shift.value == "de")
    assert grown.rows_before == 0
    assert grown.rows_now == 30
    assert all(sample.place.line is not None and sample.place.line > 66 for sample in grown.examples)
    assert grown.examples


def test_the_same_data_has_not_moved() -> None:
    told = coverage(str(SAMPLE), wanted=Wanted(facets=("task", "answer_format")), against=(str(SAMPLE),))
    assert told.earlier is not None
    assert {one.reading for one in told.earlier.drift} == {"within chance"}
    assert {one.psi for one in told.earlier.drift} == {0.0}


def test_private_words_are_masked_and_no_text_means_none(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {
        "instruction": "Write to jane.roe@mail.example now.",
        "output": "Done.",
        "user": "jane.roe@mail.example",
    }
    path.write_text(json.dumps(row) + "\n", "utf-8")
    wanted = Wanted(facets=("meta.user", "task"))
    assert "jane.roe" not in repr(coverage(str(path), wanted=wanted))
    assert "jane.roe" in repr(coverage(str(path), plan=Plan(show_pii=True), wanted=wanted))
    silent = coverage(str(path), plan=Plan(show_text=False), wanted=wanted)
    assert "Write to" not in repr(silent)
    assert not silent.verbs


def test_facets_that_are_none_are_refused() -> None:
    with pytest.raises(UsageError, match="there is no facet 'taks'") as error:
        coverage(str(SAMPLE), wanted=Wanted(facets=("taks",)))
    assert "task" in error.value.hint
    with pytest.raises(UsageError, match="--by-cross needs two facets"):
        coverage(str(SAMPLE), wanted=Wanted(facets=("task",), crossed=True))


def test_a_cross_table_counts_what_is_there() -> None:
    told = coverage(str(SAMPLE), wanted=Wanted(facets=("meta.clause", "meta.source"), crossed=True))
    (table,) = told.tables
    assert (table.down, table.across) == ("meta.clause", "meta.source")
    assert sum(map(sum, table.counts)) == told.rows
    counts = table.counts[table.lines.index("rent")][table.columns.index("Harwell Pike LLP")]
    assert counts == 11


def test_without_scikit_learn_all_but_topics_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "sklearn" else real(name, *rest)
    )
    path = tmp_path / "rows.jsonl"
    rows = [{"prompt": f"Summarise text {at}.", "completion": "A summary."} for at in range(8)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    told = coverage(path)
    assert "topic" not in [facet.name for facet in told.facets]
    assert {"task", "language", "answer_format"} <= {facet.name for facet in told.facets}
    assert told.numbers
    assert any("curate-data[topics]" in note for note in told.notes)
    with pytest.raises(MissingExtraError, match="topics"):
        coverage(path, wanted=Wanted(facets=("topic",)))
