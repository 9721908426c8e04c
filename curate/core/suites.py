"""Schema suites of Great Expectations as files: what they declare, under which names, and which columns they read.

Great Expectations 1.x logs an expectation that it does not know, drops it, and calls the suite a success. Here what a
suite declares is what is evaluated, or nothing is claimed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate.core.errors import ConfigError, UnreadableError, UsageError
from curate.core.finding import Severity
from curate.core.harm import FAMILIES
from curate.core.row_conditions import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMN_WORDS = ("column", "column_A", "column_B", "column_list", "column_set")
"""Arguments of expectations that name columns."""

ROW_COUNTS = ("expect_table_row_count_to_be_between", "expect_table_row_count_to_equal")
"""Expectations that read no column at all."""

SEVERITIES = {"critical": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}
"""Words of Great Expectations, and ours."""

KEYS = frozenset(
    {
        "type",
        "kwargs",
        "meta",
        "notes",
        "description",
        "severity",
        "success_on_last_run",
        "id",
        "expectation_context",
        "rendered_content",
    }
)
"""What stands beside ``kwargs``, as Great Expectations writes it."""


@dataclass(frozen=True)
class Declared:
    """An expectation as a suite declares it.

    Attributes:
        name: ``SUITE.EXPECTATION.COLUMN``, as a check is named; one that occurs again has a number.
        type: its name in Great Expectations.
        arguments: its keyword arguments.
        severity: what is an error blocks.
        notes: why it is there, where the suite says so.
        where: the file, and its number among the expectations.
        parameters: values that its arguments may refer to (``{"$PARAMETER": …}``).
    """

    name: str
    type: str
    arguments: dict[str, Any]
    severity: Severity
    notes: str
    where: str
    parameters: dict[str, Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return _columns(self.arguments)

    @property
    def reads(self) -> frozenset[str]:
        """The columns that it needs: those that it names, and those of its ``row_condition``."""
        condition, parser = self.arguments.get("row_condition"), self.arguments.get("condition_parser")
        try:
            return frozenset(self.columns) | columns_of(condition, str(parser or ""))
        except ValueError as error:
            raise ConfigError(f"the row_condition of {self.type} {error}", where=self.where) from error

    @property
    def reads_all(self) -> bool:
        """Whether nobody knows which columns it reads, or it is about which ones there are."""
        is_about_columns = self.type.startswith("expect_table_column")
        return is_about_columns or (not self.columns and self.type not in ROW_COUNTS)


@dataclass(frozen=True)
class Suite:
    """A suite: its name, without what no name of a check holds, where it stands, and what it declares."""

    name: str
    where: str
    declared: tuple[Declared, ...]


def read_suites(paths: Sequence[str]) -> list[Suite]:
    """The suites of files and folders, in order.

    Raises:
        UnreadableError: a file cannot be read.
        ConfigError: a file is no suite, or an empty one.
        UsageError: a folder holds none.
    """
    seen: Counter[str] = Counter()
    return [_read(path, seen) for given in paths for path in _files(Path(given))]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(path.glob("*.json"))
    if not found:
        raise UsageError(
            "holds no suite",
            where=str(path),
            hint="suites are *.json files; make one: curate expectations new DATA -o SUITE.json",
        )
    yield from found


def _read(path: Path, seen: Counter[str]) -> Suite:
    where = str(path)
    try:
        raw = json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_unique)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror}", where=where) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"is no JSON: {error}", where=where) from error
    listed = raw.get("expectations") if isinstance(raw, dict) else None
    if not isinstance(listed, list):
        raise ConfigError("is no suite of Great Expectations: it has no list 'expectations'", where=where)
    if not listed:
        raise ConfigError("the suite is empty: it would pass whatever the data is", where=where)
    name = suite_name(str(raw.get("name") or path.stem))
    given = raw.get("suite_parameters")
    parameters = given if isinstance(given, dict) else {}
    declared = []
    for at, one in enumerate(listed, 1):
        declared.append(_declared(one, f"{where}: expectation {at}", name, parameters, seen))
    return Suite(name, where, tuple(declared))


def suite_name(given: str) -> str:
    """A suite's name as the first part of names of its expectations; never that of a family of checks."""
    name = _plain(given).replace(".", "-") or "suite"
    return f"{name}-suite" if name in FAMILIES else name


def _plain(text: str) -> str:
    """Without what cannot stand in a baseline's line or on a command line."""
    return re.sub(r"[^\w.+-]+", "-", text).strip("-")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no key occurs twice: of two lists of expectations, one would never be evaluated."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


def _declared(
    one: object, where: str, suite: str, parameters: dict[str, Any], seen: Counter[str]
) -> Declared:
    kwargs = one.get("kwargs", {}) if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(one.get("type"), str) or not isinstance(kwargs, dict):
        is_old = isinstance(one, dict) and "expectation_type" in one
        hint = (
            "a suite of Great Expectations 0.x? its 'expectation_type' is 'type' since 1.0" if is_old else ""
        )
        raise ConfigError("has no 'type' with 'kwargs'", where=where, hint=hint)
    for key in one:
        if key not in KEYS:  # plain Great Expectations crashes; a bound that is read by nobody bounds nothing
            raise ConfigError(
                f"{one['type']} has the unknown key '{key}'",
                where=where,
                hint="arguments stand in its 'kwargs'",
            )
    if why := _holds_always(one["type"], kwargs):
        raise ConfigError(f"{one['type']} would hold whatever the data is: {why}", where=where)
    word = str(one.get("severity") or "critical")
    if word not in SEVERITIES:
        raise ConfigError(
            f"there is no severity '{word}'", where=where, hint=f"one of: {', '.join(SEVERITIES)}"
        )
    kind = one["type"].removeprefix("expect_").replace("_", "-")
    name = ".".join((suite, _plain(kind), _plain("+".join(_columns(kwargs))))).rstrip(".")
    seen[name] += 1
    notes = one["meta"].get("notes") if isinstance(one.get("meta"), dict) else one.get("notes")
    return Declared(
        name=f"{name}.{seen[name]}" if seen[name] > 1 else name,
        type=one["type"],
        arguments=kwargs,
        severity=SEVERITIES[word],
        notes=_text(notes),
        where=where,
        parameters=parameters,
    )


def _holds_always(kind: str, arguments: dict[str, Any]) -> str:
    """Why nothing could break an expectation, whatever the data is; empty if something could."""
    if arguments.get("mostly") == 0:
        return "mostly is 0"
    is_between = kind.endswith("_to_be_between") and "quantile_ranges" not in arguments
    if is_between and arguments.get("min_value") is None and arguments.get("max_value") is None:
        return "it has neither min_value nor max_value"
    if kind == "expect_column_values_to_not_be_in_set" and arguments.get("value_set") == []:
        return "its value_set is empty"
    return ""


def _text(notes: object) -> str:
    """Notes are a text or a list of them."""
    return " ".join(map(str, notes)) if isinstance(notes, list) else notes if isinstance(notes, str) else ""


def _columns(arguments: dict[str, Any]) -> tuple[str, ...]:
    named = (arguments.get(word) for word in COLUMN_WORDS)
    listed = ([one] if isinstance(one, str) else one for one in named if one)
    return tuple(str(name) for several in listed if isinstance(several, list) for name in several)
