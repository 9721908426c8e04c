"""curate's checks as expectations for a team's own Great Expectations; importing this module registers them.

>>> import curate.expectations as ours                                                          # doctest: +SKIP
>>> suite.add_expectation(ours.ExpectColumnTextsToHoldNoLeakedTokens(column="answer"))          # doctest: +SKIP

They work on any pandas frame that holds prompts and answers in columns. Needs ``pip install "curate-data[gates]"``.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    BatchExpectation,
    ColumnAggregateExpectation,
    ColumnMapExpectation,
)
from great_expectations.expectations.metrics import (
    ColumnAggregateMetricProvider,
    ColumnMapMetricProvider,
    column_aggregate_value,
    column_condition_partial,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from curate.core.plan import Plan
from curate.engines.deduping import Rules, dedup
from curate.engines.registry import load_checks
from curate.engines.scan import scan
from curate.formats.sources import discover
from curate.text.tokens import estimated_tokens

if TYPE_CHECKING:
    import pandas as pd

ALTERNATE = re.compile(r"(?:system )?user(?: (?:assistant|tool))+(?: user(?: (?:assistant|tool))+)*")
"""A conversation: at most one system message, then users who are answered, tools included."""


def flagged(texts: pd.Series, check: str) -> pl.Series:
    """Whether a row check finds something in each text of a column, read as an answer."""
    lines = pl.DataFrame({"text": _texts(texts)})
    plan = Plan(select=(check,), workers=1)
    found = scan(discover((lines,)), load_checks(plan), plan).found.get(check)
    rows = [] if found is None else found["row"].to_list()
    return pl.int_range(len(lines), eager=True).is_in(rows)


class _NoLeakedToken(ColumnMapMetricProvider):
    condition_metric_name = "column_values.curate_no_leaked_token"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:  # noqa: ANN401, N805 (the decorator's signature)
        return _like(column, ~flagged(column, "template.leaked-token"))


class ExpectColumnTextsToHoldNoLeakedTokens(ColumnMapExpectation):
    """No chat or special token stands in the texts (the check ``template.leaked-token``)."""

    map_metric = "column_values.curate_no_leaked_token"


class _RolesAlternate(ColumnMapMetricProvider):
    condition_metric_name = "column_values.curate_roles_alternate"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:  # noqa: ANN401, N805 (the same)
        return column.map(lambda roles: ALTERNATE.fullmatch(str(roles)) is not None)


class ExpectColumnRolesToAlternate(ColumnMapExpectation):
    """Users and assistants take turns; the column holds roles with a space between."""

    map_metric = "column_values.curate_roles_alternate"


class _Tokens(ColumnMapMetricProvider):
    condition_metric_name = "column_values.curate_tokens_between"
    condition_value_keys = ("min_value", "max_value")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805
        column: pd.Series,
        min_value: float | None = None,
        max_value: float | None = None,
        **_: Any,  # noqa: ANN401
    ) -> pd.Series:
        texts = pl.DataFrame({"text": _texts(column)})
        tokens = texts.select(estimated_tokens("text")).to_series()
        low = min_value if min_value is not None else 0
        return _like(column, (tokens >= low) & (tokens <= max_value if max_value is not None else True))


class ExpectColumnTokensToBeBetween(ColumnMapExpectation):
    """The estimated tokens of each text lie between ``min_value`` and ``max_value``."""

    map_metric = "column_values.curate_tokens_between"
    success_keys = ("min_value", "max_value", "mostly")
    min_value: float | None = None
    max_value: float | None = None


def _texts(column: pd.Series) -> list[str]:
    """The cells as text; empty where there is none."""
    return ["" if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)]


def _like(column: pd.Series, values: pl.Series) -> pd.Series:
    import pandas as pd  # noqa: PLC0415 (loaded by Great Expectations anyway)

    return pd.Series(values.to_list(), index=column.index, dtype=bool)


class _Coverage(ColumnAggregateMetricProvider):
    metric_name = "column.curate_missing_values"
    value_keys = ("wanted", "min_share")

    @column_aggregate_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805
        column: pd.Series,
        wanted: list[str],
        min_share: float = 0.0,
        **_: Any,  # noqa: ANN401
    ) -> list[str]:
        shares = column.astype(str).value_counts(normalize=True)
        return [value for value in wanted if shares.get(value, 0.0) < max(min_share, 1e-12)]


class ExpectColumnToCoverValues(ColumnAggregateExpectation):
    """Each of the ``wanted`` values makes up at least ``min_share`` of the column."""

    metric_dependencies = ("column.curate_missing_values",)
    success_keys = ("wanted", "min_share")
    wanted: list[str]
    min_share: float = 0.0

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 (their signature)
        execution_engine: Any = None,  # noqa: ANN401, ARG002 (the same)
    ) -> dict[str, Any]:
        missing = metrics["column.curate_missing_values"]
        return {"success": not missing, "result": {"observed_value": missing}}


class _NearDuplicates(TableMetricProvider):
    metric_name = "table.curate_near_duplicate_share"
    value_keys = ("prompt", "target")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002 (the same)
        runtime_configuration: dict[str, Any],  # noqa: ARG002 (the same)
    ) -> float:
        frame, _, _ = execution_engine.get_compute_domain(
            domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        columns = (metric_value_kwargs.get(name) or name for name in ("prompt", "target"))
        return near_share(*(frame[name] for name in columns))


def near_share(prompts: pd.Series, targets: pd.Series) -> float:
    """The share of rows that ask and teach what another row does: what ``curate dedup`` would remove."""
    lines = pl.DataFrame({"prompt": _texts(prompts), "completion": _texts(targets)})
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.jsonl"
        lines.write_ndjson(source)
        rows = dedup(str(source), out=Path(folder) / "kept.jsonl", rules=Rules(variants=False)).dropped.rows
    return rows.dropped / max(rows.in_, 1)


class ExpectNearDuplicateShareToBeBelow(BatchExpectation):
    """At most ``max_share`` of the rows are near duplicates of others (``curate dedup``: a variant is none)."""

    metric_dependencies = ("table.curate_near_duplicate_share",)
    success_keys = ("prompt", "target", "max_share")
    args_keys: ClassVar[tuple[str, ...]] = ("prompt", "target", "max_share")
    prompt: str = "prompt"
    target: str = "target"
    max_share: float = 0.0

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 (their signature)
        execution_engine: Any = None,  # noqa: ANN401, ARG002 (the same)
    ) -> dict[str, Any]:
        share = metrics["table.curate_near_duplicate_share"]
        return {"success": share <= self.max_share, "result": {"observed_value": share}}
