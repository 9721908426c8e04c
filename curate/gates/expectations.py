"""Running suites with Great Expectations: the only place of curate that imports it, beside its own expectations.

Only the numbers of rows come out, never their texts. What raises within an expectation is an error and no failure.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import CheckError, MissingExtraError
from curate.core.finding import Severity
from curate.core.outside import Outside
from curate.gates.suites import Declared, Suite, refuse_unknown_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

_RAISED = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|Warning|Interrupt))\b", re.MULTILINE)

ROW = "row_number"
"""The column that names rows."""


@dataclass(frozen=True)
class Judged:
    """What came of an expectation.

    Attributes:
        suite: its suite.
        declared: the expectation.
        success: whether it holds.
        rows: numbers of the rows that break it; empty for one about the table as a whole.
    """

    suite: Suite
    declared: Declared
    success: bool
    rows: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """``SUITE.EXPECTATION.COLUMN``, as a check is named."""
        kind = self.declared.type.removeprefix("expect_").replace("_", "-")
        return ".".join((self.suite.name, kind, "+".join(self.declared.columns))).rstrip(".")


SEVERITIES = {"critical": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


def outside(judged: Sequence[Judged]) -> list[Outside]:
    """What failed; expectations of the same name are told apart by a number."""
    seen: Counter[str] = Counter()
    found = []
    for one in judged:
        seen[one.name] += 1
        if not one.success:
            number = f".{seen[one.name]}" if seen[one.name] > 1 else ""
            about = f" of {', '.join(one.declared.columns)}" if one.declared.columns else ""
            kind = one.declared.type.removeprefix("expect_").replace("_", " ")
            severity = SEVERITIES.get(one.declared.severity, Severity.ERROR)
            found.append(
                Outside(one.name + number, f"Expected {kind}{about}", one.declared.notes, severity, one.rows)
            )
    return found


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
        return [one for suite in suites for one in _run(suite, batch)]


def _run(suite: Suite, batch: Any) -> Iterator[Judged]:  # noqa: ANN401 (a batch of Great Expectations)
    """Each expectation on its own, so that results need no matching, and one that crashes is known."""
    for at, one in enumerate(suite.declared, 1):
        yield _evaluate(suite, one, at, batch)


def _evaluate(suite: Suite, one: Declared, at: int, batch: Any) -> Judged:  # noqa: ANN401 (the same)
    from great_expectations.core.expectation_suite import ExpectationSuite  # noqa: PLC0415 (the same)

    where = f"{suite.where}: expectation {at}"
    form = {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": [ROW],
        "include_unexpected_rows": False,
    }
    try:
        alone = ExpectationSuite(name=suite.name, expectations=[{"type": one.type, "kwargs": one.arguments}])
        found = batch.validate(alone, result_format=form)
    except Exception as error:  # whatever it raises
        raise CheckError(f"{one.type} crashed: {type(error).__name__}", where=where) from error
    if len(found.results) != 1:
        hint = "its arguments are wrong: see its page in the gallery of Great Expectations"
        raise CheckError(f"{one.type} was declared and not evaluated", where=where, hint=hint)
    result = found.results[0]
    if reason := _raised(result.exception_info):
        raise CheckError(f"{one.type} raised within: {reason}", where=where)
    if _looked_at_nothing(result.result):
        hint = "the column is empty, or a row_condition fits no row"
        raise CheckError(f"{one.type} looked at no value", where=where, hint=hint)
    return Judged(suite, one, bool(result.success), _rows(result.result))


def _looked_at_nothing(result: dict[str, Any]) -> bool:
    """Whether an expectation about values was given none: it would hold whatever the data is."""
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
