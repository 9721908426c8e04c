"""Schema suites: nothing passes in silence, failing rows are found again, and plain Great Expectations agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from benchmarks.bars.expectations_files import EXPECTED, LARGE, counted, data_files, through_curate
from curate.api import report_of, scan_inputs
from curate.cli.check import command as check
from curate.cli.expectations import command as expectations
from curate.core.errors import CheckError, ConfigError, CurateError, UsageError
from curate.core.plan import Plan
from curate.core.suites import read_suites, suite_name
from curate.engines.canonical import COLUMNS, canonical_frame
from curate.gate import with_suites

if TYPE_CHECKING:
    from curate.core.report import Report

gx = pytest.importorskip("great_expectations", reason='needs pip install "curate-data[gates]"')

ROOT = Path(__file__).parents[2]
SUITES = ROOT / "expectations"
QUICK = Plan(select=("schema.no-target",), workers=1, show_text=False)


def suite(folder: Path, *declared: dict[str, Any], name: str = "own") -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"name": name, "expectations": list(declared)}))
    return str(path)


def expect(kind: str, **arguments: object) -> dict[str, Any]:
    return {"type": kind, "kwargs": arguments}


def held(data: Path | str, *suites: str) -> Report:
    plan = replace(QUICK, expectations=suites)
    return report_of(with_suites(scan_inputs((data,), plan), plan), plan)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    lines = [{"prompt": f"Name {at}.", "completion": f"It is {at}.", "source": "a"} for at in range(9)]
    lines[4]["completion"] = "<|im_end|>"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize(
    ("declared", "error", "says"),
    [
        (
            [expect("expect_column_values_to_be_nul", column="target")],
            ConfigError,
            "expect_column_values_to_be_nul",
        ),
        ([], ConfigError, "empty"),
        ([{"expectation_type": "expect_a", "kwargs": {}}], ConfigError, "0\\.x"),
        ([expect("expect_column_to_exist", column="target") | {"severity": "high"}], ConfigError, "high"),
        (
            [expect("expect_column_to_exist", column="target", row_condition="turns >")],
            ConfigError,
            "row_condition of expect_column_to_exist is no expression of pandas",
        ),
        (
            [expect("expect_column_values_to_not_be_null", column="target", row_condition="trns > 1")],
            ConfigError,
            "trns",
        ),
        (
            [
                expect(
                    "expect_column_values_to_not_be_null", column="target", row_condition="meta.source == 'a'"
                )
            ],
            ConfigError,
            "in backticks",
        ),
        ([expect("expect_column_values_to_not_be_null", column="targt")], ConfigError, "targt"),
        (
            [expect("expect_column_values_to_match_regex", column="target", regex="((")],
            CheckError,
            "match_regex",
        ),
        (
            [expect("expect_column_values_to_match_regex", column="target", mostly=2)],
            CheckError,
            "match_regex",
        ),
        ([{"kwargs": {}}], ConfigError, "expectation 1"),
        (
            [expect("expect_column_values_to_be_in_set", column="meta.vendro", value_set=["a"])],
            ConfigError,
            "vendro",
        ),
        (
            [expect("expect_column_values_to_match_regex", column="rejected", regex="a")],
            CheckError,
            "looked at no value",
        ),
        (
            [
                expect(
                    "expect_column_distinct_values_to_be_in_set",
                    column="layout",
                    value_set=["a"],
                    row_condition="turns > 99",
                    condition_parser="pandas",
                )
            ],
            CheckError,
            "looked at no value",
        ),
        (
            [expect("expect_column_unique_value_count_to_be_between", column="rejected", max_value=3)],
            CheckError,
            "looked at no value",
        ),
        (
            [expect("expect_column_values_to_be_in_set", column="layout", value_set=["a"], mostly=0)],
            ConfigError,
            "whatever the data is: mostly is 0",
        ),
        ([expect("expect_table_row_count_to_be_between")], ConfigError, "neither min_value nor max_value"),
        (
            [expect("expect_column_values_to_not_be_in_set", column="target", value_set=[])],
            ConfigError,
            "value_set is empty",
        ),
        (
            [expect("expect_table_row_count_to_be_between", min_value=1) | {"max_value": 3}],
            ConfigError,
            "unknown key 'max_value'",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_an_error(
    tmp_path: Path, rows: Path, declared: list[dict[str, Any]], error: type[CurateError], says: str
) -> None:
    with pytest.raises(error, match=says) as told:
        held(rows, suite(tmp_path, *declared))
    assert told.value.exit_code in (2, 3)


def test_a_crashing_custom_expectation_is_no_failure(tmp_path: Path, rows: Path) -> None:
    module = tmp_path / "crashing.py"
    module.write_text(
        "from great_expectations.expectations.expectation import BatchExpectation\n"
        "class ExpectNothingToCrash(BatchExpectation):\n"
        "    metric_dependencies = ('table.row_count',)\n"
        "    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):\n"
        "        raise RuntimeError('within')\n"
    )
    path = suite(tmp_path, expect("expect_nothing_to_crash"))
    script = "import crashing, sys; from curate.cli.main import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(rows), "--expectations", path, "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "expect_nothing_to_crash" in done.stderr
    assert "RuntimeError" in done.stderr


def test_failing_rows_are_found_again(tmp_path: Path, rows: Path) -> None:
    path = suite(tmp_path, expect("expect_column_values_to_not_match_regex", column="target", regex="im_end"))
    report = held(rows, path)
    problem = next(one for one in report.problems if one.check.startswith("own."))
    assert problem.check == "own.column-values-to-not-match-regex.target"
    assert problem.blocks
    assert (problem.rows, problem.examples[0].place.line) == (1, 5)
    assert report.verdict.exit_code == 1


CONDITIONS: list[dict[str, Any]] = [
    {"row_condition": "`meta.source` == 'b' and prompt_characters > 5", "condition_parser": "pandas"},
    {"row_condition": 'col("meta.source")=="b"', "condition_parser": "great_expectations"},
    {
        "row_condition": {
            "type": "and",
            "conditions": [
                {"type": "comparison", "column": {"name": "meta.source"}, "operator": "==", "parameter": "b"},
                {"type": "nullity", "column": {"name": "prompt"}, "is_null": False},
            ],
        }
    },
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=["pandas", "text", "object"])
def test_a_condition_reads_columns_of_its_own(tmp_path: Path, rows: Path, condition: dict[str, Any]) -> None:
    lines = [json.loads(line) for line in rows.read_text().splitlines()]
    lines[2]["source"] = lines[4]["source"] = "b"
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kind = "expect_column_values_to_match_regex"
    path = suite(tmp_path, expect(kind, column="target", regex="^It", **condition))
    (problem,) = [one for one in held(rows, path).problems if one.check.startswith("own.")]
    assert (problem.rows, problem.examples[0].place.line) == (1, 5)


def test_what_looks_at_nothing_is_told_by_what_says_that_its_column_is_empty(
    tmp_path: Path, rows: Path
) -> None:
    """So that a suite for pairs says on other data that pairs are missing, and does not only stop."""
    empty = expect("expect_column_values_to_not_be_null", column="rejected")
    regex = expect("expect_column_values_to_match_regex", column="rejected", regex="a")
    told = {one.check: one for one in held(rows, suite(tmp_path, regex, empty)).problems}
    assert told["own.column-values-to-not-be-null.rejected"].rows == 9
    assert "no value to look at" in told["own.column-values-to-match-regex.rejected"].title


def test_expectations_about_columns_see_all_of_them(tmp_path: Path, rows: Path) -> None:
    columns = [name for name in COLUMNS if name != "row_number"]
    path = suite(
        tmp_path,
        expect("expect_table_column_count_to_equal", value=len(COLUMNS)),
        expect("expect_table_columns_to_match_ordered_list", column_list=["row_number", *columns]),
    )
    assert not [one.check for one in held(rows, path).problems if one.check.startswith("own.")]


def test_a_suite_is_never_named_as_a_family_of_checks(tmp_path: Path, rows: Path) -> None:
    path = suite(tmp_path, expect("expect_column_values_to_be_null", column="target"), name="my schema")
    assert "my-schema.column-values-to-be-null.target" in {one.check for one in held(rows, path).problems}
    assert suite_name("schema") == "schema-suite"


def test_only_numbers_of_rows_leave(tmp_path: Path, rows: Path) -> None:
    path = suite(tmp_path, expect("expect_column_values_to_not_match_regex", column="target", regex="im_end"))
    done = CliRunner().invoke(
        check, [str(rows), "--expectations", path, "--json", "--ignore", "template", "--quiet"]
    )
    assert "im_end|>" not in done.output


def test_severities_and_metadata(tmp_path: Path, rows: Path) -> None:
    soft = {
        **expect("expect_column_values_to_be_in_set", column="meta.source", value_set=["b"]),
        "severity": "warning",
    }
    report = held(rows, suite(tmp_path, soft))
    problem = next(one for one in report.problems if one.check.startswith("own."))
    assert (problem.severity, problem.blocks, problem.rows) == ("warning", False, 9)


def test_our_checks_as_expectations(tmp_path: Path, rows: Path) -> None:
    path = suite(
        tmp_path,
        expect("expect_column_texts_to_hold_no_leaked_tokens", column="target"),
        expect("expect_column_roles_to_alternate", column="roles"),
        expect("expect_column_tokens_to_be_between", column="target", min_value=1, max_value=3),
        expect("expect_column_to_cover_values", column="layout", wanted=["prompt-completion", "alpaca"]),
        expect("expect_near_duplicate_share_to_be_below", max_share=0.0),
    )
    report = held(rows, path)
    failed = {one.check: one.rows for one in report.problems if one.check.startswith("own.")}
    assert failed["own.column-texts-to-hold-no-leaked-tokens.target"] == 1
    assert "own.column-to-cover-values.layout" in failed
    assert "own.column-tokens-to-be-between.target" in failed
    assert "own.column-roles-to-alternate.roles" in report.passed
    assert "own.near-duplicate-share-to-be-below" in report.passed


def test_near_duplicates_are_counted(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    lines = [{"prompt": "Who pays the rent of the flat?", "completion": "The tenant."}] * 2
    lines += [{"prompt": f"Who pays bill {at} of the flat?", "completion": "The tenant."} for at in range(8)]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    loose, tight = (
        suite(tmp_path, expect("expect_near_duplicate_share_to_be_below", max_share=share), name=name)
        for name, share in (("loose", 0.1), ("tight", 0.09))
    )
    checks = {one.check for one in held(rows, loose, tight).problems}
    assert "tight.near-duplicate-share-to-be-below" in checks
    assert "loose.near-duplicate-share-to-be-below" not in checks


@pytest.mark.parametrize("name", ["sft", "chat", "preference"])
def test_the_shipped_suites_run_in_plain_great_expectations(rows: Path, name: str) -> None:
    data = ROOT / "data" / "preferences.jsonl" if name == "preference" else rows
    frame = canonical_frame(scan_inputs((data,), QUICK)).to_pandas()
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("plain").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    path = SUITES / f"{name}.json"
    raw = json.loads(path.read_text())
    done = batch.validate(gx.ExpectationSuite(**raw))
    assert len(done.results) == len(raw["expectations"])
    assert not [one for one in done.results if any(_crashed(one.exception_info))]
    mine = f"{suite_name(name)}."
    ours = {one.check for one in held(data, str(path)).problems if one.check.startswith(mine)}
    assert len(ours) == sum(not one.success for one in done.results)


def _crashed(info: dict[str, Any]) -> list[bool]:
    return [bool(one.get("raised_exception")) for one in (info, *info.values()) if isinstance(one, dict)]


def test_the_canonical_frame_has_what_it_says() -> None:
    frame = canonical_frame(scan_inputs((ROOT / "data" / "support_chats.jsonl",), QUICK))
    assert tuple(frame.columns) == tuple(COLUMNS)
    assert frame["row_number"].is_sorted()
    assert frame["roles"].str.contains("user assistant").sum() > 200


def test_a_suite_from_data_passes_on_it(tmp_path: Path) -> None:
    data, path = ROOT / "data" / "preferences.jsonl", tmp_path / "new.json"
    made = CliRunner().invoke(
        expectations,
        ["new", str(data), "-o", str(path), "--field", "clause", "--quiet"],
        standalone_mode=False,
    )
    assert made.exit_code == 0, made.output
    report = held(data, str(path))
    assert not [one for one in report.problems if one.check.startswith("new.")]
    assert len([one for one in report.passed if one.startswith("new.")]) == len(
        read_suites([str(path)])[0].declared
    )


def test_a_key_that_occurs_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "twice.json"
    path.write_text('{"name": "x", "expectations": [], "expectations": [{"type": "expect_a", "kwargs": {}}]}')
    with pytest.raises(ConfigError, match="occurs twice"):
        read_suites([str(path)])


def test_a_folder_without_suites_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no suite"):
        read_suites([str(tmp_path)])


def test_results_on_public_files(real_data: Path) -> None:
    """T0 is the bar's: it takes long. The bar also holds the rows against a plain script."""
    files = [path for path in data_files(real_data) if path.name != LARGE]
    expected = json.loads(EXPECTED.read_text("utf-8"))
    assert {path.name: counted(through_curate(path)[1]) for path in files} == {
        name: broken for name, broken in expected.items() if name != LARGE
    }
