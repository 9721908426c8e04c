"""A step of a check, guarded: what it raises or returns wrongly becomes an error that names the check and the place."""

from __future__ import annotations

import re
import sys
import traceback
from typing import TYPE_CHECKING

import polars as pl

from curate.core.errors import CheckError
from curate.core.finding import FOUND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from curate.core.check import Check

DIGEST = pl.Schema({"key": pl.UInt64, "row": pl.Int64})
"""What every digest holds, beside the columns that only its check knows."""

SKETCH = pl.Schema({"row": pl.Int64})
"""What every sketch holds, beside the columns that only its step knows."""

BUILT_IN_PACKAGE = "curate.checks."
_FINDINGS = ("findings", "build the frame with found()")
_A_DIGEST = ("a digest", "digest() gives key, row, and what judge() needs")
_IDENTIFIER = re.compile(
    r'^(?:unable to find column )?(?:"([A-Za-z_]\w{0,60})"|([A-Za-z_]\w{0,60})$)', re.ASCII
)
_MISSING = (pl.exceptions.ColumnNotFoundError, pl.exceptions.StructFieldNotFoundError)


def guarded(
    check: Check,
    step: Callable[[], pl.DataFrame],
    rows: pl.Series,
    schema: Mapping[str, pl.DataType] = FOUND,
) -> pl.DataFrame:
    """Run a step of a check; a crash names the check and the place, and shows no text of any row.

    Findings whose ``at`` is null, as :func:`curate.core.check.found` makes them of frames without it, are of the row
    as a whole, like those where it is empty.

    Args:
        check: whose step it is.
        step: what to run; :class:`SystemExit` in it is a crash, for it must not end curate as if all were well.
        rows: the numbers of the rows that the step was given.
        schema: ``FOUND``, to be matched entirely, or the columns that must be among others.

    Raises:
        CheckError: the step raised, or returned something else than it must.
    """
    try:
        frame = step()
    except (Exception, SystemExit, pl.exceptions.PanicException) as error:
        raise CheckError(
            f"check {check.name} crashed: {type(error).__name__}{_missing(error)}",
            where=_place(check, error),
            hint=f"{_advice(check)}, or leave it out with --ignore {check.name}",
        ) from error
    if not isinstance(frame, pl.DataFrame):
        raise CheckError(
            f"check {check.name} returned {type(frame).__name__} instead of a frame", where=_file(check)
        )
    _refuse_columns(check, frame, schema)
    _refuse_values(check, frame, rows)
    return frame.with_columns(pl.col("at").fill_null("")) if schema is FOUND else frame


def _refuse_columns(check: Check, frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> None:
    """Columns are named only if they are the contract's own: a check's may come from a row's text."""
    if schema is FOUND and frame.schema == FOUND:
        return
    wrong = [
        f"'{name}' is {frame.schema[name]} instead of {dtype}"
        if name in frame.columns
        else f"'{name}' is missing"
        for name, dtype in schema.items()
        if frame.schema.get(name) != dtype
    ]
    if schema is FOUND and not wrong:
        more = len(frame.columns) - len(FOUND)
        wrong = [f"{more} too many" if more else "not in their order"]
    if wrong:
        what, hint = _FINDINGS if schema is FOUND else _A_DIGEST
        raise CheckError(
            f"check {check.name} returned wrong columns for {what}: {', '.join(wrong)}",
            where=_file(check),
            hint=hint,
        )


def _refuse_values(check: Check, frame: pl.DataFrame, rows: pl.Series) -> None:
    """Refuse lines that name rows or spans which cannot be."""
    if frame.is_empty():
        return
    wrong = [
        what
        for what, is_wrong in _WRONG.items()
        if is_wrong.meta.root_names()[0] in frame.columns and frame.select(is_wrong.any()).item()
    ]
    wrong += [
        f"'{name}' is no row that it was given"
        for name in ("row", "related")
        if name in frame.columns and not frame[name].drop_nulls().is_in(rows.implode()).all()
    ]
    if wrong:
        raise CheckError(
            f"check {check.name} returned wrong values: {'; '.join(wrong)}",
            where=_file(check),
            hint=f"{_advice(check)}, or leave it out with --ignore {check.name}",
        )


_WRONG = {
    "'key' is null": pl.col("key").is_null(),
    "'row' is null": pl.col("row").is_null(),
    "'message' is null": pl.col("message").is_null(),
    "a span without a start or an end": pl.col("start").is_null() != pl.col("end").is_null(),
    "a span that starts before 0 or ends before its start": (pl.col("start") < 0)
    | (pl.col("end") < pl.col("start")),
}


def refuse_different(check: Check, digests: Sequence[pl.DataFrame]) -> None:
    """Refuse digests whose columns depend on the rows: they could not be put together.

    Raises:
        CheckError: they do.
    """
    if any(frame.schema != digests[0].schema for frame in digests):
        raise CheckError(
            f"check {check.name} returned digests with different columns or types",
            where=_file(check),
            hint=f"{_advice(check)}, or leave it out with --ignore {check.name}",
        )


def _missing(error: BaseException) -> str:
    """The column that polars misses, if its name is an identifier: other text may be a row's."""
    name = _IDENTIFIER.match(str(error)) if isinstance(error, _MISSING) else None
    return f", no column '{name[1] or name[2]}'" if name else ""


def _file(check: Check) -> str:
    return str(sys.modules[type(check).__module__].__file__)


def _place(check: Check, error: BaseException) -> str:
    """The innermost line of the check's own file; the innermost of all if it called nothing there."""
    frames = traceback.extract_tb(error.__traceback__)
    last = [frame for frame in frames if frame.filename == _file(check)] or frames
    return f"{last[-1].filename}:{last[-1].lineno}"


def _advice(check: Check) -> str:
    is_ours = type(check).__module__.startswith(BUILT_IN_PACKAGE)
    return "please report it" if is_ours else "it is a check of your own: mend it there"
