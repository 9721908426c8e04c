"""Two shapes of check. A check is one file, and the file's path is its name.

A check never changes data: it reads a batch and returns findings. Its fields are its options. Its module's
docstring is its manual page (first line, ``Why``, ``Mend``, ``Limits``); the module's constants ``FLAGGED`` and
``CLEAN`` are its examples, from which its tests are generated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from curate.core.batch import Batch
from curate.core.finding import FOUND, Severity, no_findings

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

__all__ = ["Batch", "Check", "CorpusCheck", "RowCheck", "Severity", "Sketch", "found", "locate"]


@dataclass(frozen=True)
class Check:
    """What row checks and corpus checks share: a name taken from the file, and a severity.

    ``about`` says what a finding is about: a ``row``, or the whole ``file``, of which it names the first row that
    shows it. Rows are not dropped for a fault of their file, and it is counted in files.
    """

    about: ClassVar[str] = "row"

    severity: Severity = Severity.WARNING

    @property
    def name(self) -> str:
        """``family.fault``, from the path of the file that defines the check."""
        family, fault = type(self).__module__.split(".")[-2:]
        return f"{family}.{fault}".replace("_", "-")


@dataclass(frozen=True)
class RowCheck(Check):
    """A stateless check of single rows: any engine may run it anywhere."""

    def examine(self, batch: Batch) -> pl.DataFrame:
        """The findings in this batch, as a frame of the ``FOUND`` schema (see :func:`found`)."""
        raise TypeError(f"{self.name} does not say how to examine a batch of {len(batch.rows)} rows")


@dataclass(frozen=True)
class CorpusCheck(Check):
    """A check across rows: digest (map), exchange by key (shuffle), judge (reduce), settle.

    The engine guarantees that ``judge`` sees all rows of a key together, sorted by ``key`` and ``row``,
    and nothing about how many keys a call holds. Results must not depend on partitioning.
    """

    def digest(self, batch: Batch) -> pl.DataFrame:
        """Compact columns for each row: ``key`` (UInt64), ``row`` (Int64), and what ``judge`` needs."""
        raise TypeError(f"{self.name} does not say how to digest a batch of {len(batch.rows)} rows")

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The findings (``FOUND`` schema) among rows that share keys."""
        raise TypeError(f"{self.name} does not say how to judge {len(rows)} digested rows")

    def settle(self, found: pl.DataFrame) -> pl.DataFrame:
        """The last word over all findings of all keys; by default they stand."""
        return found


@dataclass(frozen=True)
class Sketch(Check):
    """No check, but what a step keeps of every row to compare all rows itself: a map without a reduce."""

    def digest(self, batch: Batch) -> pl.DataFrame:
        """Compact columns for each row: ``row`` (Int64) and what the step needs."""
        raise TypeError(f"{self.name} does not say how to digest a batch of {len(batch.rows)} rows")


def found(frame: pl.DataFrame, message: str | pl.Expr, **columns: pl.Expr | str | int | None) -> pl.DataFrame:
    """Findings from any frame with a ``row`` column; ``at``, ``start`` and ``end`` are taken over if there.

    Args:
        frame: the lines that are at fault.
        message: one sentence, or an expression that makes it.
        **columns: other columns of ``FOUND`` as expressions or literals.
    """
    if frame.is_empty():
        return no_findings()
    given: dict[str, pl.Expr] = {}
    for name, value in {"message": message, **columns}.items():
        given[name] = value if isinstance(value, pl.Expr) else pl.lit(value)
    picked = []
    for name, dtype in FOUND.items():
        expression = given.get(name)
        if expression is None:
            expression = pl.col(name) if name in frame.columns else pl.lit(None)
        picked.append(expression.cast(dtype).alias(name))
    return frame.select(picked)


def locate(frame: pl.DataFrame, pattern: re.Pattern[str], *, first_only: bool = False) -> pl.DataFrame:
    """The places where ``pattern`` matches ``text``: the frame's lines with ``start``, ``end`` and ``match``.

    Python's ``re`` looks at each line, so hand over only candidates that a polars expression left.

    Args:
        frame: lines with a ``text`` column.
        pattern: compiled expression; offsets are code points.
        first_only: keep one match a line.
    """
    index: list[int] = []
    start: list[int] = []
    end: list[int] = []
    match: list[str] = []
    for at, text in enumerate(frame["text"].to_list()):
        for hit in _hits(pattern, text, first_only=first_only):
            index.append(at)
            start.append(hit.start())
            end.append(hit.end())
            match.append(hit.group())
    return frame[index].with_columns(
        pl.Series("start", start, pl.Int32),
        pl.Series("end", end, pl.Int32),
        pl.Series("match", match, pl.String),
    )


def _hits(pattern: re.Pattern[str], text: str, *, first_only: bool) -> Iterable[re.Match[str]]:
    if not first_only:
        return pattern.finditer(text)
    hit = pattern.search(text)
    return [hit] if hit else []
