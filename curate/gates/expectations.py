"""Running suites with Great Expectations: the only place of curate that imports it, beside its own expectations.

Only the numbers of rows come out, never their texts. What raises within an expectation is an error and no failure.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from curate.core.errors import CheckError, MissingExtraError
from curate.core.outside import Outside
from curate.gates.suites import refuse_unknown_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from curate.core.plan import Plan
    from curate.core.suites import Declared, Suite

_RAISED = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|Warning|Interrupt))\b", re.MULTILINE)

ROW = "row_number"
"""The column that names rows."""


@dataclass(frozen=True)
class Judged:
    """What came of an expectation.

    Attributes:
        declared: the expectation.
        success: whether it holds.
        rows: numbers of the rows that break it; empty for one about the table as a whole.
        is_vacuous: whether there was no value to look at, so that it would hold whatever the data is.
    """

    declared: Declared
    success: bool
    rows: tuple[int, ...] = ()
    is_vacuous: bool = False

    def outside(self, plan: Plan) -> Outside:
        """What was looked for, with the severity that the plan gives it."""
        one = self.declared
        kind = one.type.removeprefix("expect_").replace("_", " ")
        nothing = ": there was no value to look at" if self.is_vacuous else ""
        return Outside(
            one.name,
            plan.severity_of(one.name, one.severity),
            f"Expected {kind}{_details(one)}{nothing}",
            one.notes,
            "row" if self.rows or self.success else "table",
        )


def _details(one: Declared) -> str:
    """Its columns and numbers, which the suite says; what was observed may be a value of a row, and stays here."""
    numbers = [
        f"{name} {value:g}"
        for name, value in one.arguments.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    details = [*(f"column {name}" for name in one.columns), *numbers]
    return f" ({', '.join(details)})" if details else ""


def run_suites(suites: Sequence[Suite], frame: pl.DataFrame, register: Callable[[], object]) -> list[Judged]:
    """Every expectation of every suite over the canonical frame.

    Args:
        suites: as read.
        frame: the columns that they name, and ``row_number``.
        register: makes further expectations known; called once Great Expectations is loaded.

    Raises:
        MissingExtraError: Great Expectations is not installed.
        ConfigError: an expectation does not exist.
        CheckError: an expectation crashed, or not all that are declared were evaluated.
    """
    os.environ.setdefault(
        "GX_ANALYTICS_ENABLED", "false"
    )  # some versions of 1.x tell their makers of each use
    with _quiet():
        try:
            import great_expectations as gx  # noqa: PLC0415 (costs seconds)
            from great_expectations.expectations.registry import (  # noqa: PLC0415 (the same)
                list_registered_expectation_implementations,
            )
        except ImportError as error:
            raise MissingExtraError("curate check --expectations", "gates") from error

        register()
        refuse_unknown_types(suites, list_registered_expectation_implementations())
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("curate").add_dataframe_asset("rows")
        whole = asset.add_batch_definition_whole_dataframe("all")
        batch = whole.get_batch({"dataframe": frame.to_pandas()})
        return [one for suite in suites for one in _told([_evaluate(one, batch) for one in suite.declared])]


def _told(judged: list[Judged]) -> list[Judged]:
    """What came of the expectations of a suite, in which one that looked at nothing has not held.

    Raises:
        CheckError: one looked at nothing, and no other one of the suite says that its column is empty.
    """
    empty = {
        name for one in judged if one.declared.type == NOT_NULL and one.rows for name in one.declared.columns
    }
    for one in judged:
        if one.is_vacuous and not empty.intersection(one.declared.reads):
            hint = "the column is empty, or a row_condition fits no row"
            raise CheckError(f"{one.declared.type} looked at no value", where=one.declared.where, hint=hint)
    return [replace(one, success=one.success and not one.is_vacuous) for one in judged]


NOT_NULL = "expect_column_values_to_not_be_null"

CONDITION = ("row_condition", "condition_parser")
"""Arguments that say which rows are looked at."""


def _evaluate(one: Declared, batch: Any) -> Judged:  # noqa: ANN401 (a batch of Great Expectations)
    """An expectation on its own, so that results need no matching, and one that crashes is known."""
    result = _validated(one, one.type, one.arguments, batch)
    rows = () if result.success else _rows(result.result)
    nothing = _looked_at_nothing(result.result) or (
        bool(result.success) and _has_no_value(one, result, batch)
    )
    return Judged(one, bool(result.success), rows, nothing)


def _validated(one: Declared, kind: str, arguments: dict[str, Any], batch: Any) -> Any:  # noqa: ANN401 (theirs)
    """What Great Expectations says of a single expectation.

    Raises:
        CheckError: it crashed, or was not evaluated.
    """
    from great_expectations.core.expectation_suite import ExpectationSuite  # noqa: PLC0415 (costs seconds)

    where = one.where
    form = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [ROW],
        "include_unexpected_rows": False,
    }
    try:
        alone = ExpectationSuite(name="alone", expectations=[{"type": kind, "kwargs": arguments}])
        found = batch.validate(alone, result_format=form, expectation_parameters=one.parameters or None)
    except Exception as error:  # whatever it raises
        raise CheckError(f"{one.type} crashed: {type(error).__name__}", where=where) from error
    if len(found.results) != 1:
        hint = "its arguments are wrong: see its page in the gallery of Great Expectations"
        raise CheckError(f"{one.type} was declared and not evaluated", where=where, hint=hint)
    result = found.results[0]
    if reason := _raised(result.exception_info):
        raise CheckError(f"{one.type} raised within: {reason}", where=where)
    return result


def _has_no_value(one: Declared, result: Any, batch: Any) -> bool:  # noqa: ANN401 (a result of Great Expectations)
    """Whether one about a column as a whole, which counts no elements, was given no value.

    Great Expectations calls a sum, a count or a set of nothing what was expected.
    """
    column = one.arguments.get("column")
    if (
        "element_count" in result.result
        or not isinstance(column, str)
        or one.type == "expect_column_to_exist"
    ):
        return False
    asked = {word: one.arguments[word] for word in CONDITION if word in one.arguments}
    found = _validated(one, NOT_NULL, {"column": column, **asked}, batch).result
    return bool(found["element_count"] <= found["unexpected_count"])


def _looked_at_nothing(result: dict[str, Any]) -> bool:
    """Whether an expectation about values was given none."""
    missing = result.get("missing_count")
    return "element_count" in result and missing is not None and result["element_count"] <= missing


def _raised(info: dict[str, Any] | None) -> str:
    """What a metric raised, in both shapes that it comes in; only the kind, for a message may hold text of a row."""
    told = [info] if info and "raised_exception" in info else list((info or {}).values())
    for one in told:
        if isinstance(one, dict) and one.get("raised_exception"):
            lines = _RAISED.findall(str(one.get("exception_traceback") or ""))
            return lines[-1] if lines else "an exception"
    return ""


def _rows(result: dict[str, Any]) -> tuple[int, ...]:
    listed = result.get("unexpected_index_list") or []
    return tuple(sorted({int(one[ROW]) for one in listed if isinstance(one, dict) and ROW in one}))


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs and warns of what is judged here, at times with text of rows."""
    names = ("great_expectations", "great_expectations.core.expectation_suite")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
