"""A team's own checks: where they must lie, and what is said of one that crashes or returns nonsense."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.core.errors import CheckError, ConfigError, UsageError
from curate.core.plan import Plan
from curate.engines.registry import load_checks
from tests.faults import clean_rows

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.report import Report

HEAD = '''"""Tries things.

Why     To see what is said of a check that does not work.
Mend    Mend the check, which lies in a folder of a test.
Limits  Finds nothing, whatever the data is.
"""

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, CorpusCheck, RowCheck, Severity, found
from curate.core.finding import no_findings


@dataclass(frozen=True)
class Trial('''
DIGEST = """CorpusCheck):
    def digest(self, batch):
        return batch.rows.select(key="hash", row="row")

"""
MISSING = "crashed: ColumnNotFoundError, no column 'nothing'"


def run(folder: Path, source: str) -> Report:
    (folder / "style").mkdir()
    (folder / "style" / "trial.py").write_text(HEAD + source)
    data = folder / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in clean_rows("pair")))
    return report(str(data), plan=Plan(select=("style",), checks=(str(folder),)))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("RowCheck):\n    def examine(self, batch):\n        return batch.turns.select('nothing')", MISSING),
        (
            "RowCheck):\n    def examine(self, batch):\n        return batch.turns.select('the rent')",
            "Error\n",
        ),
        ("RowCheck):\n    def examine(self, batch):\n        return 1 / 0", "crashed: ZeroDivisionError\n"),
        ("RowCheck):\n    def examine(self, batch):\n        return []", "returned list instead of a frame"),
        (
            "RowCheck):\n    def examine(self, batch):\n        return batch.rows",
            "wrong columns for findings: 'at' is missing",
        ),
        (
            "RowCheck):\n    def examine(self, batch):\n        return no_findings().with_columns(more=1)",
            "wrong columns for findings: 1 too many",
        ),
        (
            "CorpusCheck):\n    def digest(self, batch):\n        return batch.rows.select('row')",
            "wrong columns for a digest: 'key' is missing",
        ),
        (
            "CorpusCheck):\n    def digest(self, batch):\n        return batch.rows.select(key='row', row='row')",
            "wrong columns for a digest: 'key' is Int64 instead of UInt64",
        ),
        (
            DIGEST + "    def judge(self, rows):\n        return rows",
            "wrong columns for findings: 'at' is missing",
        ),
        (
            DIGEST + "    def judge(self, rows):\n        return no_findings()\n\n"
            "    def settle(self, found):\n        return found.drop('message')",
            "wrong columns for findings: 'message' is missing",
        ),
        (DIGEST + "    def judge(self, rows):\n        return rows['nothing']", MISSING),
    ],
)
def test_what_does_not_work_is_named_with_its_file(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(CheckError) as error:
        run(tmp_path, source)
    text = str(error.value)
    assert "check style.trial " in text
    assert said in text
    assert "rent" not in text
    assert error.value.exit_code == 3
    assert error.value.where.startswith(str(tmp_path / "style" / "trial.py"))
    assert "report it" not in text


def test_the_place_of_a_crash_is_in_the_check(tmp_path: Path) -> None:
    lines = ["RowCheck):", "    def examine(self, batch):", "        return batch.turns.select('nothing')"]
    with pytest.raises(CheckError) as error:
        run(tmp_path, "\n".join(lines))
    assert error.value.where.endswith(f"trial.py:{HEAD.count(chr(10)) + 3}")
    assert "your own" in error.value.hint


@pytest.mark.parametrize(
    ("stray", "advice"), [("top.py", "FAMILY/top.py"), ("style/deep/inner.py", "style/inner.py")]
)
def test_a_file_outside_a_family_is_an_error(tmp_path: Path, stray: str, advice: str) -> None:
    (tmp_path / stray).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stray).write_text(HEAD)
    with pytest.raises(UsageError) as error:
        load_checks(Plan(checks=(str(tmp_path),)))
    assert str(error.value) == (
        f"{tmp_path / stray}: a check must be in the folder of its family\n  move it to {tmp_path / advice}"
    )


def test_helpers_may_lie_anywhere(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    for name in ("_helpers.py", "__pycache__/x.py", "__init__.py"):
        (tmp_path / name).write_text("")
    assert load_checks(Plan(checks=(str(tmp_path),)))


def rows_of(**columns: str) -> str:
    """A check that finds something with these columns, given as expressions."""
    told = ", ".join(f"{name}={value}" for name, value in columns.items())
    return (
        "RowCheck):\n    def examine(self, batch):\n"
        f"        return found(batch.rows.head(1), 'said', **dict({told}))"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (rows_of(row="pl.lit(999)"), "'row' is no row that it was given"),
        (rows_of(row="pl.lit(-1)"), "'row' is no row that it was given"),
        (rows_of(row="pl.lit(None)"), "'row' is null"),
        (rows_of(related="pl.lit(999)"), "'related' is no row that it was given"),
        (rows_of(start="5", end="2"), "a span that starts before 0 or ends before its start"),
        (rows_of(start="-1", end="2"), "a span that starts before 0 or ends before its start"),
        (rows_of(start="1", end="pl.lit(None)"), "a span without a start or an end"),
        (rows_of(message="pl.lit(None)").replace("'said', ", ""), "'message' is null"),
        (
            (
                "CorpusCheck):\n    def digest(self, batch):\n"
                "        return batch.rows.select(key='hash', row=pl.col('row') + 1000)"
            ),
            "'row' is no row that it was given",
        ),
        (
            (
                "CorpusCheck):\n    def digest(self, batch):\n"
                "        return batch.rows.select(key=pl.lit(None, pl.UInt64), row='row')"
            ),
            "'key' is null",
        ),
        (
            DIGEST + "    def judge(self, rows):\n"
            "        return found(rows.with_columns(row=pl.lit(77, pl.Int64)), 'said')",
            "'row' is no row that it was given",
        ),
        (
            DIGEST + "    def judge(self, rows):\n        return found(rows.head(1), 'said')\n\n"
            "    def settle(self, found):\n        return found.with_columns(row=pl.lit(77, pl.Int64))",
            "'row' is no row that it was given",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(CheckError) as error:
        run(tmp_path, source)
    assert f"check style.trial returned wrong values: {said}" in str(error.value)
    assert error.value.exit_code == 3


def test_digests_must_be_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.formats.lines.PARTS", 2)
    source = (
        "CorpusCheck):\n    def digest(self, batch):\n"
        "        more = {f'x{len(batch.rows)}': 1} if batch.rows['line'][0] == 1 else {}\n"
        "        return batch.rows.select(key='hash', row='row', **{k: pl.lit(v) for k, v in more.items()})\n"
    )
    with pytest.raises(CheckError, match="digests with different columns or types"):
        run(tmp_path, source)


def test_a_finding_without_a_place_is_of_the_row(tmp_path: Path) -> None:
    result = run(tmp_path, rows_of(at="pl.lit(None)"))
    (problem,) = result.problems
    assert problem.examples[0].place.at == ""


def test_related_rows_are_counted_over_all_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.formats.lines.PARTS", 2)
    source = (
        "RowCheck):\n    def examine(self, batch):\n"
        "        return found(batch.rows.tail(1), 'said', related=pl.lit(batch.rows['row'][0]))"
    )
    (problem,) = run(tmp_path, source).problems
    related = [example.related for example in problem.examples]
    assert sorted(place.line for place in related if place is not None and place.line is not None) == [
        1,
        3,
        5,
    ]


@pytest.mark.parametrize(
    ("fields", "options", "said"),
    [
        ("words: tuple[str, ...] = ()", {"words": "one"}, "'words' must be a list of texts"),
        ("words: tuple[str, ...] = ()", {"words": ["one", ""]}, "none of them empty"),
        ("words: tuple[str, ...] = ()", {"words": ["one", 2]}, "'words' must be a list of texts"),
        ("most: int = 1", {"most": True}, "'most' must be a whole number"),
        ("most: int = 1", {"most": 1.5}, "'most' must be a whole number"),
        ("share: float = 1", {"share": "much"}, "'share' must be a number"),
        ("share: float = 1", {"share": float("nan")}, "'share' must be a number"),
        ("word: str = ''", {"word": 7}, "'word' must be a text"),
        ("is_on: bool = True", {"is_on": "yes"}, "'is_on' must be true or false"),
        (
            (
                "most: int = 1\n    def __post_init__(self):\n"
                "        if self.most > 9:\n            raise ValueError('most is above 9')"
            ),
            {"most": 10},
            "does not take its options: most is above 9",
        ),
    ],
)
@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_options_have_types(
    tmp_path: Path, fields: str, options: dict[str, object], said: str, future: str
) -> None:
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / "typed.py").write_text(
        f"{future}from dataclasses import dataclass\nfrom curate.core.check import RowCheck\n"
        f"@dataclass(frozen=True)\nclass Typed(RowCheck):\n    {fields}\n"
    )
    with pytest.raises(ConfigError, match=said) as error:
        load_checks(Plan(select=("style",), checks=(str(tmp_path),), options={"style.typed": options}))
    assert "style.typed" in str(error.value)
    assert error.value.exit_code == 2


def test_options_of_the_right_type_are_taken(tmp_path: Path) -> None:
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / "typed.py").write_text(
        "from dataclasses import dataclass\nfrom curate.core.check import RowCheck\n"
        "@dataclass(frozen=True)\nclass Typed(RowCheck):\n    words: tuple[str, ...] = ()\n    most: int = 1\n"
        "    share: float = 1\n    pairs: tuple[tuple[str, str], ...] = ()\n    odd: object = None\n"
    )
    given = {"words": ["one"], "most": 2, "share": 3, "pairs": [["a", "b"]], "odd": [1]}
    plan = Plan(select=("style",), checks=(str(tmp_path),), options={"style.typed": given})
    (check,) = load_checks(plan)
    names = ("words", "most", "share", "pairs", "odd")
    assert [getattr(check, name) for name in names] == [("one",), 2, 3, (("a", "b"),), (1,)]


@pytest.mark.parametrize("severity", ["'error'", "None"])
def test_a_check_has_a_severity(tmp_path: Path, severity: str) -> None:
    with pytest.raises(CheckError, match="its severity is none"):
        run(tmp_path, f"RowCheck):\n    severity: Severity = {severity}")


def test_a_check_is_called_as_its_file(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="its name is that of its file"):
        run(tmp_path, "RowCheck):\n    name: str = 'answer.refusal'")
